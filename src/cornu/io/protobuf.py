"""The wire format of protocol buffers, read. Written by `event_file.field`. Source: protobuf.dev, "Encoding"."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The integer that begins at a place, and where it ends. Raises: DataLossError if it does not end."""
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
        shift += 7
    raise DataLossError("Expected a protocol buffer; the bytes are damaged or cut: an integer does not end.")


def read_fields(data: bytes) -> Iterator[tuple[int, int, Any]]:
    """(number, wire type, value) of the fields of a message; the value is an integer or bytes.

    Raises: DataLossError on damaged bytes.
    """
    at, end = 0, len(data)
    while at < end:
        tag, at = read_varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = read_varint(data, at)
            yield number, kind, value
            continue
        if kind == _BYTES:
            size, at = read_varint(data, at)
        elif kind in (_FIXED32, _FIXED64):
            size = 4 if kind == _FIXED32 else 8
        else:
            raise DataLossError(f"Expected a protocol buffer; the bytes are damaged: there is no wire type {kind}.")
        if at + size > end:
            raise DataLossError("Expected a protocol buffer; the bytes are damaged or cut: a field does not end.")
        yield number, kind, data[at : at + size]
        at += size


def read_integers(kind: int, value: Any) -> list[int]:
    """The signed integers of a field: one, or many in a row. Raises: DataLossError."""
    if kind == _VARINT:
        return [_signed(value)]
    if kind != _BYTES:
        raise DataLossError("Expected a protocol buffer; the bytes are damaged: a field of integers has another form.")
    small = np.frombuffer(value, np.uint8)
    if not small.size or small.max() < 0x80:
        return small.tolist()
    found, at = [], 0
    while at < len(value):
        number, at = read_varint(value, at)
        found.append(_signed(number))
    return found


def read_floats(kind: int, value: Any) -> list[float]:
    """The 32-bit floats of a field: one, or many in a row. Raises: DataLossError."""
    if kind == _VARINT or len(value) % 4:
        raise DataLossError("Expected a protocol buffer; the bytes are damaged: a field of floats has another form.")
    return np.frombuffer(value, "<f4").tolist()


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value
