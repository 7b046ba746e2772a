"""Arrays out of pickles and `.npz` files that hold pickles, without running anything that the file names.

A pickle is a program. Here its names for NumPy's constructors lead to inert records, every other name is refused, and arrays are
made from the records afterwards, by this module.
"""

import io
import math
import os
import pickle
import re
import struct
from collections.abc import Callable
from typing import IO, Any, Literal

import numpy as np

from cornu._base.errors import CornuError, DataLossError, NotFoundError, UnsafeFileError
from cornu.io.archive import Archive, Budget
from cornu.io.pickle_check import check_pickle

_PLAIN_KINDS = "biufcSU"
_BUDGET = Budget(members=10_000, text=1 << 33)
_LONGEST_HEADER = 1 << 16  # bytes
_HEADER = re.compile(
    rb"\{'descr': '([<>|=]?[A-Za-z?]\d{0,10})', 'fortran_order': (True|False), 'shape': \(((?:\d{1,19}L?,? ?){0,64})\),? \}\s*"
)


class _Constructor:
    """What a pickle may call. It cannot be changed from within a pickle, as functions and classes can."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[..., Any]):
        self._make = make

    def __call__(self, *arguments: Any) -> Any:
        return self._make(*arguments)

    def __setstate__(self, state: Any) -> None:
        raise UnsafeFileError("Expected a file of arrays; it changes the program that reads it. It was not loaded.")


class _DtypeRecord:
    """What a pickle says about a dtype."""

    def __init__(self, code: Any, *_: Any):
        self.code, self.order = code, "|"

    def __setstate__(self, state: Any) -> None:
        if not isinstance(state, tuple) or len(state) < 5 or state[2:5] != (None, None, None):
            raise UnsafeFileError("Expected arrays of plain numbers or text; the file holds a structured dtype.")
        self.order = _text(state[1])

    def dtype(self) -> np.dtype:
        """The dtype, if it is one of plain values or of Python objects."""
        try:
            found = np.dtype(_text(self.code))
        except (TypeError, ValueError):
            raise DataLossError(f"Expected the name of a dtype; the file says {self.code!r}.") from None
        if found.kind not in _PLAIN_KINDS + "O" or self.order not in {"<", ">", "=", "|"}:
            raise UnsafeFileError(f"Expected arrays of numbers, text or lists; the file holds dtype {found}.")
        return found if self.order == "|" else found.newbyteorder(self.order)  # type: ignore[arg-type]


class _ArrayRecord:
    """What a pickle says about an array."""

    shape, record, fortran, content = (0,), _DtypeRecord("u1"), False, b""

    def __setstate__(self, state: Any) -> None:
        if not isinstance(state, tuple) or len(state) != 5 or not isinstance(state[2], _DtypeRecord):
            raise DataLossError("Expected the state of an array (version, shape, dtype, order, content).")
        _, self.shape, self.record, self.fortran, self.content = state

    def array(self) -> np.ndarray:
        """The array."""
        dtype = self.record.dtype()
        order = "F" if self.fortran else "C"
        try:
            if dtype.kind == "O":
                found = np.empty(len(self.content), object)
                for place, item in enumerate(self.content):
                    found[place] = item.array() if isinstance(item, _ArrayRecord) else item
                return found.reshape(self.shape, order=order)
            content = self.content.encode("latin1") if isinstance(self.content, str) else bytes(self.content)
            return np.frombuffer(content, dtype).reshape(self.shape, order=order).copy(order)
        except (TypeError, ValueError, UnicodeEncodeError) as error:
            raise DataLossError(f"Expected {self.shape} values of {dtype}; the content differs ({error}).") from None


class _ScalarRecord:
    """What a pickle says about a NumPy number."""

    def __init__(self, record: Any = None, content: Any = b""):
        self._record, self._content = record, content

    def __setstate__(self, state: Any) -> None:
        raise DataLossError("Expected a number; the file gives it a state.")

    def scalar(self) -> Any:
        """The number."""
        array = _ArrayRecord()
        array.__setstate__((1, (), self._record, False, self._content))
        return array.array()[()]


def _array_record(*_: Any) -> _ArrayRecord:
    return _ArrayRecord()


def _from_buffer(content: Any, record: Any, shape: Any, order: str) -> _ArrayRecord:
    """Protocol 5 keeps the content apart from the rest."""
    found = _ArrayRecord()
    found.__setstate__((1, shape, record, order == "F", content))
    return found


def _encode(text: str, encoding: str) -> bytes:
    """How pickles before protocol 3 write bytes."""
    return text.encode("latin1" if encoding == "latin1" else "utf-8")


def _text(value: Any) -> str:
    return value.decode("latin1") if isinstance(value, bytes) else str(value)


_CONSTRUCTORS: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "dtype"): _DtypeRecord,
    ("numpy", "ndarray"): _array_record,
    ("_codecs", "encode"): _encode,
}
for _package in ("numpy.core", "numpy._core"):
    _CONSTRUCTORS[f"{_package}.multiarray", "_reconstruct"] = _array_record
    _CONSTRUCTORS[f"{_package}.multiarray", "scalar"] = _ScalarRecord
    _CONSTRUCTORS[f"{_package}.numeric", "_frombuffer"] = _from_buffer
_ADMITTED = {name: _Constructor(make) for name, make in _CONSTRUCTORS.items()}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """The record for one of NumPy's constructors; anything else is refused."""
        if (module, name) not in _ADMITTED:
            raise UnsafeFileError(
                f"Expected a file of arrays; it names {module}.{name}, which could run code. It was not loaded. "
                "Get the file from its original source."
            )
        return _ADMITTED[module, name]

    def persistent_load(self, pid: Any) -> Any:
        raise UnsafeFileError("Expected a file of arrays; it refers to objects outside of itself. It was not loaded.")


def load_pickle(file: IO[bytes], encoding: str = "ASCII") -> Any:
    """Read a pickle of arrays, numbers, text, bytes, lists, tuples and dicts.

    Args:
        encoding: how text of Python 2 is read; `"bytes"` keeps it as bytes.
    Raises: UnsafeFileError if the file names anything else; DataLossError if it is damaged.
    """
    data = file.read()
    check_pickle(data)
    try:
        return _Finish(len(data))(_Unpickler(io.BytesIO(data), encoding=encoding).load())
    except CornuError:
        raise
    except Exception as error:  # damaged pickles raise nearly anything
        raise DataLossError(f"The pickle is damaged: {error}. Get the file again from its source.") from None


class _Finish:
    """Records as what they stand for. Lists of numbers, which may be millions, are not looked into.

    A pickle may hold one object in a thousand places: it is made once. Arrays may share their bytes in the file, but not here:
    together they may take `size` bytes.
    """

    def __init__(self, size: int):
        self._left, self._done = size, {}

    def __call__(self, value: Any) -> Any:
        if not _is_unfinished(value) or (isinstance(value, (list, tuple)) and not any(map(_is_unfinished, value))):
            return value
        if id(value) not in self._done:
            self._done[id(value)] = self._made(value)
        return self._done[id(value)]

    def _made(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self, value))
        if isinstance(value, _DtypeRecord):
            return value.dtype()
        made = value.array() if isinstance(value, _ArrayRecord) else value.scalar()
        self._left -= made.nbytes if made.dtype.kind != "O" else 0
        if self._left < 0:
            raise DataLossError("Its arrays claim more bytes than the file has.")
        return made


def _is_unfinished(value: Any) -> bool:
    return isinstance(value, (_ArrayRecord, _DtypeRecord, _ScalarRecord, dict, list, tuple))


def load_npz(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Every array of an `.npz` file. Arrays of Python lists are read by the restricted unpickler.

    Raises: NotFoundError if there is no such file; DataLossError if it is damaged; UnsafeFileError if it asks for code.
    """
    try:
        with Archive(path, _BUDGET) as archive:
            names = [name for name in archive if name.endswith(".npy")]
            return {name[:-4]: _read_npy(archive.read(name), f"{path}:{name}") for name in names}
    except FileNotFoundError:
        raise NotFoundError(f"Expected an .npz file at {path}; there is none.") from None


def describe_npz(path: str | os.PathLike) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
    """Shape and dtype of every array of an `.npz` file, without their values. Raises: as `load_npz`."""
    found = {}
    with Archive(path, _BUDGET) as archive:
        for name in (name for name in archive if name.endswith(".npy")):
            with archive.open(name) as file:
                try:
                    shape, _, dtype, _ = _read_header(file.read(_LONGEST_HEADER))
                except (ValueError, TypeError, struct.error) as error:
                    raise DataLossError(f"{path}:{name} is no array: {error}. Get the file again.") from None
            found[name[:-4]] = (shape, dtype)
    return found


def _read_npy(content: bytes, label: str) -> np.ndarray:
    try:
        shape, order, dtype, start = _read_header(content)
        if dtype.kind != "O":
            left, count = len(content) - start, math.prod(shape)
            if count * dtype.itemsize > left or dtype.kind not in _PLAIN_KINDS or not dtype.itemsize:
                raise ValueError(f"it claims shape {shape} of {dtype} in {left} bytes")
            return np.frombuffer(content, dtype, count, start).reshape(shape, order=order).copy("K")
    except (ValueError, TypeError, OverflowError, struct.error) as error:
        raise DataLossError(f"{label} is not a whole array: {error}. Get the file again from its source.") from None
    found = load_pickle(io.BytesIO(content[start:]))
    if not isinstance(found, np.ndarray) or found.shape != shape:
        raise DataLossError(f"{label}: expected an array of shape {shape}. Get the file again from its source.")
    return found


def _read_header(content: bytes) -> tuple[tuple[int, ...], Literal["C", "F"], np.dtype, int]:
    """Shape, order, dtype, and where the values begin. The header is Python text, which is not evaluated.

    Raises: ValueError if it is another text than that of an array of numbers, text or objects.
    """
    if content[:6] != b"\x93NUMPY" or content[6:7] not in (b"\1", b"\2", b"\3"):
        raise ValueError(f"it begins with {content[:8]!r}")
    form = "<H" if content[6:7] == b"\1" else "<I"
    start = 8 + struct.calcsize(form)
    end = start + struct.unpack_from(form, content, 8)[0]
    header = _HEADER.fullmatch(content[start:end])
    if end > len(content) or header is None:
        raise ValueError(f"its header is {content[start : min(end, start + 100)]!r}")
    shape = tuple(int(size) for size in re.findall(rb"\d+", header[3]))
    return shape, "F" if header[2] == b"True" else "C", np.dtype(header[1].decode("latin1")), end
