"""Sums, means, extremes over the rows of ragged tensors, and joining them. Source: tf.reduce_*, tf.concat, tf.stack."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.tf.host_values import host, tensor
from cornu.tf.ragged.indexing import take_rows
from cornu.tf.ragged.tensor import RaggedTensor, taken


def _least(x: Any, ids: Any, count: int) -> Any:
    return _filled(ops.segment_min(x, ids, count), ids, count, x.dtype.max)


def _largest(x: Any, ids: Any, count: int) -> Any:
    return _filled(ops.segment_max(x, ids, count), ids, count, x.dtype.min)


def _filled(found: Any, ids: Any, count: int, empty: Any) -> Any:
    """The value of rows without entries."""
    is_empty = np.bincount(ids, minlength=count) == 0
    if not is_empty.any():
        return found
    return ops.where(is_empty.reshape(-1, *[1] * (found.ndim - 1)), convert_to_tensor(empty, found.dtype), found)


def _any(x: Any, ids: Any, count: int) -> Any:
    return ops.segment_sum(ops.cast(x, "int32"), ids, count) > 0


def _all(x: Any, ids: Any, count: int) -> Any:
    return ops.segment_sum(ops.cast(ops.logical_not(x), "int32"), ids, count) == 0


def _product(x: Any, ids: Any, count: int) -> Any:
    return _filled(ops.segment_prod(x, ids, count), ids, count, 1)


_SEGMENTS: dict[str, tuple[Callable, Callable]] = {
    "sum": (ops.segment_sum, ops.sum),
    "prod": (_product, ops.prod),
    "max": (_largest, ops.max),
    "min": (_least, ops.min),
    "any": (_any, ops.any),
    "all": (_all, ops.all),
}


def reduce(kind: str, input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`kind` (sum, mean, prod, max, min, any, all) of a ragged tensor over an axis, several of them, or everything.

    Raises: InvalidArgumentError on axes out of range. Source: tf.reduce_sum and its companions on ragged tensors.
    """
    ragged = input_tensor
    if kind == "mean":
        values = ragged.flat_values
        floats = ragged.with_flat_values(values if values.dtype.is_floating else ops.cast(values, "float64"))
        ones = floats.with_flat_values(ops.ones_like(floats.flat_values))
        return _quotient(reduce("sum", floats, axis, keepdims), reduce("sum", ones, axis, keepdims))
    rank = len(ragged.shape)
    if axis is None:
        found = _SEGMENTS[kind][1](ragged.flat_values)
        return ops.reshape(found, (1,) * rank) if keepdims else found
    axes = sorted({int(a) for a in np.atleast_1d(host(axis))}, key=lambda a: a % rank, reverse=True)
    if any(not -rank <= a < rank for a in axes):
        raise InvalidArgumentError(f"Expected axis from {-rank} to {rank - 1}; received {axis}.")
    found = ragged
    for one in axes:
        if isinstance(found, RaggedTensor):
            found = _along(kind, found, one % rank, keepdims)
        else:
            found = _SEGMENTS[kind][1](found, one % rank, keepdims=keepdims)
    return found


def _along(kind: str, ragged: RaggedTensor, axis: int, keepdims: bool) -> Any:
    segments, dense = _SEGMENTS[kind]
    if axis > 1:
        values = ragged.values
        if isinstance(values, RaggedTensor):
            return ragged.with_values(_along(kind, values, axis - 1, keepdims))
        return ragged.with_values(dense(values, axis - 1, keepdims=keepdims))
    ids = ragged.rowids if axis == 1 else ragged.positions
    count = len(ragged.lengths) if axis == 1 else int(ragged.lengths.max(initial=0))
    if isinstance(ragged.values, RaggedTensor):
        found = _rows_together(segments, ragged.values, ids, count)
    else:
        found = segments(ragged.values, ids, count)
    if not keepdims:
        return found
    if isinstance(found, RaggedTensor):
        rows = 1 if axis == 0 else count
        return RaggedTensor.from_uniform_row_length(found, count if axis == 0 else 1, rows)
    return ops.expand_dims(found, axis)


def _rows_together(segments: Callable, values: RaggedTensor, ids: np.ndarray, count: int) -> RaggedTensor:
    """Ragged rows of one number reduced place by place; the result is as long as the longest of them."""
    lengths = np.zeros(count, np.int64)
    np.maximum.at(lengths, ids, values.lengths)
    starts = np.cumsum(lengths) - lengths
    places = starts[ids][values.rowids] + values.positions
    total = int(lengths.sum())
    if isinstance(values.values, RaggedTensor):
        return RaggedTensor.from_row_lengths(_rows_together(segments, values.values, places, total), lengths)
    return RaggedTensor.from_row_lengths(segments(values.values, places, total), lengths)


def _quotient(total: Any, count: Any) -> Any:
    if isinstance(total, RaggedTensor):
        return total.with_flat_values(total.flat_values / count.flat_values)
    return total / count


def concat(values: Sequence[Any], axis: int = 0) -> Any:
    """Ragged tensors (and dense ones) one after the other. Source: tf.concat."""
    rank = len(values[0].shape) if hasattr(values[0], "shape") else np.ndim(values[0])
    axis = int(axis) % rank
    depth = max(value.ragged_rank if isinstance(value, RaggedTensor) else 1 for value in values)
    parts = [
        value if isinstance(value, RaggedTensor) else RaggedTensor.from_tensor(value, ragged_rank=depth)
        for value in values
    ]
    return _concat(parts, axis)


def _concat(parts: list[Any], axis: int) -> Any:
    if not isinstance(parts[0], RaggedTensor):
        if parts[0].dtype == "string":
            return tensor(np.concatenate([host(part) for part in parts], axis))
        return ops.concatenate(parts, axis)
    if axis == 0:
        lengths = np.concatenate([part.lengths for part in parts])
        return RaggedTensor.from_row_lengths(_concat([part.values for part in parts], 0), lengths)
    rows = {len(part.lengths) for part in parts}
    if len(rows) > 1:
        raise InvalidArgumentError(f"Expected ragged tensors of as many rows; received {sorted(rows)}.")
    if axis > 1:
        return parts[0].with_values(_concat([part.values for part in parts], axis - 1))
    count = rows.pop()
    below = _concat(parts, 0)
    order = np.arange(count * len(parts)).reshape(len(parts), count).T.reshape(-1)
    mixed = take_rows(below, order)
    return RaggedTensor.from_row_lengths(mixed.values, sum(part.lengths for part in parts))


def stack(values: Sequence[Any], axis: int = 0) -> Any:
    """Tensors of any lengths as the rows of a ragged one. Source: tf.ragged.stack."""
    parts = [value if isinstance(value, RaggedTensor) else convert_to_tensor(value) for value in values]
    if axis != 0:
        expanded = [
            RaggedTensor.from_uniform_row_length(part, 1, int(part.shape[0])) if axis == 1 else part for part in parts
        ]
        if axis != 1:
            raise InvalidArgumentError(f"tf.ragged.stack: expected axis 0 or 1; received {axis}.")
        return concat(expanded, 1)
    if not parts[0].shape:
        return ops.stack(parts)
    lengths = [int(part.shape[0]) for part in parts]
    return RaggedTensor.from_row_lengths(_concat(_alike(parts), 0), lengths)


def _alike(parts: list[Any]) -> list[Any]:
    """All ragged, or all dense vectors."""
    is_ragged = [isinstance(part, RaggedTensor) for part in parts]
    if all(is_ragged) or (not any(is_ragged) and parts[0].ndim == 1):
        return parts
    return [part if ragged else RaggedTensor.from_tensor(part) for part, ragged in zip(parts, is_ragged)]


def gather(params: Any, indices: Any) -> Any:
    """Rows of a ragged tensor by number. Source: tf.gather."""
    numbers = host(indices).astype(np.int64)
    if not numbers.ndim:
        return params[int(numbers)]
    found = take_rows(params, numbers.reshape(-1))
    for size in reversed(numbers.shape[1:]):
        found = RaggedTensor.from_uniform_row_length(found, size)
    return found


def boolean_mask(data: Any, mask: Any, name: str | None = None) -> Any:
    """The entries for which the mask is true, in their rows. Source: tf.ragged.boolean_mask."""
    if not isinstance(mask, RaggedTensor) and np.ndim(mask) == 1:
        chosen = np.flatnonzero(host(mask))
        return take_rows(data, chosen) if isinstance(data, RaggedTensor) else taken(convert_to_tensor(data), chosen)
    rows = mask if isinstance(mask, RaggedTensor) else RaggedTensor.from_tensor(mask)
    values = data if isinstance(data, RaggedTensor) else RaggedTensor.from_tensor(data)
    if not np.array_equal(rows.lengths, values.lengths):
        raise InvalidArgumentError("Expected a mask with rows as long as those of the data.")
    kept = host(rows.flat_values).astype(bool)
    lengths = np.bincount(rows.rowids[kept], minlength=len(rows.lengths))
    inner = values.values
    chosen = np.flatnonzero(kept)
    found: Tensor | RaggedTensor = take_rows(inner, chosen) if isinstance(inner, RaggedTensor) else taken(inner, chosen)
    return RaggedTensor.from_row_lengths(found, lengths)
