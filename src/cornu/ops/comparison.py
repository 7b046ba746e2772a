"""Comparisons and logic. All results are bool tensors.

Shape: that of the input; two inputs broadcast against each other.
"""

import jax.numpy as jnp

from cornu.core.dispatch import op


@op(unify=True)
def equal(x1, x2):
    """x1 == x2."""
    return jnp.equal(x1, x2)


@op(unify=True)
def not_equal(x1, x2):
    """x1 != x2."""
    return jnp.not_equal(x1, x2)


@op(unify=True)
def greater(x1, x2):
    """x1 > x2."""
    return jnp.greater(x1, x2)


@op(unify=True)
def greater_equal(x1, x2):
    """x1 >= x2."""
    return jnp.greater_equal(x1, x2)


@op(unify=True)
def less(x1, x2):
    """x1 < x2."""
    return jnp.less(x1, x2)


@op(unify=True)
def less_equal(x1, x2):
    """x1 <= x2."""
    return jnp.less_equal(x1, x2)


@op
def logical_and(x1, x2):
    """True where both are true (numbers: not 0)."""
    return jnp.logical_and(x1, x2)


@op
def logical_or(x1, x2):
    """True where at least one is true."""
    return jnp.logical_or(x1, x2)


@op
def logical_xor(x1, x2):
    """True where exactly one is true."""
    return jnp.logical_xor(x1, x2)


@op
def logical_not(x):
    """True where `x` is false."""
    return jnp.logical_not(x)


@op(unify=True)
def isclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """True where |x1 - x2| <= atol + rtol * |x2|."""
    return jnp.isclose(x1, x2, rtol, atol, equal_nan)


@op(unify=True)
def allclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """True if all entries are close. Shape: a scalar. See `isclose`."""
    return jnp.all(jnp.isclose(x1, x2, rtol, atol, equal_nan))


@op(unify=True)
def isin(x1, x2, assume_unique=False, invert=False):
    """True where an entry of `x1` is among those of `x2` (with `invert`: is not). Shape: that of `x1`."""
    return jnp.isin(x1, x2, assume_unique=assume_unique, invert=invert)


@op
def isfinite(x):
    """True where `x` is neither infinite nor nan."""
    return jnp.isfinite(x)


@op
def isinf(x):
    """True where `x` is infinite."""
    return jnp.isinf(x)


@op
def isnan(x):
    """True where `x` is nan."""
    return jnp.isnan(x)


@op
def isneginf(x):
    """True where `x` is minus infinity."""
    return x == -jnp.inf if jnp.issubdtype(x.dtype, jnp.floating) else jnp.zeros(x.shape, bool)


@op
def isposinf(x):
    """True where `x` is plus infinity."""
    return x == jnp.inf if jnp.issubdtype(x.dtype, jnp.floating) else jnp.zeros(x.shape, bool)


@op
def isreal(x):
    """True where the imaginary part is 0; everywhere for real numbers."""
    return jnp.isreal(x)


@op
def signbit(x):
    """True where the sign bit is set: negative numbers and -0.0."""
    return jnp.signbit(x) if jnp.issubdtype(x.dtype, jnp.floating) else x < 0
