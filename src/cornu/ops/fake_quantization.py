"""Numbers rounded to the few levels of an integer type, with gradients that pass straight through.

Source: Jacob et al. 2018, Quantization and training of neural networks for efficient integer-arithmetic-only inference.
"""

import functools

import jax
import jax.numpy as jnp
from jax import lax

from cornu.core.dispatch import op


def _nudged(low, high, bits: int, narrow: bool):
    """The range moved so that 0 is one of its levels, and the distance of levels."""
    least, most = (1.0 if narrow else 0.0), float(2**bits - 1)
    steps = lax.optimization_barrier(jnp.asarray(most - least, low.dtype))  # XLA would multiply by a rounded reciprocal
    scale = (high - low) / steps
    zero_point = least - low / scale
    zero = jnp.where(zero_point < least, least, jnp.where(zero_point > most, most, _half_up(zero_point)))
    return (least - zero) * scale, (most - zero) * scale, scale


def _half_up(x):
    return jnp.sign(x) * jnp.floor(jnp.abs(x) + 0.5)


@op
def fake_quantize(x, low, high, bits=8, narrow=False):
    """`x` rounded to 2**bits (`narrow`: one fewer) levels from `low` to `high`; `low` and `high` are numbers or one per channel.

    The gradient by `x` is 1 inside of the range and 0 outside; what falls outside goes to `low` and `high`.
    """
    return _fake_quantize(bits, narrow, x, low, high)


@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _fake_quantize(bits, narrow, x, low, high):
    bottom, top, scale = _nudged(low, high, bits, narrow)
    inverse = 1 / scale
    levels = jnp.floor((jnp.clip(x, bottom, top) - bottom) * inverse + 0.5)
    empty = (low == 0) & (high == 0)
    return jnp.where(empty, 0, levels * scale + bottom).astype(x.dtype)


def _forward(bits, narrow, x, low, high):
    return _fake_quantize(bits, narrow, x, low, high), (x, low, high)


def _backward(bits, narrow, saved, upstream):
    return fake_quantize_gradient.raw(upstream, *saved, bits=bits, narrow=narrow)


_fake_quantize.defvjp(_forward, _backward)


@op
def fake_quantize_gradient(upstream, x, low, high, bits=8, narrow=False):
    """The gradients of `fake_quantize` by `x`, `low` and `high`."""
    bottom, top, _ = _nudged(low, high, bits, narrow)
    empty = (low == 0) & (high == 0)
    below, above = (x < bottom) & ~empty, (x > top) & ~empty
    axes = tuple(range(x.ndim - low.ndim))
    return (
        jnp.where(below | above, 0, upstream),
        jnp.sum(jnp.where(below, upstream, 0), axes),
        jnp.sum(jnp.where(above, upstream, 0), axes),
    )


@op
def round_to_levels(x, low, high, bits=8, signed=True, half_up=False, narrow=False):
    """`x` limited to [low, high] and rounded to levels symmetric around 0 that include it; see `tf.quantization`.

    The gradient by `x` is 1 inside of the range and 0 outside.
    """
    least = float(-(2 ** (bits - 1)) + narrow) if signed else 0.0
    most = float(2 ** (bits - 1) - 1) if signed else float(2**bits - 1)
    by_low = jnp.where(least * low > 0, least / jnp.where(low == 0, 1, low), jnp.inf)
    by_high = jnp.where(most * high > 0, most / jnp.where(high == 0, 1, high), jnp.inf)
    factor = jnp.minimum(by_low, by_high)
    factor = jnp.where(jnp.isinf(factor), 1, factor)
    bottom, top = least / factor, most / factor
    inside = (x >= bottom) & (x <= top)
    scaled = jnp.clip(x, bottom, top) * factor
    rounded = (jnp.floor(scaled + 0.5) if half_up else jnp.round(scaled)) / factor
    passed = jnp.where(inside, x, lax.stop_gradient(x))
    return passed + lax.stop_gradient(rounded - passed)
