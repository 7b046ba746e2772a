"""Class numbers as indicator vectors, and polar coordinates as complex numbers."""

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import op


@op(static="num_classes")
def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    """1 at the place each integer names, 0 elsewhere; integers out of range give zeros.

    Args: `axis`, where the new axis goes; `dtype`, default floatx.
    Shape: (...) -> (..., num_classes).
    Raises: InvalidArgumentError if `sparse` (Cornu has dense tensors only) or if `axis` is out of range.
    Source: keras.ops.one_hot.
    """
    _dense("one_hot", sparse)
    if not -x.ndim - 1 <= axis <= x.ndim:
        raise InvalidArgumentError(f"one_hot: expected axis from {-x.ndim - 1} to {x.ndim}; received {axis}.")
    axis %= x.ndim + 1
    labels = jnp.expand_dims(x if jnp.issubdtype(x.dtype, jnp.integer) else x.astype("int32"), axis)
    places = jnp.arange(num_classes, dtype="int32").reshape(-1, *(1,) * (x.ndim - axis))
    return (labels == places).astype(dtype or config.floatx())


@op
def multi_hot(inputs, num_classes=None, axis=-1, dtype=None, sparse=False, num_tokens=None):
    """1 at every place that occurs among the integers of a row, 0 elsewhere.

    `num_tokens` is the older name of `num_classes`.
    Shape: (n, k) -> (n, num_classes); (k,) -> (num_classes,). With a higher rank axis 1 is merged, as Keras does.
    Raises: InvalidArgumentError without the number of classes, or if `sparse` (Cornu has dense tensors only).
    Source: keras.ops.multi_hot.
    """
    _dense("multi_hot", sparse)
    classes = num_tokens if num_classes is None else num_classes
    if classes is None:
        raise InvalidArgumentError("multi_hot needs num_classes, the length of the encoding; received None.")
    return jnp.max(one_hot.raw(inputs, classes, axis, dtype), axis=1 if inputs.ndim > 1 else 0)


@op(unify=True, inexact=True)
def polar(abs_, angle):
    """Complex numbers of the given absolute values and angles in radians. Shape: any, broadcast. Source: keras.ops.polar."""
    return jnp.asarray(abs_ * jnp.cos(angle) + 1j * (abs_ * jnp.sin(angle)))


def _dense(name: str, sparse: bool) -> None:
    if sparse:
        raise InvalidArgumentError(f"{name}: tensors are dense here; received sparse=True. Leave it out.")
