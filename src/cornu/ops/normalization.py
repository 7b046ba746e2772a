"""Moments and normalizations as pure functions."""

import math

import jax
import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import op
from cornu.ops._checks import axes_of
from cornu.ops.elementwise import magnitude


@op(static="axes", inexact=True)
def moments(x, axes, keepdims=False, synchronized=False):
    """Mean and variance over `axes`. Half precision is accumulated in float32.

    `synchronized` asks for the moments over all devices; an array spread over devices is one array here, so they always are.
    Shape: any -> two tensors without `axes` (length 1 with `keepdims`).
    Raises: InvalidArgumentError if an axis is out of range.
    Source: keras.ops.moments.
    """
    del synchronized
    axes = axes_of("moments", axes, x.ndim)
    wide = _widen(x)
    mean = jnp.mean(wide, axes, keepdims=True)
    variance = jnp.mean(lax.square(wide - mean), axes, keepdims=keepdims)
    return (mean if keepdims else jnp.squeeze(mean, axes)).astype(x.dtype), variance.astype(x.dtype)


@op(tensors="x mean variance offset scale", inexact=True)
def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """`(x - mean) / sqrt(variance + epsilon) * scale + offset`, with the vectors along `axis`.

    Shape: (..., c, ...), vectors (c,) -> like x.
    Raises: InvalidArgumentError if `axis` is out of range or a vector has another length.
    Source: Ioffe and Szegedy 2015; keras.ops.batch_normalization.
    """
    (axis,) = axes_of("batch_normalization", axis, x.ndim)
    shape = [1] * x.ndim
    shape[axis] = x.shape[axis]
    for name, vector in (("mean", mean), ("variance", variance), ("offset", offset), ("scale", scale)):
        if vector is not None and vector.size != x.shape[axis]:
            raise InvalidArgumentError(
                f"batch_normalization: expected {name} of shape ({x.shape[axis]},) for axis {axis} of input {x.shape}; "
                f"received {vector.shape}."
            )
    factor = lax.rsqrt(variance + jnp.asarray(epsilon, variance.dtype))
    factor = factor if scale is None else factor * scale
    shift = -mean * factor if offset is None else offset - mean * factor
    return (x * factor.reshape(shape) + shift.reshape(shape)).astype(x.dtype)


@op(tensors="x gamma beta", inexact=True)
def layer_normalization(x, gamma=None, beta=None, axis=-1, epsilon=None, rms_scaling=False):
    """Each example scaled to mean 0 and variance 1 over `axis`, times `gamma` plus `beta`. Half precision goes via float32.

    Args: `epsilon`, default `config.epsilon()`; `rms_scaling` leaves the mean in and ignores `beta`.
    Shape: any, kept; `gamma` and `beta` have the lengths of `axis`.
    Raises: InvalidArgumentError if `axis` is out of range.
    Source: Ba et al. 2016; keras.ops.layer_normalization.
    """
    axes = axes_of("layer_normalization", axis, x.ndim)
    wide = _widen(x)
    mean = jnp.mean(wide, axes, keepdims=True)
    variance = jnp.mean(lax.square(wide - mean), axes, keepdims=True)
    factor = lax.rsqrt(variance + _epsilon(epsilon))
    out = (wide if rms_scaling else wide - mean) * factor
    if gamma is not None:
        out = out * _along(gamma, axes, x.shape)
    if beta is not None and not rms_scaling:
        out = out + _along(beta, axes, x.shape)
    return out.astype(x.dtype)


@op(tensors="x scale", inexact=True)
def rms_normalization(x, scale=None, axis=-1, epsilon=None):
    """`x / sqrt(mean(x**2) + epsilon) * scale` over `axis`. Half precision goes via float32.

    Shape: any, kept; `scale` has the lengths of `axis`. Args: `epsilon`, default `config.epsilon()`.
    Raises: InvalidArgumentError if `axis` is out of range.
    Source: Zhang and Sennrich 2019; keras.ops.rms_normalization.
    """
    axes = axes_of("rms_normalization", axis, x.ndim)
    wide = _widen(x)
    out = wide * lax.rsqrt(jnp.mean(lax.square(wide), axes, keepdims=True) + _epsilon(epsilon))
    return (out if scale is None else out * _along(scale, axes, x.shape)).astype(x.dtype)


@op(inexact=True)
def normalize(x, axis=-1, order=2, epsilon=None):
    """`x / max(norm, epsilon)` with the vector norm of that order over `axis`.

    Args: `order`, an integer of at least 1; `epsilon`, default `config.epsilon()`.
    Shape: any, kept. Raises: InvalidArgumentError on other orders or if `axis` is out of range.
    Differs from Keras: over several axes it is the vector norm for every order; Keras takes matrix norms unless `order` is 2.
    Source: keras.ops.normalize.
    """
    if not isinstance(order, int) or order < 1:
        raise InvalidArgumentError(f"normalize: expected order to be an integer of at least 1; received {order!r}.")
    axes = axes_of("normalize", axis, x.ndim)
    floor = _epsilon(epsilon)
    if order == 2:  # one root over the limited sum keeps the gradient finite at 0
        return x * lax.rsqrt(jnp.maximum(jnp.sum(lax.square(x), axes, keepdims=True), floor * floor))
    if order == 1:
        return x / jnp.maximum(jnp.sum(magnitude(x), axes, keepdims=True), floor)
    total = jnp.maximum(jnp.sum(magnitude(x) ** order, axes, keepdims=True), jnp.asarray(floor**order, x.dtype))
    return x / jnp.maximum(total ** (1 / order), floor)


def _widen(x: jax.Array) -> jax.Array:
    return x.astype("float32") if x.dtype.itemsize == 2 else x


def _epsilon(epsilon: float | None) -> float:
    return config.epsilon() if epsilon is None else epsilon


def _along(vector: jax.Array, axes: tuple[int, ...], shape: tuple[int, ...]) -> jax.Array:
    kept = [n if axis in axes else 1 for axis, n in enumerate(shape)]
    if vector.size not in (1, math.prod(kept)):
        raise InvalidArgumentError(
            f"Expected weights of shape {tuple(shape[a] for a in axes)} for axes {axes} of input {tuple(shape)}; "
            f"received shape {vector.shape}."
        )
    return vector.reshape(kept if vector.size > 1 else [1] * len(shape))
