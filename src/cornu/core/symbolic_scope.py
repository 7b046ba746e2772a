"""A scope that marks code as working on symbolic tensors."""

import threading
from typing import Any, Self

_depth = threading.local()


class SymbolicScope:
    """Marks what runs inside as the making of a graph; `in_symbolic_scope` tells. Ops and variables do what they always do.

    Source: keras.SymbolicScope.
    """

    def __enter__(self) -> Self:
        _depth.value = getattr(_depth, "value", 0) + 1
        return self

    def __exit__(self, *error: Any) -> None:
        _depth.value -= 1


def in_symbolic_scope() -> bool:
    """Whether this thread is inside of a SymbolicScope."""
    return getattr(_depth, "value", 0) > 0
