"""Large weights of a model that is being loaded: their first values are made only if the file brings none."""

import contextlib
import contextvars
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax.numpy as jnp

from cornu.core import dtypes
from cornu.core.variable import Variable

_LARGE = 1 << 18  # entries; the values of smaller weights cost less than a fill compiled for their shape
_waiting: contextvars.ContextVar[list[tuple[Variable, Any, Callable[[], Any]]] | None]
_waiting = contextvars.ContextVar("late_values", default=None)


@contextlib.contextmanager
def values_follow() -> Iterator[None]:
    """Inside the `with` block large weights begin as zeros. At its end, those that nothing was assigned to get their values."""
    waiting: list[tuple[Variable, Any, Callable[[], Any]]] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for variable, zeros, first_value in waiting:
        if variable._read() is zeros:
            variable.assign(first_value())


def are_awaited(shape: Sequence[int]) -> bool:
    """Whether the first values of a weight of that shape can wait."""
    return _waiting.get() is not None and math.prod(shape) >= _LARGE


def zeros(shape: Sequence[int], dtype: Any) -> Any:
    """An initializer of the values that are replaced."""
    return jnp.zeros(shape, dtypes._NUMPY[dtypes.as_dtype(dtype)])


def expect(variable: Variable, first_value: Callable[[], Any]) -> None:
    """Note a weight that began as zeros, and what makes its first value."""
    waiting = _waiting.get()
    assert waiting is not None
    waiting.append((variable, variable._read(), first_value))
