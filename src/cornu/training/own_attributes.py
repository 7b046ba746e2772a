"""What an object of the user changes about itself: the plain values among its attributes."""

import hashlib
import json
from typing import Any

import numpy as np

_NUMBERS = (bool, int, float)
_LARGEST = 2**26  # bytes of an attribute that is looked at
_ORDER = 2**23  # bytes of a vector of integers that is always kept


class OwnAttributes:
    """Watches the attributes of `owner` that are numbers, text, arrays, or lists and dicts of them.

    A data set that shuffles its list of files in `on_epoch_end`, or counts its batches, goes on in another process from
    where it was if these are put back. Only what differs from the beginning is kept, so that the data itself is not, and
    vectors of integers, which are orders of rows: they may have been shuffled before anybody watched.
    """

    def __init__(self, owner: Any):
        self._owner = owner
        self._at_first = {name: _digest(value) for name, value in vars(owner).items()}
        self._numbers = {name: value for name, value in vars(owner).items() if type(value) in _NUMBERS}
        self._noted: dict[str, Any] = {}
        self.note()

    def note(self) -> None:
        """Keep what has changed since the beginning, as it is at this moment."""
        self._noted = {
            name: _copy(value)
            for name, value in vars(self._owner).items()
            if _is_order(value) or ((digest := _digest(value)) is not None and digest != self._at_first.get(name))
        }

    def state(self) -> dict[str, Any]:
        """What was noted, and the numbers of this moment."""
        counters = {
            name: value
            for name, value in vars(self._owner).items()
            if type(value) in _NUMBERS and (name in self._noted or value != self._numbers.get(name))
        }
        return {**self._noted, **counters}

    def restore(self, state: dict[str, Any]) -> None:
        """Put the attributes back."""
        for name, value in state.items():
            setattr(self._owner, name, _copy(value))
        self._noted = {name: value for name, value in state.items() if type(value) not in _NUMBERS}


def _is_order(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "iu" and value.nbytes <= _ORDER


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, (np.ndarray, list, dict)) else value


def _digest(value: Any) -> str | None:
    """A fingerprint of a plain value; None for anything else."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc" and value.nbytes <= _LARGEST:
        head = f"{value.dtype}{value.shape}".encode()
        return hashlib.blake2b(head + np.ascontiguousarray(value).tobytes()).hexdigest()
    return hashlib.blake2b(json.dumps(value).encode()).hexdigest() if _is_plain(value) else None


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    return value is None or isinstance(value, (*_NUMBERS, str))
