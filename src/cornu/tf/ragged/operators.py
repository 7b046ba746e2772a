"""Python's operators between ragged tensors and what broadcasts with them."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import convert_to_tensor
from cornu.tf.ragged.tensor import RaggedTensor

_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor")
_ORDER = ("lt", "le", "gt", "ge", "eq", "ne")
_UNARY = ("neg", "abs", "invert")


def elementwise(function: Callable, x: Any, y: Any) -> Any:
    """`function` on the values of two tensors, of which one at least is ragged.

    Raises: InvalidArgumentError if the rows do not fit together.
    """
    ragged = x if isinstance(x, RaggedTensor) else y
    return ragged.with_flat_values(function(_beside(x, ragged), _beside(y, ragged)))


def _beside(x: Any, ragged: RaggedTensor) -> Any:
    """What stands in `x` at each of the innermost values of `ragged`."""
    if isinstance(x, RaggedTensor):
        mine, other = x.nested_row_splits, ragged.nested_row_splits
        if len(mine) != len(other) or any(not np.array_equal(a, b) for a, b in zip(mine, other)):
            raise InvalidArgumentError(
                f"Expected ragged tensors with rows of equal lengths; received lengths {x.lengths.tolist()!r:.100} and "
                f"{ragged.lengths.tolist()!r:.100}."
            )
        return x.flat_values
    if isinstance(x, (bool, int, float, complex)):
        return x
    dense = convert_to_tensor(x) if hasattr(x, "shape") else convert_to_tensor(x, ragged.dtype)
    if not dense.ndim:
        return dense
    return _spread(dense, ragged)


def _spread(dense: Any, ragged: RaggedTensor) -> Any:
    rank = len(ragged.shape)
    if dense.ndim > rank:
        raise InvalidArgumentError(
            f"Expected at most {rank} dimensions beside a ragged tensor; received {dense.shape}."
        )
    dense = ops.reshape(dense, (1,) * (rank - dense.ndim) + tuple(dense.shape))
    level: Any = ragged
    while isinstance(level, RaggedTensor):
        rows, length = dense.shape[:2]
        if rows not in (1, len(level.lengths)) or (length != 1 and (level.lengths != length).any()):
            raise InvalidArgumentError(
                f"Expected a tensor that broadcasts with rows of lengths {level.lengths.tolist()!r:.100}; received sizes "
                f"{rows} and {length}. Use size 1 where rows differ."
            )
        row = level.rowids if rows > 1 else np.zeros_like(level.rowids)
        column = level.positions if length > 1 else np.zeros_like(level.rowids)
        flat = ops.reshape(dense, (rows * length, *dense.shape[2:]))
        dense, level = ops.take(flat, row * length + column, 0), level.values
    return dense


def _binary(name: str) -> Callable:
    function = getattr(operator, f"__{name}__")
    return lambda self, other: elementwise(function, self, other)


def _reflected(name: str) -> Callable:
    function = getattr(operator, f"__{name}__")
    return lambda self, other: elementwise(function, other, self)


def _unary(name: str) -> Callable:
    function = getattr(operator, f"__{name}__")
    return lambda self: self.with_flat_values(function(self.flat_values))


for _name in (*_BINARY, *_ORDER):
    setattr(RaggedTensor, f"__{_name}__", _binary(_name))
for _name in _BINARY:
    setattr(RaggedTensor, f"__r{_name}__", _reflected(_name))
for _name in _UNARY:
    setattr(RaggedTensor, f"__{_name}__", _unary(_name))
RaggedTensor.__hash__ = object.__hash__  # type: ignore[method-assign]
