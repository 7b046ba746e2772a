"""The clock. Source: tf.timestamp."""

import time

import numpy as np

from cornu.core.tensor import Tensor, convert_to_tensor


def timestamp(name: str | None = None) -> Tensor:
    """Seconds since 1970, float64."""
    return convert_to_tensor(np.float64(time.time()))
