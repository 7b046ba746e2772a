"""Memory for large arrays, where XLA takes it as it is."""

import contextlib
import math
import mmap
from collections.abc import Sequence

import numpy as np

_ALIGNMENT = 64  # bytes
_LARGE = 2**22  # bytes from which pages of its own are worth their price


def empty(shape: Sequence[int], dtype: np.dtype | type) -> np.ndarray:
    """An array whose values are not set, at an address that XLA's CPU backend needs no copy of."""
    size = _size(shape, dtype)
    raw = np.empty(size + _ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + size].view(dtype).reshape(shape)


def empty_to_stay(shape: Sequence[int], dtype: np.dtype | type) -> np.ndarray:
    """As `empty`, for what stays long: a large array gets pages of its own, which the kernel has back as soon as it goes."""
    size = _size(shape, dtype)
    if size < _LARGE or not hasattr(mmap, "MAP_ANONYMOUS"):
        return empty(shape, dtype)
    pages = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with contextlib.suppress(AttributeError, OSError):  # Linux alone has large pages for the asking
        pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, np.uint8).view(dtype).reshape(shape)


def _size(shape: Sequence[int], dtype: np.dtype | type) -> int:
    return math.prod(shape) * np.dtype(dtype).itemsize
