"""Random numbers of pipelines: streams of words, and the seeds of successive passes.

Established by asking TensorFlow: `shuffle` picks by the 32-bit words of the Philox stream of its pair of seeds; where every
pass has an order of its own, the words of that stream, two at a time, are the pairs of seeds of the passes.
"""

from typing import Any

import numpy as np

from cornu.core import philox
from cornu.core.global_seed import seed_pair

_LEAST_BLOCKS = 64


def _stream(seed: tuple[int, int], first_block: int, blocks: int) -> np.ndarray:
    """Words number `4 * first_block` and following of the stream of a pair of seeds. Shape: (4 * blocks,), uint64 < 2**32."""
    state = philox.state_of(seed[0], (seed[1] << 64) + first_block)
    return philox.interleaved(philox.block_pairs(state, blocks))


def fractions(pairs: np.ndarray) -> np.ndarray:
    """What the stateless uniform op draws for each pair of 32-bit seeds. Shape: (n, 2) uint64 -> (n,), float64 in [0, 1)."""
    ((even, odd),) = philox.encrypt(*philox.from_seed_pairs(pairs))
    return ((even[0] & np.uint64(0xFFFFF)) << philox.SHIFT | odd[0]).astype(np.float64) * 2.0**-52


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
            self._ready = np.concatenate([self._ready, _stream(self._seed, self._block, blocks)])
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
        first, second = _stream(self._pair, number // 2, 1)[number % 2 * 2 :][:2].tolist()
        return Words((first, second) if first or second else (0, 2**31 - 1))

    def state(self) -> list[int]:
        """Seeds and number of passes begun."""
        return [*self._pair, self._passes]

    def restore(self, state: Any) -> None:
        """Go back to a state."""
        first, second, passes = map(int, state)
        self._pair, self._passes = (first, second), passes
