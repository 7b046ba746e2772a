"""Zip archives, read with suspicion: sizes are checked before memory is asked for, names before files are opened."""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from cornu._base.errors import DataLossError, NotFoundError, UnsafeFileError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Budget:
    """How much an archive may claim. `expansion`: uncompressed bytes per compressed byte; `floor`: always allowed."""

    members: int = 100_000
    expansion: int = 256
    floor: int = 1 << 20  # bytes
    text: int = 1 << 29  # bytes of one member that is read whole


class Archive:
    """An open zip file whose directory has been checked. Close it, or use it in a `with` block.

    Raises: DataLossError if the file is truncated or no zip file; UnsafeFileError if it claims more than the budget,
    holds links, or names a member outside of itself.
    """

    def __init__(self, path: str | os.PathLike, budget: Budget = Budget()):
        self.path, self.budget = Path(path), budget
        try:
            self._zip = zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, struct.error, ValueError) as error:
            raise DataLossError(f"{self.path} is not a whole zip archive ({error}). Copy or save it again.") from error
        try:
            self._members = _checked_members(self._zip, self.path, budget)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def size(self, name: str) -> int:
        """Uncompressed bytes of a member."""
        return self._info(name).file_size

    def read(self, name: str) -> bytes:
        """All bytes of a member; their checksum is verified.

        Raises: NotFoundError, DataLossError; UnsafeFileError if the member is larger than the budget for texts.
        """
        info = self._info(name)
        if info.file_size > self.budget.text:
            raise UnsafeFileError(
                f"{name} in {self.path} claims {info.file_size} bytes; at most {self.budget.text} are read at once."
            )
        with self._unpacking(name):
            return self._zip.read(info)

    def copy(self, name: str, to: IO[bytes]) -> None:
        """Write a member's bytes to an open file. Raises: NotFoundError, DataLossError."""
        with self._unpacking(name), self._zip.open(self._info(name)) as source:
            while block := source.read(_CHUNK):
                to.write(block)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A seekable file of a member. Its checksum is verified first; stored members are not copied to memory.

        Raises: NotFoundError, DataLossError.
        """
        info = self._info(name)
        if info.compress_type != zipfile.ZIP_STORED:
            with self._unpacking(name):
                data = self._zip.read(info)
            yield io.BytesIO(data)
            return
        with open(self.path, "rb") as file:
            window = _Window(file, self._start(info), info.file_size)
            checksum = 0
            while block := window.read(_CHUNK):
                checksum = zlib.crc32(block, checksum)
            if checksum != info.CRC:
                raise DataLossError(f"{name} in {self.path} is damaged: its checksum differs. Save or copy it again.")
            window.seek(0)
            yield io.BufferedReader(window, 1 << 16)

    def _info(self, name: str) -> zipfile.ZipInfo:
        if name not in self._members:
            raise NotFoundError(f"{self.path} has no member {name!r}; it holds {', '.join(list(self._members)[:20])}.")
        return self._members[name]

    def _start(self, info: zipfile.ZipInfo) -> int:
        with open(self.path, "rb") as file:
            file.seek(info.header_offset)
            header = file.read(30)  # local file header: the lengths of name and extra field are its last two numbers
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise DataLossError(f"{info.filename} in {self.path} has no header where the directory says.")
        return info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))

    @contextmanager
    def _unpacking(self, name: str) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error) as error:
            raise DataLossError(f"{name} in {self.path} is damaged ({error}). Save or copy it again.") from error


class _Window(io.RawIOBase):
    """Part of a file as a file."""

    def __init__(self, file: IO[bytes], start: int, size: int):
        self._file, self._first, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        count = max(0, min(len(view), self._size - self._at))
        self._file.seek(self._first + self._at)
        data = self._file.read(count)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


def _checked_members(archive: zipfile.ZipFile, path: Path, budget: Budget) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > budget.members:
        raise UnsafeFileError(f"{path} claims {len(infos)} members; at most {budget.members} are read.")
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise UnsafeFileError(f"{path} claims more compressed bytes than it has: members overlap.")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename
        check_name(name, path)
        if name in members:
            raise UnsafeFileError(f"{path} holds {name!r} twice.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnsafeFileError(f"{name} in {path} is a symbolic link.")
        if info.flag_bits & 0x1:
            raise UnsafeFileError(f"{name} in {path} is encrypted; save it without a password.")
        if info.file_size > budget.floor + budget.expansion * info.compress_size:
            raise UnsafeFileError(
                f"{name} in {path} claims to grow from {info.compress_size} to {info.file_size} bytes; "
                f"at most {budget.expansion} times is accepted."
            )
        members[name] = info
    return members


def check_name(name: str, place: object) -> None:
    """Refuse a member name that could mean something outside of the folder it is unpacked into.

    Raises: UnsafeFileError.
    """
    parts = PurePosixPath(name).parts
    if not name or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in (parts or ("",))[0]:
        raise UnsafeFileError(f"{place} names the member {name!r}, which could lie outside of the archive.")


def write_archive(file: IO[bytes], members: Iterable[tuple[str, bytes | Path]]) -> None:
    """Write an uncompressed zip archive of (name, bytes or path of a file) to an open file.

    All dates are 1980-01-01, so that equal contents give equal bytes.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, content in members:
            check_name(name, "the new archive")
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o644 << 16
            if isinstance(content, bytes):
                archive.writestr(info, content)
                continue
            info.file_size = content.stat().st_size
            with open(content, "rb") as source, archive.open(info, "w", force_zip64=info.file_size >= 1 << 31) as sink:
                while block := source.read(_CHUNK):
                    sink.write(block)
