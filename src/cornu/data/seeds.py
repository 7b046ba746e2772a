"""Random numbers of pipelines: Philox 4x32-10 streams, and the seeds of successive passes. Source: Salmon et al. 2011.

Established by asking TensorFlow: `shuffle` picks by the 32-bit words of the Philox stream of its pair of seeds; where every
pass has an order of its own, the words of that stream, two at a time, are the pairs of seeds of the passes.
"""

from typing import Any

import numpy as np

from cornu.core.global_seed import seed_pair

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_LEAST_BLOCKS = 64


def philox(seed: tuple[int, int], first_block: int, blocks: int) -> np.ndarray:
    """Words number `4 * first_block` and following of the stream of a pair of seeds. Shape: (4 * blocks,), uint64 < 2**32."""
    counter = np.arange(first_block, first_block + blocks, dtype=np.uint64)
    a, b = counter & _LOW, counter >> _SHIFT
    c = np.full(blocks, seed[1] & 0xFFFFFFFF, np.uint64)
    d = np.full(blocks, seed[1] >> 32 & 0xFFFFFFFF, np.uint64)
    key0, key1 = seed[0] & 0xFFFFFFFF, seed[0] >> 32 & 0xFFFFFFFF
    for _ in range(10):
        p, q = _M0 * a, _M1 * c
        a, b, c, d = (q >> _SHIFT) ^ b ^ np.uint64(key0), q & _LOW, (p >> _SHIFT) ^ d ^ np.uint64(key1), p & _LOW
        key0, key1 = (key0 + _W0) & 0xFFFFFFFF, (key1 + _W1) & 0xFFFFFFFF
    return np.stack([a, b, c, d], axis=1).reshape(-1)


class Words:
    """The words of a stream, one after the other."""

    def __init__(self, seed: tuple[int, int]):
        self._seed, self._block = seed, 0
        self._ready = np.empty(0, np.uint64)

    def __call__(self, count: int) -> np.ndarray:
        """The next `count` words."""
        missing = count - len(self._ready)
        if missing > 0:
            blocks = max(-(-missing // 4), _LEAST_BLOCKS)
            self._ready = np.concatenate([self._ready, philox(self._seed, self._block, blocks)])
            self._block += blocks
        found, self._ready = self._ready[:count], self._ready[count:]
        return found


class PassSeeds:
    """The seeds of a random step: those of its next pass, and a state to go back to.

    Args: `seed`, the op's seed or None; `anew`, whether every pass has numbers of its own.
    """

    def __init__(self, seed: int | None, anew: bool):
        self._pair, self._anew, self._passes = seed_pair(seed), anew, 0

    def next_pass(self) -> Words:
        """The random words of the pass that begins."""
        number, self._passes = self._passes, self._passes + 1
        if not self._anew:
            return Words(self._pair)
        first, second = philox(self._pair, number // 2, 1)[number % 2 * 2 :][:2].tolist()
        return Words((first, second) if first or second else (0, 2**31 - 1))

    def state(self) -> list[int]:
        """Seeds and number of passes begun."""
        return [*self._pair, self._passes]

    def restore(self, state: Any) -> None:
        """Go back to a state."""
        first, second, passes = map(int, state)
        self._pair, self._passes = (first, second), passes
