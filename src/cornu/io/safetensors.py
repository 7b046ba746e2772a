"""The safetensors format: a length, a JSON header that says which array is where, and the values. Nothing in it is code.

Source: github.com/huggingface/safetensors, "Format".
"""

import json
import os
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

import ml_dtypes
import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.io import buffers

_DTYPES: dict[str, np.dtype] = {
    name: np.dtype(kind)
    for name, kind in {
        "BOOL": np.bool_, "U8": np.uint8, "I8": np.int8, "U16": np.uint16, "I16": np.int16, "U32": np.uint32,
        "I32": np.int32, "U64": np.uint64, "I64": np.int64, "F16": np.float16, "BF16": ml_dtypes.bfloat16,
        "F32": np.float32, "F64": np.float64, "C64": np.complex64, "F8_E4M3": ml_dtypes.float8_e4m3fn,
        "F8_E5M2": ml_dtypes.float8_e5m2, "F8_E8M0": ml_dtypes.float8_e8m0fnu,
        "F8_E4M3FNUZ": ml_dtypes.float8_e4m3fnuz, "F8_E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
    }.items()
}  # fmt: skip
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
_PACKED_BITS = {"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6}  # of one value; they are listed, not read
_METADATA = "__metadata__"
_MOST_HEADER = 100_000_000  # bytes; the format's own limit
_MOST_DIMENSIONS = 64
_MOST_BYTES = 1 << 62


class Entry(NamedTuple):
    """What an array is, and where its bytes lie behind the header."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


class ArrayFile(Mapping[str, np.ndarray]):
    """The arrays of an open file by name; one is read when it is asked for.

    Attributes: metadata: texts that the writer added. entries: what is where, in the order of the header.
    """

    def __init__(self, file: IO[bytes], place: str):
        self._file, self.place = file, place
        self._first, header = _header(file, place)
        self.metadata = _metadata(header.pop(_METADATA, {}), place)
        self.entries = {name: _entry(name, value, place) for name, value in header.items()}
        _check_places(self.entries, os.fstat(file.fileno()).st_size - self._first, place)

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self.entries:
            raise NotFoundError(f"{self.place} has no array {name!r}.")
        entry = self.entries[name]
        if entry.dtype not in _DTYPES:
            raise InvalidArgumentError(
                f"Expected numbers of whole bytes; {name!r} of {self.place} is {entry.dtype}, which packs them closer. "
                "Convert it where it was written, for example to F8_E4M3."
            )
        dtype = _DTYPES[entry.dtype]
        values = buffers.empty_to_stay(entry.shape, np.uint8 if dtype == np.bool_ else dtype)
        self._file.seek(self._first + entry.start)
        if self._file.readinto(values.reshape(-1).view(np.uint8).data) != values.nbytes:  # type: ignore[attr-defined]
            raise DataLossError(
                f"{self.place} was cut while it was read: {name!r} has fewer bytes than its header says."
            )
        return values != 0 if dtype == np.bool_ else values

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array, without reading it."""
        return self.entries[name].shape

    def dtype(self, name: str) -> str:
        """The dtype of an array in NumPy's words; in those of the file if NumPy has none."""
        code = self.entries[name].dtype
        return _DTYPES[code].name if code in _DTYPES else code


@contextmanager
def reading(path: str | os.PathLike) -> Iterator[ArrayFile]:
    """Open a file and check its header against its size.

    Raises: NotFoundError; DataLossError if it is truncated, damaged or no safetensors file.
    """
    if not os.path.isfile(path):
        raise NotFoundError(f"There is no file {path}.")
    with open(path, "rb") as file:
        yield ArrayFile(file, str(path))


def write(path: str | os.PathLike, arrays: Mapping[str, Any], metadata: Mapping[str, str] | None = None) -> None:
    """Write arrays under their names; the header keeps their order.

    Raises: InvalidArgumentError for text, or another dtype that the format does not have.
    """
    values = {name: _storable(name, value) for name, value in arrays.items()}
    places, at = {}, 0
    in_file = sorted(values, key=lambda name: -values[name].dtype.itemsize)  # keeps every array aligned
    for name in in_file:
        places[name] = [at, at := at + values[name].nbytes]
    header: dict[str, Any] = {_METADATA: dict(metadata)} if metadata else {}
    for name, array in values.items():
        header[name] = {"dtype": _NAMES[array.dtype], "shape": [*array.shape], "data_offsets": places[name]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text = text.ljust(-(-len(text) // 8) * 8)
    if len(text) > _MOST_HEADER:
        raise InvalidArgumentError(f"Expected names that fit into {_MOST_HEADER} bytes; those of {path} do not.")
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in in_file:
            file.write(values[name].reshape(-1).view(np.uint8).data)


def is_safetensors(path: str | os.PathLike) -> bool:
    """Whether a file begins as safetensors files do: with the length of a JSON object. It may have been cut since."""
    with open(path, "rb") as file:
        start = file.read(9)
    return start[8:] == b"{" and int.from_bytes(start[:8], "little") <= _MOST_HEADER


def _storable(name: str, value: Any) -> np.ndarray:
    array = np.asarray(value)
    dtype = array.dtype.newbyteorder("=")
    if dtype not in _NAMES:
        raise InvalidArgumentError(
            f"Expected a dtype of the safetensors format; {name!r} is {array.dtype}. The format has {', '.join(_DTYPES)}."
        )
    if name == _METADATA:
        raise InvalidArgumentError(f"Expected another name than {name!r}, which the format keeps for itself.")
    return np.ascontiguousarray(array, dtype).reshape(array.shape)


def _header(file: IO[bytes], place: str) -> tuple[int, dict[str, Any]]:
    """Where the values begin, and the header. Raises: DataLossError."""
    size = os.fstat(file.fileno()).st_size
    start = file.read(8)
    length = int.from_bytes(start, "little")
    if len(start) < 8 or length > size - 8:
        raise DataLossError(
            f"Expected a safetensors file; {place} has {size} bytes and a header of {length}. Copy or save it again."
        )
    if length > _MOST_HEADER:
        raise DataLossError(f"{place} claims a header of {length} bytes; the format allows {_MOST_HEADER}.")
    try:
        header = json.loads(file.read(length).decode(), object_pairs_hook=lambda pairs: _without_repeats(pairs, place))
    except DataLossError:
        raise
    except (ValueError, RecursionError) as error:
        raise DataLossError(f"The header of {place} is no JSON text ({error}). Copy or save it again.") from None
    if not isinstance(header, dict):
        raise DataLossError(f"The header of {place} is no JSON object but {type(header).__name__}.")
    return 8 + length, header


def _without_repeats(pairs: list[tuple[str, Any]], place: str) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise DataLossError(f"The header of {place} names something twice, so it is not clear which one is meant.")
    return found


def _metadata(value: Any, place: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise DataLossError(f"Expected texts by name as {_METADATA} of {place}; received {value!r:.80}.")
    return value


def _entry(name: str, value: Any, place: str) -> Entry:
    what = f"{name!r:.200} of {place}"
    value = value if isinstance(value, dict) else {}
    code, shape, places = str(value.get("dtype")), value.get("shape"), value.get("data_offsets")
    if not _are_sizes(shape) or not _are_sizes(places) or len(places) != 2 or len(shape) > _MOST_DIMENSIONS:
        raise DataLossError(f"{what} is damaged: expected a dtype, a shape and two offsets; received {value!r:.200}.")
    bits = _PACKED_BITS.get(code) or (_DTYPES[code].itemsize * 8 if code in _DTYPES else 0)
    if not bits:
        raise DataLossError(f"{what} has the dtype {code!r:.40}, which is not known. Known are {', '.join(_DTYPES)}.")
    count = nonempty = 1
    for size in shape:
        count, nonempty = count * size, nonempty * max(size, 1)
    start, end = places
    if count * bits != (end - start) * 8 or nonempty * bits > _MOST_BYTES:
        raise DataLossError(f"{what} is damaged: {code} of shape {tuple(shape)} has {end - start} bytes.")
    return Entry(code, tuple(shape), start, end)


def _are_sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(size) is int and 0 <= size < 1 << 63 for size in value)


def _check_places(entries: Mapping[str, Entry], size: int, place: str) -> None:
    """Every byte behind the header belongs to one array. Raises: DataLossError."""
    end = 0
    for name, entry in sorted(entries.items(), key=lambda item: item[1][2:]):
        if entry.start != end:
            kind = "overlap" if entry.start < end else "leave a gap"
            raise DataLossError(f"{place} is damaged: its arrays {kind} before {name!r:.200}. Copy or save it again.")
        end = entry.end
    if end != size:
        raise DataLossError(
            f"{place} is damaged: its arrays take {end} bytes, but {size} are there. Copy or save it again."
        )
