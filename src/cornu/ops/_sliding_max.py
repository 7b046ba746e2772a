"""The largest entries of windows that slide by one, with a gradient made for CPU.

Every entry lies in many windows. Its gradient is gathered: from each of them, the window's gradient if the entry was the one
that won there. Which one won is found again when the gradient is asked for, by the same comparisons, and takes a byte.
Like convolutions on CPU, these maxima have no forward mode.
"""

import itertools
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

Steps = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

_MOST_PLACES = 32  # all places of a window are unrolled in the program


def takes(dtype: np.dtype, sizes: Steps, strides: Steps) -> bool:
    """Whether `sliding_max` is for such windows."""
    return jnp.issubdtype(dtype, jnp.floating) and max(strides) == 1 < math.prod(sizes) <= _MOST_PLACES


def sliding_max(x: jax.Array, sizes: Steps, pads: Pads, forward: Callable[[jax.Array], jax.Array]) -> jax.Array:
    """The maxima that `forward(x)` computes. Shape: (n, *spatial, c) -> (n, *spatial', c)."""

    @jax.custom_vjp
    def maxima(x: jax.Array) -> jax.Array:
        return forward(x)

    def gradient(x: jax.Array, given: jax.Array) -> tuple[jax.Array]:
        around = [
            (size - 1 - before, n + before - m, 0)
            for size, (before, _), n, m in zip(sizes, pads, x.shape[1:-1], given.shape[1:-1])
        ]
        winners = lax.optimization_barrier(_winners(x, sizes, pads))
        padded = _padded(given, 0, around), _padded(winners, 255, around)
        given, winners = lax.optimization_barrier(padded)
        total = jnp.zeros(x.shape, given.dtype)
        for number, place in enumerate(itertools.product(*map(range, sizes))):
            opposite = [size - 1 - at for size, at in zip(sizes, place)]
            won = _window(winners, opposite, x.shape) == number
            total = total + jnp.where(won, _window(given, opposite, x.shape), 0)
        return (total,)

    maxima.defvjp(lambda x: (forward(x), x), gradient)
    return maxima(x)


def larger(old: jax.Array, new: jax.Array) -> jax.Array:
    """The larger of two; a nan wins, of equal entries the first."""
    return jnp.where(_wins(old, new), new, old)


def _wins(old: jax.Array, new: jax.Array) -> jax.Array:
    return (new > old) | (new != new)


def _winners(x: jax.Array, sizes: Steps, pads: Pads) -> jax.Array:
    """The place in each window, counted in row-major order, of its maximum. Shape: (n, *spatial, c) -> (n, *spatial', c)."""
    padded = lax.optimization_barrier(_padded(x, -np.inf, [(*pad, 0) for pad in pads]))  # else each reader pads it
    shape = (x.shape[0], *(n - size + 1 for n, size in zip(padded.shape[1:-1], sizes)), x.shape[-1])
    best, winners = jnp.full(shape, -np.inf, x.dtype), jnp.zeros(shape, jnp.int32)
    for number, place in enumerate(itertools.product(*map(range, sizes))):
        entries = _window(padded, place, shape)
        wins = _wins(best, entries)
        best, winners = jnp.where(wins, entries, best), jnp.where(wins, number, winners)
    return winners.astype(jnp.uint8)


def _padded(x: jax.Array, value: float, around: list[tuple[int, int, int]]) -> jax.Array:
    return lax.pad(x, np.asarray(value, x.dtype), [(0, 0, 0), *around, (0, 0, 0)])


def _window(x: jax.Array, begin: Steps | list[int], shape: Steps) -> jax.Array:
    """As much as `shape` has of the spatial axes, from `begin` on."""
    return lax.slice(x, (0, *begin, 0), (shape[0], *(b + n for b, n in zip(begin, shape[1:-1])), shape[-1]))
