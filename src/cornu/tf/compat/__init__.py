"""`tf.compat`: conversions of text, and the two generations. Source: tf.compat."""

import numbers
import os
from typing import Any

import numpy as np

from cornu._base.errors import InvalidTypeError
from cornu._base.suggest import attribute_error

integral_types = (numbers.Integral, np.integer)
real_types = (numbers.Real, np.integer, np.floating)
complex_types = (numbers.Complex, np.number)
bytes_or_text_types = (bytes, str)

__getattr__ = attribute_error(__name__, {"v1": "cornu.tf.compat.v1", "v2": "cornu.tf"})


def as_bytes(bytes_or_text: Any, encoding: str = "utf-8") -> bytes:
    """Text as bytes. Raises: InvalidTypeError on something else."""
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes(bytes_or_text)
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    raise InvalidTypeError(f"Expected text or bytes; received {bytes_or_text!r:.60}.")


def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """Bytes as text. Raises: InvalidTypeError on something else."""
    return as_bytes(bytes_or_text, encoding).decode(encoding)


as_str = as_text


def as_str_any(value: Any, encoding: str = "utf-8") -> str:
    """Bytes as text, anything else as `str` has it."""
    return as_text(value, encoding) if isinstance(value, bytes) else str(value)


def path_to_str(path: Any) -> Any:
    """A path object as text."""
    return os.fspath(path) if hasattr(path, "__fspath__") else path


def path_to_bytes(path: Any) -> bytes:
    """A path object as bytes."""
    return as_bytes(path_to_str(path))


def dimension_value(dimension: Any) -> Any:
    """The size, which is a number or None."""
    return dimension


def dimension_at_index(shape: Any, index: int) -> Any:
    """A size of a shape."""
    return None if shape is None else shape[index]


def forward_compatible(year: int, month: int, day: int) -> bool:
    """True: files and scripts of all dates are treated alike."""
    return True
