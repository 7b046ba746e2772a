"""Files that appear whole or not at all, whatever happens while they are written."""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from cornu._base.errors import InvalidArgumentError, NotFoundError


@contextlib.contextmanager
def replacing(path: str | os.PathLike, overwrite: bool = True) -> Iterator[Path]:
    """Give a temporary path in the same folder to write to; when the block ends well, it takes the place of `path`.

    The bytes are on the disk before the name changes, and the folder after it. If the block raises, `path` is as it was
    and the temporary file is gone. A symbolic link stays a link: what it points to is replaced.

    Raises: NotFoundError if the folder does not exist; InvalidArgumentError if `path` is a folder, or exists and
    `overwrite` is False.
    """
    target = Path(os.path.realpath(path))
    check_target(path, overwrite)
    temporary = target.with_name(f".{target.name[:200]}.{secrets.token_hex(6)}.tmp")
    try:
        with open(temporary, "xb"):  # claims the name, with the permissions of the user's umask
            if target.exists():
                os.chmod(temporary, target.stat().st_mode & 0o7777)
        yield temporary
        _sync(temporary)
        if overwrite:
            os.replace(temporary, target)
        else:
            _link_new(temporary, target)
        _sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def check_target(path: str | os.PathLike, overwrite: bool = True) -> None:
    """Refuse a path that cannot be written, before any work is done.

    Raises: NotFoundError if the folder does not exist; InvalidArgumentError if `path` is a folder, or exists and
    `overwrite` is False.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise NotFoundError(f"The folder {str(target.parent)!r} does not exist. Create it before saving to {path}.")
    if target.is_dir():
        raise InvalidArgumentError(f"Expected the path of a file to write; {path} is a folder. Add a file name.")
    if not overwrite and target.exists():
        raise _exists(path)


def write_bytes(path: str | os.PathLike, data: bytes, overwrite: bool = True) -> None:
    """Write `data` to `path`, whole or not at all. Raises: as `replacing`."""
    with replacing(path, overwrite) as temporary:
        temporary.write_bytes(data)


def copy_name(path: str | os.PathLike, other: str | os.PathLike) -> None:
    """Let `other` be what `path` is, whole or not at all: a second name of the same bytes, or a copy if there are no links."""
    path, other = Path(path), Path(other)
    temporary = other.with_name(f".{other.name[:200]}.{secrets.token_hex(6)}.tmp")
    try:
        try:
            os.link(path, temporary)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
                raise
            shutil.copyfile(path, temporary)
            _sync(temporary)
        os.replace(temporary, other)
        _sync_folder(other.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _exists(path: object) -> InvalidArgumentError:
    return InvalidArgumentError(f"The file {path} exists and overwrite=False. Pass overwrite=True or another name.")


def _link_new(temporary: Path, target: Path) -> None:
    """Give the finished file its name only if nobody else took it meanwhile."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise _exists(target) from None
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            raise
        if target.exists():  # the file system knows no hard links
            raise _exists(target) from None
        os.replace(temporary, target)


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot open folders
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(descriptor)
