"""Random upright rectangles inside of images."""

import jax.numpy as jnp

from cornu.core.dispatch import op


@op(static="height width")
def rectangles(shares, places, height, width):
    """Masks of rectangles with shares of the image's height and width, placed from 0 (top, left) to 1 (bottom, right).

    Shape: (n, 2) as (down, right), twice -> (n, height, width, 1), bool.
    """
    sizes = jnp.asarray([height, width], "float32")
    extents = shares * sizes
    begins = places * (sizes - extents)
    rows, columns = (
        (jnp.arange(size) + 0.5 >= begins[:, axis, None])
        & (jnp.arange(size) + 0.5 < begins[:, axis, None] + extents[:, axis, None])
        for axis, size in enumerate((height, width))
    )  # a pixel belongs to the rectangle that its middle is in
    return rows[:, :, None, None] & columns[:, None, :, None]
