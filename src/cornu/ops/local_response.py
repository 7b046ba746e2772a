"""Normalization by the neighbouring channels."""

import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op


@op
def local_response_normalization(x, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    """`x / (bias + alpha * s)**beta`, s being the sum of squares of the channels up to `depth_radius` away.

    Shape: (n, h, w, c), kept. Raises: InvalidArgumentError on another rank. Source: Krizhevsky et al. 2012, section 3.3.
    """
    if x.ndim != 4:
        raise InvalidArgumentError(f"local_response_normalization: expected rank 4; received shape {x.shape}.")
    total = jnp.pad(jnp.square(x), [(0, 0)] * 3 + [(depth_radius, depth_radius)])
    window = sum(lax.slice_in_dim(total, i, i + x.shape[-1], axis=3) for i in range(2 * depth_radius + 1))
    return x * jnp.power(bias + alpha * window, -beta).astype(x.dtype)
