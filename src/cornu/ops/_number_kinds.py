"""bool, integers and floats: what elementwise ops make of a kind of numbers that they do not compute with."""

import jax.numpy as jnp

from cornu.core import config


def is_whole(x):
    """True for integers and bool."""
    return not jnp.issubdtype(x.dtype, jnp.inexact)


def as_number(x):
    """bool as int32, everything else as it is."""
    return x.astype(jnp.int32) if x.dtype == jnp.bool_ else x


def as_floating(x):
    """Integers and bool as floatx."""
    return x.astype(config.floatx()) if is_whole(x) else x
