"""Unpacking archives that strangers made: nothing lands outside the folder, whatever the names inside say."""

import os
import secrets
import shutil
import stat
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

from cornu._base.errors import DataLossError, InvalidArgumentError, UnsafeFileError

FORMATS = ("tar", "zip")


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
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.tmp")
    temporary.mkdir()
    try:
        (_extract_zip if found == "zip" else _extract_tar)(archive, temporary)
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        os.replace(temporary, folder)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # a full disk is no fault of the archive
            raise
        raise DataLossError(f"The archive {archive} is damaged: {error}. Delete it and download it again.") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _place(name: str, archive: object) -> PurePosixPath:
    """The path inside the folder for a member's name."""
    path = PurePosixPath(name)
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


def _extract_zip(archive: str | os.PathLike, folder: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            target = folder / _place(member.filename, archive)
            if stat.S_ISLNK(member.external_attr >> 16):
                raise UnsafeFileError(f"The archive {archive} has a link {member.filename!r}. Nothing was unpacked.")
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)


def _extract_tar(archive: str | os.PathLike, folder: Path) -> None:
    links: set[PurePosixPath] = set()
    with tarfile.open(archive) as file:
        for member in file:
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
                    shutil.copyfileobj(source, sink)
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
