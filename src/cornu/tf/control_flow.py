"""Branches, loops and maps written as calls. Source: tf.cond, tf.while_loop, tf.map_fn and their kin."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.tf.assertions import assert_true
from cornu.tf.autograph.branches import if_stmt
from cornu.tf.autograph.loops import while_stmt
from cornu.tf.cells import Cell, is_leaf, tensors
from cornu.tf.custom_gradients import custom_gradient as custom_gradient
from cornu.tf.custom_gradients import recompute_grad as recompute_grad
from cornu.tf.custom_gradients import stop_gradient as stop_gradient
from cornu.tf.host_functions import numpy_function as numpy_function
from cornu.tf.host_functions import py_function as py_function
from cornu.tf.mapping import foldl as foldl
from cornu.tf.mapping import foldr as foldr
from cornu.tf.mapping import map_fn as map_fn
from cornu.tf.mapping import scan as scan
from cornu.tf.mapping import vectorized_map as vectorized_map
from cornu.tf.tensor_array import TensorArray

Assert = assert_true


def cond(pred: Any, true_fn: Callable | None = None, false_fn: Callable | None = None, name: str | None = None) -> Any:
    """`true_fn()` if the scalar `pred` is true, else `false_fn()`.

    Raises: InvalidTypeError if a function is missing; errors of dtype or shape if compiled branches differ. Source: tf.cond.
    """
    for label, function in (("true_fn", true_fn), ("false_fn", false_fn)):
        if not callable(function):
            raise InvalidTypeError(f"{label!r} must be callable.")
    if isinstance(pred, KerasTensor):
        return ops.cond(pred, true_fn, false_fn)  # type: ignore[arg-type]
    cell = Cell(None)

    def run(function: Any) -> Callable:
        return lambda: cell.set((function(),))

    if_stmt(pred, run(true_fn), run(false_fn), cell.get, cell.set, ["the result of cond"])
    return cell.values[0]


def case(
    pred_fn_pairs: Sequence, default: Callable | None = None, exclusive: bool = False, strict: bool = False,
    name: str | None = "case",
) -> Any:  # fmt: skip
    """The result of the first function whose condition is true, else of `default`.

    Raises: InvalidArgumentError if no condition holds and there is no default, or several hold and `exclusive` is set.
    """
    pairs = list(pred_fn_pairs.items()) if isinstance(pred_fn_pairs, dict) else list(pred_fn_pairs)
    if not pairs:
        raise InvalidArgumentError("Expected at least one pair of a condition and a function for case; received none.")
    conditions = ops.stack([ops.cast(convert_to_tensor(p), "bool") for p, _ in pairs])
    if exclusive:
        count = ops.sum(ops.cast(conditions, "int32"))
        assert_true(count <= 1, ["Input error: more than one condition of case holds:", conditions])
    if default is None:
        assert_true(ops.any(conditions), ["Input error: None of conditions evaluated as True:", conditions])
        pairs, default = pairs[:-1], pairs[-1][1]
    last: Any = default

    def chosen(i: int) -> Any:
        if i == len(pairs):
            return last()
        return cond(pairs[i][0], pairs[i][1], lambda: chosen(i + 1))

    return chosen(0)


def switch_case(
    branch_index: Any, branch_fns: Any, default: Callable | None = None, name: str | None = "switch_case"
) -> Any:
    """`branch_fns[branch_index]()`; another index takes `default`, or the last function.

    Raises: InvalidArgumentError if the keys are not 0, 1, ..., n - 1. Source: tf.switch_case.
    """
    pairs = list(branch_fns.items()) if isinstance(branch_fns, dict) else list(branch_fns)
    functions: dict[int, Callable] = dict(enumerate(pairs) if all(map(callable, pairs)) else pairs)
    if sorted(functions) != list(range(len(functions))):
        shown = ",".join(map(str, sorted(functions)))
        raise InvalidArgumentError(
            f"branch indices (keys) must form contiguous range of [0 to {len(functions)}) but found {{{shown}}}"
        )
    last = functions[len(functions) - 1] if default is None else default
    index = convert_to_tensor(branch_index)

    def chosen(i: int) -> Any:
        return last() if i == len(functions) else cond(index == i, functions[i], lambda: chosen(i + 1))

    return chosen(0)


def while_loop(
    cond: Callable, body: Callable, loop_vars: Any, shape_invariants: Any = None, parallel_iterations: int = 10,
    back_prop: bool = True, swap_memory: bool = False, maximum_iterations: Any = None, name: str | None = None,
) -> Any:  # fmt: skip
    """`loop_vars = body(*loop_vars)` while `cond(*loop_vars)`, at most `maximum_iterations` times.

    Args:
        shape_invariants: shapes that the variables keep; where sizes change, the loop cannot be compiled and runs eagerly.
        back_prop: False: no gradient goes through the loop.
        parallel_iterations, swap_memory: accepted; XLA decides.

    Raises: InvalidArgumentError without loop variables, or if the body returns another number of them. Source: tf.while_loop.
    """
    if not isinstance(loop_vars, (list, tuple, dict)) or not len(loop_vars):
        raise InvalidArgumentError("'loop_vars' must be provided.")
    cell, kind = Cell(*tensors(list(loop_vars))), type(loop_vars)
    turns = None if maximum_iterations is None else int(convert_to_tensor(maximum_iterations))

    def step() -> None:
        result = body(*cell.values)
        result = list(result) if isinstance(result, (list, tuple)) else [result]
        if len(result) != len(cell.values):
            raise InvalidArgumentError(
                f"Expected the body of while_loop to return {len(cell.values)} values, one per loop variable; received "
                f"{len(result)}."
            )
        cell.set(tuple(tensors(result)))

    names = [f"loop variable {i}" for i in range(len(cell.values))]
    while_stmt(lambda: cond(*cell.values), step, cell.get, cell.set, names, {"maximum_iterations": turns})
    values = list(cell.values)
    if not back_prop:
        values = [jax.tree.map(ops.stop_gradient, value, is_leaf=is_leaf) for value in values]
    return kind(*values) if hasattr(kind, "_fields") else kind(values)


def group(*inputs: Any, **kwargs: Any) -> None:
    """Nothing: what was called has run, or is a part of the program. Source: tf.group."""
    if unknown := kwargs.keys() - {"name"}:
        raise InvalidTypeError(f"group got the unknown argument {sorted(unknown)[0]!r}; it takes tensors and name.")


def no_op(name: str | None = None) -> None:
    """Nothing. Source: tf.no_op."""


def identity(input: Any, name: str | None = None) -> Any:
    """A tensor with the same values; a TensorArray's copy. Source: tf.identity."""
    if isinstance(input, TensorArray):
        return input.identity()
    tensor = input if is_leaf(input) else convert_to_tensor(input)
    if isinstance(tensor, Tensor) and tensor._value.dtype == object:
        return Tensor(tensor._value)
    return ops.copy(tensor)


def identity_n(input: Sequence, name: str | None = None) -> list:
    """Tensors with the same values. Source: tf.identity_n."""
    return [identity(item) for item in input]


@contextlib.contextmanager
def control_dependencies(control_inputs: Any) -> Iterator[None]:
    """A `with` block; effects happen in the order of the code anyway. Source: tf.control_dependencies."""
    for item in control_inputs or ():
        if callable(item) and not is_leaf(item):
            item()
    yield


__all__ = [
    "Assert", "case", "cond", "control_dependencies", "custom_gradient", "foldl", "foldr", "group", "identity",
    "identity_n", "map_fn", "no_op", "numpy_function", "py_function", "recompute_grad", "scan", "stop_gradient", "switch_case",
    "vectorized_map", "while_loop",
]  # fmt: skip
