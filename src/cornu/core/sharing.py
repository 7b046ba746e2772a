"""One object in several places of a file, such as a layer of two nested models, becomes one object again.

Each of its descriptions carries the same `shared_object_id`. Keras marks all but the first: then an earlier object of the
same class and name is meant.
"""

import contextlib
import contextvars
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

KEY = "shared_object_id"
_ADDRESSES = 1 << 20  # numbers in Keras' files are addresses in memory, those in Cornu's count from zero

_written: contextvars.ContextVar[list[Any] | None] = contextvars.ContextVar("written_objects", default=None)
_made: contextvars.ContextVar[dict[Any, Any] | None] = contextvars.ContextVar("made_objects", default=None)


@contextlib.contextmanager
def writing() -> Iterator[Callable[[Any], Any]]:
    """The scope of a `serialize` call. Gives a function that removes the marks of what occurs once from the result."""
    if _written.get() is not None:
        yield lambda data: data
        return
    token = _written.set([])
    try:
        yield _without_single_marks
    finally:
        _written.reset(token)


def mark(obj: Any, data: dict[str, Any]) -> None:
    """Give the description of an object with weights its number within the `serialize` call."""
    seen = _written.get()
    if seen is None or not hasattr(obj, "weights"):
        return
    number = next((i for i, other in enumerate(seen) if other is obj), None)
    if number is None:
        number = len(seen)
        seen.append(obj)
    data[KEY] = number


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """The scope of a `deserialize` call: inside, one number is one object."""
    if _made.get() is not None:
        yield
        return
    token = _made.set({})
    try:
        yield
    finally:
        _made.reset(token)


def is_reading() -> bool:
    """Whether a `deserialize` call is in progress."""
    return _made.get() is not None


def made_before(config: Mapping[str, Any]) -> Any:
    """The object that a marked description means, if it was made before; else None."""
    made = _made.get()
    if not made or KEY not in config:
        return None
    found = made.get(config[KEY])
    if found is None and config[KEY] >= _ADDRESSES:  # written by Keras, which does not mark the first description
        found = made.get(_signature(config))
    return found


def note(config: Mapping[str, Any], obj: Any) -> None:
    """Remember what was made from a description."""
    made = _made.get()
    if made is None:
        return
    if KEY in config:
        made[config[KEY]] = obj
    if hasattr(obj, "weights"):
        made[_signature(config)] = obj


def _signature(config: Mapping[str, Any]) -> tuple[Any, ...]:
    inner = config.get("config")
    return config.get("module"), config.get("class_name"), inner.get("name") if isinstance(inner, Mapping) else None


def _without_single_marks(data: Any) -> Any:
    counts: Counter[int] = Counter()

    def count(value: Any) -> None:
        if isinstance(value, dict):
            if KEY in value:
                counts[value[KEY]] += 1
            for item in value.values():
                count(item)
        elif isinstance(value, list):
            for item in value:
                count(item)

    def drop(value: Any) -> None:
        if isinstance(value, dict):
            if KEY in value and counts[value[KEY]] == 1:
                del value[KEY]
            for item in value.values():
                drop(item)
        elif isinstance(value, list):
            for item in value:
                drop(item)

    count(data)
    drop(data)
    return data
