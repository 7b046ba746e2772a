"""The orders in which `fit` goes through the rows of arrays, pass by pass."""

import jax
import jax.numpy as jnp
import numpy as np

from cornu.core import config, draws, global_seed, philox
from cornu.core.random_state import draw
from cornu.core.scopes import init_scope

RunSeed = tuple[str, int]  # whose orders they are, "cornu" or "tensorflow", and the seed
ANY_RUN: RunSeed = "cornu", 0


def run_seed() -> RunSeed:
    """The seed for the orders of one run.

    In the style "tf2", after the global seed was set, the orders are TensorFlow's, and every run has the same; otherwise they
    follow from Cornu's global generator, and every run has its own.
    """
    seed = global_seed.global_seed() if config.style() == "tf2" else None
    if seed is not None:
        return "tensorflow", seed
    with init_scope():
        words = np.asarray(draw(None))
    return "cornu", int(words[0]) | int(words[1]) << 32


def permutation(seed: RunSeed, number: int, rows: int, batch_size: int | None = None) -> jax.Array:
    """The order of the rows in pass number `number`, the same for the same seed and number. Shape: (rows,), int32.

    With `batch_size`, batches are shuffled whole; a last, smaller one stays where it is.
    """
    units = rows if batch_size is None else rows // batch_size
    order = (_tensorflow_order if seed[0] == "tensorflow" else _own_order)(seed[1], number, units).astype(np.int32)
    if batch_size is not None:
        whole = (order[:, None] * batch_size + np.arange(batch_size, dtype=np.int32)).reshape(-1)
        order = np.concatenate([whole, np.arange(len(whole), rows, dtype=np.int32)])
    return jnp.asarray(order)


def _own_order(seed: int, number: int, count: int) -> np.ndarray:
    rng = np.random.Generator(np.random.Philox(key=np.asarray([seed, number], np.uint64)))
    return rng.permutation(np.arange(count, dtype=np.int32))


def _tensorflow_order(seed: int, number: int, count: int) -> np.ndarray:
    """Established by asking TensorFlow: passes go on in the stream of a shuffling op whose own seed is 0."""
    first, second = global_seed.pair_of(seed, 0)
    state = philox.state_of(first, (second << 64) + number * draws.permutation_blocks(count))
    return draws.permutation(state, count)
