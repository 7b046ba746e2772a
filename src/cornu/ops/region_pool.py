"""Pooling over a grid of regions of given borders."""

import jax.numpy as jnp
import numpy as np

from cornu.core.dispatch import op


@op(static="rows columns")
def region_pool(x, rows, columns, overlapping=False, mean=False):
    """Largest entry, or `mean`, of regions from one border to the next, with it if `overlapping`.

    Shape: (n, h, w, c) -> (n, len(rows) - 1, len(columns) - 1, c).
    """
    for axis, borders in ((1, rows), (2, columns)):
        begins = np.asarray(borders[:-1])
        ends = np.minimum(np.asarray(borders[1:]) + overlapping, x.shape[axis])
        width = int(np.max(ends - begins))
        members = np.minimum(
            begins[:, None] + np.arange(width), ends[:, None] - 1
        )  # the last one again counts as one of a max
        pieces = jnp.take(x, members.astype(np.int32), axis)
        if mean:
            inside = (begins[:, None] + np.arange(width) < ends[:, None]) / (ends - begins)[:, None]
            shape = [1] * pieces.ndim
            shape[axis], shape[axis + 1] = inside.shape
            x = jnp.sum(pieces * jnp.asarray(inside, x.dtype).reshape(shape), axis + 1)
        else:
            x = jnp.max(pieces, axis + 1)
    return x
