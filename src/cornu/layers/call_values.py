"""What a layer is called on: arrays, tensors, lists and dicts of them."""

from typing import Any

import jax
import numpy as np

from cornu.core.shapes import text
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable


def as_input(value: Any, compute: str | None, is_first: bool) -> Any:
    """An argument of a layer call: arrays become tensors, floats are cast to the compute dtype."""
    kind = type(value)
    if kind is Tensor or isinstance(value, (np.ndarray, jax.Array, np.generic, Variable)):
        return _cast(value, compute)
    if value is None or kind is KerasTensor or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (list, tuple)):
        if is_first and value and not any(_is_array(leaf) for leaf in leaves(value)):
            return _cast(convert_to_tensor(value), compute) if leaves(value) else value
        items = [as_input(item, compute, False) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {name: as_input(item, compute, False) for name, item in value.items()}
    if isinstance(value, (int, float)) and is_first:
        return _cast(convert_to_tensor(value), compute)
    if hasattr(value, "__array__") and not isinstance(value, type) and not isinstance(value, KerasTensor):
        return _cast(np.asarray(value), compute)
    return value


def _cast(value: Any, compute: str | None) -> Tensor:
    tensor = convert_to_tensor(value)
    if compute is None or not tensor.dtype.is_floating or tensor.dtype == compute:
        return tensor
    from cornu.ops.casting import cast

    mask = tensor._keras_mask
    tensor = cast(tensor, compute)
    tensor._keras_mask = mask
    return tensor


def shape_texts(inputs: Any) -> Any:
    """The inputs with shapes, as text, in place of tensors."""
    return jax.tree.map(lambda t: text(t.shape) if hasattr(t, "shape") else t, inputs, is_leaf=is_tensor)


def is_tensor(x: Any) -> bool:
    """True for tensors, symbolic ones included, and variables."""
    return isinstance(x, (Tensor, KerasTensor, Variable))


def _is_array(x: Any) -> bool:
    return is_tensor(x) or isinstance(x, (np.ndarray, jax.Array)) or (hasattr(x, "__array__") and not np.isscalar(x))


def leaves(nest: Any) -> list:
    """Everything inside, None included."""
    return jax.tree.leaves(nest, is_leaf=lambda x: x is None or is_tensor(x))


def tensors_of(nest: Any) -> list:
    """All tensors inside."""
    return [leaf for leaf in leaves(nest) if is_tensor(leaf)]


def has_tensor(value: Any) -> bool:
    """True if there is a tensor inside."""
    return any(is_tensor(leaf) for leaf in leaves(value))
