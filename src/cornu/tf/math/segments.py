"""Reductions over groups of rows: row i belongs to group `segment_ids[i]`. Source: tf.math.segment_sum and others.

The `segment_*` functions take rising ids, and there are as many groups as the last id says; the `unsorted_segment_*` functions
take any ids, leave out rows with negative ones, and are told the number of groups.
Shape: (n, ...), (n,) -> (groups, ...).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.ops.segments import reduce_segments
from cornu.tf.known_values import known
from cornu.tf.math.arithmetic import truediv


def _sorted(name: str, reduction: str, empty: int, text: str) -> Callable:
    def function(data: Any, segment_ids: Any, name: str | None = None) -> Any:
        data, segment_ids, groups = _rows(title, data, segment_ids)
        found = reduce_segments(data, segment_ids, reduction, groups, is_sorted=True)
        if reduction in ("sum", "prod"):
            return found
        is_empty = ops.equal(_sizes(segment_ids, groups, found), 0)
        return ops.where(is_empty, ops.full_like(found, empty), found)

    title = name
    return _signed(function, name, text)


def _unsorted(name: str, reduction: str, text: str) -> Callable:
    def function(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
        return reduce_segments(*_any_rows(title, data, segment_ids, int(num_segments)), reduction, int(num_segments))

    title = name
    return _signed(function, name, text)


def _signed(function: Callable, name: str, text: str) -> Callable:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{text} Source: tf.math.{name}."
    return function


segment_max = _sorted("segment_max", "max", 0, "Largest entries of each group; 0 for an empty one.")
segment_min = _sorted("segment_min", "min", 0, "Smallest entries of each group; 0 for an empty one.")
segment_prod = _sorted("segment_prod", "prod", 1, "Product of the rows of each group; 1 for an empty one.")
segment_sum = _sorted("segment_sum", "sum", 0, "Sum of the rows of each group; 0 for an empty one.")
unsorted_segment_max = _unsorted(
    "unsorted_segment_max", "max", "Largest entries of each group; the lowest finite number for an empty one."
)
unsorted_segment_min = _unsorted(
    "unsorted_segment_min", "min", "Smallest entries of each group; the highest finite number for an empty one."
)
unsorted_segment_prod = _unsorted(
    "unsorted_segment_prod", "prod", "Product of the rows of each group; 1 for an empty one."
)
unsorted_segment_sum = _unsorted("unsorted_segment_sum", "sum", "Sum of the rows of each group; 0 for an empty one.")


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """Mean of the rows of each group, 0 for an empty one; of integers without its fraction. Source: tf.math.segment_mean."""
    data, segment_ids, groups = _rows("segment_mean", data, segment_ids)
    total = reduce_segments(data, segment_ids, "sum", groups, is_sorted=True)
    counts = ops.cast(ops.maximum(_sizes(segment_ids, groups, total), 1), total.dtype)
    if total.dtype.is_integer:
        return ops.cast(ops.trunc(ops.divide(ops.cast(total, "float64"), ops.cast(counts, "float64"))), total.dtype)
    return ops.divide(total, counts)


def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """Mean of the rows of each group; 0 for an empty one. Source: tf.math.unsorted_segment_mean."""
    total = unsorted_segment_sum(data, segment_ids, num_segments)
    return truediv(total, ops.cast(_counts(segment_ids, num_segments, total), total.dtype))


def unsorted_segment_sqrt_n(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """Sum of the rows of each group over the root of their number; 0 for an empty one.

    Source: tf.math.unsorted_segment_sqrt_n.
    """
    total = unsorted_segment_sum(data, segment_ids, num_segments)
    return truediv(
        total, ops.cast(ops.sqrt(ops.cast(_counts(segment_ids, num_segments, total), "float64")), total.dtype)
    )


def _counts(segment_ids: Any, num_segments: Any, total: Any) -> Any:
    return ops.maximum(_sizes(segment_ids, int(num_segments), total), 1)


def _sizes(segment_ids: Any, groups: int, like: Any) -> Any:
    """Rows in each group, with axes of size 1 so that they divide `like`."""
    ids = ops.convert_to_tensor(segment_ids)
    sizes = reduce_segments(ops.ones(tuple(ids.shape), "int32"), ids, "sum", groups)
    return ops.reshape(sizes, (groups, *(1,) * (len(like.shape) - 1)))


def _rows(name: str, data: Any, segment_ids: Any) -> tuple[Any, Any, int]:
    """Data and rising ids as tensors, and the number of groups. Raises: InvalidArgumentError on what does not fit."""
    data, segment_ids, ids = _integers(name, data, segment_ids)
    if ids is None:
        raise InvalidArgumentError(
            f"{name}: expected segment_ids whose values are known, because they give the number of groups; received a tensor "
            f"of a compiled function or functional model. Use tf.math.unsorted_{name} with num_segments."
        )
    if ids.ndim != 1 or len(data.shape) < 1 or data.shape[0] != ids.size:
        raise InvalidArgumentError(
            f"{name}: expected one segment id for each row of data; received data of shape {tuple(data.shape)} and ids of shape "
            f"{ids.shape}."
        )
    if (np.diff(ids) < 0).any() or (ids < 0).any():
        raise InvalidArgumentError(
            f"{name}: expected rising ids of 0 or more; received {ids}. Use tf.math.unsorted_{name} for ids in any order."
        )
    return data, segment_ids, int(ids[-1]) + 1 if ids.size else 0


def _any_rows(name: str, data: Any, segment_ids: Any, groups: int) -> tuple[Any, Any]:
    data, segment_ids, ids = _integers(name, data, segment_ids)
    if ids is not None and ids.size and ids.max() >= groups:
        raise InvalidArgumentError(f"{name}: expected ids below num_segments={groups}; received {ids.max()}.")
    return data, segment_ids


def _integers(name: str, data: Any, segment_ids: Any) -> tuple[Any, Any, np.ndarray | None]:
    data, segment_ids = ops.convert_to_tensor(data), ops.convert_to_tensor(segment_ids)
    if not segment_ids.dtype.is_integer:
        raise InvalidArgumentError(f"{name}: expected integer segment_ids; received {segment_ids.dtype.name}.")
    return data, segment_ids, known(segment_ids)
