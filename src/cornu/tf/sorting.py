"""Sorting, searching and what is unique, with TensorFlow's names. Source: tf."""

from typing import Any, NamedTuple

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.core.tensor import convert_to_tensor
from cornu.tf.arrays import tensor_of
from cornu.tf.shapes import static_shape


def unique(x: Any, out_idx: Any = "int32", name: str | None = None) -> Any:
    """The distinct values in the order of their first appearance, and for every entry the place of its value.

    Returns: a named tuple (y, idx). Source: tf.unique.
    """
    values, places, _ = _unique(x)
    return Unique(values, ops.cast(places, out_idx))


def unique_with_counts(x: Any, out_idx: Any = "int32", name: str | None = None) -> Any:
    """As `unique`, with how often each value appears: (y, idx, count). Source: tf.unique_with_counts."""
    values, places, counts = _unique(x)
    return UniqueWithCounts(values, ops.cast(places, out_idx), ops.cast(counts, out_idx))


def _unique(x: Any) -> tuple[Any, np.ndarray, np.ndarray]:
    host = np.asarray(tensor_of(x))
    if host.ndim != 1:
        raise InvalidArgumentError(f"unique: expected one dimension; received shape {host.shape}.")
    values, first, places, counts = np.unique(host, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    where_to = np.empty_like(order)
    where_to[order] = np.arange(order.size)
    return convert_to_tensor(values[order]), where_to[places.reshape(-1)], counts[order]


class Unique(NamedTuple):
    """Result of `unique`."""

    y: Any
    idx: Any


class UniqueWithCounts(NamedTuple):
    """Result of `unique_with_counts`."""

    y: Any
    idx: Any
    count: Any


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Any:
    """Flat indices as coordinates. Shape: (n,) -> (rank, n). Source: tf.unravel_index."""
    found = np.unravel_index(np.asarray(indices), static_shape(dims))
    return convert_to_tensor(
        np.stack(found).astype(np.asarray(indices).dtype if hasattr(indices, "dtype") else np.int32)
    )


def searchsorted(
    sorted_sequence: Any, values: Any, side: str = "left", out_type: Any = "int32", name: str | None = None
) -> Any:
    """Where the values would go to keep the last axis sorted. Shape: (..., n), (..., m) -> (..., m).

    Raises: InvalidArgumentError if the shapes differ before the last axis. Source: tf.searchsorted.
    """
    sorted_sequence, values = strict_dtypes.alike("searchsorted", [sorted_sequence, values])
    around = tuple(sorted_sequence.shape[:-1])
    if around != tuple(values.shape[:-1]):
        raise InvalidArgumentError(
            f"searchsorted: expected values of shape {(*around, None)}; received {tuple(values.shape)}."
        )
    if not around:
        return ops.cast(ops.searchsorted(sorted_sequence, values, side), out_type)
    rows = ops.reshape(sorted_sequence, (-1, sorted_sequence.shape[-1]))
    wanted = ops.reshape(values, (-1, values.shape[-1]))
    found = ops.vectorized_map(lambda pair: ops.searchsorted(pair[0], pair[1], side), (rows, wanted))
    return ops.cast(ops.reshape(found, tuple(values.shape)), out_type)


_DIRECTIONS = ("ASCENDING", "DESCENDING")


def sort(values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None) -> Any:
    """The values in order along an axis. Source: tf.sort."""
    _check_direction(direction)
    ordered = ops.sort(values, axis)
    return ordered if direction == "ASCENDING" else ops.flip(ordered, axis)


def argsort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", stable: bool = False, name: str | None = None
) -> Any:
    """Where the values in order come from, int32; equal ones stay in their order. Source: tf.argsort."""
    _check_direction(direction)
    if direction == "ASCENDING":
        return ops.cast(ops.argsort(values, axis), "int32")
    values = tensor_of(values)
    backwards = ops.argsort(ops.flip(values, axis), axis)  # flipped twice, so that equal ones keep their order
    return ops.cast(values.shape[axis] - 1 - ops.flip(backwards, axis), "int32")


def _check_direction(direction: str) -> None:
    if direction not in _DIRECTIONS:
        raise InvalidArgumentError(f"Expected direction ASCENDING or DESCENDING; received {direction!r}.")
