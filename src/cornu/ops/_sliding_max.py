"""The largest entries of windows that slide by one, with a gradient made for CPU.

Every entry lies in many windows. Its gradient is gathered: from each of them, the window's gradient if the entry was the one
that won there. Which one won is found again when the gradient is asked for, by the same comparisons, and takes a byte.
Like convolutions on CPU, these maxima have no forward mode.
"""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu.ops.conv import Pads, taps

Steps = tuple[int, ...]

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
        around = [(size - 1 - before, size - 1 - after) for size, (before, after) in zip(sizes, pads)]
        winners = _winners(x, sizes, pads)
        found = list(zip(_entries(given, sizes, around, 0), _entries(winners, sizes, around, 255)))
        total = jnp.zeros(x.shape, given.dtype)
        for number, (gave, won) in enumerate(reversed(found)):  # an entry's first window met it at its last place
            total = total + jnp.where(won == number, gave, 0)
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
    places = _entries(x, sizes, pads, -np.inf)
    best = jnp.full(places[0].shape, -np.inf, x.dtype)
    winners = jnp.zeros(best.shape, jnp.int32)
    for number, entries in enumerate(places):
        wins = _wins(best, entries)
        best, winners = jnp.where(wins, entries, best), jnp.where(wins, number, winners)
    return lax.optimization_barrier(winners.astype(jnp.uint8))


def _entries(x: jax.Array, sizes: Steps, pads: Sequence[tuple[int, int]], fill: float) -> list[jax.Array]:
    """What each place of the window meets. The array is padded once, not by each of these that read it."""
    padded = lax.optimization_barrier(jnp.pad(x, ((0, 0), *pads, (0, 0)), constant_values=fill))
    ones = (1,) * len(sizes)
    return [entries for _, entries in taps(padded, sizes, ones, ((0, 0),) * len(sizes), ones)]
