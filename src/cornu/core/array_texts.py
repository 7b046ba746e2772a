"""Values as TensorFlow prints them while a program runs: `[[0 1 ... 8 9]]`. Source: tf.print."""

from typing import Any

import numpy as np


def array_text(array: np.ndarray, summarize: int, depth: int = 0) -> str:
    """The values in brackets; of longer axes the first and last `summarize` (all for -1). `depth`: brackets around it."""
    if not array.ndim:
        return _number(array[()])
    size = len(array)
    rows: list[Any] = list(array)
    if summarize >= 0 and size > 2 * summarize:
        rows = [*array[:summarize], ..., *array[size - summarize :]]
    parts = ["..." if row is ... else array_text(np.asarray(row), summarize, depth + 1) for row in rows]
    between = " " if array.ndim == 1 else "\n" * (array.ndim - 1) + " " * (depth + 1)
    return "[" + between.join(parts) + "]"


def _number(value: Any) -> str:
    if isinstance(value, bytes):
        return f'"{value.decode("utf-8", "replace")}"'
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, np.complexfloating):
        return f"({_float(value.real)},{_float(value.imag)})"
    if value.dtype.kind in "fV":
        return _float(value)
    return str(value)


def _float(value: Any) -> str:
    """As few digits as C's %g needs for the value to come back: 6 or 9 of a float32, 15 or 17 of a float64."""
    if value.dtype == np.float64:
        few, many, kind = 15, 17, np.float64
    else:
        few, many, kind = 6, 9, np.float32
    number = kind(value)
    text = f"{float(number):.{few}g}"
    return text if kind(text) == number or np.isnan(number) else f"{float(number):.{many}g}"
