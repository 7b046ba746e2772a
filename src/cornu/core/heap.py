"""The C library's heap: what a compiled program asks for in one step and frees, it gets again in the next."""

import contextlib
import ctypes
import os

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt(3)
_KEPT, _OWN_PAGES = (
    2**30,
    2**30,
)  # bytes: free ones that stay with the process; size from which a block gets pages of its own


def keep_freed_pages() -> bool:
    """Let glibc keep freed memory instead of giving it back and asking for it, page by page, in every step.

    All threads share one heap: those of their own hold no block above 32 MB, and compiled programs run in threads.
    Nothing happens under other C libraries, or where the user has set glibc's own variables (`MALLOC_TRIM_THRESHOLD_`,
    `GLIBC_TUNABLES`). Returns: whether it was done.
    """
    if any(name.startswith("MALLOC_") or name == "GLIBC_TUNABLES" for name in os.environ):
        return False
    with contextlib.suppress(AttributeError, OSError, ValueError):
        if (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc"):
            tune = ctypes.CDLL(None).mallopt
            return bool(tune(_MMAP_THRESHOLD, _OWN_PAGES) and tune(_TRIM_THRESHOLD, _KEPT) and tune(_ARENA_MAX, 1))
    return False
