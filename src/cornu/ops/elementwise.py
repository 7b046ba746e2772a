"""Functions of single numbers, real and complex. Shape: that of the input."""

import jax.numpy as jnp
from jax import lax
from jax.scipy import special

from cornu.core.dispatch import op
from cornu.ops._number_kinds import as_floating, as_number, is_whole


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
    return (
        jnp.angle(x) if jnp.iscomplexobj(x) else jnp.where(as_floating(x) < 0, jnp.pi, 0).astype(as_floating(x).dtype)
    )


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
    return x if is_whole(x) else jnp.trunc(x)


@op
def negative(x):
    """-x. bool is not accepted."""
    return jnp.negative(x)


conj = conjugate


@op
def round(x, decimals=0):
    """Nearest number with `decimals` digits after the point; halves go to the even neighbour."""
    return jnp.round(as_number(x), decimals)


@op
def square(x):
    """x * x. bool gives int32."""
    return jnp.square(as_number(x))


@op
def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """Replace nan by `nan` and infinities by `posinf` and `neginf` (default: the largest finite numbers)."""
    return x if is_whole(x) else jnp.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


@op(unify=True)
def clip(x, x_min, x_max):
    """`x` limited to [x_min, x_max]. bool gives int32."""
    return jnp.clip(as_number(x), x_min, x_max)


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
