"""Bringing targets, predictions, weights and masks to fitting shapes. JAX arrays in, JAX arrays out."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import config, dtypes
from cornu.core.shapes import text
from cornu.ops.shaping import expand_dims, squeeze


def floating(x: jax.Array) -> jax.Array:
    """`x` itself if it is floating, else cast to floatx."""
    return x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(dtypes.as_dtype(config.floatx()).as_numpy_dtype)


def same_rank(x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
    """`(n,)` next to `(n, 1)` becomes `(n, 1)`; a longer shape loses its last axis of size 1."""
    if x.ndim == y.ndim + 1 and x.shape[-1] == 1:
        return (x, y[..., None]) if y.ndim == 1 else (jnp.squeeze(x, -1), y)
    if y.ndim == x.ndim + 1 and y.shape[-1] == 1:
        return (x[..., None], y) if x.ndim == 1 else (x, jnp.squeeze(y, -1))
    return x, y


def tensors_of_same_rank(x: Any, y: Any) -> tuple[Any, Any]:
    """As `same_rank`, of tensors: what the user's own losses and metrics are given."""
    ranks = len(getattr(x, "shape", ())), len(getattr(y, "shape", ()))
    if min(ranks) == 0 or abs(ranks[0] - ranks[1]) != 1 or (x if ranks[0] > ranks[1] else y).shape[-1] != 1:
        return x, y
    longer_first = ranks[0] > ranks[1]
    if min(ranks) == 1:
        return (x, expand_dims(y, -1)) if longer_first else (expand_dims(x, -1), y)
    return (squeeze(x, -1), y) if longer_first else (x, squeeze(y, -1))


def aligned(name: str, y_true: Any, y_pred: Any) -> tuple[jax.Array, jax.Array]:
    """Targets and predictions of one floating dtype (that of `y_pred`) and of shapes that broadcast.

    Raises: InvalidArgumentError if they do not.
    """
    y_true, y_pred = jnp.asarray(y_true), floating(jnp.asarray(y_pred))
    y_true, y_pred = same_rank(y_true.astype(y_pred.dtype), y_pred)
    try:
        np.broadcast_shapes(y_true.shape, y_pred.shape)
    except ValueError:
        raise InvalidArgumentError(
            f"{name} expects y_true and y_pred of the same shape; received y_true of shape {text(y_true.shape)} and "
            f"y_pred of shape {text(y_pred.shape)}. Make the last layer's output fit the targets."
        ) from None
    return y_true, y_pred


def fit_weights(what: str, weights: jax.Array, values: jax.Array) -> jax.Array:
    """Weights or a mask, shaped so that they broadcast against per-sample values.

    Shape: a prefix of `values.shape` gets trailing axes of size 1; one trailing axis of size 1 too many is dropped.
    A single value takes weights of any shape.
    Raises: InvalidArgumentError if they still would not broadcast to `values.shape`.
    """
    given = weights.shape
    if values.ndim == 0:
        return weights
    if weights.ndim == values.ndim + 1 and weights.shape[-1] == 1:
        weights = jnp.squeeze(weights, -1)
    if weights.ndim < values.ndim and weights.shape == values.shape[: weights.ndim]:
        weights = weights.reshape(weights.shape + (1,) * (values.ndim - weights.ndim))
    try:
        fits = np.broadcast_shapes(weights.shape, values.shape) == values.shape
    except ValueError:
        fits = False
    if not fits:
        raise InvalidArgumentError(
            f"Expected {what} that fits the values of shape {text(values.shape)}: one number a sample, shape "
            f"{text(values.shape[:1])}, or the full shape; received shape {text(given)}."
        )
    return weights
