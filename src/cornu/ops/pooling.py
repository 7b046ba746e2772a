"""Pooling over 1, 2 or 3 spatial axes: sliding windows and adaptive ones."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops import _sliding_max
from cornu.ops._checks import choice, layout, per_axis
from cornu.ops.conv import Pads, same_pads, taps


@op(static="pool_size output_size")
def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Largest entry of each window; the gradient goes to the first of equal ones.

    Args:
        pool_size, strides: an integer or one per spatial axis; strides default to the pool size.
        padding: `"valid"` or `"same"`; padding never wins.
    Shape: (n, *spatial, c) -> (n, *spatial', c); channels_first likewise.
    Raises: InvalidArgumentError on ranks or options that do not fit.
    Source: keras.ops.max_pool.
    """
    x, first = _channels_last("max_pool", inputs, data_format)
    sizes, strides, pads = _windows("max_pool", x, pool_size, strides, padding)
    return _restore(_slide(x, sizes, strides, pads, "max"), first)


@op(static="pool_size output_size", inexact=True)
def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Mean of each window; with `"same"` padding the zeros outside do not count.

    Shape: (n, *spatial, c) -> (n, *spatial', c); channels_first likewise.
    Raises: InvalidArgumentError on ranks or options that do not fit.
    Source: keras.ops.average_pool.
    """
    x, first = _channels_last("average_pool", inputs, data_format)
    sizes, strides, pads = _windows("average_pool", x, pool_size, strides, padding)
    total = _slide(x, sizes, strides, pads, "sum")
    counts = np.ones(())
    for length, size, stride, pad in zip(x.shape[1:-1], sizes, strides, pads, strict=True):
        starts = np.arange(0, length + sum(pad) - size + 1, stride) - pad[0]
        inside = np.minimum(starts + size, length) - np.maximum(starts, 0)
        counts = np.multiply.outer(counts, inside)
    return _restore(total / jnp.asarray(counts[..., None], x.dtype), first)


@op(static="pool_size output_size", inexact=True)
def adaptive_average_pool(inputs, output_size, data_format=None):
    """Mean over windows laid out so that the output has `output_size` entries per axis.

    Window i of an axis of length n covers floor(i n / m) to ceil((i + 1) n / m).
    Shape: (n, *spatial, c) -> (n, *output_size, c); channels_first likewise.
    Raises: InvalidArgumentError on ranks or sizes that do not fit.
    Source: keras.ops.adaptive_average_pool.
    """
    x, first = _channels_last("adaptive_average_pool", inputs, data_format)
    for axis, size in enumerate(per_axis("adaptive_average_pool", "output_size", output_size, x.ndim - 2), 1):
        weights = np.zeros((size, x.shape[axis]))
        for row, (begin, end) in zip(weights, _bins(x.shape[axis], size), strict=True):
            row[begin:end] = 1 / (end - begin)
        mixed = jnp.tensordot(x, jnp.asarray(weights, x.dtype), (axis, 1), precision=lax.Precision.HIGHEST)
        x = jnp.moveaxis(mixed, -1, axis)
    return _restore(x, first)


@op(static="pool_size output_size")
def adaptive_max_pool(inputs, output_size, data_format=None):
    """Largest entry of windows laid out so that the output has `output_size` entries per axis.

    Window i of an axis of length n covers floor(i n / m) to ceil((i + 1) n / m).
    Shape: (n, *spatial, c) -> (n, *output_size, c); channels_first likewise.
    Raises: InvalidArgumentError on ranks or sizes that do not fit.
    Source: keras.ops.adaptive_max_pool.
    """
    x, first = _channels_last("adaptive_max_pool", inputs, data_format)
    sizes = per_axis("adaptive_max_pool", "output_size", output_size, x.ndim - 2)
    for axis, size in reversed(list(enumerate(sizes, 1))):  # last axis first: ties resolve in row-major order
        begins, ends = np.transpose(_bins(x.shape[axis], size))[..., None]
        width = 1 << (int(np.max(ends - begins)) - 1).bit_length()  # neighbours are compared until one is left
        members = np.minimum(begins + np.arange(width), ends - 1)
        x = jnp.take(x, members.astype(np.int32), axis, mode="clip")  # (..., size, width, ...)
        while x.shape[axis + 1] > 1:
            x = _sliding_max.larger(*(lax.slice_in_dim(x, start, None, 2, axis + 1) for start in (0, 1)))
        x = jnp.squeeze(x, axis + 1)
    return _restore(x, first)


def _bins(length: int, count: int) -> list[tuple[int, int]]:
    return [(i * length // count, -(-(i + 1) * length // count)) for i in range(count)]


def _slide(x: jax.Array, sizes, strides, pads: Pads, kind: str) -> jax.Array:
    """Maximum or sum of each window.

    On CPU small windows are folded tap by tap instead of `reduce_window`, whose gradients XLA runs 5 to 40 times slower
    there (measured 2x2, 3x3, 5x5): all taps at once up to 4 (sums: 9), else one axis after the other, last axis first,
    which keeps the gradient of equal maxima at the first in row-major order. Windows that tile are summed by reshaping; the
    gradient of maxima in windows that slide by one is gathered (`_sliding_max`).
    """
    floating = jnp.issubdtype(x.dtype, jnp.floating)
    least = -np.inf if floating else False if x.dtype == bool else np.iinfo(x.dtype).min
    fill = np.asarray(0 if kind == "sum" else least, x.dtype)
    if kind == "sum" and sizes == strides and not any(map(any, pads)):
        return _sum_tiles(x, sizes)
    if jax.default_backend() != "cpu" or max(sizes) > 8:
        combine = lax.add if kind == "sum" else lax.max
        return lax.reduce_window(x, fill, combine, (1, *sizes, 1), (1, *strides, 1), ((0, 0), *pads, (0, 0)))
    x = lax.optimization_barrier(x)  # in one loop with its taps XLA computes what x is made from entry by entry
    if kind == "max" and _sliding_max.takes(x.dtype, sizes, strides):
        return _sliding_max.sliding_max(x, sizes, pads, lambda x: _by_taps(x, sizes, strides, pads, kind, fill))
    return _by_taps(x, sizes, strides, pads, kind, fill)


def _by_taps(x: jax.Array, sizes, strides, pads: Pads, kind: str, fill: np.ndarray) -> jax.Array:
    pairwise = jnp.add if kind == "sum" else _sliding_max.larger
    rank = x.ndim - 2
    ones = (1,) * rank
    if math.prod(sizes) <= (9 if kind == "sum" else 4):
        return _fold((tap for _, tap in taps(x, sizes, strides, pads, ones, fill)), pairwise)
    for axis in reversed(range(rank)):
        one = lambda values, other, axis=axis: (*other[:axis], values[axis], *other[axis + 1 :])
        found = taps(x, one(sizes, ones), one(strides, ones), one(pads, ((0, 0),) * rank), ones, fill)
        x = _fold((tap for _, tap in found), pairwise)
    return x


def _sum_tiles(x: jax.Array, sizes) -> jax.Array:
    counts = [n // k for n, k in zip(x.shape[1:-1], sizes, strict=True)]
    x = x[(slice(None), *(slice(0, m * k) for m, k in zip(counts, sizes, strict=True)))]
    split = x.reshape(x.shape[0], *(n for pair in zip(counts, sizes, strict=True) for n in pair), x.shape[-1])
    return jnp.sum(split, tuple(range(2, 2 * len(sizes) + 1, 2)), dtype=x.dtype)


def _fold(parts, combine) -> jax.Array:
    parts = iter(parts)
    total = next(parts)
    for part in parts:
        total = combine(total, part)
    return total


def _channels_last(name: str, inputs: jax.Array, data_format: str | None) -> tuple[jax.Array, bool]:
    if inputs.ndim not in (3, 4, 5):
        raise InvalidArgumentError(
            f"{name}: expected input of rank 3, 4 or 5 (batch, 1 to 3 spatial axes, channels); received shape {inputs.shape}."
        )
    first = layout(name, data_format) == "channels_first"
    return (jnp.moveaxis(inputs, 1, -1) if first else inputs), first


def _restore(x: jax.Array, first: bool) -> jax.Array:
    return jnp.moveaxis(x, -1, 1) if first else x


def _windows(name: str, x: jax.Array, pool_size, strides, padding):
    rank = x.ndim - 2
    sizes = per_axis(name, "pool_size", pool_size, rank)
    strides = sizes if strides is None else per_axis(name, "strides", strides, rank)
    if choice(name, "padding", padding, ("valid", "same")) == "same":
        return sizes, strides, tuple(map(same_pads, x.shape[1:-1], sizes, strides))
    if any(n < k for n, k in zip(x.shape[1:-1], sizes, strict=True)):
        raise InvalidArgumentError(
            f"{name}: the window {sizes} is larger than the input's spatial shape {x.shape[1:-1]}. "
            "Use padding='same', a smaller window or fewer downsampling layers."
        )
    return sizes, strides, ((0, 0),) * rank
