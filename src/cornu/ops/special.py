"""Special functions of mathematical physics and statistics, and products and quotients that are 0 where one part is.

Shape: that of the input; several inputs broadcast against each other.
"""

import jax
import jax.numpy as jnp
from jax import lax
from jax.scipy import special

from cornu.core.dispatch import op


@op(inexact=True)
def lgamma(x):
    """Logarithm of the absolute value of the gamma function."""
    return special.gammaln(x)


@op(inexact=True)
def digamma(x):
    """Derivative of `lgamma`; nan at 0 and the negative whole numbers."""
    return special.digamma(x)


@op(unify=True, inexact=True)
def polygamma(n, x):
    """The n-th derivative of `digamma`; no gradient goes to `n`."""
    n = lax.stop_gradient(n)
    order = jnp.maximum(n, 1)  # the zeta function has a pole at 1, where `digamma` stands in
    sign = jnp.where(jnp.mod(order, 2) == 1, 1, -1)
    return jnp.where(
        n == 0, special.digamma(x), sign * jnp.exp(special.gammaln(order + 1)) * special.zeta(order + 1, x)
    )


@op(unify=True, inexact=True)
def zeta(x, q):
    """Hurwitz zeta function, the sum of `(q + k) ** -x` over k = 0, 1, ...; no gradient goes to `x`."""
    return special.zeta(lax.stop_gradient(x), q)


@op(unify=True, inexact=True)
def igamma(a, x):
    """Regularized lower incomplete gamma function."""
    return special.gammainc(a, x)


@op(unify=True, inexact=True)
def igammac(a, x):
    """Regularized upper incomplete gamma function, `1 - igamma(a, x)`."""
    return special.gammaincc(a, x)


@op(unify=True, inexact=True)
def betainc(a, b, x):
    """Regularized incomplete beta function; no gradient goes to `a` and `b`."""
    return special.betainc(lax.stop_gradient(a), lax.stop_gradient(b), x)


@op(inexact=True)
def lbeta(x):
    """Logarithm of the multivariate beta function of the last axis; -inf for no numbers. Shape: (..., n) -> (...)."""
    return jnp.sum(special.gammaln(x), -1) - special.gammaln(jnp.sum(x, -1))


@op(inexact=True)
def ndtri(x):
    """The number below which a standard normal variable falls with probability `x`."""
    return special.ndtri(x)


@op(inexact=True)
def erfcinv(x):
    """Inverse of the complementary error function on (0, 2)."""
    return -special.ndtri(x / 2) * jnp.asarray(0.5**0.5, x.dtype)


@op(inexact=True)
def dawsn(x):
    """Dawson's integral, `exp(-x**2)` times the integral of `exp(t**2)` from 0 to `x`."""
    return _dawson(x)


@jax.custom_jvp
def _dawson(x):
    return special.dawsn(x)


@_dawson.defjvp
def _dawson_jvp(primals, tangents):
    value = _dawson(*primals)
    return value, (1 - 2 * primals[0] * value) * tangents[0]


@op(inexact=True)
def expint(x):
    """Exponential integral Ei of positive numbers; -inf at 0, nan below."""
    return jnp.where(x > 0, _expint(jnp.where(x > 0, x, 1)), jnp.where(x == 0, -jnp.inf, jnp.nan))


@jax.custom_jvp
def _expint(x):
    return special.expi(x)


@_expint.defjvp
def _expint_jvp(primals, tangents):
    (x,) = primals
    return _expint(x), jnp.exp(x) / x * tangents[0]


@op(inexact=True)
def fresnel_sin(x):
    """Fresnel integral of `sin(pi t**2 / 2)` from 0 to `x`."""
    return _fresnel_sin(x)


@op(inexact=True)
def fresnel_cos(x):
    """Fresnel integral of `cos(pi t**2 / 2)` from 0 to `x`."""
    return _fresnel_cos(x)


@jax.custom_jvp
def _fresnel_sin(x):
    return special.fresnel(x)[0]


@jax.custom_jvp
def _fresnel_cos(x):
    return special.fresnel(x)[1]


_fresnel_sin.defjvps(lambda t, _, x: jnp.sin(jnp.pi / 2 * x * x) * t)
_fresnel_cos.defjvps(lambda t, _, x: jnp.cos(jnp.pi / 2 * x * x) * t)


@op(inexact=True)
def spence(x):
    """Spence's integral of `log(t) / (1 - t)` from 1 to `x`; nan below 0."""
    return _spence(x)


@jax.custom_jvp
def _spence(x):
    return special.spence(x)


@_spence.defjvp
def _spence_jvp(primals, tangents):
    (x,) = primals
    off = jnp.where(x == 1, 2, x)  # the slope at 1 is the limit, -1
    return _spence(x), jnp.where(x == 1, -1, jnp.log(off) / (1 - off)) * tangents[0]


@op(unify=True, inexact=True)
def xlogy(x, y):
    """`x * log(y)`, and 0 with zero gradients where `x` is 0."""
    empty = x == 0
    return jnp.where(empty, 0, x * jnp.log(jnp.where(empty, 1, y)))


@op(unify=True, inexact=True)
def xlog1py(x, y):
    """`x * log(1 + y)`, and 0 with zero gradients where `x` is 0."""
    empty = x == 0
    return jnp.where(empty, 0, x * jnp.log1p(jnp.where(empty, 0, y)))


@op(unify=True, inexact=True)
def xdivy(x, y):
    """`x / y`, and 0 with zero gradients where `x` is 0."""
    empty = x == 0
    return jnp.where(empty, 0, x / jnp.where(empty, 1, y))


@op(unify=True, inexact=True)
def multiply_no_nan(x, y):
    """`x * y`, and 0 where `y` is 0 even if `x` is infinite or nan."""
    return _multiply_no_nan(x, y)


@jax.custom_jvp
def _multiply_no_nan(x, y):
    return jnp.where(y == 0, 0, x * y)


@_multiply_no_nan.defjvp
def _multiply_no_nan_jvp(primals, tangents):
    x, y = primals
    return _multiply_no_nan(x, y), y * tangents[0] + x * tangents[1]


@op(inexact=True)
def reciprocal_no_nan(x):
    """`1 / x`, and 0 with zero gradient where `x` is 0."""
    empty = x == 0
    return jnp.where(empty, 0, 1 / jnp.where(empty, 1, x))
