"""Zip archives, read with suspicion: sizes are checked before memory is asked for, names before files are opened."""

import errno
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from cornu._base.errors import DataLossError, NotFoundError, UnsafeFileError

Writer = Callable[[IO[bytes]], None]
_CHUNK = 1 << 20
_LONGEST_NAME, _LONGEST_PART, _DEEPEST = 4096, 255, 100  # bytes, bytes, folders: what file systems take
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack a block at once, however large it is
# What the standard library says of broken bytes; NotImplementedError is a RuntimeError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError, RuntimeError, OverflowError)


@dataclass(frozen=True)
class Budget:
    """How much an archive may claim. `expansion`: uncompressed bytes per compressed byte; `floor`: allowed on top, once.

    `text` and `text_expansion`: the same for a member that is read whole; JSON takes 25 times its length in memory.
    """

    members: int = 100_000
    expansion: int = 256
    floor: int = 1 << 20  # bytes
    text: int = 1 << 23  # bytes
    text_expansion: int = 8


class Archive:
    """An open zip file whose directory has been checked. Close it, or use it in a `with` block.

    Raises: DataLossError if the file is truncated or no zip file; UnsafeFileError if it claims more than the budget,
    holds links, or names a member outside of itself.
    """

    def __init__(self, path: str | os.PathLike, budget: Budget = Budget()):
        self.path, self.budget = Path(path), budget
        try:
            self._zip = zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise
        except _DAMAGE as error:
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
        most = self.budget.text + self.budget.text_expansion * info.compress_size
        if info.file_size > most:
            raise UnsafeFileError(
                f"{name} in {self.path} claims {info.file_size} bytes; at most {most} are read at once."
            )
        with self._unpacking(name):
            return self._unpacked(info)

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
                data = self._unpacked(info)
            yield io.BytesIO(data)
            return
        with open(self.path, "rb") as file:
            window = _Window(file, self._start(info), info.file_size)
            if _checksum(window) != info.CRC:
                raise DataLossError(f"{name} in {self.path} is damaged: its checksum differs. Save or copy it again.")
            window.seek(0)
            yield io.BufferedReader(window, 1 << 16)

    def _info(self, name: str) -> zipfile.ZipInfo:
        if name not in self._members:
            raise NotFoundError(f"{self.path} has no member {name!r}; it holds {', '.join(list(self._members)[:20])}.")
        return self._members[name]

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        """All bytes of a member, unpacked in small parts: more than it claims to be never lies in memory."""
        with self._zip.open(info) as source:
            return b"".join(iter(lambda: source.read(_CHUNK), b""))

    def _start(self, info: zipfile.ZipInfo) -> int:
        with open(self.path, "rb") as file:
            file.seek(max(0, info.header_offset))
            header = file.read(30)  # local file header: the lengths of name and extra field are its last two numbers
        if info.header_offset < 0 or len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise DataLossError(f"{info.filename} in {self.path} has no header where the directory says.")
        return info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))

    @contextmanager
    def _unpacking(self, name: str) -> Iterator[None]:
        try:
            yield
        except _DAMAGE as error:
            if getattr(error, "errno", None) == errno.ENOSPC:
                raise
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
        read = self._file.readinto(view[:count])  # type: ignore[attr-defined]
        self._at += read
        return read


class _GrowingWindow(_Window):
    """The end of a file, to be written, as a file."""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:  # type: ignore[override]
        view = memoryview(data).cast("B")
        self._file.seek(self._first + self._at)
        self._file.write(view)
        self._at += len(view)
        self._size = max(self._size, self._at)
        return len(view)

    def truncate(self, size: int | None = None) -> int:
        self._size = self._at if size is None else size
        return self._file.truncate(self._first + self._size) - self._first


def _checksum(window: _Window) -> int:
    """The CRC-32 of all bytes."""
    buffer, checksum = memoryview(bytearray(_CHUNK)), 0
    while count := window.readinto(buffer):
        checksum = zlib.crc32(buffer[:count], checksum)
    return checksum


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
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            kind = "symbolic link" if stat.S_ISLNK(info.external_attr >> 16) else "device"
            raise UnsafeFileError(f"{name} in {path} is a {kind}.")
        if info.flag_bits & 0x1:
            raise UnsafeFileError(f"{name} in {path} is encrypted; save it without a password.")
        if info.compress_type not in _METHODS:
            raise UnsafeFileError(f"{name} in {path} is packed by method {info.compress_type}; use deflate or none.")
        if info.file_size > budget.floor + budget.expansion * info.compress_size:
            raise UnsafeFileError(
                f"{name} in {path} claims to grow from {info.compress_size} to {info.file_size} bytes; "
                f"at most {budget.expansion} times is accepted."
            )
        members[name] = info
    packed, claimed = (
        (sum(sizes) for sizes in zip(*((i.compress_size, i.file_size) for i in infos))) if infos else (0, 0)
    )
    if claimed > budget.floor + budget.expansion * packed:
        raise UnsafeFileError(
            f"The members of {path} claim to grow from {packed} to {claimed} bytes; at most {budget.expansion} times is accepted."
        )
    _check_places(members, path)
    return members


def _check_places(names: Iterable[str], path: Path) -> None:
    """Refuse names that mean one place, or a file in the place of a folder."""
    files: set[PurePosixPath] = set()
    for name in names:
        if not name.endswith("/"):
            if PurePosixPath(name) in files:
                raise UnsafeFileError(f"{path} holds {name!r} twice, under two spellings.")
            files.add(PurePosixPath(name))
    for name in names:
        if inside := next((parent for parent in PurePosixPath(name).parents if parent in files), None):
            raise UnsafeFileError(f"{path} holds {name!r} inside of {str(inside)!r}, which is a file.")


def check_name(name: str, place: object) -> None:
    """Refuse a member name that could mean something outside of the folder it is unpacked into.

    Raises: UnsafeFileError.
    """
    parts = PurePosixPath(name).parts
    if len(name) > _LONGEST_NAME or len(parts) > _DEEPEST or any(len(part.encode()) > _LONGEST_PART for part in parts):
        raise UnsafeFileError(f"{place} names a member by {len(name)} characters, {name[:60]!r}..., which is too long.")
    if not name or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in (parts or ("",))[0]:
        raise UnsafeFileError(f"{place} names the member {name!r}, which could lie outside of the archive.")


def write_archive(file: IO[bytes], members: Iterable[tuple[str, bytes | Path | Writer]]) -> None:
    """Write an uncompressed zip archive of (name, content) to a file that is open for reading and writing.

    Args: members: a content is bytes, the path of a file, or a function that writes into the file it is given.

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
            if callable(content):
                _write_in_place(archive, file, info, content)
                continue
            info.file_size = content.stat().st_size
            with open(content, "rb") as source, archive.open(info, "w", force_zip64=info.file_size >= 1 << 31) as sink:
                while block := source.read(_CHUNK):
                    sink.write(block)


def _write_in_place(archive: zipfile.ZipFile, file: IO[bytes], info: zipfile.ZipInfo, content: Writer) -> None:
    """Let a function write a member where it stays, and its header, which holds the checksum, afterwards."""
    info.header_offset = archive.start_dir  # the end of the members so far
    info.CRC = info.file_size = info.compress_size = 0
    start = info.header_offset + len(info.FileHeader(zip64=True))
    window = _GrowingWindow(file, start, 0)
    content(window)  # type: ignore[arg-type]
    window.seek(0)
    info.CRC = _checksum(window)
    info.file_size = info.compress_size = window.tell()
    file.seek(info.header_offset)
    file.write(info.FileHeader(zip64=True))
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive.start_dir = start + info.file_size
    file.seek(archive.start_dir)
