"""TensorFlow's rule for seeds: every random op has a pair (global seed, op seed). Source: tf.random.set_seed.

Established by asking TensorFlow: seeds count modulo 2**31 - 1; without an op seed, ops get successive numbers of Python's
`random.Random(global seed)`; without a global seed it is 87654321 for ops that have one, and all is
random for those that have none.
"""

import random
from collections.abc import Callable
from typing import Any

_MODULUS = 2**31 - 1
_DEFAULT_GLOBAL_SEED = 87654321


class _State:
    seed: int | None = None
    ops: random.Random | None = None
    drawn = 0  # pairs given out so far


on_set: list[Callable[[], None]] = []  # what has to begin again when the global seed is set


def set_global_seed(seed: int | None) -> None:
    """Set or forget the global seed; ops without a seed of their own begin their numbering again."""
    _State.seed = None if seed is None else int(seed)
    _State.ops = None if seed is None else random.Random(int(seed))
    for begin_again in on_set:
        begin_again()


def global_seed() -> int | None:
    """The global seed, None if it was never set."""
    return _State.seed


def global_seed_state() -> list[Any]:
    """The global seed and where the numbering of ops is."""
    return [_State.seed, None if _State.ops is None else _State.ops.getstate()]


def restore_global_seed_state(state: list[Any]) -> None:
    """Set what `global_seed_state` told."""
    _State.seed, ops = state
    _State.ops = None
    if ops is not None:
        _State.ops = random.Random()
        _State.ops.setstate((ops[0], tuple(map(int, ops[1])), ops[2]))


def seed_pair(op_seed: int | None = None) -> tuple[int, int]:
    """The pair of seeds of an op that was given `op_seed`. Never (0, 0)."""
    count_pair()
    if op_seed is None:
        if _State.seed is None or _State.ops is None:
            return random.randrange(_MODULUS), random.randrange(_MODULUS)
        pair = _State.seed, _State.ops.randint(0, 2**31 - 1)
    else:
        pair = _DEFAULT_GLOBAL_SEED if _State.seed is None else _State.seed, int(op_seed)
    return pair_of(*pair)


def pair_of(seed: int, op_seed: int) -> tuple[int, int]:
    """The pair of seeds of an op that was given `op_seed`, under the global seed `seed`. Never (0, 0)."""
    first, second = seed % _MODULUS, op_seed % _MODULUS
    return (first, second) if first or second else (0, _MODULUS)


def count_pair() -> None:
    """Note that random numbers are drawn, see `pairs_drawn`."""
    _State.drawn += 1


def pairs_drawn() -> int:
    """How many pairs have been given out: a function that is traced and raises this number is random."""
    return _State.drawn
