"""Conversion between dtypes, and between tensors and arrays; what is known about a tensor without computing."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core import tensor as core_tensor
from cornu.core.dispatch import op
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, is_tensor


@op(static="dtype")
def cast(x, dtype):
    """The values as another dtype. Floats are cut towards 0 when they become integers; not 0 becomes True."""
    target = dtypes.name(dtype)
    if jnp.iscomplexobj(x) and not target.startswith("complex"):
        x = x.real
    return lax.convert_element_type(x, target) if target != "bool" else x.astype(bool)


@op(static="dtype")
def saturate_cast(x, dtype):
    """`cast` that limits values to the range of `dtype` first, so that nothing wraps around."""
    target = dtypes.as_dtype(dtype)
    if target.is_bool or target.is_complex:
        return x.astype(target.name)
    if x.dtype == jnp.bool_:
        x = x.astype(jnp.uint8)
    source = dtypes.as_dtype(x.dtype)
    low, high = max(source.min, target.min), min(source.max, target.max)
    edges = np.asarray([low, high]).astype(x.dtype)
    if source.is_floating and target.is_integer and int(edges[1]) > target.max:
        edges[1] = np.nextafter(edges[1], np.zeros((), edges.dtype))  # float(2**31 - 1) rounds up to 2**31
    return jnp.clip(x, edges[0], edges[1]).astype(target.name)


@op(recorded=False)
def stop_gradient(variable):
    """The same values; gradients do not flow back through them."""
    return lax.stop_gradient(variable)


@op
def copy(x):
    """A tensor with the same values."""
    return x


@op
def view(x, dtype=None):
    """The same bytes read as another dtype; the last axis grows or shrinks when the item size differs."""
    return x if dtype is None else x.view(dtypes.name(dtype))


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    """A tensor from numbers, nested lists, arrays, tensors or variables, cast to `dtype` if it is given.

    Raises: InvalidArgumentError on `sparse=True` or `ragged=True`: tensors are dense here.
    """
    for name, value in (("sparse", sparse), ("ragged", ragged)):
        if value:
            raise InvalidArgumentError(
                f"Expected {name} to be None or False: tensors are dense here; received {value!r}."
            )
    return core_tensor.convert_to_tensor(x, dtype)


def array(x, dtype=None):
    """A tensor from anything tensor-like. Source: keras.ops.array."""
    return core_tensor.convert_to_tensor(x, dtype)


def convert_to_numpy(x):
    """The values as a NumPy array."""
    if isinstance(x, Tensor):
        return np.asarray(x.numpy())
    return (
        np.array(x) if isinstance(x, (np.ndarray, jax.Array)) else np.asarray(core_tensor.convert_to_tensor(x).numpy())
    )


def _tensor_like(x):
    return x if hasattr(x, "shape") and hasattr(x, "dtype") else core_tensor.convert_to_tensor(x)


def shape(x):
    """The sizes of all dimensions as a tuple; None where a symbolic tensor leaves them open."""
    return tuple(_tensor_like(x).shape)


def ndim(x):
    """Number of dimensions, a Python int."""
    return len(_tensor_like(x).shape)


def size(x):
    """Number of elements, a Python int; None if a symbolic tensor leaves a dimension open."""
    total = 1
    for length in _tensor_like(x).shape:
        if length is None:
            return None
        total *= int(length)
    return total


def dtype(x):
    """The dtype as its Keras name, `"float32"`."""
    return dtypes.name(_tensor_like(x).dtype)


def is_symbolic(x):
    """True for symbolic tensors of functional graphs."""
    return isinstance(x, KerasTensor)


__all__ = [
    "array", "cast", "convert_to_numpy", "convert_to_tensor", "copy", "dtype", "is_symbolic", "is_tensor", "ndim",
    "saturate_cast", "shape", "size", "stop_gradient", "view",
]  # fmt: skip
