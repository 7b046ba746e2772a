"""Tensors made from a shape or a rule."""

import jax.numpy as jnp
import numpy as np

from cornu.core import config, dtypes, shapes
from cornu.core.dispatch import op


def _named(dtype):
    return config.floatx() if dtype is None else dtypes.name(dtype)


def _beside(x, dtype):
    return x.dtype if dtype is None else dtypes.name(dtype)


@op(static="shape", eager=True)
def zeros(shape, dtype=None):
    """A tensor of zeros."""
    return jnp.zeros(shapes.as_shape(shape), _named(dtype))


@op(static="shape", eager=True)
def ones(shape, dtype=None):
    """A tensor of ones."""
    return jnp.ones(shapes.as_shape(shape), _named(dtype))


@op(static="shape", eager=True)
def empty(shape, dtype=None):
    """A tensor of that shape; its values (zeros here) mean nothing."""
    return jnp.zeros(shapes.as_shape(shape), _named(dtype))


@op(tensors="fill_value")
def full(shape, fill_value, dtype=None):
    """A tensor that holds `fill_value` everywhere; `dtype` defaults to floatx."""
    return jnp.full(shapes.as_shape(shape), fill_value, _named(dtype))


@op
def zeros_like(x, dtype=None):
    """Zeros of the shape and, unless given, the dtype of `x`."""
    return jnp.zeros(x.shape, _beside(x, dtype))


@op
def ones_like(x, dtype=None):
    """Ones of the shape and, unless given, the dtype of `x`."""
    return jnp.ones(x.shape, _beside(x, dtype))


@op
def empty_like(x, dtype=None):
    """A tensor of the shape of `x`; its values (zeros here) mean nothing."""
    return jnp.zeros(x.shape, _beside(x, dtype))


@op
def full_like(x, fill_value, dtype=None):
    """`fill_value` everywhere, of the shape and, unless given, the dtype of `x`."""
    return jnp.full(x.shape, fill_value, _beside(x, dtype))


@op(static="start", eager=True)
def arange(start, stop=None, step=None, dtype=None):
    """start, start + step, ... before `stop`; `arange(n)` counts 0 ... n - 1.

    The dtype is int32 for Python integers and floatx if a number is a float, unless given.
    """
    numbers = [n for n in (start, stop, step) if n is not None]
    if dtype is None:
        dtype = config.floatx() if any(isinstance(n, float) for n in numbers) else "int32"
    if step == 0:
        raise ValueError("expected a step other than 0")
    return jnp.arange(start, stop, 1 if step is None else step, dtype=dtypes.name(dtype))


def _inexact_pair(start, stop, dtype):
    kind = jnp.result_type(start, stop)
    kind = kind if jnp.issubdtype(kind, jnp.inexact) else np.dtype(config.floatx())
    return kind, (kind if dtype is None else dtypes.name(dtype))


@op
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """`num` evenly spaced numbers from `start` to `stop` (without it if not `endpoint`); with `retstep` also the step."""
    kind, target = _inexact_pair(start, stop, dtype)
    start, stop = start.astype(kind), stop.astype(kind)
    values = jnp.linspace(start, stop, num, endpoint, dtype=kind, axis=axis)
    if jnp.issubdtype(np.dtype(target), jnp.integer):
        values = jnp.floor(values)
    values = values.astype(target)
    if not retstep:
        return values
    gaps = num - 1 if endpoint else num
    return values, (stop - start) / gaps if gaps else jnp.full_like(stop - start, jnp.nan)


@op
def logspace(start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0):
    """`base` to the power of `num` evenly spaced numbers from `start` to `stop`."""
    kind, target = _inexact_pair(start, stop, dtype)
    return jnp.logspace(start.astype(kind), stop.astype(kind), num, endpoint, base, dtype=kind, axis=axis).astype(
        target
    )


@op
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """`num` numbers from `start` to `stop`, each the same multiple of the one before."""
    kind, target = _inexact_pair(start, stop, dtype)
    return jnp.geomspace(start.astype(kind), stop.astype(kind), num, endpoint, dtype=kind, axis=axis).astype(target)


@op(static="N", eager=True)
def eye(N, M=None, k=0, dtype=None):
    """Ones on the `k`-th diagonal, zeros elsewhere. Shape: (N, M), (N, N) without `M`."""
    return jnp.eye(N, M, k, dtype=_named(dtype))


@op(static="n", eager=True)
def identity(n, dtype=None):
    """The identity matrix. Shape: (n, n)."""
    return jnp.eye(n, dtype=_named(dtype))


@op(static="N", eager=True)
def tri(N, M=None, k=0, dtype=None):
    """Ones on and below the `k`-th diagonal, zeros above. Shape: (N, M), (N, N) without `M`."""
    return jnp.tri(N, M, k, dtype=_named(dtype))


@op
def meshgrid(*x, indexing="xy"):
    """Coordinate tensors of the grid that 1-D axes span; "xy" puts the second axis first, "ij" keeps the order."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"expected indexing to be 'xy' or 'ij', received {indexing!r}")
    return list(jnp.meshgrid(*x, indexing=indexing))


@op
def vander(x, N=None, increasing=False):
    """Powers of `x` in columns, falling unless `increasing`. Shape: (n,) -> (n, N)."""
    columns = x.shape[0] if N is None else N
    powers = jnp.arange(columns, dtype=jnp.int32)
    return jnp.power(x[:, None], powers if increasing else powers[::-1]).astype(x.dtype)
