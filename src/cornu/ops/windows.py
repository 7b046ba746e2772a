"""Window functions: `x` is the number of points. Shape: (x,), floatx."""

import jax.numpy as jnp

from cornu.core import config
from cornu.core.dispatch import op


@op(static="x", eager=True)
def bartlett(x):
    """Triangular window that starts and ends at 0."""
    return jnp.bartlett(x).astype(config.floatx())


@op(static="x", eager=True)
def blackman(x):
    """Blackman's window: three cosine terms, small side lobes."""
    return jnp.blackman(x).astype(config.floatx())


@op(static="x", eager=True)
def hamming(x):
    """Hamming's window: a raised cosine that does not reach 0."""
    return jnp.hamming(x).astype(config.floatx())


@op(static="x", eager=True)
def hanning(x):
    """Hann's window: a raised cosine that reaches 0."""
    return jnp.hanning(x).astype(config.floatx())


@op(static="x", eager=True)
def kaiser(x, beta):
    """Kaiser's window; the larger `beta`, the narrower."""
    return jnp.kaiser(x, beta).astype(config.floatx())
