"""`tf.sets`: the last axis as sets of numbers or texts. Results are sparse, with the entries of each set in rising order.

Shape: (..., n), (..., m) -> sparse (..., largest set). Raises: InvalidArgumentError if the leading sizes or the dtypes differ.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import attribute_error
from cornu.tf.host_values import host, tensor
from cornu.tf.sparse import SparseTensor


def intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The entries that are in both. Source: tf.sets.intersection."""
    return _combined("intersection", a, b, lambda x, y: x & y, validate_indices)


def union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The entries that are in one or both. Source: tf.sets.union."""
    return _combined("union", a, b, lambda x, y: x | y, validate_indices)


def difference(a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True) -> SparseTensor:
    """The entries of `a` that are not in `b`; the other way round without `aminusb`. Source: tf.sets.difference."""
    return _combined("difference", a, b, (lambda x, y: x - y) if aminusb else (lambda x, y: y - x), validate_indices)


def size(a: Any, validate_indices: bool = True) -> Any:
    """Number (int32) of different entries. Shape: sparse (..., n) -> (...). Source: tf.sets.size."""
    if not isinstance(a, SparseTensor):
        raise InvalidArgumentError(
            f"size: expected a sparse tensor; received {type(a).__name__}. Use tf.sparse.from_dense."
        )
    groups, lead, _ = _groups("size", a, validate_indices)
    counts = np.zeros(lead, np.int32)
    for place, members in groups.items():
        counts[place] = len(members)
    return tensor(counts)


def _combined(name: str, a: Any, b: Any, combine: Callable[[set, set], set], is_checked: bool) -> SparseTensor:
    (left, lead, dtype), (right, other_lead, other_dtype) = _groups(name, a, is_checked), _groups(name, b, is_checked)
    if lead != other_lead or dtype != other_dtype:
        raise InvalidArgumentError(
            f"{name}: expected one dtype and equal leading sizes; received {dtype}, {other_dtype} and {lead}, {other_lead}."
        )
    places, values, width = [], [], 0
    for place in np.ndindex(*lead):
        members = sorted(combine(left.get(place, set()), right.get(place, set())))
        places += [(*place, i) for i in range(len(members))]
        values += members
        width = max(width, len(members))
    indices = np.asarray(places, np.int64).reshape(-1, len(lead) + 1)
    return SparseTensor(indices, tensor(np.asarray(values, dtype)), [*lead, width])


def _groups(name: str, x: Any, is_checked: bool) -> tuple[dict[tuple, set], tuple[int, ...], np.dtype]:
    """The sets by their place, the leading sizes, and the dtype."""
    if not isinstance(x, SparseTensor):
        array = host(x)
        if array.ndim < 2:
            raise InvalidArgumentError(f"{name}: expected at least two axes; received shape {array.shape}.")
        return (
            {place: set(array[place].tolist()) for place in np.ndindex(*array.shape[:-1])},
            array.shape[:-1],
            array.dtype,
        )
    places, values, shape = host(x.indices), host(x.values), host(x.dense_shape)
    if is_checked and len(places) > 1:
        ordered = np.lexsort(places.T[::-1])
        if (ordered != np.arange(len(places))).any() or (places.min() < 0) or (places >= shape).any():
            raise InvalidArgumentError(
                f"{name}: expected indices in rising order inside of shape {tuple(shape)}. Use tf.sparse.reorder."
            )
    groups: dict[tuple, set] = {}
    for place, value in zip(places.tolist(), values.tolist(), strict=True):
        groups.setdefault(tuple(place[:-1]), set()).add(value)
    return groups, tuple(int(n) for n in shape[:-1]), values.dtype


__getattr__ = attribute_error(__name__)
