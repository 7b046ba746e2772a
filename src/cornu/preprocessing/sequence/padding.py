"""Lists of different lengths as one array. Source: keras.utils.pad_sequences."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from cornu._base.errors import InvalidArgumentError


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: Literal["pre", "post"] = "pre",
    truncating: Literal["pre", "post"] = "pre",
    value: Any = 0.0,
) -> np.ndarray:
    """Each sequence cut or filled to the same length.

    Args: `maxlen`: default the longest; `padding`, `truncating`: at the start (`"pre"`) or the end (`"post"`);
    `value`: what fills.
    Shape: n lists of k items of shape s -> (n, maxlen, *s).
    Raises: InvalidArgumentError for other options, and for items that have no length or no common shape.
    Example:
        >>> pad_sequences([[1], [2, 3]])
        array([[0, 1],
               [2, 3]], dtype=int32)
    """
    if not hasattr(sequences, "__len__"):
        raise InvalidArgumentError("`sequences` must be iterable. Pass a list of lists.")
    for name, option in (("Padding", padding), ("Truncating", truncating)):
        if option not in {"pre", "post"}:
            raise InvalidArgumentError(f'{name} type "{option}" not understood. Expected "pre" or "post".')
    for item in sequences:
        if not hasattr(item, "__len__"):
            raise InvalidArgumentError(f"`sequences` must be a list of iterables. Found non-iterable: {item}")
    if maxlen is None:
        maxlen = max(map(len, sequences), default=0)
    shape = next((np.asarray(item).shape[1:] for item in sequences if len(item)), ())
    is_text = np.issubdtype(dtype, np.str_)
    if isinstance(value, str) and dtype is not object and dtype != "object" and not is_text:
        raise InvalidArgumentError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\nYou should set `dtype=object` for variable "
            "length strings."
        )
    found = np.full((len(sequences), maxlen, *shape), value, dtype)
    for row, item in zip(found, sequences):
        if not len(item):
            continue
        cut = np.asarray(item[max(0, len(item) - maxlen) :] if truncating == "pre" else item[:maxlen], dtype=dtype)
        if cut.shape[1:] != shape:
            raise InvalidArgumentError(
                f"Shape of sample {cut.shape[1:]} of sequence at position {len(cut)} is different from expected shape {shape}"
            )
        if padding == "post":
            row[: len(cut)] = cut
        else:
            row[maxlen - len(cut) :] = cut
    return found
