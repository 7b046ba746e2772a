"""The heaps of an HDF5 file, which hold its texts, looked at before the HDF5 library reads them: some sizes it never gets past.

Source: HDF5 File Format Specification, version 3.0, section III.E.
"""

import mmap
import os
import struct
from collections.abc import Iterator
from typing import IO

from cornu._base.errors import DataLossError

_MAGIC = b"GCOL\x01\x00\x00\x00"  # with the version and what is reserved
_HEADER = struct.Struct("<8sQ")  # magic, size of the collection
_OBJECT = struct.Struct("<HH4xQ")  # index, references, size
_PART = 2**20


def check(source: str | os.PathLike | IO[bytes], place: str) -> None:
    """Walk through every collection as the library would. Raises: DataLossError at an object that does not lead on."""
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            if size := os.fstat(file.fileno()).st_size:
                with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as whole:
                    _check_all(whole, place)
        return
    position = source.tell()
    try:
        _check_all(source, place)
    finally:
        source.seek(position)


def _check_all(file: "mmap.mmap | IO[bytes]", place: str) -> None:
    for start in list(_found(file)):
        file.seek(start)
        header = file.read(_HEADER.size)
        if len(header) == _HEADER.size:
            _check_collection(file, start, _HEADER.unpack(header)[1], place)


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


def _check_collection(file: "mmap.mmap | IO[bytes]", start: int, size: int, place: str) -> None:
    at, end = start + _HEADER.size, start + size
    while end - at >= _OBJECT.size:
        file.seek(at)
        head = file.read(_OBJECT.size)
        if len(head) < _OBJECT.size:
            return  # truncated, which the library notices
        index, _, length = _OBJECT.unpack(head)
        step = length if index == 0 else _OBJECT.size + -(-length // 8) * 8  # what is free counts its own head
        if step < _OBJECT.size or step > end - at:
            raise DataLossError(
                f"{place} is damaged (an object of {length} bytes in its heap at byte {at}). Copy or save it again."
            )
        at += step
