"""Arrays out of pickles and `.npz` files that hold pickles, without running anything that the file names.

A pickle is a program. Here its names for NumPy's constructors lead to inert records, every other name is refused, and arrays are
made from the records afterwards, by this module.
"""

import io
import os
import pickle
import zipfile
from typing import IO, Any

import numpy as np

from cornu._base.errors import DataLossError, NotFoundError, UnsafeFileError

_PLAIN_KINDS = "biufcSU"


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


_ADMITTED = {("numpy", "dtype"): _DtypeRecord, ("numpy", "ndarray"): _ArrayRecord, ("_codecs", "encode"): _encode}
for _package in ("numpy.core", "numpy._core"):
    _ADMITTED[f"{_package}.multiarray", "_reconstruct"] = _array_record
    _ADMITTED[f"{_package}.multiarray", "scalar"] = _ScalarRecord
    _ADMITTED[f"{_package}.numeric", "_frombuffer"] = _from_buffer


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
    try:
        return _finish(_Unpickler(file, encoding=encoding).load())
    except (UnsafeFileError, DataLossError):
        raise
    except Exception as error:  # damaged pickles raise nearly anything
        raise DataLossError(f"The pickle is damaged: {error}. Get the file again from its source.") from None


def _finish(value: Any) -> Any:
    """Records as what they stand for. Lists of numbers, which may be millions, are not looked into."""
    if isinstance(value, _ArrayRecord):
        return value.array()
    if isinstance(value, _DtypeRecord):
        return value.dtype()
    if isinstance(value, _ScalarRecord):
        return value.scalar()
    if isinstance(value, dict):
        return {key: _finish(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and any(map(_is_unfinished, value)):
        return type(value)(map(_finish, value))
    return value


def _is_unfinished(value: Any) -> bool:
    return isinstance(value, (_ArrayRecord, _DtypeRecord, _ScalarRecord, dict, list, tuple))


def load_npz(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Every array of an `.npz` file. Arrays of Python lists are read by the restricted unpickler.

    Raises: NotFoundError if there is no such file; DataLossError if it is damaged; UnsafeFileError if it asks for code.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            return {name[:-4]: _read_npy(archive.read(name), f"{path}:{name}") for name in names}
    except FileNotFoundError:
        raise NotFoundError(f"Expected an .npz file at {path}; there is none.") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise DataLossError(f"{path} is not a whole .npz file: {error}. Delete it and load it again.") from None


def _read_npy(content: bytes, label: str) -> np.ndarray:
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(file)
        if dtype.kind != "O":
            file.seek(0)
            return np.lib.format.read_array(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataLossError(f"{label} is not a whole array: {error}. Get the file again from its source.") from None
    found = load_pickle(file)
    if not isinstance(found, np.ndarray) or found.shape != shape:
        raise DataLossError(f"{label}: expected an array of shape {shape}. Get the file again from its source.")
    return found
