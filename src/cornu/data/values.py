"""Between what users see (tensors) and what runs through a pipeline (NumPy arrays and scalars, bytes, None, datasets)."""

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.tensor import HostTensor, Tensor, host_array, is_tensor
from cornu.data.composite import is_composite
from cornu.data.nest import map_nest

_OBJECT = np.dtype(object)  # the only one of its kind


def is_dataset(value: Any) -> bool:
    """True for datasets, which may be parts of elements."""
    return hasattr(value, "_step") and hasattr(value, "element_spec")


def to_tensor(value: Any) -> Any:
    """A host value as a tensor, put on the device when it is first used there; datasets and None as they are."""
    if isinstance(value, (np.ndarray, np.generic)):
        return Tensor.on_host(value) if value.dtype.char != "O" else Tensor(np.asarray(value, object))
    if isinstance(value, bytes):
        return Tensor(np.array(value, object))
    if isinstance(value, jax.Array):
        return Tensor(value)
    return value


def to_tensors(element: Any) -> Any:
    """The element as the user sees it."""
    if type(element) is tuple:  # the usual case, made quick
        return tuple(
            [
                HostTensor(part) if type(part) is np.ndarray and part.dtype is not _OBJECT else to_tensors(part)
                for part in element
            ]
        )
    if type(element) is dict:
        return {key: to_tensors(part) for key, part in element.items()}
    if isinstance(element, (np.ndarray, np.generic, bytes)):
        return to_tensor(element)
    return map_nest(to_tensor, element)


def to_numpy(value: Any) -> Any:
    """A host value as `as_numpy_iterator` gives it."""
    if isinstance(value, np.ndarray):
        return np.asarray(value) if value.ndim else value[()]
    return value


def encode(value: Any) -> Any:
    """Text as bytes, as TensorFlow stores it."""
    return value.encode() if isinstance(value, str) else value


_encoded = np.frompyfunc(encode, 1, 1)


def to_host(value: Any) -> Any:
    """A host value of whatever a user's function, generator or argument gives as one part of an element.

    Python floats become floatx, integers int32, text bytes; NumPy values keep their dtype.
    Raises: InvalidArgumentError, InvalidTypeError on ragged or unknown things.
    """
    if value is None or isinstance(value, bytes) or is_dataset(value) or is_composite(value):
        return value
    if isinstance(value, Tensor):
        value = value.host()
    elif isinstance(value, str):
        return value.encode()
    elif is_tensor(value) or (hasattr(value, "__array__") and not isinstance(value, (np.ndarray, np.generic))):
        value = np.asarray(value)
    elif isinstance(value, (list, tuple)) and any(is_tensor(item) for item in value):
        value = np.stack([np.asarray(to_host(item)) for item in value])
    elif not isinstance(value, (np.ndarray, np.generic)):
        _refuse_others(value)
        value = host_array(value)
    if value.dtype.kind in "USO":
        return _text(value)
    dtypes.as_dtype(value.dtype)  # refuses records and dates
    return value


def _refuse_others(value: Any) -> None:
    if isinstance(value, (bool, int, float, complex, list, tuple, range)):
        return
    kind = "a dict" if isinstance(value, Mapping) else f"{value!r:.60} of type {type(value).__name__}"
    raise InvalidTypeError(f"Expected numbers, text, arrays or tensors as parts of an element; received {kind}.")


def _text(array: Any) -> Any:
    array = np.asarray(array)
    if array.dtype == object:
        for item in array.reshape(-1):
            if not isinstance(item, (str, bytes)):
                raise InvalidTypeError(
                    f"Expected an array of numbers or text; received the entry {item!r:.60} of type {type(item).__name__}. "
                    "Lists of unequal length must be padded first (keras.utils.pad_sequences)."
                )
    found = _encoded(array)
    return found if isinstance(found, (bytes, np.ndarray)) else np.asarray(found, object)


def element_to_host(element: Any) -> Any:
    """An element a user made: tuples and dicts are structure, lists are arrays."""
    return map_nest(to_host, element)


def stacked(values: list[Any], where: str) -> Any:
    """Equal parts of several elements as one array with rows.

    Raises: InvalidArgumentError if their shapes differ.
    """
    first = values[0]
    if first is None:
        return None
    if isinstance(first, bytes):
        rows = np.empty(len(values), object)
        rows[:] = values
        return rows
    if is_composite(first):
        return first._composite_spec.stacked(values)
    if is_dataset(first):
        raise InvalidTypeError(
            f"{where}: expected elements of tensors; received datasets. Flatten them first: "
            f"`.flat_map(lambda window: window.batch(size))`."
        )
    try:
        return np.stack(values)
    except ValueError:
        number = next(i for i, value in enumerate(values) if value.shape != first.shape)
        raise InvalidArgumentError(
            f"{where}: expected elements of equal shape; element 0 of the batch has {tuple(first.shape)}, "
            f"element {number} has {tuple(values[number].shape)}. Use padded_batch to pad them."
        ) from None


def read_only(array: np.ndarray, copy: bool) -> np.ndarray:
    """The array, protected from writing; a copy if somebody else may write to it."""
    array = array.copy() if copy else array.view()
    array.flags.writeable = False
    return array
