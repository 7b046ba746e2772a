"""Losses of logits, and of weights, as TensorFlow writes them: labels may be any numbers, and have gradients."""

import functools

import jax
import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import axes_of


@op
def softmax_loss(labels, logits, axis=-1):
    """`-sum(labels * log(softmax(logits)))` over `axis`. Shape: (..., classes, ...) twice, broadcast -> (..., ...).

    The gradient by the logits is `softmax(logits) - labels`, TensorFlow's, also where the labels do not sum to 1.
    Raises: InvalidArgumentError if the shapes do not broadcast.
    """
    shape = jnp.broadcast_shapes(labels.shape, logits.shape)
    if len(shape) != logits.ndim or len(shape) != labels.ndim:
        raise InvalidArgumentError(
            f"softmax_loss: expected labels and logits of one rank; received {labels.shape} and {logits.shape}."
        )
    (axis,) = axes_of("softmax_loss", axis, len(shape))
    return _softmax_loss(axis, jnp.broadcast_to(labels, shape), jnp.broadcast_to(logits, shape))


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _softmax_loss(axis, labels, logits):
    return -jnp.sum(labels * jax.nn.log_softmax(logits, axis), axis)


@_softmax_loss.defjvp
def _softmax_loss_jvp(axis, primals, tangents):
    labels, logits = primals
    log_p = jax.nn.log_softmax(logits, axis)
    slope = (jnp.exp(log_p) - labels) * tangents[1] - log_p * tangents[0]
    return -jnp.sum(labels * log_p, axis), jnp.sum(slope, axis)


@op
def sigmoid_loss(labels, logits):
    """`max(x, 0) - x z + log(1 + exp(-|x|))` for logits x and labels z. Shape: (...) twice -> (...)."""
    return _positive(logits) - logits * labels + jnp.log1p(jnp.exp(-_size(logits)))


@op
def weighted_sigmoid_loss(labels, logits, weight):
    """`(1 - z) x + l (log(1 + exp(-|x|)) + max(-x, 0))` with `l = 1 + (weight - 1) z`. Shape: (...) twice -> (...)."""
    factor = 1 + (weight - 1) * labels
    return (1 - labels) * logits + factor * (jnp.log1p(jnp.exp(-_size(logits))) + _positive(-logits))


@op
def poisson_loss(targets, log_input, full=False):
    """`exp(c) - c z`, with `full` plus Stirling's `z log(z) - z + log(2 pi z) / 2` where z is above 1. Shape: (...) -> (...)."""
    loss = jnp.exp(log_input) - log_input * targets
    if not full:
        return loss
    safe = jnp.where(targets > 1, targets, 1)
    stirling = safe * jnp.log(safe) - safe + 0.5 * jnp.log(2 * jnp.pi * safe)
    return loss + jnp.where((targets >= 0) & (targets <= 1), 0, stirling)


def _positive(x):
    return jnp.where(x >= 0, x, jnp.zeros_like(x))


def _size(x):
    """`|x|` with the slope 1 at 0, which together with `_positive` gives the loss its slope there."""
    return jnp.where(x >= 0, x, -x)


@op
def half_square(x):
    """`sum(x**2) / 2`, the penalty on weights. Shape: any -> ()."""
    return jnp.sum(jnp.square(x)) / 2
