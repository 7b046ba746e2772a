"""Protocol buffers without the protobuf package: messages declared by tables of their fields.

Source: protobuf.dev, "Encoding" and "Text Format". Written bytes are deterministic: fields by number, maps by key.
"""

import copy
import struct
from collections.abc import Callable, Iterable, Iterator, MutableSequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.io.event_file import field as written_field
from cornu.io.event_file import varint
from cornu.io.protobuf import read_fields, read_floats, read_integers

_BYTES = 2  # the wire type of texts and messages


class Field(NamedTuple):
    """A field of a message: its number, the kind of its values, and how many there may be."""

    number: int
    kind: Any  # "bytes", "int64", "float", or a class of messages
    shape: str = "one"  # "one", "many" or "map" (from text)


class Repeated(MutableSequence):
    """The values of a field that may have many; checks what is put in."""

    def __init__(self, check: Callable[[Any], Any], changed: Callable[[], None], make: Any = None):
        self._items: list[Any] = []
        self._check, self._changed, self._make = check, changed, make

    def insert(self, index: int, value: Any) -> None:
        """Put a value before another one."""
        self._items.insert(index, self._check(value))
        self._changed()

    def append(self, value: Any) -> None:
        """Put a value at the end."""
        self._items.append(self._check(value))
        self._changed()

    def extend(self, values: Iterable[Any]) -> None:
        """Put values at the end."""
        if hasattr(values, "numpy"):
            values = values.numpy()  # type: ignore[attr-defined]
        try:
            self._items += map(self._check, values.tolist() if isinstance(values, np.ndarray) else values)
        except TypeError as error:
            raise InvalidTypeError(f"Expected a list of values; received {values!r:.80}: {error}.") from None
        self._changed()

    def add(self, **fields: Any) -> Any:
        """A message put at the end. Returns: it."""
        self.append(self._make(**fields))
        return self._items[-1]

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        self._items[index] = [*map(self._check, value)] if isinstance(index, slice) else self._check(value)
        self._changed()

    def __delitem__(self, index: Any) -> None:
        del self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return self._items == list(other) if isinstance(other, (Repeated, list, tuple)) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._items)


class MessageMap(dict):
    """A map from text to messages; reading a key that is missing makes its message."""

    def __init__(self, make: type, changed: Callable[[], None]):
        super().__init__()
        self._make, self._changed = make, changed

    def __missing__(self, key: Any) -> Any:
        key = key.decode() if isinstance(key, bytes) else key
        if not isinstance(key, str):
            raise InvalidTypeError(f"Expected text as a key; received {key!r} of type {type(key).__name__}.")
        made = self[key] = self._make()
        self._changed()
        return made

    def get_or_create(self, key: str) -> Any:
        """The message of a key."""
        return self[key]


class Message:
    """A message with the fields of its table. Attributes, repeated fields, maps and `oneof` work as protobuf's do."""

    FIELDS: ClassVar[dict[str, Field]] = {}
    ONEOF: ClassVar[dict[str, tuple[str, ...]]] = {}

    def __init__(self, **values: Any):
        self.__dict__.update(_present={}, _lent={}, _changed=_nothing)
        for name, value in values.items():
            if value is not None:
                self._fill(name, value)

    def _fill(self, name: str, value: Any) -> None:
        field = self._field(name)
        if field.shape == "map":
            for key, message in dict(value).items():
                getattr(self, name)[key].CopyFrom(message)
        elif field.shape == "many":
            getattr(self, name).extend(value)
        else:
            message = field.kind(**value) if isinstance(value, dict) else value
            if type(message) is not field.kind:
                raise InvalidTypeError(
                    f"Expected {name!r} as a {field.kind.__name__}; received {value!r:.80} of type {type(value).__name__}."
                )
            self._set(name, copy.deepcopy(message))

    @classmethod
    def _field(cls, name: str) -> Field:
        if name not in cls.FIELDS:
            raise InvalidArgumentError(f"{cls.__name__} has no field {name!r}.{did_you_mean(name, cls.FIELDS)}")
        return cls.FIELDS[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.FIELDS:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}.{did_you_mean(name, self.FIELDS)}")
        if name in self._present:
            return self._present[name]
        if name not in self._lent:  # it becomes part of the message with its first change
            self._lent[name] = self._made(name, lambda: self._set(name, self._lent.pop(name)))
        return self._lent[name]

    def _made(self, name: str, changed: Callable[[], None]) -> Any:
        field = self.FIELDS[name]

        def once() -> None:
            if name in self._lent:
                changed()

        if field.shape == "map":
            return MessageMap(field.kind, once)
        if field.shape == "many":
            make = field.kind if isinstance(field.kind, type) else None
            return Repeated(_CHECKS.get(field.kind, _same), once, make)
        message = field.kind()
        message.__dict__["_changed"] = once
        return message

    def _set(self, name: str, value: Any) -> None:
        for group in self.ONEOF.values():
            if name in group:
                for other in group:
                    self._present.pop(other, None)
        self._present[name] = value
        self._lent.pop(name, None)
        self._changed()

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"The field {name!r} of {type(self).__name__} cannot be assigned to. Change it in place: "
            "`.extend(...)`, `[key]` or `.CopyFrom(...)`."
        )

    def HasField(self, name: str) -> bool:
        """Whether a message field is there."""
        self._field(name)
        return name in self._present

    def WhichOneof(self, group: str) -> str | None:
        """Which field of a group is there."""
        return next((name for name in self.ONEOF[group] if name in self._present), None)

    def ClearField(self, name: str) -> None:
        """Take a field away."""
        self._field(name)
        self._present.pop(name, None)
        self._lent.pop(name, None)

    def Clear(self) -> None:
        """Take all fields away."""
        self._present.clear()
        self._lent.clear()

    def CopyFrom(self, other: "Message") -> None:
        """Become equal to another message of this kind. Raises: InvalidTypeError on another kind."""
        if type(other) is not type(self):
            raise InvalidTypeError(f"Expected a {type(self).__name__}; received {other!r:.80}.")
        parts = copy.deepcopy(other)._present
        self.Clear()
        for name, value in parts.items():
            self._set(name, value)
        self._changed()

    def MergeFrom(self, other: "Message") -> None:
        """Take the fields of another message over. Raises: InvalidTypeError on another kind."""
        if type(other) is not type(self):
            raise InvalidTypeError(f"Expected a {type(self).__name__}; received {other!r:.80}.")
        self.MergeFromString(other.SerializeToString())

    def SetInParent(self) -> None:
        """Be there although empty."""
        self._changed()

    def ListFields(self) -> list[tuple[Field, Any]]:
        """The fields that are there, by number."""
        return [(self.FIELDS[name], value) for name, value in self._in_order()]

    def _in_order(self) -> list[tuple[str, Any]]:
        return sorted(self._present.items(), key=lambda item: self.FIELDS[item[0]].number)

    def SerializeToString(self, deterministic: bool = True) -> bytes:
        """The message as bytes."""
        return b"".join(_written(self.FIELDS[name], value) for name, value in self._in_order())

    def ByteSize(self) -> int:
        """How many bytes it is."""
        return len(self.SerializeToString())

    @classmethod
    def FromString(cls, data: bytes) -> Any:
        """A message from its bytes. Raises: DataLossError on damaged ones."""
        made = cls()
        made.MergeFromString(data)
        return made

    def ParseFromString(self, data: bytes) -> int:
        """Become what the bytes say. Returns: how many they are. Raises: DataLossError on damaged ones."""
        self.Clear()
        return self.MergeFromString(data)

    def MergeFromString(self, data: bytes) -> int:
        """Take over the fields that the bytes say. Raises: DataLossError on damaged ones."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise InvalidTypeError(f"Expected the bytes of a {type(self).__name__}; received {type(data).__name__}.")
        numbers = {field.number: name for name, field in self.FIELDS.items()}
        for number, kind, value in read_fields(bytes(data)):
            if number in numbers:  # others are of later versions
                self._take(numbers[number], kind, value)
        return len(data)

    def _take(self, name: str, kind: int, value: Any) -> None:
        field = self.FIELDS[name]
        if field.kind == "int64":
            getattr(self, name).extend(read_integers(kind, value))
        elif field.kind == "float":
            getattr(self, name).extend(read_floats(kind, value))
        elif kind != _BYTES:
            raise DataLossError(f"Expected a protocol buffer; the bytes are damaged in the field {name!r}.")
        elif field.kind == "bytes":
            getattr(self, name).append(value)
        elif field.shape == "map":
            entry = {number: part for number, _, part in read_fields(value)}
            try:
                key = entry.get(1, b"").decode()
            except (UnicodeDecodeError, AttributeError):
                raise DataLossError(f"Expected a protocol buffer; a key of the map {name!r} is damaged.") from None
            getattr(self, name)[key] = field.kind.FromString(entry.get(2, b""))
            if name in self._lent:
                self._set(name, self._lent[name])
        elif field.shape == "many":
            getattr(self, name).append(field.kind.FromString(value))
        else:
            part = getattr(self, name)
            part.MergeFromString(value)
            part.SetInParent()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.SerializeToString() == other.SerializeToString()  # type: ignore[attr-defined]

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: dict) -> Any:
        return self.FromString(self.SerializeToString())

    def __reduce__(self) -> Any:
        return self.FromString, (self.SerializeToString(),)

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in _lines(self))

    __repr__ = __str__


def _nothing() -> None:
    """Nobody has to know that a message changed."""


def _bytes(value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    raise InvalidTypeError(f"expected bytes, {type(value).__name__} found. Encode text: {value!r:.40}.encode().")


def _integer(value: Any) -> int:
    if not hasattr(value, "__index__"):
        raise InvalidTypeError(f"{type(value).__name__!r} object cannot be interpreted as an integer: {value!r:.40}.")
    value = value.__index__()
    if not -(2**63) <= value < 2**63:
        raise InvalidArgumentError(f"Value out of range of 64 bits: {value}.")
    return value


def _float(value: Any) -> float:
    if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
        raise InvalidTypeError(f"must be real number, not {type(value).__name__}: {value!r:.40}.")
    with np.errstate(over="ignore"):
        return float(np.float32(value))


def _same(value: Any) -> Any:
    return value


_CHECKS: dict[Any, Callable[[Any], Any]] = {"bytes": _bytes, "int64": _integer, "float": _float}


def _written(field: Field, value: Any) -> bytes:
    number, kind, shape = field
    if kind == "int64":
        return written_field(number, b"".join(map(varint, value))) if value else b""
    if kind == "float":
        return written_field(number, np.asarray(value, "<f4").tobytes()) if value else b""
    if kind == "bytes":
        return b"".join(written_field(number, item) for item in value)
    if shape == "map":
        entries = sorted((key.encode(), message) for key, message in value.items())
        pairs = (written_field(1, key) + written_field(2, message.SerializeToString()) for key, message in entries)
        return b"".join(written_field(number, pair) for pair in pairs)
    messages = value if shape == "many" else [value]
    return b"".join(written_field(number, message.SerializeToString()) for message in messages)


def _lines(message: Message) -> Iterator[str]:
    """The message in protobuf's text format."""
    for name, value in message._in_order():
        field = message.FIELDS[name]
        if field.shape == "map":
            for key in sorted(value):
                inner = [f"key: {_quoted(key.encode())}", *_block("value", value[key])]
                yield from (f"{name} {{", *(f"  {line}" for line in inner), "}")
        elif field.kind in _CHECKS:
            yield from (f"{name}: {_text(field.kind, item)}" for item in value)
        else:
            for part in value if field.shape == "many" else [value]:
                yield from _block(name, part)


def _block(name: str, message: Message) -> list[str]:
    return [f"{name} {{", *(f"  {line}" for line in _lines(message)), "}"]


def _text(kind: str, value: Any) -> str:
    if kind == "bytes":
        return _quoted(value)
    if kind == "int64":
        return str(value)
    wanted = struct.pack("<f", value)
    short = (f"{value:.{digits}g}" for digits in range(6, 10))
    return next((text for text in short if struct.pack("<f", float(text)) == wanted), str(value))


_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 39: "\\'", 92: "\\\\"}


def _quoted(data: bytes) -> str:
    return '"' + "".join(_ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data) + '"'
