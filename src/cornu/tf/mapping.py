"""Functions on the rows of tensors. Source: tf.map_fn, tf.scan, tf.foldl, tf.foldr, tf.vectorized_map."""

from collections.abc import Callable
from typing import Any

import jax

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.data.spec import TensorSpec
from cornu.tf.autograph.loops import for_stmt
from cornu.tf.autograph.ranges import TensorRange
from cornu.tf.autograph.state import is_traced
from cornu.tf.cells import Cell, is_leaf, tensors
from cornu.tf.scopes import inside_function
from cornu.tf.tensor_array import TensorArray


def _row(elems: Any, i: Any) -> Any:
    return jax.tree.map(lambda x: x[i], elems, is_leaf=is_leaf)


def _length(elems: Any) -> int:
    sizes = {leaf.shape[0] if len(leaf.shape) else None for leaf in jax.tree.leaves(elems, is_leaf=is_leaf)}
    if len(sizes) != 1 or None in sizes:
        raise InvalidArgumentError(
            f"Expected elems to be tensors of one common first dimension; received sizes {sorted(sizes, key=str)}."
        )
    return sizes.pop()  # type: ignore[return-value]


def _walk(step: Callable, cell: Cell, indices: range) -> None:
    """`step(i)` for the indices: one compiled loop inside of a compiled function, one after the other outside."""
    names = [f"value {i}" for i in range(len(cell.values))]
    values = jax.tree.leaves(cell.values, is_leaf=is_leaf)
    turns: Any = indices
    if any(map(is_traced, values)) or inside_function():
        turns = TensorRange(indices.start, indices.stop, indices.step)
    for_stmt(turns, step, None, cell.get, cell.set, names, {})


def map_fn(
    fn: Callable, elems: Any, dtype: Any = None, parallel_iterations: int | None = None, back_prop: bool = True,
    swap_memory: bool = False, infer_shape: bool = True, name: str | None = None, fn_output_signature: Any = None,
) -> Any:  # fmt: skip
    """`fn` on every row of `elems`, one after the other; the results stacked.

    Args:
        fn_output_signature: dtypes (or tf.TensorSpec) of the results where they differ from those of `elems`; `dtype` is its
            old name.

    Raises: InvalidArgumentError if a result has another dtype. Source: tf.map_fn.
    """
    elems = tensors(elems)
    count = _length(elems)
    wanted = fn_output_signature if fn_output_signature is not None else dtype
    kinds = jax.tree.map(lambda x: x.dtype if is_leaf(x) or isinstance(x, TensorSpec) else dtypes.as_dtype(x),
                         elems if wanted is None else wanted, is_leaf=is_leaf)  # fmt: skip
    flat, treedef = jax.tree.flatten(kinds)
    cell = Cell(*[TensorArray(kind, size=count) for kind in flat])

    def step(i: Any) -> None:
        leaves = jax.tree.leaves(fn(_row(elems, i)), is_leaf=is_leaf)
        if len(leaves) != len(flat):
            raise InvalidArgumentError(
                f"Expected fn to return {len(flat)} tensors, as fn_output_signature (or elems) says; received {len(leaves)}."
            )
        cell.set(tuple([array.write(i, leaf) for array, leaf in zip(cell.values, leaves, strict=True)]))

    _walk(step, cell, range(count))
    results = [array.stack() for array in cell.values]
    results = results if back_prop else [ops.stop_gradient(result) for result in results]
    return jax.tree.unflatten(treedef, results)


def _folded(fn: Callable, elems: Any, initializer: Any, is_reversed: bool) -> Any:
    elems = tensors(elems)
    order = range(_length(elems))
    order = order[::-1] if is_reversed else order
    if initializer is None:
        initializer, order = _row(elems, order[0]), order[1:]
    cell = Cell(tensors(initializer))
    _walk(lambda i: cell.set((tensors(fn(cell.values[0], _row(elems, i))),)), cell, order)
    return cell.values[0]


def foldl(
    fn: Callable, elems: Any, initializer: Any = None, parallel_iterations: int = 10, back_prop: bool = True,
    swap_memory: bool = False, name: str | None = None,
) -> Any:  # fmt: skip
    """`fn(...fn(fn(first, second), third)...)` over the rows of `elems`. Source: tf.foldl."""
    result = _folded(fn, elems, initializer, False)
    return result if back_prop else jax.tree.map(ops.stop_gradient, result, is_leaf=is_leaf)


def foldr(
    fn: Callable, elems: Any, initializer: Any = None, parallel_iterations: int = 10, back_prop: bool = True,
    swap_memory: bool = False, name: str | None = None,
) -> Any:  # fmt: skip
    """As `foldl`, from the last row to the first. Source: tf.foldr."""
    result = _folded(fn, elems, initializer, True)
    return result if back_prop else jax.tree.map(ops.stop_gradient, result, is_leaf=is_leaf)


def scan(
    fn: Callable, elems: Any, initializer: Any = None, parallel_iterations: int = 10, back_prop: bool = True,
    swap_memory: bool = False, infer_shape: bool = True, reverse: bool = False, name: str | None = None,
) -> Any:  # fmt: skip
    """Every intermediate result of `foldl` (of `foldr` with `reverse`), stacked in the order of `elems`. Source: tf.scan."""
    elems = tensors(elems)
    count = _length(elems)
    order = range(count)[::-1] if reverse else range(count)
    carry = tensors(_row(elems, order[0]) if initializer is None else initializer)
    leaves, treedef = jax.tree.flatten(carry, is_leaf=is_leaf)
    arrays = [TensorArray(leaf.dtype, size=count, element_shape=leaf.shape) for leaf in leaves]
    if initializer is None:
        arrays = [array.write(order[0], leaf) for array, leaf in zip(arrays, leaves, strict=True)]
        order = order[1:]
    cell = Cell(carry, arrays)

    def step(i: Any) -> None:
        carry, arrays = cell.values
        carry = tensors(fn(carry, _row(elems, i)))
        leaves = jax.tree.leaves(carry, is_leaf=is_leaf)
        cell.set((carry, [array.write(i, leaf) for array, leaf in zip(arrays, leaves, strict=True)]))

    _walk(step, cell, order)
    results = [array.stack() for array in cell.values[1]]
    results = results if back_prop else [ops.stop_gradient(result) for result in results]
    return jax.tree.unflatten(treedef, results)


def vectorized_map(fn: Callable, elems: Any, fallback_to_while_loop: bool = True, warn: bool = True) -> Any:
    """`fn` on all rows of `elems` at once; the results stacked. Source: tf.vectorized_map."""
    return ops.vectorized_map(fn, elems)
