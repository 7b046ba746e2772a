"""Unpacking archives that strangers made: nothing lands outside the folder, whatever the names inside say."""

import errno
import lzma
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from cornu._base.errors import CornuError, DataLossError, InvalidArgumentError, UnsafeFileError
from cornu.io.atomic import collect_leftovers, temporary_name

FORMATS = ("tar", "zip")
_CHUNK = 1 << 20
_EXPANSION, _FLOOR = 1032, 1 << 20  # deflate cannot pack better than 1032 to 1
_MEMBERS, _LONGEST_NAME, _LONGEST_PART, _DEEPEST = 10_000_000, 4096, 255, 100
# What the system says of names that are too long, or mean a file and a folder at once: the archive's fault, not the disk's.
_BAD_NAMES = (errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.ENOTEMPTY)
_DAMAGE = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, OSError, ValueError, KeyError, RuntimeError),
)


def archive_format(path: str | os.PathLike) -> str | None:
    """`"tar"`, `"zip"`, or None if the file is neither."""
    if zipfile.is_zipfile(path):  # first: a tar may hold a zip, whose end then looks like a tar's
        return "zip"
    return "tar" if tarfile.is_tarfile(path) else None


def extract(archive: str | os.PathLike, folder: str | os.PathLike, formats: tuple[str, ...] = FORMATS) -> None:
    """Unpack `archive` as `folder`, which appears whole or not at all and takes the place of what was there.

    Raises: InvalidArgumentError if the file is in none of `formats`; UnsafeFileError if a name is absolute, has `..`, or is a
    link out of the folder; DataLossError if the archive is damaged.
    """
    folder = Path(folder)
    found = archive_format(archive)
    if found not in formats:
        raise InvalidArgumentError(
            f"Expected an archive ({' or '.join(formats)}) at {archive}; it is {found or 'no archive'}. "
            "Pass extract=False, or the right archive_format."
        )
    collect_leftovers(folder)
    temporary = temporary_name(folder)
    temporary.mkdir()
    try:
        (_extract_zip if found == "zip" else _extract_tar)(archive, temporary)
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        os.replace(temporary, folder)
    except CornuError:
        raise
    except _DAMAGE as error:
        number = getattr(error, "errno", None)
        if number is not None and number not in _BAD_NAMES:  # a full disk is no fault of the archive
            raise
        raise DataLossError(f"The archive {archive} is damaged: {error}. Delete it and download it again.") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _place(name: str, archive: object) -> PurePosixPath:
    """The path inside the folder for a member's name."""
    path = PurePosixPath(name)
    if (
        len(name) > _LONGEST_NAME
        or len(path.parts) > _DEEPEST
        or any(len(p.encode()) > _LONGEST_PART for p in path.parts)
    ):
        raise UnsafeFileError(
            f"The archive {archive} names a member by {len(name)} characters, {name[:60]!r}... Nothing was unpacked."
        )
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or "\0" in name
        or (path.parts and ":" in path.parts[0])
    ):
        raise UnsafeFileError(
            f"The archive {archive} has a member {name!r}, which would land outside. Nothing was unpacked."
        )
    return path


class _Budget:
    """What an archive may take on the disk, by its own size."""

    def __init__(self, archive: str | os.PathLike):
        self._archive, self._members = archive, _MEMBERS
        self._left = self._most = _FLOOR + _EXPANSION * os.path.getsize(archive)

    def take(self, name: str, size: int, members: int = 1) -> None:
        """Count a member before it is unpacked. Raises: UnsafeFileError."""
        self._left -= size
        self._members -= members
        if self._left < 0 or self._members < 0:
            raise UnsafeFileError(
                f"The archive {self._archive} claims more than {self._most} bytes or {_MEMBERS} members, {name!r} the first "
                "one beyond. Nothing was unpacked."
            )

    def copy(self, name: str, source: IO[bytes], sink: IO[bytes]) -> None:
        """Write a member, whatever it claimed to be. Raises: UnsafeFileError."""
        while block := source.read(_CHUNK):
            self.take(name, len(block), 0)
            sink.write(block)


def _extract_zip(archive: str | os.PathLike, folder: Path) -> None:
    budget = _Budget(archive)
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            budget.take(member.filename, 0)
            target = folder / _place(member.filename, archive)
            if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
                kind = "link" if stat.S_ISLNK(member.external_attr >> 16) else "device"
                raise UnsafeFileError(f"The archive {archive} has a {kind} {member.filename!r}. Nothing was unpacked.")
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open(member) as source, target.open("wb") as sink:
                budget.copy(member.filename, source, sink)


def _extract_tar(archive: str | os.PathLike, folder: Path) -> None:
    links: set[PurePosixPath] = set()
    budget = _Budget(archive)
    with tarfile.open(archive) as file:
        for member in file:
            budget.take(member.name, 0)
            place = _place(member.name, archive)
            if any(parent in links for parent in (place, *place.parents)):
                raise UnsafeFileError(
                    f"The archive {archive} writes {member.name!r} through a link. Nothing was unpacked."
                )
            target = folder / place
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if member.issym():
                _check_link(place, member.linkname, archive)
                os.symlink(member.linkname, target)
                links.add(place)
            elif member.isreg() or member.islnk():  # a hard link becomes a copy
                source = file.extractfile(member)
                if source is None:
                    raise DataLossError(
                        f"The archive {archive} has a link {member.name!r} to nothing. Download it again."
                    )
                with source, target.open("wb") as sink:
                    budget.copy(member.name, source, sink)
                target.chmod(0o755 if member.mode & 0o100 else 0o644)
            else:
                raise UnsafeFileError(f"The archive {archive} has a device {member.name!r}. Nothing was unpacked.")


def _check_link(place: PurePosixPath, goal: str, archive: object) -> None:
    """Links may climb only at their start, and no higher than the folder: then what they cross cannot lead them out."""
    parts = PurePosixPath(goal).parts
    climbs = next((number for number, part in enumerate(parts) if part != ".."), len(parts))
    if PurePosixPath(goal).is_absolute() or ".." in parts[climbs:] or climbs > len(place.parts) - 1:
        raise UnsafeFileError(
            f"The archive {archive} has a link {str(place)!r} -> {goal!r}, out of it. Nothing was unpacked."
        )
