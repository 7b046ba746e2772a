"""Histograms of bins of equal width. Source: tf."""

from typing import Any

from cornu import ops
from cornu.core.tensor import convert_to_tensor, is_tensor


def histogram_fixed_width_bins(
    values: Any, value_range: Any, nbins: int = 100, dtype: Any = "int32", name: str | None = None
) -> Any:
    """The bin of every value; what lies outside of the range is in the first or the last one."""
    values = values if is_tensor(values) else convert_to_tensor(values)
    low, high = (ops.cast(edge, values.dtype) for edge in value_range)
    place = ops.floor((values - low) / (high - low) * nbins)
    return ops.cast(ops.clip(place, 0, nbins - 1), dtype)


def histogram_fixed_width(
    values: Any, value_range: Any, nbins: int = 100, dtype: Any = "int32", name: str | None = None
) -> Any:
    """How many values lie in each of `nbins` bins between the two ends of the range. Shape: (...) -> (nbins,)."""
    bins = ops.reshape(histogram_fixed_width_bins(values, value_range, nbins), (-1,))
    return ops.cast(ops.segment_sum(ops.ones_like(bins), bins, num_segments=int(nbins)), dtype)
