"""Large files on their way to the disk while they are still being written, so that less is left for the sync at the end."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import IO

_PART = 2**26  # bytes between two flushes


@contextlib.contextmanager
def flushing(file: IO[bytes]) -> Iterator[Callable[[int], None]]:
    """Gives a function to be called with the number of bytes after every write. Small files are left alone.

    Raises: what the disk said of a flush, when the block ends: the system tells of it once, so a later sync would not.
    """
    due, written = threading.Semaphore(0), 0
    thread: threading.Thread | None = None
    is_over, errors = False, []

    def flush() -> None:
        while due.acquire() and not is_over and not errors:
            try:
                os.fdatasync(file.fileno())
            except OSError as error:
                errors.append(error)

    def wrote(count: int) -> None:
        nonlocal written, thread
        before, written = written // _PART, written + count
        if written // _PART > before and hasattr(os, "fdatasync"):
            if thread is None:
                thread = threading.Thread(target=flush, name="cornu-flush", daemon=True)
                thread.start()
            due.release()

    try:
        yield wrote
    finally:
        if thread is not None:
            is_over = True
            due.release()
            thread.join()
    if errors:
        raise errors[0]
