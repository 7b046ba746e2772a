"""Files that appear whole or not at all, whatever happens while they are written."""

import contextlib
import errno
import functools
import hashlib
import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from cornu._base.errors import InvalidArgumentError, NotFoundError

_DAY = 86_400  # seconds; nothing is being written for that long


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
    collect_leftovers(target)
    temporary = temporary_name(target)
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


@contextlib.contextmanager
def scratch_folder(path: str | os.PathLike) -> Iterator[Path]:
    """A folder beside `path` for what goes into it, gone when the block ends."""
    folder = temporary_name(Path(os.path.realpath(path)))
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def temporary_name(target: Path) -> Path:
    """A name beside `target` that nobody has, and that says which process it belongs to."""
    return target.with_name(f".{target.name[:180]}.{_machine()}-{os.getpid()}-{secrets.token_hex(6)}.tmp")


def collect_leftovers(target: Path) -> None:
    """Delete what processes that were killed left beside `target` when they wrote it."""
    pattern = re.compile(rf"\.{re.escape(target.name[:180])}\.([0-9a-f]{{8}})-(\d+)-[0-9a-f]{{12}}\.tmp")
    with contextlib.suppress(OSError):  # another process may collect the same
        for left in os.scandir(target.parent):
            if (found := pattern.fullmatch(left.name)) and _is_left_over(left, found[1], int(found[2])):
                shutil.rmtree(left.path, ignore_errors=True) if left.is_dir() else os.unlink(left.path)


def _is_left_over(entry: os.DirEntry, machine: str, process: int) -> bool:
    if entry.is_symlink():
        return False
    if machine != _machine() or os.name != "posix":  # Windows would end the process that is asked for
        return time.time() - entry.stat().st_mtime > _DAY
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is another user's
        return False
    return False


@functools.cache
def _machine() -> str:
    """Eight letters for where process numbers mean what they mean here: machine, boot, container."""
    known = [platform.node()]
    with contextlib.suppress(OSError):
        known += [Path("/proc/sys/kernel/random/boot_id").read_text(), os.readlink("/proc/self/ns/pid")]
    return hashlib.sha256("/".join(known).encode()).hexdigest()[:8]


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
    collect_leftovers(other)
    temporary = temporary_name(other)
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
