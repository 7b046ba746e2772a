"""Convolutions as matrix products, where XLA's CPU backend convolves slower than it multiplies matrices.

A kernel of so many taps reads the image at so many shifts; a tap's part is one product over the channels.
"""

import itertools
import math

import jax
import jax.numpy as jnp
from jax import lax

Steps = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

_FEW_POSITIONS, _FEW_FOR_INPUT = 9, 16  # of an image
_ENOUGH_CHANNELS = 32


def wins(x_shape: Steps, kernel_shape: Steps) -> bool:
    """Whether `forward` beats the convolution, by what was measured (bench/RESULTS.md)."""
    return _are_few(x_shape, kernel_shape, _FEW_POSITIONS)


def wins_for_input(x_shape: Steps, kernel_shape: Steps, strides: Steps) -> bool:
    """Whether `input_gradient` beats a convolution of the spread gradient with the mirrored kernel."""
    is_strided = max(strides) > 1 and math.prod(kernel_shape[:-2]) <= 9 and min(kernel_shape[-2:]) >= 16
    return is_strided or _are_few(x_shape, kernel_shape, _FEW_FOR_INPUT)


def wins_for_kernel(x_shape: Steps, kernel_shape: Steps, strides: Steps) -> bool:
    """Whether `kernel_gradient` beats a convolution whose kernel is as large as the image."""
    taps, (channels, filters) = math.prod(kernel_shape[:-2]), kernel_shape[-2:]
    is_strided = max(strides) > 1 and taps <= 9 and channels >= 64 and filters >= 128
    return taps == 1 or is_strided or _are_few(x_shape, kernel_shape, _FEW_POSITIONS)


def _are_few(x_shape: Steps, kernel_shape: Steps, positions: int) -> bool:
    """Few positions, so that all taps side by side stay small."""
    return math.prod(x_shape[1:-1]) <= positions and min(kernel_shape[-2:]) >= _ENOUGH_CHANNELS


def forward(x: jax.Array, kernel: jax.Array, strides: Steps, pads: Pads) -> jax.Array:
    """All taps side by side, one product. Shape: (n, *spatial, c), (*sizes, c, filters) -> (n, *spatial', filters)."""
    taps = jnp.concatenate(_shifted(_made(x), kernel.shape, strides, pads), axis=-1)
    return _product(taps, kernel.reshape(-1, kernel.shape[-1]))


def kernel_gradient(x: jax.Array, gradient: jax.Array, kernel_shape: Steps, strides: Steps, pads: Pads) -> jax.Array:
    """Shape: (n, *spatial, c), (n, *spatial', filters) -> kernel_shape."""
    every = tuple(range(x.ndim - 1))
    x, gradient = _made(x), _made(gradient)
    taps = [
        lax.dot_general(part, gradient, ((every, every), ((), ()))) for part in _shifted(x, kernel_shape, strides, pads)
    ]
    return jnp.stack(taps).reshape(kernel_shape)


def input_gradient(gradient: jax.Array, kernel: jax.Array, x_shape: Steps, strides: Steps, pads: Pads) -> jax.Array:
    """Every tap's part put where it was read, and added up. Shape: (n, *spatial', filters), kernel -> x_shape."""
    sizes, gradient = kernel.shape[:-2], _made(gradient)
    total = jnp.zeros(x_shape, gradient.dtype)
    zero = jnp.zeros((), gradient.dtype)
    for place in itertools.product(*map(range, sizes)):
        part = _product(gradient, kernel[place].T)
        around = [(0, 0, 0)]
        for at, n, m, stride, pad in zip(place, x_shape[1:-1], gradient.shape[1:-1], strides, pads):
            before = at - pad[0]
            around.append((before, n - before - ((m - 1) * stride + 1), stride - 1))
        total = total + lax.pad(part, zero, [*around, (0, 0, 0)])
    return _made(total)


def _made(x: jax.Array) -> jax.Array:
    """The array as XLA must have it in memory: fused into its many readers, it would be computed once for each of them."""
    return lax.optimization_barrier(x)


def _product(x: jax.Array, matrix: jax.Array) -> jax.Array:
    rows = x.reshape(-1, x.shape[-1]) @ matrix
    return rows.reshape(*x.shape[:-1], matrix.shape[-1])


def _shifted(x: jax.Array, kernel_shape: Steps, strides: Steps, pads: Pads) -> list[jax.Array]:
    """What each tap of the kernel reads. Shape: (n, *spatial, c) -> (n, *spatial', c) each."""
    sizes = kernel_shape[:-2]
    padded = jnp.pad(x, ((0, 0), *pads, (0, 0))) if any(map(any, pads)) else x
    counts = [(n - k) // s + 1 for n, k, s in zip(padded.shape[1:-1], sizes, strides)]
    found = []
    for place in itertools.product(*map(range, sizes)):
        ends = [at + (count - 1) * stride + 1 for at, count, stride in zip(place, counts, strides)]
        start, end = (0, *place, 0), (padded.shape[0], *ends, padded.shape[-1])
        found.append(lax.slice(padded, start, end, (1, *strides, 1)))
    return found
