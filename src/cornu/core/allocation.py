"""How many bytes the variables of a model that is being loaded may take: the config in a file can name any shape."""

import contextlib
import contextvars
import math
from collections.abc import Iterator, Sequence

import numpy as np

from cornu._base.errors import UnsafeFileError

_left: contextvars.ContextVar[tuple[list[float], str] | None] = contextvars.ContextVar("allocation", default=None)


@contextlib.contextmanager
def at_most(size: float, advice: str) -> Iterator[None]:
    """Inside the `with` block new variables take `size` bytes together. Args: advice: what to do if they need more."""
    token = _left.set(([size], advice))
    try:
        yield
    finally:
        _left.reset(token)


def claim(shape: Sequence[int | None], dtype: np.dtype) -> None:
    """Count a variable before its values are made. Raises: UnsafeFileError."""
    limit = _left.get()
    if limit is None:
        return
    left, advice = limit
    left[0] -= math.prod(size or 0 for size in shape) * dtype.itemsize
    if left[0] < 0:
        raise UnsafeFileError(
            f"The file asks for a variable of shape {tuple(shape)}, far beyond the weights it holds. {advice}"
        )
