"""Reductions that leave nan entries out. Shape and `axis` as in `reductions`."""

import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.ops.reductions import cumprod, cumsum, floating, sum_dtype


@op
def nansum(x, axis=None, keepdims=False):
    """Sum without the nan entries."""
    return jnp.nansum(x, axis, dtype=sum_dtype(x.dtype), keepdims=keepdims)


@op
def nanprod(x, axis=None, keepdims=False):
    """Product without the nan entries."""
    return jnp.nanprod(x, axis, dtype=sum_dtype(x.dtype), keepdims=keepdims)


@op
def nanmax(x, axis=None, keepdims=False):
    """Largest entry that is not nan; nan if there is none."""
    return jnp.nanmax(x, axis, keepdims=keepdims)


@op
def nanmin(x, axis=None, keepdims=False):
    """Smallest entry that is not nan; nan if there is none."""
    return jnp.nanmin(x, axis, keepdims=keepdims)


@op
def nanmean(x, axis=None, keepdims=False):
    """Mean of the entries that are not nan."""
    return jnp.nanmean(floating(x), axis, keepdims=keepdims)


@op
def nanmedian(x, axis=None, keepdims=False):
    """Median of the entries that are not nan."""
    return jnp.nanmedian(floating(x), axis, keepdims=keepdims)


@op
def nanvar(x, axis=None, keepdims=False):
    """Variance of the entries that are not nan."""
    return jnp.nanvar(floating(x), axis, keepdims=keepdims)


@op
def nanstd(x, axis=None, keepdims=False):
    """Standard deviation of the entries that are not nan."""
    return jnp.nanstd(floating(x), axis, keepdims=keepdims)


@op
def nanargmax(x, axis=None, keepdims=False):
    """Index (int32) of the first largest entry that is not nan; -1 if there is none."""
    return jnp.nanargmax(x, axis, keepdims=keepdims).astype(jnp.int32)


@op
def nanargmin(x, axis=None, keepdims=False):
    """Index (int32) of the first smallest entry that is not nan; -1 if there is none."""
    return jnp.nanargmin(x, axis, keepdims=keepdims).astype(jnp.int32)


@op
def nanquantile(x, q, axis=None, method="linear", keepdims=False):
    """`quantile` of the entries that are not nan."""
    x = floating(x)
    return jnp.nanquantile(x, jnp.asarray(q, x.dtype), axis, method=method, keepdims=keepdims)


@op
def nanpercentile(x, q, axis=None, method="linear", keepdims=False):
    """`percentile` of the entries that are not nan."""
    x = floating(x)
    return jnp.nanpercentile(x, jnp.asarray(q, x.dtype), axis, method=method, keepdims=keepdims)


def _filled(x, value):
    return jnp.where(jnp.isnan(x), jnp.asarray(value, x.dtype), x) if jnp.issubdtype(x.dtype, jnp.inexact) else x


@op
def nancumsum(x, axis=None, dtype=None):
    """Running sum that counts nan as 0."""
    return cumsum.raw(_filled(x, 0), axis, dtype)


@op
def nancumprod(x, axis=None, dtype=None):
    """Running product that counts nan as 1."""
    return cumprod.raw(_filled(x, 1), axis, dtype)
