"""Crossentropies of probabilities or logits, and the signal-to-noise ratio of images. One value per example."""

import jax
import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import op
from cornu.ops._checks import axes_of
from cornu.ops.elementwise import magnitude


@op
def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """`-sum(target * log(p))` over `axis`, p being the softmax of logits or the normalised, clipped probabilities.

    Shape: (..., classes, ...) twice -> (..., ...).
    Raises: InvalidArgumentError if the shapes differ or `axis` is out of range.
    Source: keras.ops.categorical_crossentropy.
    """
    target, output = _same_shape("categorical_crossentropy", target, output)
    axes = axes_of("categorical_crossentropy", axis, output.ndim)
    if from_logits:
        log_p = jax.nn.log_softmax(output, axes)
    else:
        log_p = jnp.log(_clip(output / jnp.sum(output, axes, keepdims=True)))
    return -jnp.sum(target * log_p, axes)


@op
def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """`-log(p[target])` for integer classes, p being the softmax of logits or the clipped, normalised probabilities.

    A class that does not exist gives nan. The softmax is fused: no log-probabilities are stored for the gradient.
    Shape: (...) or (..., 1), and (..., classes) -> (...).
    Raises: InvalidArgumentError if the shapes do not fit or `axis` is out of range.
    Source: keras.ops.sparse_categorical_crossentropy.
    """
    output = _floating(output)
    (axis,) = axes_of("sparse_categorical_crossentropy", axis, output.ndim)
    if target.ndim == output.ndim and target.shape[axis] == 1:
        target = jnp.squeeze(target, axis)
    expected = output.shape[:axis] + output.shape[axis + 1 :]
    if target.shape != expected:
        raise InvalidArgumentError(
            f"sparse_categorical_crossentropy: expected target of shape {expected} for output {output.shape} with classes on "
            f"axis {axis}; received {target.shape}. One-hot targets belong to categorical_crossentropy."
        )
    logits = output if from_logits else jnp.log(_clip(output))
    logits = logits - lax.stop_gradient(jnp.max(logits, axis, keepdims=True))
    labels = jnp.expand_dims(target.astype("int32"), axis)
    classes = lax.broadcasted_iota("int32", output.shape, axis)
    picked = jnp.sum(jnp.where(classes == labels, logits, 0), axis)  # a comparison: gathers have slow gradients
    loss = jnp.log(jnp.sum(jnp.exp(logits), axis)) - picked
    exists = (target >= 0) & (target < output.shape[axis])
    return jnp.where(exists, loss, jnp.asarray(jnp.nan, loss.dtype))


@op
def binary_crossentropy(target, output, from_logits=False):
    """`-target * log(p) - (1 - target) * log(1 - p)` per entry, p being the sigmoid of logits or the clipped probability.

    Shape: (...) twice -> (...). Raises: InvalidArgumentError if the shapes differ.
    Source: keras.ops.binary_crossentropy.
    """
    target, output = _same_shape("binary_crossentropy", target, output)
    if from_logits:
        return jnp.maximum(output, 0) - output * target + jnp.log1p(jnp.exp(-magnitude(output)))
    p = _clip(output)
    return -(target * jnp.log(p) + (1 - target) * jnp.log(1 - p))


@op(static="max_val", inexact=True)
def psnr(x1, x2, max_val):
    """Peak signal-to-noise ratio in decibel, `20 log10(max_val) - 10 log10(mean((x1 - x2)**2))`; inf if equal.

    Shape: (...) twice -> (). Raises: InvalidArgumentError if the shapes differ. Source: keras.ops.psnr.
    """
    if x1.shape != x2.shape:
        raise InvalidArgumentError(f"psnr: expected two tensors of the same shape; received {x1.shape} and {x2.shape}.")
    error = jnp.mean(lax.square(x1 - x2))
    return 20 * jnp.log10(jnp.asarray(max_val, error.dtype)) - 10 * jnp.log10(error)


def _clip(p: jax.Array) -> jax.Array:
    low = config.epsilon()
    return jnp.clip(p, jnp.asarray(low, p.dtype), jnp.asarray(1 - low, p.dtype))


def _floating(x: jax.Array) -> jax.Array:
    return x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(config.floatx())


def _same_shape(name: str, target: jax.Array, output: jax.Array) -> tuple[jax.Array, jax.Array]:
    output = _floating(output)
    if target.shape != output.shape:
        raise InvalidArgumentError(
            f"{name}: expected target and output of the same shape; received target {target.shape}, output {output.shape}."
        )
    return target.astype(output.dtype), output
