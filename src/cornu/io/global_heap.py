"""The heaps of an HDF5 file, which hold its texts, looked at before the HDF5 library reads them.

Some sizes the library never gets past, and for a text it takes as much memory as the reference to it claims.

Source: HDF5 File Format Specification, version 3.0, sections III.E (heaps) and IV.A.2.d, class 9 (references).
"""

import math
import mmap
import os
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from cornu._base.errors import DataLossError

_MAGIC = b"GCOL\x01\x00\x00\x00"  # with the version and what is reserved
_HEADER = struct.Struct("<8sQ")  # magic, size of the collection
_OBJECT = struct.Struct("<HH4xQ")  # index, references, size
_REFERENCE = struct.Struct("<IQI")  # bytes of the text, address of the collection, index of the object
# The type of texts of variable length: a sequence, in 16 bytes, of numbers of a byte and eight bits.
_TEXT_TYPE = re.compile(rb"\x19.[\x00\x01]\x00\x10\x00\x00\x00\x10.{3}\x01\x00\x00\x00\x00\x00\x08\x00", re.DOTALL)
_PART = 2**20

Heaps = dict[int, dict[int, int]]  # by address of the collection: bytes of its objects by their index


def read(source: str | os.PathLike | IO[bytes], place: str) -> Heaps:
    """Walk through every collection as the library would. Raises: DataLossError at an object that does not lead on."""
    heaps: Heaps = {}
    with _opened(source) as file:
        for start in list(_found(file)):
            file.seek(start)
            header = file.read(_HEADER.size)
            if len(header) == _HEADER.size:
                heaps[start] = _objects(file, start, _HEADER.unpack(header)[1], place)
    return heaps


def check_references(
    source: str | os.PathLike | IO[bytes], heaps: Heaps, arrays: Sequence[tuple[int, int]],
    texts: Sequence[tuple[int, int]], base: int, place: str,
) -> None:  # fmt: skip
    """Look at all references to texts. Raises: DataLossError if one claims more bytes than the file or what it leads to has.

    Args:
        arrays: (start, bytes) of what holds no references: the values of numeric arrays.
        texts: (start, bytes) of what holds nothing else: the values of arrays of texts.
        base: where in the file its addresses begin.
    """
    with _opened(source) as file:
        file.seek(0, os.SEEK_END)
        size = file.tell()
        for start, end in _between(arrays, size):
            file.seek(start)
            part = file.read(end - start)
            for address, objects in heaps.items():
                for length, index in _references(part, address - base):
                    held = objects.get(index)  # None: the library itself says that the index is wrong
                    if held is not None and length > held:
                        raise DataLossError(
                            f"{place} is damaged (a text of it claims {length} bytes and has {held}). Copy or save it again."
                        )
            _check_lengths(_lengths_in_attributes(part), size, place)
        for start, length in texts:
            file.seek(min(start, size))
            part = file.read(length)
            _check_lengths(_lengths(part, 0, length // _REFERENCE.size), size, place)


def _references(data: bytes, address: int) -> Iterator[tuple[int, int]]:
    """(length, index) of everything that looks like a reference to an object of the collection at an address."""
    wanted = address.to_bytes(8, "little", signed=address < 0)
    at = data.find(wanted)
    while at >= 0:
        if at >= 4 and at + 12 <= len(data):
            length, _, index = _REFERENCE.unpack_from(data, at - 4)
            yield length, index
        at = data.find(wanted, at + 1)


def _check_lengths(lengths: Iterable[int], size: int, place: str) -> None:
    for length in lengths:
        if length > size:
            raise DataLossError(
                f"{place} is damaged (a text of it claims {length} bytes; the file has {size}). Copy or save it again."
            )


def _lengths(data: bytes, start: int, count: int) -> Iterator[int]:
    """What so many references claim, from `start` on, as far as they are there."""
    count = min(count, max(len(data) - start, 0) // _REFERENCE.size)
    return (length for length, _, _ in _REFERENCE.iter_unpack(data[start : start + count * _REFERENCE.size]))


def _lengths_in_attributes(data: bytes) -> Iterator[int]:
    """What the references of attributes that are texts claim: in an attribute's message they follow its type and shape."""
    for found in _TEXT_TYPE.finditer(data):
        at = found.end()
        if data[at : at + 4] == bytes(4):  # the type is filled up to eight bytes
            at += 4
        version, rank, flags = data[at : at + 3].ljust(3, b"\xff")
        if version not in (1, 2) or flags > 1 or (version == 1 and any(data[at + 3 : at + 8])):
            continue  # the type of a dataset: its shape is elsewhere
        at += 8 if version == 1 else 4
        dimensions = struct.unpack_from(f"<{rank}Q", data, at) if at + 8 * rank <= len(data) else (0,)
        at += 8 * rank * (1 + flags)
        yield from _lengths(data, at, math.prod(dimensions))


def _between(arrays: Sequence[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the parts of a file of so many bytes that no array fills."""
    at = 0
    for start, length in sorted(arrays):
        if start > at:
            yield at, start
        at = max(at, start + length)
    if at < size:
        yield at, size


@contextmanager
def _opened(source: str | os.PathLike | IO[bytes]) -> "Iterator[mmap.mmap | IO[bytes]]":
    """A file by its path, mapped, or an open one, which stays where it is."""
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            if size := os.fstat(file.fileno()).st_size:
                with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as whole:
                    yield whole
            else:
                yield file
        return
    position = source.tell()
    try:
        yield source
    finally:
        source.seek(position)


def _found(file: "mmap.mmap | IO[bytes]") -> Iterator[int]:
    """Where collections begin."""
    if isinstance(file, mmap.mmap):
        at = file.find(_MAGIC)
        while at >= 0:
            yield at
            at = file.find(_MAGIC, at + 1)
        return
    file.seek(0)
    before, done = b"", 0
    while part := file.read(_PART):
        part = before + part
        at = part.find(_MAGIC)
        while at >= 0:
            yield done + at
            at = part.find(_MAGIC, at + 1)
        before = part[1 - len(_MAGIC) :]
        done += len(part) - len(before)


def _objects(file: "mmap.mmap | IO[bytes]", start: int, size: int, place: str) -> dict[int, int]:
    """Bytes of the objects of a collection by their index."""
    found: dict[int, int] = {}
    at, end = start + _HEADER.size, start + size
    while end - at >= _OBJECT.size:
        file.seek(at)
        head = file.read(_OBJECT.size)
        if len(head) < _OBJECT.size:
            break  # truncated, which the library notices
        index, _, length = _OBJECT.unpack(head)
        step = length if index == 0 else _OBJECT.size + -(-length // 8) * 8  # what is free counts its own head
        if step < _OBJECT.size or step > end - at:
            raise DataLossError(
                f"{place} is damaged (an object of {length} bytes in its heap at byte {at}). Copy or save it again."
            )
        if index:
            found[index] = length
        at += step
    return found
