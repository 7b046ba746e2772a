"""Reductions that keep the dtype of their input, and running ones. Shape: as `ops.reductions` says; running ones keep it."""

import jax.numpy as jnp
from jax import lax

from cornu.core.dispatch import op
from cornu.ops._checks import axes_of


@op
def typed_mean(x, axis=None, keepdims=False):
    """Mean in the dtype of `x`: of integers the quotient without its fraction."""
    if jnp.issubdtype(x.dtype, jnp.inexact):
        return jnp.mean(x, axis, keepdims=keepdims)
    total = jnp.sum(x, axis, dtype=x.dtype, keepdims=keepdims)
    count = x.size // max(total.size, 1)
    return lax.div(total, jnp.full_like(total, count))  # rounds towards 0


@op
def euclidean_norm(x, axis=None, keepdims=False):
    """Root of the sum of squared magnitudes; of integers without its fraction. The gradient at 0 is nan."""
    norm = jnp.sqrt(jnp.sum(jnp.real(x * jnp.conj(x)), axis, keepdims=keepdims))
    return norm.astype(x.dtype)


@op
def unit(x, axis=None, epsilon=1e-12):
    """`x` over the root of its squared magnitudes' sum over `axis`, which is at least `epsilon`."""
    total = jnp.sum(jnp.real(x * jnp.conj(x)), axis, keepdims=True)
    return x * lax.rsqrt(jnp.where(total >= epsilon, total, jnp.asarray(epsilon, total.dtype))).astype(x.dtype)


@op
def running_sum(x, axis=0, exclusive=False, reverse=False):
    """Sum of all entries up to each along `axis`; `exclusive` without itself, `reverse` from the end."""
    return _running(lambda y, axis: jnp.cumsum(y, axis, dtype=y.dtype), "cumsum", x, axis, exclusive, reverse, 0)


@op
def running_product(x, axis=0, exclusive=False, reverse=False):
    """Product of all entries up to each along `axis`; `exclusive` without itself, `reverse` from the end."""
    return _running(lambda y, axis: jnp.cumprod(y, axis, dtype=y.dtype), "cumprod", x, axis, exclusive, reverse, 1)


@op(inexact=True)
def running_logsumexp(x, axis=0, exclusive=False, reverse=False):
    """Log of the sum of exponentials up to each along `axis`; `exclusive` without itself, `reverse` from the end."""
    return _running(lax.cumlogsumexp, "cumulative_logsumexp", x, axis, exclusive, reverse, -jnp.inf)


def _running(run, name, x, axis, exclusive, reverse, empty):
    (axis,) = axes_of(name, axis, x.ndim)
    if reverse:
        x = jnp.flip(x, axis)
    if exclusive:
        first = jnp.full_like(lax.slice_in_dim(x, 0, min(1, x.shape[axis]), axis=axis), empty)
        x = jnp.concatenate([first, lax.slice_in_dim(x, 0, max(x.shape[axis] - 1, 0), axis=axis)], axis)
    total = run(x, axis)
    return jnp.flip(total, axis) if reverse else total
