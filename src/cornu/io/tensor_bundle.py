"""TensorFlow's checkpoint files: `X.index`, a table of names, and `X.data-00000-of-00001`, the values.

Source: tensorflow/core/util/tensor_bundle, tensorflow/core/protobuf/tensor_bundle.proto (numbers of fields).
"""

import os
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import google_crc32c
import ml_dtypes
import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.io import buffers, sorted_table
from cornu.io.atomic import copy_name, replacing
from cornu.io.checksum import masked
from cornu.io.early_flush import flushing
from cornu.io.event_file import field, varint
from cornu.io.protobuf import read_fields, read_integers, read_varint

_STRING = 7
_VARINT, _BYTES, _FIXED32 = 0, 2, 5  # wire types
_DTYPES: dict[int, np.dtype] = {  # tensorflow.DataType
    number: np.dtype(kind)
    for number, kind in {
        1: np.float32, 2: np.float64, 3: np.int32, 4: np.uint8, 5: np.int16, 6: np.int8, 8: np.complex64, 9: np.int64,
        10: np.bool_, 14: ml_dtypes.bfloat16, 17: np.uint16, 18: np.complex128, 19: np.float16, 22: np.uint32,
        23: np.uint64, 24: ml_dtypes.float8_e5m2, 25: ml_dtypes.float8_e4m3fn,
    }.items()
}  # fmt: skip
_NUMBERS = {dtype: number for number, dtype in _DTYPES.items()}
_MOST_DIMENSIONS = 64
_CHUNK = 1 << 20  # bytes


class Entry(NamedTuple):
    """Where the values of a name are, and what they are."""

    dtype: int
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int
    checksum: int
    slices: tuple[tuple[tuple[int, int], ...], ...] = ()  # of a variable in parts: (start, length) of every axis


class Bundle(Mapping):
    """The arrays of a checkpoint by name; an array is read, and checked, when it is asked for. Text is arrays of bytes.

    Args: prefix: the path without `.index`. Raises: NotFoundError, DataLossError.
    """

    def __init__(self, prefix: str | os.PathLike):
        self.prefix = Path(prefix)
        previous = self.prefix.with_name(f".{self.prefix.name}.previous")
        if previous.with_name(f"{previous.name}.index").is_file() and not self._is_whole():
            self.prefix = previous  # a newer one was on its way when the writer was stopped
        self._open()

    def _is_whole(self) -> bool:
        """Whether index and values fit each other."""
        try:
            self._open()
            for name in self.entries:
                self[name]
        except (DataLossError, NotFoundError):
            return False
        return True

    def _open(self) -> None:
        index = self.prefix.with_name(f"{self.prefix.name}.index")
        if not index.is_file():
            raise NotFoundError(f"There is no checkpoint {self.prefix}: {index.name} does not exist.")
        table = sorted_table.read(index.read_bytes(), str(index))
        header = {number: value for number, kind, value in read_fields(table.pop(b"", b"")) if kind == _VARINT}
        self.shards = header.get(1, 1)
        if header.get(2, 0):
            raise DataLossError(f"{index} was written on a machine whose bytes are in the other order.")
        self._parts = {key: _entry(value, str(index)) for key, value in table.items() if key[:1] == b"\0"}
        self.entries = {
            _name(key, index): _entry(value, str(index)) for key, value in table.items() if key[:1] != b"\0"
        }

    def __getitem__(self, name: str) -> Any:
        entry = self.entries[name]
        return self._whole(name, entry) if entry.slices else self._array(name, entry)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array, which is not read for it."""
        return self.entries[name].shape

    def dtype(self, name: str) -> str:
        """The dtype of an array, `"string"` for text, `"unknown"` for what is neither text nor numbers."""
        number = self.entries[name].dtype
        return "string" if number == _STRING else _DTYPES[number].name if number in _DTYPES else "unknown"

    def _array(self, name: str, entry: Entry) -> Any:
        path = self.prefix.with_name(f"{self.prefix.name}.data-{entry.shard:05d}-of-{self.shards:05d}")
        if entry.dtype != _STRING and entry.dtype not in _DTYPES:
            raise DataLossError(
                f"{self.prefix}: {name!r} has the dtype number {entry.dtype}, which is none of numbers or text."
            )
        try:
            with open(path, "rb") as file:
                if entry.offset + entry.size > os.fstat(file.fileno()).st_size:
                    raise DataLossError(
                        f"{path} was cut: {name!r} ends at byte {entry.offset + entry.size}, behind its end."
                    )
                file.seek(entry.offset)
                data, checksum = _read(file, entry.size)
        except FileNotFoundError:
            raise NotFoundError(f"The checkpoint {self.prefix} is not complete: {path.name} does not exist.") from None
        if entry.dtype == _STRING:
            return _texts(data.tobytes(), entry, f"{path}: {name!r}")
        dtype = _DTYPES[entry.dtype]
        if len(data) != _count(entry.shape) * dtype.itemsize:
            raise DataLossError(f"{path}: {name!r} of shape {entry.shape} has {len(data)} bytes.")
        _check(checksum, entry, f"{path}: {name!r}")
        return data.view(dtype).reshape(entry.shape)

    def _whole(self, name: str, entry: Entry) -> Any:
        """A variable that was saved in parts."""
        dtype = _DTYPES.get(entry.dtype)
        if dtype is None:
            raise DataLossError(
                f"{self.prefix}: {name!r} has the dtype number {entry.dtype}, which is none of numbers."
            )
        places = [_place(part, entry.shape) for part in entry.slices]
        arrays = []
        for part, place in zip(entry.slices, places, strict=True):
            key = _part_key(name, part)
            if place is None or key not in self._parts:
                raise DataLossError(f"{self.prefix}: a part of {name!r} is missing, or lies outside of its shape.")
            arrays.append(self._array(name, self._parts[key]))
        sizes = [_count(tuple(s.stop - s.start for s in place or ())) for place in places]
        if sizes != [array.size for array in arrays] or sum(sizes) != _count(entry.shape):
            raise DataLossError(f"{self.prefix}: the parts of {name!r} do not fill its shape {entry.shape} exactly.")
        out = np.empty(entry.shape, dtype)
        for place, array in zip(places, arrays, strict=True):
            out[place] = array.reshape([s.stop - s.start for s in place or ()])
        return out


def _place(part: tuple[tuple[int, int], ...], shape: tuple[int, ...]) -> tuple[slice, ...] | None:
    """Where a part lies in its variable; None if that is not inside."""
    if len(part) != len(shape):
        return None
    bounds = [(start, size if length < 0 else start + length) for (start, length), size in zip(part, shape)]
    if any(not 0 <= start <= end <= size for (start, end), size in zip(bounds, shape)):
        return None
    return tuple(slice(start, end) for start, end in bounds)


def exists(prefix: str | os.PathLike) -> bool:
    """Whether there is a checkpoint of that name."""
    return Path(f"{os.fspath(prefix)}.index").is_file()


def write(prefix: str | os.PathLike, arrays: Mapping[str, Any]) -> None:
    """Write arrays (text as bytes, or as arrays of bytes) under their names.

    The two files take their places one after the other. Until both have, the checkpoint that was there stays beside them
    under another name, which `Bundle` finds if the two do not fit: a crash at any moment leaves the old one or the new one.

    Raises: InvalidArgumentError for an array of another kind; as `io.atomic.replacing`.
    """
    prefix = Path(prefix)
    data_path = prefix.with_name(f"{prefix.name}.data-00000-of-00001")
    index_path = prefix.with_name(f"{prefix.name}.index")
    version = field(1, 1)
    table: dict[bytes, bytes] = {b"": field(1, 1) + field(3, version)}
    with replacing(index_path) as index, replacing(data_path) as target:
        with open(target, "wb", buffering=_CHUNK) as file, flushing(file) as wrote:
            for name in sorted(arrays, key=str.encode):
                table[name.encode()] = _put(file, name, arrays[name], wrote)
        index.write_bytes(sorted_table.write(table))
        if index_path.exists() and data_path.exists():
            for path in (data_path, index_path):  # the index last: it says that the pair is whole
                copy_name(path, _previous(prefix, path))
    for path in (index_path, data_path):
        _previous(prefix, path).unlink(missing_ok=True)


def _previous(prefix: Path, path: Path) -> Path:
    """Where a file of the checkpoint lies while a newer one is put into its place."""
    return path.with_name(f".{prefix.name}.previous{path.name.removeprefix(prefix.name)}")


def _put(file: Any, name: str, value: Any, wrote: Callable[[int], None]) -> bytes:
    """Write the values at the end of the file. Returns: their entry."""
    offset = file.tell()
    array = np.asarray(value, object) if isinstance(value, (bytes, str)) else np.asarray(value)
    if array.dtype.kind in "SUO":
        number, checksum = _STRING, _put_texts(file, array)
    else:
        dtype = array.dtype.newbyteorder("=")
        if dtype not in _NUMBERS:
            raise InvalidArgumentError(f"Expected numbers or text to save as {name!r}; received dtype {array.dtype}.")
        number = _NUMBERS[dtype]
        checksum = _write(file, np.ascontiguousarray(array, dtype).reshape(-1).view(np.uint8), wrote)
    shape = b"".join(field(2, field(1, size)) for size in array.shape)
    entry = field(1, number) + field(2, shape)
    entry += field(4, offset) if offset else b""
    entry += field(5, file.tell() - offset) if file.tell() > offset else b""
    return entry + varint(6 << 3 | 5) + struct.pack("<I", masked(checksum))


def _write(file: Any, data: np.ndarray, wrote: Callable[[int], None]) -> int:
    """Write bytes, in parts that the processor still holds when it sums them up. Returns: their CRC-32C."""
    checksum = 0
    for start in range(0, len(data), _CHUNK):
        part = data[start : start + _CHUNK].tobytes()  # the library takes nothing else
        file.write(part)
        wrote(len(part))
        checksum = google_crc32c.extend(checksum, part)
    return checksum


def _read(file: Any, size: int) -> tuple[np.ndarray, int]:
    """As many bytes of a file as there are up to `size`, and their CRC-32C."""
    data, end, checksum = buffers.empty_to_stay((size,), np.uint8), 0, 0
    while end < size and (count := file.readinto(data[end : end + _CHUNK])):
        checksum = google_crc32c.extend(checksum, data[end : end + count].tobytes())
        end += count
    return data[:end], checksum


def _put_texts(file: Any, array: np.ndarray) -> int:
    items = [item.encode() if isinstance(item, str) else bytes(item) for item in array.reshape(-1)]
    lengths = b"".join(struct.pack("<I" if len(item) < 2**32 else "<Q", len(item)) for item in items)
    checksum = google_crc32c.value(lengths)
    mark = struct.pack("<I", masked(checksum))
    body = mark + b"".join(items)
    file.write(b"".join(varint(len(item)) for item in items) + body)
    return google_crc32c.extend(checksum, body)


def _texts(data: bytes, entry: Entry, what: str) -> Any:
    count, at = _count(entry.shape), 0
    if count > len(data):
        raise DataLossError(f"{what} of shape {entry.shape} has {len(data)} bytes.")
    lengths = []
    for _ in range(count):
        length, at = read_varint(data, at)
        lengths.append(length)
    if at + 4 + sum(lengths) != len(data):
        raise DataLossError(f"{what} is damaged: its texts have {sum(lengths)} bytes, the entry {len(data)}.")
    checked = b"".join(struct.pack("<I" if length < 2**32 else "<Q", length) for length in lengths)
    _check(google_crc32c.extend(google_crc32c.value(checked), data[at:]), entry, what)
    out, at = np.empty(count, object), at + 4
    for place, length in enumerate(lengths):
        out[place] = data[at : at + length]
        at += length
    return out.reshape(entry.shape)


def _name(key: bytes, place: Path) -> str:
    try:
        return key.decode()
    except UnicodeDecodeError:
        raise DataLossError(f"{place} is damaged: {key!r:.60} is no name.") from None


def _check(checksum: int, entry: Entry, what: str) -> None:
    if masked(checksum) != entry.checksum:
        raise DataLossError(f"{what} is damaged: its checksum is wrong.")


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _entry(data: bytes, place: str) -> Entry:
    """A BundleEntryProto."""
    found: dict[int, Any] = {1: 0, 3: 0, 4: 0, 5: 0, 6: 0}
    shape: tuple[int, ...] = ()
    slices = []
    for number, kind, value in read_fields(data):
        if number == 2 and kind == _BYTES:
            sizes = [_numbers(dim) for n, k, dim in read_fields(value) if n == 2 and k == _BYTES]
            shape = tuple(size.get(1, 0) for size in sizes)
        elif number == 7 and kind == _BYTES:
            slices.append(_slice(value))
        elif number == 6 and kind == _FIXED32:
            found[6] = struct.unpack("<I", value)[0]
        elif number in found and kind == _VARINT:
            found[number] = value
    if len(shape) > _MOST_DIMENSIONS or any(size < 0 for size in shape):
        raise DataLossError(f"{place} is damaged: it has an array of shape {shape}.")
    return Entry(found[1], shape, found[3], found[4], found[5], found[6], tuple(slices))


def _numbers(data: bytes) -> dict[int, int]:
    """The integer fields of a message."""
    return {number: read_integers(kind, value)[0] for number, kind, value in read_fields(data) if kind == _VARINT}


def _slice(data: bytes) -> tuple[tuple[int, int], ...]:
    """A TensorSliceProto: (start, length) of every axis; a length of -1 is the whole axis."""
    bounds = []
    for number, kind, extent in read_fields(data):
        if number == 1 and kind == _BYTES:
            parts = _numbers(extent)
            bounds.append((parts.get(1, 0), parts.get(2, -1)))
    return tuple(bounds)


def _part_key(name: str, part: tuple[tuple[int, int], ...]) -> bytes:
    """The name of a part: a zero, the name, the number of axes, start and length of each, in an order-keeping code."""
    text = name.encode().replace(b"\0", b"\0\xff")
    out = _number(0) + text + b"\0\1" + _number(len(part))
    for start, length in part:
        out += _signed_number(start) + _signed_number(length)
    return out


def _number(value: int) -> bytes:
    """A length byte and the number, the highest byte first."""
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes([len(data)]) + data


def _signed_number(value: int) -> bytes:
    """A signed number whose first bits say its length."""
    if -64 <= value < 64:
        return bytes([0x80 ^ value & 0xFF])
    size = 2
    while not -(1 << (7 * size - 1)) <= value < 1 << (7 * size - 1):
        size += 1
    data = bytearray(value.to_bytes(max(size, 1), "big", signed=True))
    head = ((1 << size) - 1) << (16 - size) if size <= 8 else 0xFF80
    data[0] ^= head >> 8 & 0xFF
    if size > 7:
        data[1] ^= head & 0xFF
    return bytes(data)
