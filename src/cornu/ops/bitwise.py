"""Functions of the bits of integers. Shape: that of the inputs, broadcast against each other."""

import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.ops._number_kinds import as_number


@op(unify=True)
def bitwise_and(x, y):
    """Bit by bit `x & y` of integers or bools."""
    return jnp.bitwise_and(x, y)


@op(unify=True)
def bitwise_or(x, y):
    """Bit by bit `x | y` of integers or bools."""
    return jnp.bitwise_or(x, y)


@op(unify=True)
def bitwise_xor(x, y):
    """Bit by bit `x ^ y` of integers or bools."""
    return jnp.bitwise_xor(x, y)


@op
def bitwise_not(x):
    """Bit by bit `~x` of integers or bools."""
    return jnp.bitwise_not(x)


@op
def bitwise_invert(x):
    """Bit by bit `~x` of integers or bools."""
    return jnp.bitwise_not(x)


@op(unify=True)
def left_shift(x, y):
    """The bits of `x` moved `y` places up."""
    return jnp.left_shift(as_number(x), as_number(y))


@op(unify=True)
def bitwise_left_shift(x, y):
    """The bits of `x` moved `y` places up."""
    return left_shift.raw(x, y)


@op(unify=True)
def right_shift(x, y):
    """The bits of `x` moved `y` places down; the sign stays."""
    return jnp.right_shift(as_number(x), as_number(y))


@op(unify=True)
def bitwise_right_shift(x, y):
    """The bits of `x` moved `y` places down; the sign stays."""
    return right_shift.raw(x, y)
