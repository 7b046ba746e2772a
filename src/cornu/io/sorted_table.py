"""Sorted string tables, as TensorFlow's checkpoints keep their index in: LevelDB's table format.

Blocks of (key, value) with keys cut by what they share with the one before, each block with a checksum; a last block that
says where the others are; a footer of 48 bytes. Source: LevelDB, doc/table_format.md; tensorflow/core/lib/io/table.h.
"""

import struct
from collections.abc import Iterator, Mapping

from cornu._base.errors import DataLossError
from cornu.io.checksum import masked_crc32c
from cornu.io.event_file import varint
from cornu.io.protobuf import read_varint

_MAGIC = 0xDB4775248B80FB57
_FOOTER, _TRAILER = 48, 5  # bytes; a block's trailer: compression, checksum
_PLAIN, _SNAPPY = 0, 1
_RESTART = 16  # so many keys after a whole one are cut
_BLOCK = 1 << 18  # bytes
_MOST = 1 << 28  # bytes of a block; an index of a checkpoint has a few hundred thousand at most
_KEYS = 256  # bytes of all keys for each byte of the table: a key may repeat nearly all of the one before
_LEAST = 1 << 20  # bytes of keys that are always accepted


def write(entries: Mapping[bytes, bytes]) -> bytes:
    """The table of the entries."""
    out, index = bytearray(), []
    block: list[tuple[bytes, bytes]] = []
    size = 0
    for key in sorted(entries):
        block.append((key, entries[key]))
        size += len(key) + len(entries[key])
        if size >= _BLOCK:
            index.append((block[-1][0], _append(out, _block(block, _RESTART))))
            block, size = [], 0
    if block:
        index.append((block[-1][0], _append(out, _block(block, _RESTART))))
    meta = _append(out, _block([], 1))
    places = _append(out, _block(index, 1))
    return bytes(out) + (meta + places).ljust(_FOOTER - 8, b"\0") + struct.pack("<Q", _MAGIC)


def _append(out: bytearray, block: bytes) -> bytes:
    """Put a block at the end. Returns: where it is and how long, without its trailer."""
    handle = varint(len(out)) + varint(len(block))
    out += block + bytes([_PLAIN]) + struct.pack("<I", masked_crc32c(block + bytes([_PLAIN])))
    return handle


def _block(entries: list[tuple[bytes, bytes]], restart: int) -> bytes:
    out, restarts, before = bytearray(), [], b""
    for place, (key, value) in enumerate(entries):
        shared = 0
        if place % restart:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        else:
            restarts.append(len(out))
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    restarts = restarts or [0]
    return bytes(out) + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def read(data: bytes, place: str) -> dict[bytes, bytes]:
    """All entries of a table, in order. Args: place: names the file in errors.

    Raises: DataLossError if the file is no table, cut, or damaged.
    """
    if len(data) < _FOOTER or struct.unpack("<Q", data[-8:])[0] != _MAGIC:
        raise DataLossError(f"Expected the index of a checkpoint; {place} is none, or was cut.")
    footer = data[-_FOOTER:-8]
    _, _, at = _handle(footer, 0)
    start, size, _ = _handle(footer, at)
    entries: dict[bytes, bytes] = {}
    before = keys = 0
    for _, handle in _entries(_read_block(data, start, size, place), place):
        first, length, _ = _handle(handle, 0)
        if first < before:
            raise DataLossError(f"{place} is damaged: the block at {first} lies in another one, or is named twice.")
        before = first + length
        for key, value in _entries(_read_block(data, first, length, place), place):
            keys += len(key)
            if keys > _LEAST + _KEYS * len(data):
                raise DataLossError(f"{place} is damaged: its {len(data)} bytes claim more than {keys} bytes of names.")
            entries[key] = value
    return entries


def _handle(data: bytes, at: int) -> tuple[int, int, int]:
    start, at = read_varint(data, at)
    size, at = read_varint(data, at)
    return start, size, at


def _read_block(data: bytes, start: int, size: int, place: str) -> bytes:
    end = start + size + _TRAILER
    if end > len(data) or size > _MOST:
        raise DataLossError(f"{place} is damaged or cut: a block of {size} bytes at {start} does not fit into it.")
    block, kind = data[start : start + size], data[start + size]
    if masked_crc32c(block + bytes([kind])) != struct.unpack("<I", data[end - 4 : end])[0]:
        raise DataLossError(f"{place} is damaged: the checksum of the block at {start} is wrong.")
    if kind == _SNAPPY:
        return _unsnap(block, place)
    if kind != _PLAIN:
        raise DataLossError(f"{place} is damaged: there is no compression {kind}.")
    return block


def _entries(block: bytes, place: str) -> Iterator[tuple[bytes, bytes]]:
    count = struct.unpack("<I", block[-4:])[0] if len(block) >= 4 else 0
    end = len(block) - 4 * (count + 1)
    if end < 0:
        raise DataLossError(f"{place} is damaged: a block has {count} restarts in {len(block)} bytes.")
    at, key = 0, b""
    while at < end:
        shared, at = read_varint(block, at)
        own, at = read_varint(block, at)
        size, at = read_varint(block, at)
        if shared > len(key) or at + own + size > end:
            raise DataLossError(f"{place} is damaged: an entry does not fit into its block.")
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + size]
        at += own + size


def _unsnap(block: bytes, place: str) -> bytes:
    """What Snappy made small. Source: google/snappy, format_description.txt."""
    size, at = read_varint(block, 0)
    if size > _MOST or size > 64 * len(block) + 64:
        raise DataLossError(f"{place} is damaged: {len(block)} compressed bytes claim to be {size}.")
    out = bytearray()
    while at < len(block) and len(out) <= size:
        tag = block[at]
        at += 1
        if tag & 3 == 0:  # the bytes themselves
            length = tag >> 2
            if length >= 60:
                more = length - 59
                length = int.from_bytes(block[at : at + more], "little")
                at += more
            out += block[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:  # a copy of what came before
            length, offset, more = (tag >> 2 & 7) + 4, tag >> 5 << 8 | (block[at] if at < len(block) else 0), 1
        else:
            more = 2 if tag & 3 == 2 else 4
            length, offset = (tag >> 2) + 1, int.from_bytes(block[at : at + more], "little")
        at += more
        if not 0 < offset <= len(out):
            raise DataLossError(f"{place} is damaged: a compressed block copies from before its start.")
        while length > 0:  # the copy may reach into itself
            part = out[len(out) - offset : len(out) - offset + length]
            out += part
            length -= len(part)
    if len(out) != size:
        raise DataLossError(f"{place} is damaged: a compressed block has {len(out)} bytes, not {size}.")
    return bytes(out)
