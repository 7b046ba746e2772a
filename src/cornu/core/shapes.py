"""Shapes: tuples of sizes, `None` where a size is unknown."""

import math
from collections.abc import Iterable
from typing import Any

from cornu._base.errors import InvalidArgumentError


class TensorShape(tuple):
    """A tuple of sizes that also answers to TensorFlow's names; prints `(2, None)`. `TensorShape(None)` is of unknown rank."""

    __slots__ = ()

    def __new__(cls, dims: Iterable[int | None] | int | None = ()):
        if dims is None or isinstance(dims, UnknownShape):
            return tuple.__new__(UnknownShape)
        return super().__new__(cls, (dims,) if isinstance(dims, int) else dims)

    def as_list(self) -> list[int | None]:
        """The sizes as a list."""
        return list(self)

    @property
    def rank(self) -> int | None:
        """Number of dimensions."""
        return len(self)

    ndims = rank

    @property
    def dims(self) -> list[int | None] | None:
        """The sizes as a list."""
        return list(self)

    def num_elements(self) -> int | None:
        """Product of the sizes, or None if one is unknown."""
        return None if None in self else math.prod(self)

    def is_fully_defined(self) -> bool:
        """True if every size is known."""
        return None not in self

    def is_compatible_with(self, other: Any) -> bool:
        """True if some shape is both: as many dimensions, and sizes that are equal or unknown."""
        if is_unknown(other):
            return True
        other = as_shape(other)
        return len(self) == len(other) and all(a == b or None in (a, b) for a, b in zip(self, other, strict=True))

    def merge_with(self, other: Any) -> "TensorShape":
        """The shape that is both. Raises: InvalidArgumentError if there is none."""
        if not self.is_compatible_with(other):
            raise InvalidArgumentError(f"Expected a shape compatible with {self}; received {text(as_shape(other))}.")
        if is_unknown(other):
            return self
        return TensorShape(b if a is None else a for a, b in zip(self, as_shape(other), strict=True))

    def concatenate(self, other: Any) -> "TensorShape":
        """This shape with the sizes of another one behind."""
        return TensorShape(None) if is_unknown(other) else self + as_shape(other)

    def with_rank(self, rank: int) -> "TensorShape":
        """The shape. Raises: InvalidArgumentError unless it has so many dimensions."""
        if len(self) != rank:
            raise InvalidArgumentError(f"Expected {rank} dimensions; received the shape {self}.")
        return self

    def assert_has_rank(self, rank: int) -> None:
        """Raises InvalidArgumentError unless the shape has so many dimensions."""
        self.with_rank(rank)

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises InvalidArgumentError unless some shape is both."""
        self.merge_with(other)

    def assert_is_fully_defined(self) -> None:
        """Raises InvalidArgumentError if a size is unknown."""
        if None in self:
            raise InvalidArgumentError(f"Expected a shape of known sizes; received {self}.")

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return TensorShape(found) if isinstance(index, slice) else found

    def __add__(self, other: Any) -> "TensorShape":
        return TensorShape(tuple(self) + tuple(other))

    def __radd__(self, other: Any) -> "TensorShape":
        return TensorShape(tuple(other) + tuple(self))

    def __str__(self) -> str:
        return tuple.__repr__(self)

    def __repr__(self) -> str:
        return f"TensorShape({list(self)})"


class UnknownShape(TensorShape):
    """A shape of unknown rank. It has no sizes: asking for them raises an error."""

    __slots__ = ()

    rank = ndims = dims = None  # type: ignore[assignment]

    def num_elements(self) -> None:
        """None."""
        return

    def is_fully_defined(self) -> bool:
        """False."""
        return False

    def is_compatible_with(self, other: Any) -> bool:
        """True: any shape may be this one."""
        return True

    def merge_with(self, other: Any) -> TensorShape:
        """The other shape."""
        return TensorShape(other if is_unknown(other) else as_shape(other))

    def concatenate(self, other: Any) -> TensorShape:
        """A shape of unknown rank."""
        return self

    def with_rank(self, rank: int) -> TensorShape:
        """A shape of so many unknown sizes."""
        return TensorShape([None] * rank)

    def assert_is_fully_defined(self) -> None:
        """Raises InvalidArgumentError."""
        raise InvalidArgumentError("Expected a shape of known sizes; received one of unknown rank.")

    def _refuse(self, *args: Any) -> Any:
        raise InvalidArgumentError("Expected a shape of known rank; received TensorShape(None), which has no sizes.")

    __iter__ = __len__ = as_list = _refuse

    def __getitem__(self, index: Any) -> Any:
        return self if isinstance(index, slice) else None

    def __add__(self, other: Any) -> TensorShape:
        return self

    __radd__ = __add__

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return is_unknown(other)

    def __ne__(self, other: object) -> bool:
        return not is_unknown(other)

    def __hash__(self) -> int:
        return hash(UnknownShape)

    def __str__(self) -> str:
        return "<unknown>"

    def __repr__(self) -> str:
        return "TensorShape(None)"


def is_unknown(shape: Any) -> bool:
    """True for None and for a shape of unknown rank."""
    return shape is None or isinstance(shape, UnknownShape)


def as_shape(shape: Any) -> tuple[int | None, ...]:
    """A tuple of ints and None from what a user gave: int, list, tuple, TensorShape, tensors of one integer.

    Raises: InvalidArgumentError if an entry is neither an integer nor None, or negative.
    """
    if shape is None:
        raise InvalidArgumentError("Expected a shape such as (28, 28); received None.")
    if hasattr(shape, "__index__") and not getattr(shape, "ndim", 0):
        shape = (shape,)
    out = []
    for size in shape:
        if size is not None:
            try:
                size = int(size.__index__())
            except (AttributeError, TypeError):
                raise InvalidArgumentError(
                    f"Expected a shape of integers and None; received {tuple(shape)!r} with the entry {size!r}."
                ) from None
            if size < 0:
                raise InvalidArgumentError(f"Expected sizes of 0 or more; received the shape {tuple(shape)!r}.")
        out.append(size)
    return tuple(out)


def text(shape: Any) -> str:
    """How a shape is printed in messages: `(None, 28, 28)`."""
    return tuple.__repr__(tuple(shape))
