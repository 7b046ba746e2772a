"""Bins of things by their hashes, the same in every program: FarmHash64, or SipHash with a salt."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.io.hashing import farmhash64, siphash

Salt = tuple[int, int]

_MASK = (1 << 64) - 1
_MULTIPLIER = 0xC6A4A7935BD1E995
_CROSS_KEY = 0xDECAFCAFFE


def salt_of(value: Any) -> list[int] | None:
    """None, or the two integers of a salt; one integer is taken twice. Raises: InvalidArgumentError otherwise."""
    if value is None:
        return None
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return [int(value), int(value)]
    if isinstance(value, (list, tuple)) and len(value) == 2 and all(isinstance(v, (int, np.integer)) for v in value):
        return [int(part) for part in value]
    raise InvalidArgumentError(f"Expected salt as an integer or two of them; received {value!r}.")


def hash_function(salt: list[int] | None) -> Callable[[bytes], int]:
    """The hash of bytes for a salt or none."""
    if salt is None:
        return farmhash64
    return lambda data: siphash(data, (salt[0], salt[1]))


def as_bytes(array: np.ndarray) -> list[bytes]:
    """Every entry as the text that is hashed: numbers as they are printed, floats with six digits."""
    flat = array.reshape(-1).tolist()
    if array.dtype == object:
        return [item.encode() if isinstance(item, str) else item for item in flat]
    if array.dtype.kind == "b":
        return [b"true" if item else b"false" for item in flat]
    if array.dtype.kind == "f":
        return [b"%f" % item for item in flat]
    return [b"%d" % item for item in flat]


def bins_of(array: np.ndarray, count: int, salt: list[int] | None = None) -> np.ndarray:
    """The bin of every entry, from 0 to `count - 1`. Shape: any -> the same, int64."""
    function = hash_function(salt)
    known: dict[bytes, int] = {}
    texts = as_bytes(array)
    for text in texts:
        if text not in known:
            known[text] = function(text) % count
    return np.array([known[text] for text in texts], np.int64).reshape(array.shape)


def crossed_bins(columns: list[np.ndarray], count: int) -> np.ndarray:
    """The bin of every combination of entries of columns of one shape. Source: tf.sparse.cross_hashed."""
    hashes = [_fingerprints(column) for column in columns]
    found = np.empty(len(hashes[0]), np.int64)
    for row, parts in enumerate(zip(*hashes, strict=True)):
        combined = _CROSS_KEY
        for part in parts:
            combined = _joined(combined, part)
        found[row] = combined % count
    return found.reshape(columns[0].shape)


def _fingerprints(column: np.ndarray) -> list[int]:
    if column.dtype == object:
        return [farmhash64(text) for text in as_bytes(column)]
    return [number & _MASK for number in column.reshape(-1).tolist()]


def _joined(first: int, second: int) -> int:
    """One fingerprint of two, in this order. Source: FarmHash's FingerprintCat64."""
    mixed = second * _MULTIPLIER & _MASK
    joined = first ^ _MULTIPLIER ^ ((mixed ^ mixed >> 47) * _MULTIPLIER & _MASK)
    joined = joined * _MULTIPLIER & _MASK
    joined = (joined ^ joined >> 47) * _MULTIPLIER & _MASK
    return joined ^ joined >> 47
