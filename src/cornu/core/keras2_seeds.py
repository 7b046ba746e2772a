"""Seeds of initializers and layers without a seed of their own, in style `tf2`.

Established by asking tf.keras: an initializer draws its seed, from 1 to 10**9, when it is first called; from Keras' own generator
after `tf.keras.utils.set_random_seed(n)`, namely `random.Random(n)`, and from Python's `random` otherwise. Under
`tf.random.set_seed(n)` alone tf.keras' initial weights differ from run to run; `random.Random(n)` serves here as well then,
unless Python's `random` was seeded or used.
"""

import random

from cornu.core import config

_UNTOUCHED = random.getstate()


class _State:
    is_keras = False  # whether `set_random_seed` chose the generators below
    seed: int | None = None
    of_initializers: random.Random | None = None
    of_layers: random.Random | None = None


def set_keras_seed(seed: int) -> None:
    """What `set_random_seed` does."""
    _State.is_keras, _State.seed = True, seed
    _State.of_initializers, _State.of_layers = random.Random(seed), random.Random(f"layers {seed}")


def set_ops_seed(seed: int) -> None:
    """What `tf.random.set_seed` does; Keras' own generator, once there is one, goes on."""
    _State.of_layers = random.Random(f"layers {seed}")
    if not _State.is_keras:
        _State.seed, _State.of_initializers = seed, None


def forget() -> None:
    """Draw from Python's `random` again."""
    _State.is_keras, _State.seed = False, None
    _State.of_initializers = _State.of_layers = None


def initializer_seed() -> int:
    """The seed of the next initializer that is called."""
    if _State.of_initializers is None and _State.seed is not None and random.getstate() == _UNTOUCHED:
        _State.of_initializers = random.Random(_State.seed)
    return (_State.of_initializers or random).randint(1, 10**9)


def layer_seed() -> int | None:
    """The seed of the next layer that draws; None if Python's `random` has to give it."""
    if config.style() != "tf2" or _State.of_layers is None:
        return None
    return _State.of_layers.randint(1, 10**9)
