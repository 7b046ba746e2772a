"""Isotonic regression: the monotonous sequence nearest to a given one."""

import jax.numpy as jnp
from jax import lax

from cornu.core.dispatch import op


@op
def isotonic(x):
    """The falling sequence nearest to `x` along the last axis, and the number (int32) of the constant piece of each entry.

    Entry i is the least, over starts up to i, of the largest mean of a stretch from the start to an end from i on.
    Shape: (..., n), kept, twice. Source: Barlow et al. 1972, the minimax formula.
    """
    size = x.shape[-1]
    total = jnp.concatenate([jnp.zeros_like(x[..., :1]), jnp.cumsum(x, -1)], -1)
    starts, ends = jnp.arange(size)[:, None], jnp.arange(1, size + 1)[None]
    means = (total[..., None, 1:] - total[..., :-1, None]) / jnp.maximum(ends - starts, 1).astype(x.dtype)
    means = jnp.where(ends > starts, means, -jnp.inf)  # (..., start, end)
    largest = lax.cummax(means, axis=means.ndim - 1, reverse=True)
    smallest = lax.cummin(jnp.where(starts < ends, largest, jnp.inf), axis=means.ndim - 2)
    found = jnp.diagonal(smallest, axis1=-2, axis2=-1)
    pieces = _pieces(found)
    return _means(x, pieces), pieces


def _pieces(found):
    """Numbers of the runs of values that are equal up to rounding."""
    near = jnp.abs(found[..., 1:] - found[..., :-1]) > 4 * jnp.finfo(found.dtype).eps * jnp.max(
        jnp.abs(found), -1, keepdims=True
    )
    return jnp.concatenate([jnp.zeros(found[..., :1].shape, jnp.int32), jnp.cumsum(near, -1, dtype=jnp.int32)], -1)


def _means(x, pieces):
    """Means over the pieces: what makes the gradient that of averaging."""
    same = (pieces[..., :, None] == pieces[..., None, :]).astype(x.dtype)
    return jnp.einsum("...ij,...j->...i", same, x) / jnp.sum(same, -1)
