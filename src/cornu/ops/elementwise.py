"""Elementwise arithmetic and functions of real and complex numbers.

Shape: that of the input; two inputs broadcast against each other.
"""

import jax
import jax.numpy as jnp
from jax import lax
from jax.scipy import special

from cornu.core import config
from cornu.core.dispatch import op


def _is_whole(x):
    return not jnp.issubdtype(x.dtype, jnp.inexact)


def _number(x):
    """bool as int32, everything else as it is."""
    return x.astype(jnp.int32) if x.dtype == jnp.bool_ else x


def _floating(x):
    """Integers and bool as floatx."""
    return x.astype(config.floatx()) if _is_whole(x) else x


def magnitude(x):
    """`|x|` of an array, with the gradient sign(x): that of `jnp.abs` is 1 at 0, which would push zeros away from 0."""
    return x * lax.stop_gradient(jnp.sign(x)) if jnp.issubdtype(x.dtype, jnp.floating) else jnp.abs(x)


@op
def absolute(x):
    """Absolute value; of complex numbers the magnitude. The gradient at 0 is 0."""
    return x if x.dtype == jnp.bool_ else magnitude(x)


abs = absolute


@op
def angle(x):
    """Argument of complex numbers in radians; 0 or pi for real ones."""
    return jnp.angle(x) if jnp.iscomplexobj(x) else jnp.where(_floating(x) < 0, jnp.pi, 0).astype(_floating(x).dtype)


@op(inexact=True)
def arccos(x):
    """Inverse cosine in radians, in [0, pi]; nan outside [-1, 1]."""
    return jnp.arccos(x)


@op(inexact=True)
def arccosh(x):
    """Inverse hyperbolic cosine; nan below 1."""
    return jnp.arccosh(x)


@op(inexact=True)
def arcsin(x):
    """Inverse sine in radians, in [-pi/2, pi/2]; nan outside [-1, 1]."""
    return jnp.arcsin(x)


@op(inexact=True)
def arcsinh(x):
    """Inverse hyperbolic sine."""
    return jnp.arcsinh(x)


@op(inexact=True)
def arctan(x):
    """Inverse tangent in radians, in (-pi/2, pi/2)."""
    return jnp.arctan(x)


@op(inexact=True)
def arctanh(x):
    """Inverse hyperbolic tangent; nan outside [-1, 1]."""
    return jnp.arctanh(x)


@op(inexact=True)
def cbrt(x):
    """Real cube root."""
    return jnp.cbrt(x)


@op(inexact=True)
def ceil(x):
    """Smallest whole number not below `x`, as a float."""
    return jnp.ceil(x)


@op(inexact=True)
def cos(x):
    """Cosine of radians."""
    return jnp.cos(x)


@op(inexact=True)
def cosh(x):
    """Hyperbolic cosine."""
    return jnp.cosh(x)


@op(inexact=True)
def deg2rad(x):
    """Degrees to radians."""
    return jnp.deg2rad(x)


@op(inexact=True)
def erf(x):
    """Gauss error function."""
    return special.erf(x)


@op(inexact=True)
def erfc(x):
    """Complement of the Gauss error function, accurate for large `x`."""
    return special.erfc(x)


@op(inexact=True)
def erfinv(x):
    """Inverse of the Gauss error function on (-1, 1)."""
    return special.erfinv(x)


@op(inexact=True)
def exp(x):
    """e to the power of `x`."""
    return jnp.exp(x)


@op(inexact=True)
def exp2(x):
    """2 to the power of `x`."""
    return jnp.exp2(x)


@op(inexact=True)
def expm1(x):
    """exp(x) - 1, accurate near 0."""
    return jnp.expm1(x)


@op(inexact=True)
def fabs(x):
    """Absolute value as a float."""
    return magnitude(x)


@op(inexact=True)
def floor(x):
    """Largest whole number not above `x`, as a float."""
    return jnp.floor(x)


@op(inexact=True)
def i0(x):
    """Modified Bessel function of the first kind, order 0."""
    return special.i0(x)


@op(inexact=True)
def log(x):
    """Natural logarithm."""
    return jnp.log(x)


@op(inexact=True)
def log10(x):
    """Logarithm to base 10."""
    return jnp.log10(x)


@op(inexact=True)
def log1p(x):
    """log(1 + x), accurate near 0."""
    return jnp.log1p(x)


@op(inexact=True)
def log2(x):
    """Logarithm to base 2."""
    return jnp.log2(x)


@op(inexact=True)
def rad2deg(x):
    """Radians to degrees."""
    return jnp.rad2deg(x)


@op(inexact=True)
def reciprocal(x):
    """1 / x."""
    return 1 / x


@op(inexact=True)
def rsqrt(x):
    """1 / sqrt(x)."""
    return lax.rsqrt(x)


@op(inexact=True)
def sin(x):
    """Sine of radians."""
    return jnp.sin(x)


@op(inexact=True)
def sinc(x):
    """sin(pi x) / (pi x), 1 at 0."""
    return jnp.sinc(x)


@op(inexact=True)
def sinh(x):
    """Hyperbolic sine."""
    return jnp.sinh(x)


@op(inexact=True)
def sqrt(x):
    """Square root; nan for negative numbers."""
    return jnp.sqrt(x)


@op(inexact=True)
def tan(x):
    """Tangent of radians."""
    return jnp.tan(x)


@op(inexact=True)
def tanh(x):
    """Hyperbolic tangent."""
    return jnp.tanh(x)


@op
def conjugate(x):
    """Complex conjugate; real numbers as they are."""
    return jnp.conj(x) if jnp.iscomplexobj(x) else x


@op
def real(x):
    """Real part."""
    return jnp.real(x)


@op
def imag(x):
    """Imaginary part; 0 for real numbers."""
    return jnp.imag(x) if jnp.iscomplexobj(x) else jnp.zeros_like(x)


@op
def sign(x):
    """-1, 0 or 1."""
    return jnp.sign(x)


@op
def trunc(x):
    """Whole part, rounded towards 0; integers as they are."""
    return x if _is_whole(x) else jnp.trunc(x)


@op
def negative(x):
    """-x. bool is not accepted."""
    return jnp.negative(x)


conj = conjugate


@op
def round(x, decimals=0):
    """Nearest number with `decimals` digits after the point; halves go to the even neighbour."""
    return jnp.round(_number(x), decimals)


@op
def square(x):
    """x * x. bool gives int32."""
    return jnp.square(_number(x))


@op
def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """Replace nan by `nan` and infinities by `posinf` and `neginf` (default: the largest finite numbers)."""
    return x if _is_whole(x) else jnp.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


@op(unify=True)
def clip(x, x_min, x_max):
    """`x` limited to [x_min, x_max]. bool gives int32."""
    return jnp.clip(_number(x), x_min, x_max)


@op
def view_as_complex(x):
    """Pairs along the last axis as complex numbers. Shape: (..., 2) -> (...)."""
    if not x.ndim or x.shape[-1] != 2:
        raise ValueError("expected a last axis of size 2 (real part, imaginary part)")
    return lax.complex(x[..., 0], x[..., 1])


@op
def view_as_real(x):
    """Complex numbers as pairs along a last axis that is added. Shape: (...) -> (..., 2)."""
    return jnp.stack([jnp.real(x), jnp.imag(x)], -1)


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
    return jnp.floor_divide(_number(x1), _number(x2))


@op(unify=True)
def mod(x1, x2):
    """Remainder of the division rounded down; has the sign of `x2`."""
    return jnp.mod(_number(x1), _number(x2))


@op(unify=True)
def fmod(x1, x2):
    """Remainder of the division rounded towards 0; has the sign of `x1`."""
    return jnp.fmod(_number(x1), _number(x2))


@op(unify=True)
def power(x1, x2):
    """x1 to the power of x2."""
    return jnp.power(_number(x1), _number(x2))


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
    x1 = _floating(x1)
    return jnp.ldexp(x1, x2).astype(x1.dtype)


@op(unify=True)
def gcd(x1, x2):
    """Greatest common divisor of integers."""
    return jnp.gcd(x1, x2)


@op(unify=True)
def lcm(x1, x2):
    """Least common multiple of integers."""
    return jnp.lcm(x1, x2)


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
    return jnp.left_shift(_number(x), _number(y))


@op(unify=True)
def bitwise_left_shift(x, y):
    """The bits of `x` moved `y` places up."""
    return left_shift.raw(x, y)


@op(unify=True)
def right_shift(x, y):
    """The bits of `x` moved `y` places down; the sign stays."""
    return jnp.right_shift(_number(x), _number(y))


@op(unify=True)
def bitwise_right_shift(x, y):
    """The bits of `x` moved `y` places down; the sign stays."""
    return right_shift.raw(x, y)
