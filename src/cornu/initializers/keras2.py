"""The values of tf.keras' initializers, drawn from the state that `RandomInitializer.keras2_state` gives.

Established by asking tf.keras: they are those of the stateless ops of TensorFlow with the seed (initializer's seed, 0), in the
dtype of the weight, and scaled there.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu.core import draws, dtypes
from cornu.core.tensor import Tensor
from cornu.initializers.base import finished


def uniform(state: np.ndarray, shape: Sequence[int], low: float, high: float, dtype: Any) -> Tensor:
    """Numbers evenly spread over `[low, high)`; integers too."""
    name = dtypes.name(dtype)
    if dtypes.as_dtype(dtype).is_integer:
        return finished(draws.integers(state, tuple(shape), int(low), int(high), name), dtype)
    kind = dtypes.as_dtype(dtype).as_numpy_dtype
    first, last = np.asarray(low, kind), np.asarray(high, kind)
    return finished(draws.uniform(state, tuple(shape), name) * (last - first) + first, dtype)


def normal(
    state: np.ndarray, shape: Sequence[int], mean: float, stddev: float, dtype: Any, is_truncated: bool = False
) -> Tensor:
    """Normal numbers, cut at two standard deviations if `is_truncated`."""
    draw = draws.truncated_normal if is_truncated else draws.normal
    kind = dtypes.as_dtype(dtype).as_numpy_dtype
    values = draw(state, tuple(shape), dtypes.name(dtype))
    return finished(values * np.asarray(stddev, kind) + np.asarray(mean, kind), dtype)
