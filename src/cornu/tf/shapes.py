"""Shapes as TensorFlow's functions take them: lists, tensors, TensorShape, numbers."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.shapes import TensorShape, as_shape
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import convert_to_tensor, is_tensor
from cornu.core.variable import Variable
from cornu.tf.ragged_rows import or_ragged


def static_shape(shape: Any) -> tuple[int, ...]:
    """A shape as Python integers. A number is a shape of one dimension.

    Raises: InvalidArgumentError if a size is unknown or negative.
    """
    if is_tensor(shape):
        shape = np.asarray(shape).tolist()
    sizes = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    if any(size is None or int(size) < 0 for size in sizes):
        raise InvalidArgumentError(f"Expected a shape of known sizes of 0 or more; received {sizes}.")
    return tuple(int(size) for size in sizes)


def shape(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    """The sizes of all dimensions as a tensor, int32 unless `out_type` says int64. Shape: (rank,). Source: tf.shape."""
    if isinstance(input, KerasTensor):
        return ops.shape(input)
    sizes = _sizes(input)
    return convert_to_tensor(np.asarray(sizes, dtypes.as_dtype(out_type or "int32").as_numpy_dtype))


def shape_n(input: Any, out_type: Any = "int32", name: str | None = None) -> list[Any]:
    """The shapes of several tensors. Source: tf.shape_n."""
    return [shape(each, out_type) for each in input]


@or_ragged
def size(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    """Number of entries, int32 unless `out_type` says int64. Source: tf.size."""
    sizes = _sizes(input)
    return convert_to_tensor(int(np.prod(sizes)), out_type or "int32")


def rank(input: Any, name: str | None = None) -> Any:
    """Number of dimensions, int32. Source: tf.rank."""
    return convert_to_tensor(len(_sizes(input)), "int32")


def _sizes(input: Any) -> tuple:
    """The sizes of the value; those of a variable may differ from its shape."""
    if isinstance(input, Variable):
        return tuple(input._read().shape)
    return tuple(input.shape if is_tensor(input) else convert_to_tensor(input).shape)


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The shape of two broadcast tensors. Raises: InvalidArgumentError if they do not broadcast."""
    x, y = tuple(as_shape(shape_x)), tuple(as_shape(shape_y))
    wide = max(len(x), len(y))
    pairs = list(zip((1,) * (wide - len(x)) + x, (1,) * (wide - len(y)) + y, strict=True))
    if any(a != b and 1 not in (a, b) and None not in (a, b) for a, b in pairs):
        raise InvalidArgumentError(f"Expected shapes that broadcast; received {x} and {y}.")
    return TensorShape(b if a == 1 else a if b == 1 or b is None else b for a, b in pairs)


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Any:
    """The shape of two broadcast tensors, from their shapes as tensors. Source: tf.broadcast_dynamic_shape."""
    return convert_to_tensor(
        np.asarray(broadcast_static_shape(np.asarray(shape_x).tolist(), np.asarray(shape_y).tolist()), np.int32)
    )


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Any:
    """The tensor, if it has that shape (None allows any size). Raises: InvalidArgumentError if not. Source: tf.ensure_shape."""
    x = x if is_tensor(x) else convert_to_tensor(x)
    if shape is not None and not TensorShape(tuple(x.shape)).is_compatible_with(shape):
        raise InvalidArgumentError(f"ensure_shape: expected shape {as_shape(shape)}; received {tuple(x.shape)}.")
    return x
