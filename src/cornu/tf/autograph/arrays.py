"""TensorArrays before a compiled branch or loop: they become single tensors, so that traced places can be written."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from cornu.core.scopes import FunctionalScope
from cornu.tf.autograph.state import Snapshot
from cornu.tf.staging import recorded_by
from cornu.tf.tensor_array import TensorArray


def growing(value: Any) -> bool:
    """True for a TensorArray that writes may make longer."""
    return any(array.dynamic_size for array in _arrays(value))


def is_inside(value: Any) -> bool:
    """True for a TensorArray, or a nest that holds one."""
    return bool(_arrays(value))


def start(
    before: Snapshot, get_state: Callable, set_state: Callable, runs: Sequence[Callable], is_loop: bool
) -> Snapshot:
    """The snapshot with every TensorArray as one tensor.

    Where no element tells the shape, the blocks `runs` are traced once to find what they write.
    """
    arrays = [array for value in before.values for array in _arrays(value.value)]
    if not is_loop:
        arrays = [array for array in arrays if not array.dynamic_size]
    if not arrays:
        return before
    if all(array.is_started() or not len(array) for array in arrays):
        shapes = [[None] * len(_arrays(value.value)) for value in before.values]
    else:
        shapes = [_found(before, get_state, set_state, run) for run in runs]
        shapes = [[a or b for a, b in zip(x, y, strict=True)] for x, y in zip(shapes[0], shapes[-1], strict=True)]
    values = []
    for value, known in zip(before.values, shapes, strict=True):
        rest = iter(known)
        values.append(_mapped(lambda array, rest=rest: _started(array, next(rest), is_loop), value.value))
    before.restore(set_state, values)
    return Snapshot(before.names, get_state)


def _started(array: TensorArray, shape: Any, is_loop: bool) -> TensorArray:
    if array.dynamic_size and not is_loop:
        return array
    return array.started(shape) if array.is_started() or shape is not None else array


def _found(before: Snapshot, get_state: Callable, set_state: Callable, run: Callable) -> list[list]:
    """The shapes of the elements after a trial run of the block, for every TensorArray of every variable."""
    shapes: list[list] = []

    def trial() -> Any:
        before.restore(set_state)
        run()
        for old, new in zip(before.values, get_state(), strict=True):
            found = [_shape(array) for array in _arrays(new)]
            count = len(_arrays(old.value))
            shapes.append(found if len(found) == count else [None] * count)
        return jnp.int32(0)

    with FunctionalScope(), recorded_by(()):
        jax.eval_shape(trial)
    before.restore(set_state)
    return shapes


def _shape(array: TensorArray) -> Any:
    shape = array.element_shape
    return None if shape is None or None in shape else tuple(shape)


def _is_array(x: Any) -> bool:
    return isinstance(x, TensorArray)


def _arrays(value: Any) -> list[TensorArray]:
    return [leaf for leaf in jax.tree.leaves(value, is_leaf=_is_array) if _is_array(leaf)]


def _mapped(change: Callable, value: Any) -> Any:
    if not _arrays(value):
        return value
    return jax.tree.map(lambda leaf: change(leaf) if _is_array(leaf) else leaf, value, is_leaf=_is_array)
