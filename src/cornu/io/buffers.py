"""Memory for large arrays, where XLA takes it as it is."""

import math
from collections.abc import Sequence

import numpy as np

_ALIGNMENT = 64  # bytes


def empty(shape: Sequence[int], dtype: np.dtype | type) -> np.ndarray:
    """An array whose values are not set, at an address that XLA's CPU backend needs no copy of."""
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    raw = np.empty(size + _ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + size].view(dtype).reshape(shape)
