"""Shifts by a number of places that is limited to what the dtype has: others are not defined by the hardware."""

import jax.numpy as jnp

from cornu.core.dispatch import op


@op
def left_shift_in_range(x, y):
    """The bits of `x` moved up by `y`, limited to 0 ... bits - 1. Shape: broadcast."""
    return jnp.left_shift(x, jnp.clip(y, 0, x.dtype.itemsize * 8 - 1).astype(x.dtype))


@op
def right_shift_in_range(x, y):
    """The bits of `x` moved down by `y`, limited to 0 ... bits - 1; the sign stays. Shape: broadcast."""
    return jnp.right_shift(x, jnp.clip(y, 0, x.dtype.itemsize * 8 - 1).astype(x.dtype))
