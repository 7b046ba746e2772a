"""Seeds and the state of random generators. Source: keras.random.SeedGenerator, keras.utils.set_random_seed."""

import random
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base import names
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import keras2_seeds
from cornu.core.global_seed import global_seed_state, restore_global_seed_state, set_global_seed
from cornu.core.scopes import init_scope
from cornu.core.tensor import Tensor
from cornu.core.variable import Variable, opened

_global: list["SeedGenerator"] = []


def default_seed() -> int:
    """A fresh seed from Python's `random`, so that `random.seed` and `set_random_seed` decide it."""
    return keras2_seeds.layer_seed() or random.randint(1, 10**9)


class SeedGenerator:
    """A stream of seeds: each `next()` gives `[seed, count]` and counts up.

    Its state is a variable, so that compiled functions advance it. Args: `seed`, an integer of 0 or more, default drawn.
    Raises: InvalidArgumentError if the seed is negative; InvalidTypeError if it is no integer.
    """

    def __init__(self, seed: int | None = None, name: str | None = None, **ignored_dtype: Any):
        seed = default_seed() if seed is None else seed
        if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool):
            raise InvalidTypeError(f"Expected an integer seed; received {seed!r} of type {type(seed).__name__}.")
        if seed < 0:
            raise InvalidArgumentError(f"Expected a seed of 0 or more; received {seed}.")
        self.name = name or names.auto_name("SeedGenerator")
        self._initial_seed = int(seed)
        start = np.array([self._initial_seed % 2**32, 0], np.uint32)
        with opened((self.name,)):
            self.state = Variable(start, trainable=False, autocast=False, name="seed_generator_state")

    def next(self, ordered: bool = True) -> Tensor:
        """The next seed. Shape: (2,), uint32."""
        now = self.state._read()
        self.state.assign(now + jnp.asarray(_ONE_STEP))
        return Tensor(now)

    def get_config(self) -> dict:
        """The initial seed and the name."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict) -> "SeedGenerator":
        """A generator from the config."""
        return cls(**config)


_ONE_STEP = np.array([0, 1], np.uint32)


def global_generator() -> SeedGenerator:
    """The generator behind random ops that get no seed; made when first needed."""
    if not _global:
        with init_scope():
            _global.append(SeedGenerator(name="global_seed_generator"))
    return _global[0]


def set_random_seed(seed: int) -> None:
    """Seed Python's `random`, NumPy's global generator and Cornu's. Source: keras.utils.set_random_seed.

    Raises: InvalidTypeError if `seed` is no integer.
    """
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool):
        raise InvalidTypeError(f"Expected an integer seed; received {seed!r} of type {type(seed).__name__}.")
    random.seed(int(seed))
    np.random.seed(int(seed) % 2**32)
    keras2_seeds.set_keras_seed(int(seed))
    _set_own_seeds(int(seed))


def set_ops_seed(seed: int) -> None:
    """Seed Cornu's generators and leave those of Python and NumPy alone. Source: tf.random.set_seed."""
    keras2_seeds.set_ops_seed(seed)
    _set_own_seeds(seed)


def _set_own_seeds(seed: int) -> None:
    set_global_seed(seed)
    _global.clear()
    _global.append(SeedGenerator(seed % 2**32, name="global_seed_generator"))


def forget() -> None:
    """Drop the global generator, as `clear_session` does."""
    _global.clear()


def host_state() -> dict[str, Any]:
    """The state of the global generators of Python and NumPy, and of the numbering of TensorFlow's ops."""
    return {"python": random.getstate(), "numpy": np.random.get_state(), "ops": global_seed_state()}


def restore_host_state(state: dict[str, Any]) -> None:
    """Set what `host_state` told."""
    version, words, gauss = state["python"]
    random.setstate((version, tuple(map(int, words)), gauss))
    np.random.set_state(tuple(state["numpy"]))
    restore_global_seed_state(state["ops"])


def global_state() -> Any:
    """The state of the generator behind random ops that get no seed, or None if there is none yet."""
    return [_global[0]._initial_seed, np.asarray(_global[0].state._stored)] if _global else None


def restore_global_state(state: Any) -> None:
    """Set what `global_state` told."""
    if state is None:
        _global.clear()
        return
    generator = global_generator()  # kept: compiled functions may hold its state
    generator._initial_seed = state[0]
    generator.state.assign(state[1])


def draw(seed: Any) -> Any:
    """Two uint32 words for `seed`: None (the global generator), an integer, a SeedGenerator, or a (2,) array of words."""
    if seed is None:
        return global_generator().next()._value
    if isinstance(seed, SeedGenerator):
        return seed.next()._value
    if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
        return np.array([int(seed) % 2**32, 0], np.uint32)
    if isinstance(seed, (Tensor, jax.Array, np.ndarray)):
        words = seed._value if isinstance(seed, Tensor) else seed
        return words if words.shape == (2,) else jnp.stack([jnp.asarray(words, jnp.uint32).reshape(()), jnp.uint32(0)])
    raise InvalidTypeError(
        f"Expected a seed as an integer, a SeedGenerator or None; received {seed!r} of type {type(seed).__name__}."
    )


def key(seed: Any) -> jax.Array:
    """A JAX random key for `seed`, see `draw`. A generator is advanced."""
    return jax.random.wrap_key_data(jnp.asarray(draw(seed), jnp.uint32), impl="threefry2x32")


def host_rng(seed: Any) -> np.random.Generator:
    """A NumPy generator for `seed`, see `draw`; for values that are made once, on the host, such as initial weights."""
    with init_scope():
        words = np.asarray(draw(seed))
    return np.random.Generator(np.random.Philox(key=int(words[0]) | int(words[1]) << 64))
