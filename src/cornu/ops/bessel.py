"""Bessel functions of orders 0 and 1.

J, Y and K are polynomials in the variable in which they are smooth: the squared argument near 0, and far out, with the
oscillation or the decay taken off, its reciprocal. The Chebyshev coefficients are fitted to SciPy's values when a function is
first used. Source: Abramowitz and Stegun 1964, 9.2 and 9.7, for the forms.
"""

import functools
import importlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy import special
from numpy.polynomial import chebyshev

from cornu.core.dispatch import op

_NEAR = 8.0  # J and Y are polynomials of x**2 below, modulated waves above
_SMALL = 2.0  # the same for K


class _Known:
    """SciPy's special functions, imported when one is first asked for: they take longer than everything else here."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module("scipy.special"), name)


_known = _Known()


@functools.cache
def _fit(name: str) -> np.ndarray:
    """Coefficients, lowest first, of the polynomial `name` on [-1, 1]."""
    function, degree = _FORMS[name]
    return chebyshev.chebinterpolate(lambda t: function((t + 1) / 2), degree)


def _polynomial(name: str, share):
    """The polynomial `name` at `share` in [0, 1], by Clenshaw's recurrence."""
    t = 2 * share - 1
    last = before = jnp.zeros_like(t)
    coefficients = [jnp.asarray(c, t.dtype) for c in _fit(name)]
    for c in reversed(coefficients[1:]):
        last, before = c + 2 * t * last - before, last
    return coefficients[0] + t * last - before


def _wave_parts(order: int, share, part: int):
    """Of J + iY = sqrt(2 / (pi x)) (P + iQ) exp(i (x - phase)): P (part 0) or Q x (part 1), where (8 / x)**2 is `share`."""
    x = _NEAR / np.sqrt(share)
    turned = (
        np.sqrt(np.pi * x / 2) * (_known.jv(order, x) + 1j * _known.yv(order, x)) * np.exp(-1j * (x - _phase(order)))
    )
    return turned.real if part == 0 else turned.imag * x


def _phase(order: int) -> float:
    return np.pi / 4 + order * np.pi / 2


def _inner(x2_at: float, function: Callable) -> Callable:
    return lambda share: function(np.sqrt(share * x2_at))


_FORMS: dict[str, tuple[Callable, int]] = {
    "j0": (_inner(_NEAR**2, lambda x: _known.j0(x)), 24),
    "j1": (_inner(_NEAR**2, lambda x: _known.j1(x) / x), 24),
    "y0": (_inner(_NEAR**2, lambda x: _known.y0(x) - 2 / np.pi * np.log(x) * _known.j0(x)), 24),
    "y1": (_inner(_NEAR**2, lambda x: (_known.y1(x) - 2 / np.pi * (np.log(x) * _known.j1(x) - 1 / x)) / x), 24),
    "k0": (_inner(_SMALL**2, lambda x: _known.k0(x) + np.log(x) * _known.i0(x)), 14),
    "k1": (_inner(_SMALL**2, lambda x: (_known.k1(x) - np.log(x) * _known.i1(x)) * x), 14),
    "k0 far": (lambda share: _known.k0e(_SMALL / share) * np.sqrt(_SMALL / share), 28),
    "k1 far": (lambda share: _known.k1e(_SMALL / share) * np.sqrt(_SMALL / share), 28),
} | {
    f"{'PQ'[part]}{order}": (functools.partial(_wave_parts, order, part=part), 24)
    for order in (0, 1)
    for part in (0, 1)
}


def _wave(order: int, turn: Callable, other: Callable, sign: int, x):
    """The oscillating form for x >= 8: `turn` and `other` are cos and sin for J, sin and cos for Y."""
    share = jnp.square(_NEAR / x)
    angle = x - _phase(order)
    parts = turn(angle) * _polynomial(f"P{order}", share) + sign * other(angle) * _polynomial(f"Q{order}", share) / x
    return jnp.sqrt(2 / (jnp.pi * x)) * parts


def _split(x, limit, near: Callable, far: Callable):
    """`near` below the limit, `far` above it, each on numbers that it can take."""
    return jnp.where(x < limit, near(jnp.minimum(x, limit)), far(jnp.maximum(x, limit)))


def _near_share(x, limit: float = _NEAR):
    return jnp.square(x / limit)


def _j0(x):
    x = jnp.abs(x)
    return _split(
        x, _NEAR, lambda x: _polynomial("j0", _near_share(x)), functools.partial(_wave, 0, jnp.cos, jnp.sin, -1)
    )


def _j1(x):
    away = jnp.abs(x)
    far = functools.partial(_wave, 1, jnp.cos, jnp.sin, -1)
    return jnp.sign(x) * _split(away, _NEAR, lambda x: x * _polynomial("j1", _near_share(x)), far)


def _y0(x):
    near = lambda x: 2 / jnp.pi * jnp.log(x) * _j0(x) + _polynomial("y0", _near_share(x))
    return jnp.where(x < 0, jnp.nan, _split(x, _NEAR, near, functools.partial(_wave, 0, jnp.sin, jnp.cos, 1)))


def _y1(x):
    def near(x):
        inverse = 1 / x
        smooth = x * _polynomial("y1", _near_share(x))
        return jnp.where(x == 0, -inverse, 2 / jnp.pi * (jnp.log(x) * _j1(x) - inverse) + smooth)

    return jnp.where(x < 0, jnp.nan, _split(x, _NEAR, near, functools.partial(_wave, 1, jnp.sin, jnp.cos, 1)))


def _k0e(x):
    near = lambda x: jnp.exp(x) * (_polynomial("k0", _near_share(x, _SMALL)) - jnp.log(x) * special.i0(x))
    far = lambda x: _polynomial("k0 far", _SMALL / x) / jnp.sqrt(x)
    return jnp.where(x < 0, jnp.nan, _split(x, _SMALL, near, far))


def _k1e(x):
    def near(x):
        log = jnp.where(x == 0, 0, jnp.log(x))
        return jnp.exp(x) * (_polynomial("k1", _near_share(x, _SMALL)) / x + log * special.i1(x))

    far = lambda x: _polynomial("k1 far", _SMALL / x) / jnp.sqrt(x)
    return jnp.where(x < 0, jnp.nan, _split(x, _SMALL, near, far))


_VALUES = {"j0": _j0, "j1": _j1, "y0": _y0, "y1": _y1, "k0e": _k0e, "k1e": _k1e,
           "k0": lambda x: jnp.exp(-x) * _k0e(x), "k1": lambda x: jnp.exp(-x) * _k1e(x)}  # fmt: skip
_SLOPES = {  # of the value, the argument and the function of the other order
    "j0": lambda value, x: -_bessel("j1", x),
    "j1": lambda value, x: _bessel("j0", x) - jnp.where(x == 0, 0.5, value / jnp.where(x == 0, 1, x)),
    "y0": lambda value, x: -_bessel("y1", x),
    "y1": lambda value, x: _bessel("y0", x) - value / x,
    "k0": lambda value, x: -_bessel("k1", x),
    "k1": lambda value, x: -_bessel("k0", x) - value / x,
    "k0e": lambda value, x: value - _bessel("k1e", x),
    "k1e": lambda value, x: value * (1 - 1 / x) - _bessel("k0e", x),
}


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _bessel(name: str, x):
    return _VALUES[name](x).astype(x.dtype)


@_bessel.defjvp
def _bessel_jvp(name, primals, tangents):
    value = _bessel(name, *primals)
    return value, _SLOPES[name](value, *primals).astype(value.dtype) * tangents[0]


@op(inexact=True)
def bessel_j0(x):
    """Bessel function of the first kind, order 0."""
    return _bessel("j0", x)


@op(inexact=True)
def bessel_j1(x):
    """Bessel function of the first kind, order 1."""
    return _bessel("j1", x)


@op(inexact=True)
def bessel_y0(x):
    """Bessel function of the second kind, order 0; -inf at 0, nan below."""
    return _bessel("y0", x)


@op(inexact=True)
def bessel_y1(x):
    """Bessel function of the second kind, order 1; -inf at 0, nan below."""
    return _bessel("y1", x)


@op(inexact=True)
def bessel_i0(x):
    """Modified Bessel function of the first kind, order 0."""
    return special.i0(x)


@op(inexact=True)
def bessel_i0e(x):
    """`bessel_i0` times `exp(-|x|)`."""
    return special.i0e(x)


@op(inexact=True)
def bessel_i1(x):
    """Modified Bessel function of the first kind, order 1."""
    return special.i1(x)


@op(inexact=True)
def bessel_i1e(x):
    """`bessel_i1` times `exp(-|x|)`."""
    return special.i1e(x)


@op(inexact=True)
def bessel_k0(x):
    """Modified Bessel function of the second kind, order 0; inf at 0, nan below."""
    return _bessel("k0", x)


@op(inexact=True)
def bessel_k0e(x):
    """`bessel_k0` times `exp(x)`."""
    return _bessel("k0e", x)


@op(inexact=True)
def bessel_k1(x):
    """Modified Bessel function of the second kind, order 1; inf at 0, nan below."""
    return _bessel("k1", x)


@op(inexact=True)
def bessel_k1e(x):
    """`bessel_k1` times `exp(x)`."""
    return _bessel("k1e", x)
