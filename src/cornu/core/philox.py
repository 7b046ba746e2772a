"""Philox 4x32-10, the counter-based generator behind TensorFlow's random numbers. Source: Salmon et al. 2011.

A state is three 64-bit words, as in `tf.random.Generator`: the low and the high half of the 128-bit counter of the next block,
and the key. A block is four 32-bit words. All functions take NumPy arrays (small draws) and JAX arrays (large and traced ones).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

LOW, SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], np.uint64)
_WEYL = np.array([[(i * 0x9E3779B9) & 0xFFFFFFFF, (i * 0xBB67AE85) & 0xFFFFFFFF] for i in range(10)], np.uint64)
_SCRAMBLING_KEY = 0x3EC8F720 | 0x02461E29 << 32  # of the block that turns the seed of a stateless op into its state


def state_of(key: int, counter: int) -> np.ndarray:
    """The state of a 64-bit key and a 128-bit counter. Shape: (3,), uint64."""
    return np.array([counter % 2**64, (counter >> 64) % 2**64, key % 2**64], np.uint64)


def skipped(state: Any, blocks: int) -> Any:
    """The state that many blocks later. Shape: (3,) -> (3,)."""
    if isinstance(state, np.ndarray):
        low, high, key = map(int, state)
        return state_of(key, low + (high << 64) + int(blocks))
    import jax.numpy as jnp

    low = state[0] + np.uint64(blocks)
    return jnp.stack([low, state[1] + (low < state[0]).astype(np.uint64), state[2]])


def from_seed_pair(seed: Any) -> np.ndarray:
    """The state of a stateless op with that pair of integers as its seed. Shape: (2,) -> (3,)."""
    first, second = (int(word) % 2**64 for word in seed)
    a, b, c, d = _one_block(first | second << 64, _SCRAMBLING_KEY)
    return np.array([0, c | d << 32, a | b << 32], np.uint64)


def from_seed_pairs(seeds: np.ndarray) -> np.ndarray:
    """`from_seed_pair` of many pairs. Shape: (n, 2) -> (3, n), uint64."""
    ((even, odd),) = encrypt(seeds[:, 0], seeds[:, 1], np.uint64(_SCRAMBLING_KEY))
    key, high = even | odd << SHIFT
    return np.stack([np.zeros_like(key), high, key])


def _one_block(counter: int, key: int) -> tuple[int, int, int, int]:
    """A single block, sooner than by arrays."""
    a, b, c, d = (counter >> shift & 0xFFFFFFFF for shift in (0, 32, 64, 96))
    first, second = key & 0xFFFFFFFF, key >> 32
    for x, y in _WEYL.tolist():
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b = (q >> 32) ^ b ^ ((first + x) & 0xFFFFFFFF), q & 0xFFFFFFFF
        c, d = (p >> 32) ^ d ^ ((second + y) & 0xFFFFFFFF), p & 0xFFFFFFFF
    return a, b, c, d


def traced_from_seed_pair(seed: Any) -> Any:
    """`from_seed_pair` of a traced pair."""
    import jax.numpy as jnp

    seed = jnp.asarray(seed).astype(np.int64).astype(np.uint64)
    scrambled = interleaved(block_pairs(jnp.stack([seed[0], seed[1], jnp.uint64(_SCRAMBLING_KEY)]), 1, jnp), jnp)
    a, b, c, d = scrambled
    return jnp.stack([jnp.uint64(0), c | d << SHIFT, a | b << SHIFT])


def words(state: np.ndarray, count: int) -> np.ndarray:
    """The next words, one after the other. Shape: (3,) -> (count,), uint32."""
    pairs = block_pairs(state, -(-count // 4))
    return interleaved(pairs).astype(np.uint32)[:count]


def block_pairs(state: Any, count: int, numpy: Any = np) -> list[tuple[Any, Any]]:
    """The next blocks, see `encrypt`. Shape: (3,) -> pairs of (..., count)."""
    low = state[0] + numpy.arange(count, dtype=np.uint64)
    return encrypt(low, state[1] + (low < state[0]).astype(np.uint64), state[2], numpy)


def encrypt(low: Any, high: Any, key: Any, numpy: Any = np) -> list[tuple[Any, Any]]:
    """The blocks of many counters, each given in two halves, as pairs of words.

    With NumPy it is one pair: words 0 and 2 of all blocks, words 1 and 3, both (2, n), which halves the number of operations;
    the key may be one for each counter.
    With JAX it is two pairs of (n,): words 0 and 1, words 2 and 3, which XLA computes in one loop. uint64 below 2**32.
    """
    if numpy is not np:
        return _encrypt_by_word(low, high, (numpy.stack([key & LOW, key >> SHIFT]) + _WEYL) & LOW)
    keys = (np.stack([key & LOW, key >> SHIFT]).reshape(2, -1) + _WEYL[:, :, None]) & LOW  # (10, 2, 1 or n)
    even = np.stack([low, high])
    odd, even = even >> SHIFT, even & LOW
    for round_key in keys:
        product = _MULTIPLIERS * even
        even = (product >> SHIFT)[::-1] ^ odd
        even ^= round_key
        odd = (product & LOW)[::-1]
    return [(even, odd)]


def _encrypt_by_word(low: Any, high: Any, keys: Any) -> list[tuple[Any, Any]]:
    a, b, c, d = low & LOW, low >> SHIFT, high & LOW, high >> SHIFT
    for i in range(10):
        p, q = _MULTIPLIERS[0] * a, _MULTIPLIERS[1] * c
        a, b, c, d = (q >> SHIFT) ^ b ^ keys[i, 0], q & LOW, (p >> SHIFT) ^ d ^ keys[i, 1], p & LOW
    return [(a, b), (c, d)]


def interleaved(parts: Sequence[Any], numpy: Any = np) -> Any:
    """What was made of the words, block by block: `parts` are those of each pair. Shape: (..., n) each -> (all,)."""
    flat = [part for pair in parts for part in pair]
    if numpy is not np:
        from jax import lax

        return numpy.stack(lax.optimization_barrier(flat), axis=1).reshape(-1)  # else XLA runs the rounds for each part
    return np.stack(flat, axis=-1).transpose(1, 0, 2).reshape(-1)
