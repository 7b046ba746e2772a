"""Random classes, drawn without looking at the true ones, for losses over very many classes."""

import jax
import jax.numpy as jnp
from jax import lax

from cornu.core.dispatch import op


@op(static="kind count unique limit", recorded=False)
def draw_classes(words, probabilities, kind, count, unique, limit):
    """`count` classes (int64) below `limit`, and how many draws they took.

    Args:
        words: two random words (uint32).
        kind: "uniform", "log_uniform", where class c has the share log((c + 2) / (c + 1)) / log(limit + 1), or "table".
        probabilities: of the classes, for "table".
        unique: every class at most once; draws are repeated until there are enough.
    """
    key = jax.random.wrap_key_data(jnp.asarray(words, jnp.uint32), impl="threefry2x32")

    def draw(key, shape=()):
        share = jax.random.uniform(key, shape, jnp.float32)
        if kind == "uniform":
            found = (share * limit).astype(jnp.int64)
        elif kind == "log_uniform":
            found = (jnp.exp(share * jnp.log(limit + 1.0)) - 1).astype(jnp.int64)
        else:
            found = jnp.searchsorted(jnp.cumsum(probabilities), share * jnp.sum(probabilities), side="right")
        return jnp.clip(found, 0, limit - 1).astype(jnp.int64)

    if not unique:
        return draw(key, (count,)), jnp.asarray(count, jnp.int64)

    def step(state):
        key, found, taken, filled, tries = state
        key, own = jax.random.split(key)
        each = draw(own)
        is_fresh = ~taken[each]
        found = found.at[filled].set(jnp.where(is_fresh, each, found[filled]))
        return key, found, taken.at[each].set(True), filled + is_fresh, tries + 1

    start = (key, jnp.zeros(count, jnp.int64), jnp.zeros(limit, bool), jnp.int64(0), jnp.int64(0))
    _, found, _, _, tries = lax.while_loop(lambda state: state[3] < count, step, start)
    return found, tries
