"""Nested dicts and lists of numbers, text and arrays in one file, which appears whole or not at all and runs no code."""

import json
import math
import os
from typing import Any

import ml_dtypes
import numpy as np

from cornu._base.errors import CornuError, DataLossError, InvalidTypeError
from cornu.io import archive
from cornu.io.atomic import replacing

_FORMAT = "cornu state 1"
_ARRAY = "__array__"  # {"__array__": [dtype, shape, first byte]} stands for an array
_PLAIN = (bool, int, float, str, type(None))


def write_state(path: str | os.PathLike, state: dict[str, Any]) -> None:
    """Write `state` to `path`, atomically. Tuples become lists.

    Raises: InvalidTypeError if it holds something else than dicts with text keys, lists, numbers, text, None and arrays.
    """
    parts: list[bytes] = []
    place = 0

    def plain(value: Any, where: str) -> Any:
        nonlocal place
        if isinstance(value, np.generic) and value.dtype.kind in "biufSU":
            value = value.item()
        if isinstance(value, _PLAIN):
            return value
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {key: plain(item, f"{where}[{key!r}]") for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
        if not hasattr(value, "__array__"):
            raise InvalidTypeError(
                f"Expected the state as dicts with text keys, lists, numbers, text, None and arrays; received {where} of "
                f"type {type(value).__name__}. Give what it is made of."
            )
        array = np.asarray(value)
        if array.dtype.kind in "OUS":
            return plain(array.tolist(), where)
        parts.append(np.ascontiguousarray(array).tobytes())
        first, place = place, place + array.nbytes
        return {_ARRAY: [array.dtype.name, list(array.shape), first]}

    tree = {"format": _FORMAT, "state": plain(state, "state")}
    with replacing(path) as temporary, open(temporary, "wb") as file:
        members = (("state.json", json.dumps(tree).encode()), ("arrays", b"".join(parts)))
        archive.write_archive(file, members)


def read_state(path: str | os.PathLike) -> dict[str, Any]:
    """What `write_state` wrote; checksums are verified.

    Raises: NotFoundError if there is no file; DataLossError, UnsafeFileError if it is damaged or something else.
    """
    try:
        with archive.Archive(path) as members:
            tree = json.loads(members.read("state.json"))
            with members.open("arrays") as file:
                data = file.read()
        if tree["format"] != _FORMAT:
            raise DataLossError(f"{path} has the format {tree['format']!r}; expected {_FORMAT!r}.")
        left = [len(data)]
        return _restored(tree["state"], data, left)
    except (CornuError, FileNotFoundError):
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, OSError) as error:
        raise DataLossError(f"{path} is damaged ({error}). Delete it.") from error


def _restored(value: Any, data: bytes, left: list[int]) -> Any:
    """The state with its arrays. Args: left: how many bytes may still be taken: every array has its own."""
    if isinstance(value, list):
        return [_restored(item, data, left) for item in value]
    if not isinstance(value, dict):
        return value
    if _ARRAY not in value:
        return {key: _restored(item, data, left) for key, item in value.items()}
    name, shape, first = value[_ARRAY]
    dtype = np.dtype(getattr(ml_dtypes, name, None) or name)
    if not all(isinstance(n, int) and n >= 0 for n in (first, *shape)):  # "long text" * 10**9 would be taken for a size
        raise ValueError(f"an array claims shape {shape} at byte {first}")
    count = math.prod(shape)
    if dtype.hasobject or first + count * dtype.itemsize > len(data):
        raise ValueError(f"an array claims shape {shape} at byte {first} of {len(data)}")
    left[0] -= count * dtype.itemsize
    if left[0] < 0:
        raise ValueError(f"its arrays claim more than the {len(data)} bytes that are there")
    return np.frombuffer(data, dtype, count, first).reshape(shape).copy()
