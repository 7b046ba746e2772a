"""Event files, taken apart by hand. The checksums and bytes of the scalar are those that TensorFlow writes."""

import struct

import numpy as np
import pytest

from cornu.io import event_file
from cornu.io.checksum import masked_crc32c
from cornu.io.event_file import EventFile, field, varint


def fields(message):
    """(number, value) of the fields of a message: integers, or bytes."""
    found, at = [], 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = number()
        if key & 7 == 0:
            found.append((key >> 3, number()))
            continue
        size = {1: 8, 5: 4}.get(key & 7) or number()
        found.append((key >> 3, message[at : at + size]))
        at += size
    return found


def events(path):
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        assert struct.unpack_from("<I", data, at + 8)[0] == masked_crc32c(data[at : at + 8])
        body = data[at + 12 : at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked_crc32c(body)
        found.append(dict(fields(body)))
        at += 16 + length
    return found


@pytest.mark.parametrize(
    ("value", "expected"), [(0, b"\0"), (127, b"\x7f"), (300, b"\xac\x02"), (-1, b"\xff" * 9 + b"\x01")]
)
def test_varint(value, expected):
    assert varint(value) == expected


def test_fields_and_checksum():
    assert field(1, 150) == b"\x08\x96\x01"
    assert field(2, "testing") == b"\x12\x07testing"
    assert field(3, 1.5) == b"\x1d" + struct.pack("<f", 1.5)
    assert field(3, 1.5, is_double=True) == b"\x19" + struct.pack("<d", 1.5)
    assert masked_crc32c(b"123456789") == (((0xE3069283 >> 15) | (0xE3069283 << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def test_a_scalar_is_what_tensorflow_writes():
    expected = "2a210a1f0a046c6f7373420a0801120022040000003f4a0b0a090a077363616c617273"
    assert field(5, event_file.scalar("loss", 0.5)).hex() == expected


def test_the_file(tmp_path):
    with EventFile(tmp_path / "new" / "train") as file:
        file.write(event_file.scalar("loss", 0.5), 7)
    first, second = events(file.path)
    assert first[3] == b"brain.Event:2"
    assert second[2] == 7
    value = dict(fields(dict(fields(second[5]))[1]))
    assert value[1] == b"loss"
    assert dict(fields(value[8])) == {1: 1, 2: b"", 4: struct.pack("<f", 0.5)}
    assert value[9] == field(1, field(1, "scalars"))
    assert EventFile(tmp_path).path != EventFile(tmp_path).path


def test_histogram():
    value = dict(fields(dict(fields(event_file.histogram("h", np.array([0.0, 1.0, 1.0, np.nan, np.inf]))))[1]))
    tensor = fields(value[8])
    table = np.frombuffer(dict(tensor)[4], "<f8").reshape(30, 3)
    assert fields(dict(tensor)[2]) == [(2, field(1, 30)), (2, field(1, 3))]
    assert table[0].tolist() == [0.0, 1 / 30, 1.0]
    assert table[-1, 1:].tolist() == [1.0, 2.0]
    assert table[:, 2].sum() == 3


def test_images_have_their_size_and_pixels():
    pixels = np.arange(6, dtype=np.uint8).reshape(1, 2, 3)
    value = dict(fields(dict(fields(event_file.images("p", pixels)))[1]))
    parts = [part for number, part in fields(value[8]) if number == 8]
    assert parts[:2] == [b"3", b"2"]
    assert parts[2][:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", parts[2][16:24]) == (3, 2)
