"""Arithmetic: functions of two numbers. Shape: that of the inputs, broadcast against each other."""

import jax
import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.ops._number_kinds import as_floating, as_number


@op(unify=True)
def add(x1, x2):
    """x1 + x2."""
    return jnp.add(x1, x2)


@op(unify=True)
def subtract(x1, x2):
    """x1 - x2. Two bools are not accepted."""
    return jnp.subtract(x1, x2)


@op(unify=True)
def multiply(x1, x2):
    """x1 * x2."""
    return jnp.multiply(x1, x2)


@op(unify=True, inexact=True)
def divide(x1, x2):
    """x1 / x2; integers give floatx."""
    return jnp.true_divide(x1, x2)


@op(unify=True, inexact=True)
def true_divide(x1, x2):
    """x1 / x2; integers give floatx."""
    return jnp.true_divide(x1, x2)


@op(unify=True, inexact=True)
def divide_no_nan(x1, x2):
    """x1 / x2, and 0 where x2 is 0, with zero gradient there."""
    is_zero = x2 == 0
    return jnp.where(is_zero, 0, x1 / jnp.where(is_zero, 1, x2))


@op(unify=True)
def floor_divide(x1, x2):
    """x1 / x2 rounded down."""
    return jnp.floor_divide(as_number(x1), as_number(x2))


@op(unify=True)
def mod(x1, x2):
    """Remainder of the division rounded down; has the sign of `x2`."""
    return jnp.mod(as_number(x1), as_number(x2))


@op(unify=True)
def fmod(x1, x2):
    """Remainder of the division rounded towards 0; has the sign of `x1`."""
    return jnp.fmod(as_number(x1), as_number(x2))


@op(unify=True)
def power(x1, x2):
    """x1 to the power of x2."""
    return jnp.power(as_number(x1), as_number(x2))


@op(unify=True)
def maximum(x1, x2):
    """The larger of the two; nan if one is nan. The gradient of equal entries goes to `x1`."""
    return jnp.where((x1 >= x2) | (x1 != x1), x1, x2)


@op(unify=True)
def minimum(x1, x2):
    """The smaller of the two; nan if one is nan. The gradient of equal entries goes to `x1`."""
    return jnp.where((x1 <= x2) | (x1 != x1), x1, x2)


@op(unify=True)
def fmax(x1, x2):
    """The larger of the two, ignoring nan."""
    return jnp.fmax(x1, x2)


@op(unify=True)
def fmin(x1, x2):
    """The smaller of the two, ignoring nan."""
    return jnp.fmin(x1, x2)


@op(unify=True, inexact=True)
def arctan2(x1, x2):
    """Angle of the point (x2, x1) in radians, in (-pi, pi]."""
    return jnp.arctan2(x1, x2)


@op(unify=True, inexact=True)
def hypot(x1, x2):
    """sqrt(x1**2 + x2**2) without overflow."""
    return jnp.hypot(x1, x2)


@op(unify=True, inexact=True)
def logaddexp(x1, x2):
    """log(exp(x1) + exp(x2)) without overflow."""
    return jnp.logaddexp(x1, x2)


@op(unify=True, inexact=True)
def logaddexp2(x1, x2):
    """log2(2**x1 + 2**x2) without overflow."""
    return jnp.logaddexp2(x1, x2)


@op(unify=True, inexact=True)
def heaviside(x1, x2):
    """0 for negative `x1`, 1 for positive, `x2` at 0."""
    return jnp.heaviside(x1, x2)


@op(unify=True, inexact=True)
def nextafter(x1, x2):
    """The float after `x1` in the direction of `x2`. Its gradient is that of `x1`."""
    return _nextafter(x1, x2)


@jax.custom_jvp
def _nextafter(x1, x2):
    return jnp.nextafter(x1, x2)


@_nextafter.defjvp
def _nextafter_jvp(primals, tangents):
    value = jnp.nextafter(*primals)
    return value, jnp.broadcast_to(tangents[0], value.shape)


@op
def ldexp(x1, x2):
    """x1 * 2**x2, with an integer `x2`.

    Raises: InvalidTypeError if `x2` is not an integer tensor.
    """
    if not jnp.issubdtype(x2.dtype, jnp.integer):
        raise TypeError("expected x2 to be an integer tensor")
    x1 = as_floating(x1)
    return jnp.ldexp(x1, x2).astype(x1.dtype)


@op(unify=True)
def gcd(x1, x2):
    """Greatest common divisor of integers."""
    return jnp.gcd(x1, x2)


@op(unify=True)
def lcm(x1, x2):
    """Least common multiple of integers."""
    return jnp.lcm(x1, x2)
