"""Between tensors and what lies on the host: text as bytes, numbers as NumPy arrays. What is computed from text runs here."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidTypeError
from cornu.core.tensor import Tensor, convert_to_tensor, host_array


def host(x: Any) -> np.ndarray:
    """The values of anything tensor-like as a NumPy array that must not be written to; text is bytes.

    Raises: TracedValueError inside compiled functions, which then run eagerly.
    """
    if isinstance(x, Tensor):
        return x.host()
    if isinstance(x, (bytes, str)):
        return text_array(x)
    if isinstance(x, (list, tuple)) and any(isinstance(item, Tensor) for item in x):
        return np.stack([host(item) for item in x])
    if hasattr(x, "__array__") or isinstance(x, (list, tuple, bool, int, float, complex, np.generic)):
        return host_array(np.asarray(x) if hasattr(x, "__array__") else x)
    return np.asarray(convert_to_tensor(x))


def text_array(x: Any) -> np.ndarray:
    """Text as a NumPy object array of bytes. Raises: InvalidTypeError on numbers."""
    if isinstance(x, (bytes, str)):
        found = np.empty((), object)
        found[()] = x.encode() if isinstance(x, str) else x
        return found
    array = host(x)
    if array.dtype == object or array.size == 0:
        return array.astype(object)
    raise InvalidTypeError(
        f"Expected text; received a tensor of dtype {array.dtype.name} and shape {array.shape}. Use tf.strings.as_string."
    )


def text_of(x: Any, what: str = "value") -> bytes:
    """A single text as bytes. Raises: InvalidTypeError on anything else."""
    array = text_array(x)
    if array.ndim:
        raise InvalidTypeError(f"Expected {what} as one text; received a tensor of shape {array.shape}.")
    return array.item()


def tensor(array: Any) -> Tensor:
    """A host array as a tensor; the device gets it when it is first used."""
    array = text_array(array) if isinstance(array, bytes) else np.asarray(array)
    return Tensor(array) if array.dtype == object else Tensor.on_host(array)


def each(function: Callable[[bytes], Any], x: Any, dtype: Any = object) -> Tensor:
    """A tensor with what `function` makes of every text. Shape: that of `x`."""
    texts = text_array(x)
    found = np.empty(texts.shape, dtype)
    for index, text in np.ndenumerate(texts):
        found[index] = function(text)
    return tensor(found)
