"""Ragged tensors from lists and ranges. Source: tf.ragged.constant, range, map_flat_values, ..."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.tensor import convert_to_tensor, host_array
from cornu.tf.host_values import host, tensor
from cornu.tf.ragged.tensor import RaggedTensor, taken


def constant(pylist, dtype=None, ragged_rank=None, inner_shape=None, name=None, row_splits_dtype="int64"):
    """A ragged tensor of nested lists; a dense one of a number or a flat list.

    Args: ragged_rank: how many dimensions are ragged, default all but the last. inner_shape: of the innermost entries.
    Raises: InvalidArgumentError if numbers lie at different depths. Source: tf.ragged.constant.
    """
    plain = _listed(pylist)
    depth = _depth(plain)
    if ragged_rank is None:
        ragged_rank = max(0, (depth if depth is not None else 1) - 1 - len(inner_shape or ()))
        if depth is None:
            ragged_rank = max(0, _emptiness(plain) - 1 - len(inner_shape or ()))
    nested: list[list[int]] = []
    level = plain
    for _ in range(ragged_rank):
        nested.append([len(row) for row in level])
        level = [item for row in level for item in row]
    values = _flat(level, dtype, inner_shape)
    if not ragged_rank:
        return convert_to_tensor(values)
    made = RaggedTensor.from_nested_row_lengths(convert_to_tensor(values), nested)
    return made.with_row_splits_dtype(row_splits_dtype)


def _listed(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return [_listed(item) for item in x] if x.dtype == object and x.ndim else x.tolist()
    if isinstance(x, (list, tuple)):
        return [_listed(item) for item in x]
    return x


def _depth(x: Any) -> int | None:
    """How many lists lie around every value; None if there is no value."""
    if not isinstance(x, list):
        return 0
    depths = {depth for item in x if (depth := _depth(item)) is not None}
    if len(depths) > 1:
        raise InvalidArgumentError(f"all scalar values must have the same nesting depth; received {x!r:.100}.")
    return depths.pop() + 1 if depths else None


def _emptiness(x: Any) -> int:
    return 1 + max((_emptiness(item) for item in x), default=0) if isinstance(x, list) else 0


def _flat(level: Any, dtype: Any, inner_shape: Any) -> np.ndarray:
    array = host_array(level)
    kinds = {type(item) for item in np.asarray(level, object).reshape(-1)} if array.dtype == object else set()
    if kinds - {str, bytes}:
        raise InvalidArgumentError("Can't convert Python sequence with mixed types to Tensor.")
    wanted = None if dtype is None else dtypes._NUMPY[dtypes.as_dtype(dtype)]
    array = array if wanted is None else array.astype(wanted)
    if inner_shape is not None:
        return array.reshape(-1, *inner_shape) if isinstance(level, list) else array
    return array


def ragged_range(starts, limits=None, deltas=1, dtype=None, name=None, row_splits_dtype="int64"):
    """A row of numbers from each start to below its limit. Source: tf.ragged.range."""
    starts, limits = (np.zeros_like(host(starts)), starts) if limits is None else (starts, limits)
    parts = [host(x) for x in (starts, limits, deltas)]
    kind = np.result_type(*parts) if dtype is None else dtypes._NUMPY[dtypes.as_dtype(dtype)]
    rows = np.broadcast_arrays(*parts)
    if (rows[2] == 0).any():
        raise InvalidArgumentError("Requires delta != 0; received 0.")
    found = [np.arange(*row, dtype=kind) for row in zip(*(part.reshape(-1).tolist() for part in rows))]
    made = RaggedTensor.from_row_lengths(tensor(np.concatenate(found)), [len(row) for row in found])
    return made.with_row_splits_dtype(row_splits_dtype)


def map_flat_values(op, *args, **kwargs):
    """`op` on the innermost values of ragged arguments with equal rows; others are passed on. Source: tf.ragged."""
    given = [value for value in (*args, *kwargs.values()) if isinstance(value, RaggedTensor)]
    if not given:
        return op(*args, **kwargs)
    first = given[0]
    for other in given:
        if not all(np.array_equal(a, b) for a, b in zip(first.nested_row_splits, other.nested_row_splits, strict=True)):
            raise InvalidArgumentError("map_flat_values expects ragged tensors with rows of equal lengths.")
    plain = lambda value: value.flat_values if isinstance(value, RaggedTensor) else value
    return first.with_flat_values(op(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()}))


def row_splits_to_segment_ids(splits, name=None, out_type=None):
    """The number of each value's row. Source: tf.ragged.row_splits_to_segment_ids."""
    lengths = np.diff(host(splits).astype(np.int64))
    return tensor(np.repeat(np.arange(len(lengths)), lengths).astype(out_type or np.int64))


def segment_ids_to_row_splits(segment_ids, num_segments=None, out_type=None, name=None):
    """Where rows begin and end. Source: tf.ragged.segment_ids_to_row_splits."""
    ids = host(segment_ids).astype(np.int64)
    counts = np.bincount(ids, minlength=0 if num_segments is None else int(num_segments))
    return tensor(np.concatenate([[0], np.cumsum(counts)]).astype(out_type or np.int64))


def stack_dynamic_partitions(data, partitions, num_partitions, name=None):
    """Rows of `data` gathered by the number of their partition. Source: tf.ragged.stack_dynamic_partitions."""
    numbers = host(partitions).reshape(-1)
    moved = taken(convert_to_tensor(data), np.argsort(numbers, kind="stable"))
    return RaggedTensor.from_row_lengths(moved, np.bincount(numbers, minlength=int(num_partitions)))
