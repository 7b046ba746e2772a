"""Files and folders. Source: tf.io.gfile (local paths; a leading `file://` is taken off)."""

import glob as patterns
import os
import shutil
from collections.abc import Iterator
from typing import Any, NamedTuple

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, NotFoundError
from cornu._base.suggest import attribute_error
from cornu.io.atomic import replacing
from cornu.tf.host_values import text_of


class FileStatistics(NamedTuple):
    length: int
    mtime_nsec: int
    is_directory: bool


def _path(path: Any) -> str:
    found = os.fsdecode(path if isinstance(path, os.PathLike) else text_of(path, "path"))
    return found.removeprefix("file://")


def _missing(path: str) -> NotFoundError:
    return NotFoundError(f"{path}; No such file or directory. Check the path.")


class GFile:
    """A file as Python's `open` gives it; text in UTF-8 unless the mode has "b". Source: tf.io.gfile.GFile.

    Args: mode: r, w, a, r+, w+ or a+, each with or without b. It is opened when it is first used.
    Raises: InvalidArgumentError on other modes; NotFoundError when a file that is read does not exist.
    """

    def __init__(self, name: Any, mode: str = "r"):
        if mode.replace("b", "").replace("+", "") not in ("r", "w", "a"):
            raise InvalidArgumentError(f"Expected the mode r, w or a, with or without + and b; received {mode!r}.")
        self._name, self._mode, self._opened = name, mode, None

    @property
    def name(self) -> Any:
        """The name it was made with."""
        return self._name

    @property
    def mode(self) -> str:
        """The mode it was made with."""
        return self._mode

    @property
    def _file(self) -> Any:
        if self._opened is None:
            path = _path(self._name)
            try:
                self._opened = open(path, self._mode, encoding=None if "b" in self._mode else "utf-8")  # noqa: SIM115
            except FileNotFoundError:
                raise _missing(path) from None
            except IsADirectoryError:
                raise FailedPreconditionError(f"{path}; Is a directory. Expected the path of a file.") from None
        return self._opened

    def read(self, n: int = -1) -> Any:
        """Up to `n` characters (bytes in mode "b"), or all that is left."""
        return self._file.read(n)

    def readline(self) -> Any:
        """The next line with its end; empty at the end of the file."""
        return self._file.readline()

    def readlines(self) -> list[Any]:
        """All lines that are left."""
        return self._file.readlines()

    def write(self, file_content: Any) -> None:
        """Add to the file."""
        content = file_content
        if "b" in self._mode and isinstance(content, str):
            content = content.encode()
        elif "b" not in self._mode and isinstance(content, bytes):
            content = content.decode()
        self._file.write(content)

    def seek(self, offset: int | None = None, whence: int = 0) -> None:
        """Go to a place in the file."""
        if offset is None:
            raise InvalidArgumentError("seek: expected an offset; received None.")
        self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._file.tell()

    def size(self) -> int:
        """How many bytes the file has."""
        if self._opened is not None and self._opened.writable():
            self._opened.flush()
        return stat(self._name).length

    def seekable(self) -> bool:
        """True."""
        return True

    def flush(self) -> None:
        """Hand what was written to the system."""
        if self._opened is not None:
            self._opened.flush()

    def close(self) -> None:
        """Close the file; an empty one is made if nothing was written."""
        if self._opened is None and self._mode[0] in "wa":
            self._file.flush()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def __next__(self) -> Any:
        return next(self._file)

    next = __next__

    def __enter__(self) -> "GFile":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def exists(path):
    """Whether there is a file or folder of that name."""
    return os.path.exists(_path(path))


def isdir(path):
    """Whether there is a folder of that name."""
    return os.path.isdir(_path(path))


def glob(pattern):
    """Paths that match a pattern, or any of a list of them, sorted."""
    several = pattern if isinstance(pattern, (list, tuple)) else [pattern]
    return sorted(found for one in several for found in patterns.glob(_path(one)))


def listdir(path):
    """The names of what lies in a folder, sorted. Raises: NotFoundError."""
    path = _path(path)
    if not os.path.isdir(path):
        raise NotFoundError(f"Could not find directory {path}.")
    return sorted(os.listdir(path))


def makedirs(path):
    """Make a folder and those above it, as far as they are missing."""
    try:
        os.makedirs(_path(path), exist_ok=True)
    except OSError as error:
        raise FailedPreconditionError(f"{_path(path)} cannot be made: {error.strerror}. Check the path.") from None


def mkdir(path):
    """Make a folder. Raises: NotFoundError without the folder above; FailedPreconditionError if it exists."""
    path = _path(path)
    try:
        os.mkdir(path)
    except FileNotFoundError:
        raise _missing(path) from None
    except FileExistsError:
        raise FailedPreconditionError(f"{path}; File exists. Use makedirs if that is fine.") from None


def remove(path):
    """Take a file away. Raises: NotFoundError."""
    path = _path(path)
    try:
        os.remove(path)
    except FileNotFoundError:
        raise _missing(path) from None


def rmtree(path):
    """Take a folder away with all that lies in it. Raises: NotFoundError."""
    path = _path(path)
    if not os.path.isdir(path):
        raise _missing(path)
    shutil.rmtree(path)


def copy(src, dst, overwrite=False):
    """Copy a file, whole or not at all. Raises: NotFoundError; InvalidArgumentError if `dst` exists."""
    source = _path(src)
    if not os.path.isfile(source):
        raise _missing(source)
    with replacing(_path(dst), overwrite) as temporary:
        shutil.copyfile(source, temporary)


def rename(src, dst, overwrite=False):
    """Give a file or folder another name. Raises: NotFoundError; FailedPreconditionError if `dst` exists."""
    source, target = _path(src), _path(dst)
    if not os.path.exists(source):
        raise _missing(source)
    if os.path.exists(target) and not overwrite:
        raise FailedPreconditionError(f"{target}; File exists. Pass overwrite=True or another name.")
    os.replace(source, target)


def stat(path):
    """Length in bytes, time of the last change in nanoseconds, and whether it is a folder. Raises: NotFoundError."""
    path = _path(path)
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise _missing(path) from None
    return FileStatistics(found.st_size, found.st_mtime_ns, os.path.isdir(path))


def walk(top, topdown=True, onerror=None):
    """(folder, names of folders, names of files) for a folder and all below it, sorted."""
    for folder, folders, files in os.walk(_path(top), topdown, onerror):
        folders.sort()
        yield folder, folders, sorted(files)


def join(path, *paths):
    """Parts of a path put together."""
    return os.path.join(_path(path), *map(_path, paths))


def get_registered_schemes():
    """The kinds of paths that are known: local ones."""
    return ["", "file"]


__getattr__ = attribute_error(__name__)
