"""TFRecord files: records with their lengths and checksums. No TensorFlow needed."""

import gzip
import os
import struct
import zlib
from collections.abc import Iterator
from typing import IO, Any

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.io.checksum import masked_crc32c

_LENGTH, _CRC = struct.Struct("<Q"), struct.Struct("<I")
COMPRESSIONS = ("", "GZIP", "ZLIB")


def compression(value: Any) -> str:
    """A valid compression type. Raises: InvalidArgumentError."""
    value = "" if value is None else value.decode() if isinstance(value, bytes) else value
    if value not in COMPRESSIONS:
        raise InvalidArgumentError(f"Expected compression_type '', 'GZIP' or 'ZLIB'; received {value!r}.")
    return value


def open_file(path: str, kind: str) -> IO[bytes]:
    """The file, unpacked while it is read. Raises: NotFoundError."""
    if not os.path.isfile(path):
        raise NotFoundError(f"Expected a file to read; there is none at {path!r}.")
    if kind == "GZIP":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    file = open(path, "rb")  # noqa: SIM115  # the caller closes it
    return _Inflated(file) if kind == "ZLIB" else file  # type: ignore[return-value]


class _Inflated:
    """A zlib stream as a file."""

    def __init__(self, file: IO[bytes]):
        self._file, self._unpack, self._ready = file, zlib.decompressobj(), b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._ready) < size:
            packed = self._file.read(2**16)
            if not packed:
                self._ready += self._unpack.flush()
                break
            self._ready += self._unpack.decompress(packed)
        size = len(self._ready) if size < 0 else size
        found, self._ready = self._ready[:size], self._ready[size:]
        return found

    def __iter__(self) -> Iterator[bytes]:
        yield from self.read().splitlines(keepends=True)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "_Inflated":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def read_records(path: str, kind: str = "") -> Iterator[bytes]:
    """The records of a file.

    Raises: DataLossError on a damaged or cut file, with the record's number; NotFoundError.
    """
    try:
        with open_file(path, kind) as file:
            number = 0
            while head := file.read(12):
                if len(head) < 12 or masked_crc32c(head[:8]) != _CRC.unpack(head[8:])[0]:
                    raise _damaged(path, number, "its length is damaged")
                (length,) = _LENGTH.unpack(head[:8])
                data = _read_exactly(file, length)
                tail = file.read(4)
                if len(data) < length or len(tail) < 4:
                    raise _damaged(path, number, "the file ends inside of it")
                if masked_crc32c(data) != _CRC.unpack(tail)[0]:
                    raise _damaged(path, number, "its checksum is wrong")
                yield data
                number += 1
    except (OSError, EOFError, zlib.error) as error:
        raise DataLossError(f"Expected a {kind or 'plain'} TFRecord file; {path!r} cannot be read: {error}.") from None


def _read_exactly(file: IO[bytes], length: int) -> bytes:
    """Up to `length` bytes, asked for in parts: a damaged length must not ask for all memory."""
    parts = []
    while length > 0:
        part = file.read(min(length, 2**24))
        if not part:
            break
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _damaged(path: str, number: int, what: str) -> DataLossError:
    return DataLossError(
        f"Record {number} of {path!r} cannot be read: {what}. Copy or make the file anew, or check compression_type."
    )


def framed(data: bytes) -> bytes:
    """A record as it stands in a file."""
    length = _LENGTH.pack(len(data))
    return b"".join([length, _CRC.pack(masked_crc32c(length)), data, _CRC.pack(masked_crc32c(data))])


def _packer(kind: str, options: Any) -> Any:
    """What packs a stream of that kind, with the settings of `options` that are not None."""
    defaults = {
        "compression_level": -1,
        "window_bits": zlib.MAX_WBITS,
        "mem_level": zlib.DEF_MEM_LEVEL,
        "compression_strategy": 0,
    }
    given = {name: getattr(options, name, None) for name in defaults}
    level, window, memory, strategy = (defaults[name] if value is None else value for name, value in given.items())
    try:
        return zlib.compressobj(level, zlib.DEFLATED, window + (16 if kind == "GZIP" else 0), memory, strategy)
    except (ValueError, TypeError) as error:
        raise InvalidArgumentError(
            "Expected zlib's compression_level -1 to 9, window_bits 9 to 15, mem_level 1 to 9, compression_strategy 0 to 4; "
            f"received {given} ({error})."
        ) from None


class TFRecordWriter:
    """Writes records to a file. Source: tf.io.TFRecordWriter.

    Args:
        path: The file, which is made anew.
        options: A compression type, or an object with the attribute `compression_type` and perhaps zlib's settings
            `compression_level` (0 to 9, -1 for zlib's choice), `window_bits`, `mem_level` and `compression_strategy`.

    Raises: InvalidArgumentError on another compression type, or a setting that zlib refuses.
    """

    def __init__(self, path: str | os.PathLike, options: Any = None):
        kind = compression(getattr(options, "compression_type", options))
        self._pack = _packer(kind, options) if kind else None
        self._path, self._file = os.fspath(path), open(path, "wb")  # noqa: SIM115  # closed by `close`

    def write(self, record: bytes) -> None:
        """Add a record of bytes. Raises: InvalidArgumentError if it is not bytes."""
        if hasattr(record, "numpy"):
            record = record.numpy()  # type: ignore[attr-defined]
        if isinstance(record, str):
            record = record.encode()
        if not isinstance(record, (bytes, bytearray, memoryview)):
            raise InvalidArgumentError(
                f"Expected a record as bytes; received {record!r:.80} of type {type(record).__name__}."
            )
        self._put(framed(bytes(record)))

    def _put(self, data: bytes) -> None:
        self._file.write(data if self._pack is None else self._pack.compress(data))

    def flush(self) -> None:
        """Hand what was written to the system."""
        if self._pack is not None:
            self._file.write(self._pack.flush(zlib.Z_SYNC_FLUSH))
        self._file.flush()

    def close(self) -> None:
        """End the file."""
        if not self._file.closed:
            if self._pack is not None:
                self._file.write(self._pack.flush())
            self._file.close()

    def __enter__(self) -> "TFRecordWriter":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()
