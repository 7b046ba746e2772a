"""Keyword arguments that a method collects and does not know."""

import inspect
from collections.abc import Callable, Collection

from cornu._base.errors import InvalidTypeError
from cornu._base.suggest import did_you_mean


def refuse_unknown(method: Callable, given: Collection[str], known: Collection[str]) -> None:
    """Raises: InvalidTypeError for a name among `given` that is not `known`, with the nearest of the method's own."""
    if unknown := [name for name in given if name not in known]:
        names = [*inspect.signature(method).parameters][1:-1]
        raise InvalidTypeError(
            f"{method.__name__} got the unknown argument {unknown[0]!r}.{did_you_mean(unknown[0], names)}"
        )
