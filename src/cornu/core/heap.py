"""The C library's heap: what a compiled program asks for in one step and frees, it gets again in the next."""

import contextlib
import ctypes
import functools
import os
from typing import Any

import jax

_COMPILED, _LONG = "/jax/core/compile/backend_compile_duration", 0.2  # what JAX tells its listeners, and seconds
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt(3)
_KEPT = 2**30  # bytes: free ones that stay with the process
_OWN_PAGES = 2**30  # bytes: size from which a block gets pages of its own


def keep_freed_pages() -> bool:
    """Let glibc keep freed memory instead of giving it back and asking for it, page by page, in every step.

    All threads share one heap: those of their own hold no block above 32 MB, and compiled programs run in threads.
    Nothing happens under other C libraries, or where the user has set glibc's own variables (`MALLOC_TRIM_THRESHOLD_`,
    `GLIBC_TUNABLES`). Returns: whether it was done.
    """
    if (library := _glibc()) is None or _is_set_by_user():
        return False
    jax.monitoring.register_event_duration_secs_listener(_after)
    tune = library.mallopt
    return bool(tune(_MMAP_THRESHOLD, _OWN_PAGES) and tune(_TRIM_THRESHOLD, _KEPT) and tune(_ARENA_MAX, 1))


def _after(event: str, duration_secs: float, **_: Any) -> None:
    """What compiling needed is given back to the kernel at once: it is not done again."""
    if event == _COMPILED and duration_secs > _LONG and (library := _glibc()) is not None:
        library.malloc_trim(0)


def _is_set_by_user() -> bool:
    return any(name.startswith("MALLOC_") or name == "GLIBC_TUNABLES" for name in os.environ)


@functools.cache
def _glibc() -> ctypes.CDLL | None:
    with contextlib.suppress(AttributeError, OSError, ValueError):
        if (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc"):
            return ctypes.CDLL(None)
    return None
