"""`@image_op`: one body for pictures on the host (NumPy) and on the device (an op)."""

import functools
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu.core.context import context
from cornu.core.dispatch import op
from cornu.core.symbolic import is_symbolic
from cornu.core.tensor import HostTensor, Tensor, host_array


def image_op(function: Callable | None = None, *, tensors: str | None = None, static: str = "") -> Any:
    """Make a function on arrays work on pictures wherever they are.

    Pictures read from files come in all sizes, and compiling for each would cost more than the work: what lies on the host
    is computed there, and the result stays there. Everything else (device arrays, traces, tapes, symbolic tensors) is an op.
    The body asks `library(x)` for the functions of NumPy or JAX.

    Args: `tensors`, `static` as in `cornu.core.dispatch.op`. The op is known as `image_NAME`, apart from Keras' ops.
    """
    if function is None:
        return functools.partial(image_op, tensors=tensors, static=static)

    def body(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    functools.update_wrapper(body, function)
    body.__name__ = f"image_{function.__name__}"
    on_device = op(body, tensors=tensors, static=static)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = on_device.signature.bind(*args, **kwargs).arguments
        values = {name: given[name] for name in on_device.tensors if name in given}
        if context.tapes or not all(map(_is_on_host, values.values())):
            return on_device(*args, **kwargs)
        result = function(**given | {name: _host(value) for name, value in values.items()})
        if isinstance(result, tuple):
            return tuple(map(Tensor.on_host, result))
        return Tensor.on_host(result)

    return call


def library(x: Any) -> Any:
    """`numpy` for NumPy arrays, `jax.numpy` for others."""
    return np if isinstance(x, (np.ndarray, np.generic)) else jnp


def _is_on_host(value: Any) -> bool:
    """True for what can be had as a NumPy array at no cost."""
    if isinstance(value, (HostTensor, np.ndarray, np.generic, bool, int, float)):
        return True
    if isinstance(value, Tensor):
        return isinstance(value._value, np.ndarray)
    return isinstance(value, (list, tuple)) and not is_symbolic(value) and all(map(_is_on_host, value))


def _host(value: Any) -> np.ndarray:
    if isinstance(value, Tensor):
        return value.host()
    if isinstance(value, (list, tuple)):
        return host_array([_host(item) if isinstance(item, Tensor) else item for item in value])
    return host_array(value)
