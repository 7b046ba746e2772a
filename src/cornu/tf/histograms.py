"""Histograms of bins of equal width. Source: tf."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.tensor import convert_to_tensor, is_tensor
from cornu.tf.known_values import known


def histogram_fixed_width_bins(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = "int32", name: str | None = None
) -> Any:
    """The bin of every value; what lies outside of the range is in the first or the last one.

    Raises: InvalidArgumentError without a bin, if the range does not rise, on nan, or if `dtype` is neither int32 nor int64.
    """
    values = values if is_tensor(values) else convert_to_tensor(values)
    count = _checked(values, value_range, nbins, dtype)
    low, high = (ops.cast(edge, values.dtype) for edge in value_range)
    place = ops.floor((values - low) / (high - low) * count)
    return ops.cast(ops.clip(place, 0, count - 1), dtype)


def histogram_fixed_width(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = "int32", name: str | None = None
) -> Any:
    """How many values lie in each of `nbins` bins between the two ends of the range. Shape: (...) -> (nbins,).

    Raises: as `histogram_fixed_width_bins`.
    """
    bins = ops.reshape(histogram_fixed_width_bins(values, value_range, nbins, dtype), (-1,))
    return ops.segment_sum(ops.ones_like(bins), bins, num_segments=int(np.asarray(nbins)))


def _checked(values: Any, value_range: Any, nbins: Any, dtype: Any) -> int:
    """The number of bins. What a compiled function does not know yet is not checked."""
    count = int(np.asarray(nbins))
    if count < 1:
        raise InvalidArgumentError(f"Expected a positive number of bins as nbins; received {count}.")
    if dtypes.name(dtype) not in ("int32", "int64"):
        raise InvalidArgumentError(f"Expected int32 or int64 as dtype; received {dtypes.name(dtype)}.")
    edges, numbers = known(value_range), known(values)
    if edges is not None and not (edges.shape == (2,) and edges[0] < edges[1]):
        raise InvalidArgumentError(f"Expected value_range as two rising numbers; received {edges.tolist()}.")
    if numbers is not None and np.isnan(numbers).any():
        raise InvalidArgumentError("Expected values without nan; received some. Mask them: tf.boolean_mask.")
    return count
