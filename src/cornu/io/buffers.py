"""Memory for large arrays, where XLA takes it as it is."""

import contextlib
import math
import mmap
from collections.abc import Sequence

import numpy as np

_ALIGNMENT = 64  # bytes
_OWN_PAGES = (
    2**22
)  # bytes from which an array gets pages of its own: large ones, and the kernel has them back with the array


def empty(shape: Sequence[int], dtype: np.dtype | type) -> np.ndarray:
    """An array whose values are not set, at an address that XLA's CPU backend needs no copy of."""
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    if size >= _OWN_PAGES and hasattr(mmap, "MAP_ANONYMOUS"):
        raw = _pages(size)
    else:
        raw = np.empty(size + _ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + size].view(dtype).reshape(shape)


def _pages(size: int) -> np.ndarray:
    pages = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with contextlib.suppress(AttributeError, OSError):  # Linux alone has large pages for the asking
        pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, np.uint8)
