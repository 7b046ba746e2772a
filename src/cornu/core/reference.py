"""`tensor.ref()`: a key for dicts and sets that stands for one tensor or variable."""

from typing import Any


class Reference:
    """Equal to another exactly if both stand for the same object. Source: tf.Tensor.ref, tf.Variable.ref."""

    __slots__ = ("_thing",)

    def __init__(self, thing: Any):
        self._thing = thing

    def deref(self) -> Any:
        """The tensor or variable."""
        return self._thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and other._thing is self._thing

    def __hash__(self) -> int:
        return id(self._thing)

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._thing!r}>"
