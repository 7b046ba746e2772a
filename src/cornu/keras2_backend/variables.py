"""Variables, constants and their values. Source: tf.keras.backend."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cornu import ops
from cornu.core import config, dtypes
from cornu.core.array_texts import array_text
from cornu.core.tensor import convert_to_tensor, is_tensor
from cornu.core.variable import Variable


def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Callable | None = None) -> Variable:
    """A variable; Python numbers and NumPy arrays of floats become floatx."""
    if dtype is None and not is_tensor(value):
        kind = np.asarray(value).dtype.kind
        dtype = config.floatx() if kind in "fiu" else None
    return Variable(value, dtype=dtype, name=name, constraint=constraint)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Any:
    """A tensor; floatx unless `dtype` says otherwise."""
    tensor = convert_to_tensor(value, dtype or config.floatx())
    return tensor if shape is None else ops.broadcast_to(tensor, tuple(shape))


def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """A variable of zeros."""
    return Variable(np.zeros(tuple(shape)), dtype=dtype or config.floatx(), name=name)


def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """A variable of ones."""
    return Variable(np.ones(tuple(shape)), dtype=dtype or config.floatx(), name=name)


def eye(size: int, dtype: Any = None, name: str | None = None) -> Variable:
    """A variable with the identity matrix."""
    return Variable(np.eye(size), dtype=dtype or config.floatx(), name=name)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Zeros of the shape of `x`."""
    return ops.zeros_like(x, dtype)


def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Ones of the shape of `x`."""
    return ops.ones_like(x, dtype)


def cast_to_floatx(x: Any) -> Any:
    """The values in the default float type; NumPy arrays stay NumPy arrays."""
    return ops.cast(x, config.floatx()) if is_tensor(x) else np.asarray(x, dtypes._NUMPY[config.floatx()])


def get_value(x: Any) -> Any:
    """The values as a NumPy array."""
    return x.numpy() if is_tensor(x) else x


eval = get_value


def set_value(x: Variable, value: Any) -> None:
    """Assign to a variable."""
    x.assign(value)


def batch_get_value(tensors: Sequence[Any]) -> list[Any]:
    """The values of several variables."""
    return [get_value(each) for each in tensors]


def batch_set_value(tuples: Sequence[tuple[Variable, Any]]) -> None:
    """Assign to several variables: (variable, value) pairs."""
    for each, value in tuples:
        each.assign(value)


def update(x: Variable, new_x: Any) -> Variable:
    """Assign to a variable."""
    return x.assign(new_x)


def update_add(x: Variable, increment: Any) -> Variable:
    """Add to a variable."""
    return x.assign_add(increment)


def update_sub(x: Variable, decrement: Any) -> Variable:
    """Subtract from a variable."""
    return x.assign_sub(decrement)


def moving_average_update(x: Variable, value: Any, momentum: Any) -> Variable:
    """`x = momentum * x + (1 - momentum) * value`."""
    return x.assign(x * momentum + value * (1 - momentum))


def count_params(x: Any) -> int:
    """Number of entries."""
    return int(np.prod(tuple(x.shape)))


def print_tensor(x: Any, message: str = "", summarize: int = 3) -> Any:
    """Print the message and the values to standard error; the tensor comes back.

    Of longer axes the first and last `summarize` values are shown, all for -1.
    """
    import jax

    def show(values: Any) -> None:
        print(message, array_text(np.asarray(values), summarize), file=sys.stderr, flush=True)

    value = convert_to_tensor(x)._value
    if isinstance(value, jax.core.Tracer):
        jax.debug.callback(show, value, ordered=True)
    else:
        show(value)
    return x


def is_sparse(tensor: Any) -> bool:
    """False: tensors are dense."""
    return False


def to_dense(tensor: Any) -> Any:
    """The tensor, which is dense."""
    return tensor
