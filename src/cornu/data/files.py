"""Steps that read files."""

import fnmatch
import glob
import os
from collections.abc import Callable, Iterator
from typing import Any

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.data.batching import positive
from cornu.data.nest import flatten
from cornu.data.records import compression, open_file, read_records
from cornu.data.spec import TensorSpec
from cornu.data.step import UNKNOWN, Step
from cornu.data.values import is_dataset, to_host


def path_list(names: Any) -> list[str]:
    """Paths from one path, a list, or a tensor of text."""
    if isinstance(names, os.PathLike):
        names = os.fspath(names)
    if isinstance(names, (list, tuple)):
        names = [os.fspath(name) if isinstance(name, os.PathLike) else name for name in names]
    found = to_host(names)
    found = [found] if isinstance(found, bytes) else found.reshape(-1).tolist()
    for name in found:
        if not isinstance(name, bytes):
            raise InvalidArgumentError(f"Expected file names as text; received {name!r}.")
    return [name.decode() for name in found]


class Files(Step):
    """The records of files, one file after the other; `read(path)` makes them. The names may come from a dataset."""

    def __init__(self, names: Any, read: Callable[[str], Iterator[Any]], title: str, printed: str):
        self.title, self.printed, self._read = title, printed, read
        if is_dataset(names):
            self.inputs = (names._step,)
            self._names = None
        else:
            self._names = path_list(names)

    def spec(self) -> Any:
        """Text."""
        return TensorSpec((), "string")

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        for name in self._paths():
            yield from self._read(name)

    def _paths(self) -> Iterator[str]:
        if self._names is not None:
            yield from self._names
            return
        for element in self.inputs[0].elements():
            for part in flatten(element):
                yield from path_list(part)


def lines(kind: Any) -> Callable[[str], Iterator[bytes]]:
    """A function that gives the lines of a file, without their ends."""
    kind = compression(kind)

    def read(path: str) -> Iterator[bytes]:
        with open_file(path, kind) as file:
            for line in file:
                yield line.rstrip(b"\n").removesuffix(b"\r")

    return read


def tf_records(kind: Any) -> Callable[[str], Iterator[bytes]]:
    """A function that gives the records of a TFRecord file."""
    kind = compression(kind)
    return lambda path: read_records(path, kind)


def fixed_length(size: Any, header: Any, footer: Any, kind: Any) -> Callable[[str], Iterator[bytes]]:
    """A function that gives the records of a file, all of `size` bytes."""
    size, kind = positive("record_bytes", size), compression(kind)
    header, footer = int(header or 0), int(footer or 0)

    def read(path: str) -> Iterator[bytes]:
        with open_file(path, kind) as file:
            body = file.read()
        body = body[header : len(body) - footer]
        if len(body) % size:
            raise DataLossError(
                f"Expected {path!r} to hold records of {size} bytes between {header} and {footer} bytes of header and "
                f"footer; {len(body) % size} bytes are left over."
            )
        for start in range(0, len(body), size):
            yield body[start : start + size]

    return read


def matching(patterns: Any) -> list[bytes]:
    """The files that match shell patterns, sorted; hidden files only where the pattern begins with a dot.

    Raises: NotFoundError if there is none.
    """
    names = path_list(patterns)
    found = sorted({path for name in names for path in glob.glob(name) if _is_meant(path, name)})
    if not found:
        raise NotFoundError(f"Expected files that match {', '.join(map(repr, names))}; there are none.")
    return [path.encode() for path in found]


def _is_meant(path: str, pattern: str) -> bool:
    return fnmatch.fnmatch(os.path.basename(path), os.path.basename(pattern)) or path == pattern
