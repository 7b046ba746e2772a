"""Reductions over axes: `axis` is None (all), an int or a tuple of ints.

Shape: the input's without the reduced axes; with `keepdims` they stay as size 1.
Raises: InvalidArgumentError if an axis is out of range.
"""

import jax.numpy as jnp
from jax.scipy import special

from cornu.core import config
from cornu.core.dispatch import op

_WIDENED = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}


def sum_dtype(dtype):
    """The dtype in which Keras sums: small integers are widened to 32 bits."""
    return _WIDENED.get(str(dtype), dtype)


def floating(x):
    """Integers and bool as floatx."""
    return x if jnp.issubdtype(x.dtype, jnp.inexact) else x.astype(config.floatx())


@op
def sum(x, axis=None, keepdims=False):
    """Sum. Small integers and bool are summed in 32 bits."""
    return jnp.sum(x, axis, dtype=sum_dtype(x.dtype), keepdims=keepdims)


@op
def prod(x, axis=None, keepdims=False, dtype=None):
    """Product. Small integers and bool are multiplied in 32 bits unless `dtype` is given."""
    return jnp.prod(x, axis, dtype=dtype or sum_dtype(x.dtype), keepdims=keepdims)


@op(inexact=True)
def mean(x, axis=None, keepdims=False):
    """Arithmetic mean; integers give floatx."""
    return jnp.mean(x, axis, keepdims=keepdims)


@op(inexact=True)
def var(x, axis=None, keepdims=False):
    """Variance: mean of the squared distance from the mean."""
    return jnp.var(x, axis, keepdims=keepdims)


@op(inexact=True)
def std(x, axis=None, keepdims=False):
    """Standard deviation: square root of the variance."""
    return jnp.std(x, axis, keepdims=keepdims)


@op(tensors="x initial")
def max(x, axis=None, keepdims=False, initial=None):
    """Largest entry, at least `initial` if it is given. An empty axis needs `initial`."""
    return _extreme(jnp.max, jnp.maximum, x, axis, keepdims, initial)


@op(tensors="x initial")
def min(x, axis=None, keepdims=False, initial=None):
    """Smallest entry, at most `initial` if it is given. An empty axis needs `initial`."""
    return _extreme(jnp.min, jnp.minimum, x, axis, keepdims, initial)


def _extreme(reduce, pair, x, axis, keepdims, initial):
    if initial is None:
        return reduce(x, axis, keepdims=keepdims)
    initial = jnp.asarray(initial, x.dtype)
    if not x.size:
        return jnp.full_like(jnp.sum(x, axis, dtype=x.dtype, keepdims=keepdims), initial)
    return pair(reduce(x, axis, keepdims=keepdims), initial)


@op
def amax(x, axis=None, keepdims=False):
    """Largest entry."""
    return jnp.max(x, axis, keepdims=keepdims)


@op
def amin(x, axis=None, keepdims=False):
    """Smallest entry."""
    return jnp.min(x, axis, keepdims=keepdims)


@op
def ptp(x, axis=None, keepdims=False):
    """Largest minus smallest entry."""
    return jnp.ptp(x, axis, keepdims=keepdims)


@op
def all(x, axis=None, keepdims=False):
    """True if all entries are true (numbers: not 0)."""
    return jnp.all(x, axis, keepdims=keepdims)


@op
def any(x, axis=None, keepdims=False):
    """True if at least one entry is true."""
    return jnp.any(x, axis, keepdims=keepdims)


@op
def argmax(x, axis=None, keepdims=False):
    """Index (int32) of the first largest entry; of the flattened tensor if `axis` is None."""
    return jnp.argmax(x, axis, keepdims=keepdims).astype(jnp.int32)


@op
def argmin(x, axis=None, keepdims=False):
    """Index (int32) of the first smallest entry; of the flattened tensor if `axis` is None."""
    return jnp.argmin(x, axis, keepdims=keepdims).astype(jnp.int32)


@op
def count_nonzero(x, axis=None):
    """Number (int32) of entries that are not 0."""
    return jnp.sum(x != 0, axis, dtype=jnp.int32)


@op(tensors="x weights", unify=True, inexact=True)
def average(x, axis=None, weights=None):
    """Mean weighted by `weights`, of the shape of `x` or of its `axis`."""
    return jnp.average(x, axis, weights)


@op(inexact=True)
def median(x, axis=None, keepdims=False):
    """Middle entry, or the mean of the two in the middle."""
    return jnp.median(x, axis, keepdims=keepdims)


@op
def quantile(x, q, axis=None, method="linear", keepdims=False):
    """Entry below which a share `q` in [0, 1] lies; `method`: linear, lower, higher, midpoint, nearest.

    Shape: that of `q` in front of the reduced one.
    """
    x = floating(x)
    return jnp.quantile(x, jnp.asarray(q, x.dtype), axis, method=method, keepdims=keepdims)


@op
def percentile(x, q, axis=None, method="linear", keepdims=False):
    """Entry below which `q` percent lie. See `quantile`."""
    x = floating(x)
    return jnp.percentile(x, jnp.asarray(q, x.dtype), axis, method=method, keepdims=keepdims)


@op(inexact=True)
def logsumexp(x, axis=None, keepdims=False):
    """Log of the sum of exponentials, safe for large entries."""
    return special.logsumexp(x, axis, keepdims=keepdims)


@op
def cumsum(x, axis=None, dtype=None):
    """Running sum along `axis`; of the flattened tensor if None. bool gives int32."""
    return jnp.cumsum(x, axis, dtype=dtype or _running_dtype(x))


@op
def cumprod(x, axis=None, dtype=None):
    """Running product along `axis`; of the flattened tensor if None. bool gives int32."""
    return jnp.cumprod(x, axis, dtype=dtype or _running_dtype(x))


def _running_dtype(x):
    return "int32" if x.dtype == jnp.bool_ else x.dtype


@op(tensors="y x", unify=True, inexact=True)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Area under the polygon through the points `y`, at the places `x` or `dx` apart."""
    return jnp.trapezoid(y, x, dx, axis)
