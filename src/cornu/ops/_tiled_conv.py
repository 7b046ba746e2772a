"""Convolutions of images with few channels as products of tiles, where XLA's CPU backend convolves far below the machine's speed.

A tile is a run of neighbouring places in a row of the output. Everything that it reads is one vector, and its places share one
matrix: the kernel, shifted from place to place (a Toeplitz matrix).
"""

import functools
import math

import jax
import jax.numpy as jnp
from jax import lax

Steps = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

_ENOUGH_COLUMNS = 48  # of the matrix, for a fast product


def wins(kernel_shape: Steps, strides: Steps, dilation: Steps) -> bool:
    """Whether the functions below beat the convolution and the gradient by its kernel (bench/RESULTS.md)."""
    if len(kernel_shape) != 4 or max(*strides, *dilation) > 1:
        return False
    taps, (channels, filters) = math.prod(kernel_shape[:2]), kernel_shape[2:]
    return channels <= 4 and filters <= 32 and taps <= 49 and taps * channels >= 25


def forward(x: jax.Array, kernel: jax.Array, pads: Pads) -> jax.Array:
    """Shape: (n, h, w, c), (kh, kw, c, filters) -> (n, h', w', filters)."""
    tiles, run, (rows, columns) = _tiles(x, kernel.shape, pads)
    outputs = tiles.reshape(-1, tiles.shape[-1]) @ _shifted(kernel, run)
    return outputs.reshape(x.shape[0], rows, -1, kernel.shape[-1])[:, :, :columns]


def kernel_gradient(x: jax.Array, gradient: jax.Array, kernel_shape: Steps, pads: Pads) -> jax.Array:
    """Shape: (n, h, w, c), (n, h', w', filters) -> kernel_shape."""
    tiles, run, (_, columns) = _tiles(x, kernel_shape, pads)
    missing = tiles.shape[2] * run - columns
    gradient = jnp.pad(gradient, ((0, 0), (0, 0), (0, missing), (0, 0)))
    product = lax.dot_general(
        tiles.reshape(-1, tiles.shape[-1]), gradient.reshape(-1, run * kernel_shape[-1]), (((0,), (0,)), ((), ()))
    )
    height, reach, channels, filters = kernel_shape
    product = product.reshape(height, run + reach - 1, channels, run, filters)
    return functools.reduce(jnp.add, [product[:, at : at + reach, :, at] for at in range(run)])


def _tiles(x: jax.Array, kernel_shape: Steps, pads: Pads) -> tuple[jax.Array, int, Steps]:
    """What each tile reads, how many places a tile has, and the rows and columns of the output.

    Shape of the first: (n, h', tiles, kh * (run + kw - 1) * c).
    """
    n, channels = x.shape[0], x.shape[-1]
    height, reach = kernel_shape[:2]
    rows, columns = (size + sum(pad) - k + 1 for size, pad, k in zip(x.shape[1:3], pads, kernel_shape))
    count = -(-columns // max(4, -(-_ENOUGH_COLUMNS // kernel_shape[-1])))
    run = -(-columns // count)
    beyond = count * run - columns
    x = jnp.pad(x, ((0, 0), pads[0], (pads[1][0], pads[1][1] + beyond), (0, 0)))
    x = lax.optimization_barrier(x)
    length = run + reach - 1
    strips = [x[:, :, at * run : at * run + length].reshape(n, -1, 1, length * channels) for at in range(count)]
    strips = lax.optimization_barrier(jnp.concatenate(strips, 2))
    tiles = jnp.concatenate([strips[:, at : at + rows] for at in range(height)], -1)
    return lax.optimization_barrier(tiles), run, (rows, columns)


def _shifted(kernel: jax.Array, run: int) -> jax.Array:
    """The kernel at each place of a tile. Shape: (kh, kw, c, filters) -> (kh * (run + kw - 1) * c, run * filters)."""
    shifted = [jnp.pad(kernel, ((0, 0), (at, run - 1 - at), (0, 0), (0, 0))) for at in range(run)]
    return jnp.stack(shifted, 3).reshape(-1, run * kernel.shape[-1])
