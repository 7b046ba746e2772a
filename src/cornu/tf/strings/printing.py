"""Numbers as texts. Source: tf.strings.as_string, tf.strings.format."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import Tensor
from cornu.tf.host_values import host, tensor, text_array
from cornu.tf.strings.elementwise import on_values


@on_values
def as_string(input, precision=-1, scientific=False, shortest=False, width=-1, fill="", name=None):
    """Every entry as text, as C's printf writes it.

    Args:
        precision: digits after the point, default 6. scientific, shortest: printf's %e and %g in place of %f.
        width: the least number of characters. fill: "", " ", "0", "+" or "-": what stands before a number.
    Raises: InvalidArgumentError on options that do not go together or with the dtype. Source: tf.strings.as_string.
    """
    values = host(input)
    kind = "b" if values.dtype == bool else "O" if values.dtype == object else values.dtype.kind
    kind = "f" if kind == "V" else kind
    if scientific and shortest:
        raise InvalidArgumentError("Cannot select both scientific and shortest notation.")
    if len(fill) > 1:
        raise InvalidArgumentError(f"Fill string must be one or fewer characters; received {fill!r}.")
    if fill not in ("", " ", "0", "+", "-"):
        raise InvalidArgumentError(f"Fill argument not supported: {fill!r}. Use '', ' ', '0', '+' or '-'.")
    if precision >= 0 and kind not in "fc":
        raise InvalidArgumentError(f"precision not supported for datatype {values.dtype}.")
    size = str(int(width)) if width > -1 else ""
    if kind in "fc":
        digits = f".{int(precision)}" if precision > -1 else ""
        form = f"%{fill}{size}{digits}{'e' if scientific else 'g' if shortest else 'f'}"
    else:
        form = f"%{fill}{size}d"

    def text(value: Any) -> str:
        if kind == "c":
            return f"({form % value.real},{form % value.imag})"
        return form % (float(value) if kind == "f" else int(value))

    found = np.empty(values.shape, object)
    for index, value in np.ndenumerate(values):
        if kind == "O":
            found[index] = value
        else:
            found[index] = (b"true" if value else b"false") if kind == "b" else text(value).encode()
    return tensor(found)


def format(template, inputs, placeholder="{}", summarize=3, name=None):
    """A text with tensors printed in the places of `placeholder`.

    Args: summarize: how many entries at each end of an axis are printed, -1 for all.
    Raises: InvalidArgumentError unless there is a tensor for each place. Source: tf.strings.format.
    """
    given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    pieces = template.split(placeholder)
    if len(pieces) - 1 != len(given):
        raise InvalidArgumentError(
            f"The template expects {len(pieces) - 1} tensors, but the inputs has {len(given)}. Please ensure the number of "
            "placeholders in template matches inputs length."
        )
    texts = [_printed(value if isinstance(value, Tensor) else host(value), summarize) for value in given]
    return tensor(text_array("".join(part + text for part, text in zip(pieces, [*texts, ""]))))


def _printed(value: Any, summarize: int) -> str:
    array = host(value)
    most = array.size if summarize < 0 else max(int(summarize), 1)
    return _entries(array, most, 0)


def _entries(array: np.ndarray, most: int, depth: int) -> str:
    if not array.ndim:
        return _entry(array[()], array.dtype)
    count = len(array)
    shown = [*range(count)] if count <= 2 * most else [*range(most), None, *range(count - most, count)]
    parts = [
        "..." if i is None else _entries(array[i : i + 1].reshape(array.shape[1:]), most, depth + 1) for i in shown
    ]
    between = " " if array.ndim == 1 else "\n" * (array.ndim - 1) + " " * (depth + 1)
    return f"[{between.join(parts)}]"


def _entry(value: Any, dtype: np.dtype) -> str:
    if dtype.kind == "O":
        return f'"{value.decode("utf-8", "replace")}"'
    if dtype.kind in "fV":
        for digits in range(6, 18):
            text = f"{float(value):.{digits}g}"
            if dtype.type(float(text)) == value or value != value:
                return text
    return str(int(value)) if dtype.kind in "biu" else str(value)
