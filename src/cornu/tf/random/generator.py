"""A random generator with a state of its own. Source: tf.random.Generator."""

import secrets
from typing import Any, Self

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import philox
from cornu.core.context import context
from cornu.core.draws import BLOCKS_PER_NUMBER
from cornu.core.scopes import init_scope
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable
from cornu.ops.shaping import stack
from cornu.tf.random import distributions
from cornu.tf.random.algorithm import Algorithm, check_can_draw, checked_algorithm
from cornu.tf.random.distributions import FLOATS, INTEGERS, blocks_for, checked_dtype, checked_shape

_SIZES = {Algorithm.PHILOX: 3, Algorithm.THREEFRY: 2}
_BINOMIAL_BLOCKS = 12800


def create_rng_state(seed: Any, alg: Any) -> np.ndarray:
    """The state of a generator, made of a Python integer, its first words, or of a list of its last words.

    Shape: (3,), int64; ThreeFry (2,).

    Raises: InvalidTypeError if the seed is no integer. Source: tf.random.create_rng_state.
    """
    size = _SIZES[checked_algorithm(alg)]
    if isinstance(seed, int) and not isinstance(seed, bool):
        words = np.array([seed >> 64 * i & 2**64 - 1 for i in range(size)], np.uint64).astype(np.int64)
    else:
        words = np.asarray(seed._value if isinstance(seed, Tensor) else seed)
    if words.dtype.kind not in "iu" or words.ndim > 1 or words.size > size:
        raise InvalidTypeError(f"Expected a seed as an integer or a list of up to {size} integers; received {seed!r}.")
    return np.pad(words.reshape(-1).astype(np.int64), (size - words.size, 0))


class Generator:
    """Random numbers that depend only on the generator's state, a variable: also compiled functions move it.

    Args: `copy_from`, another generator; or `state`, three integers (two for ThreeFry), and `alg`, "philox" or "threefry".
    Raises: InvalidArgumentError if the state has another size, or both or none are given.
    """

    def __init__(self, copy_from: "Generator | None" = None, state: Any = None, alg: Any = None):
        if (copy_from is None) == (state is None):
            raise InvalidArgumentError(
                "Expected either copy_from, a Generator, or state and alg. Or use Generator.from_seed(1)."
            )
        if copy_from is not None:
            if not isinstance(copy_from, Generator):
                raise InvalidTypeError(f"Expected copy_from as a Generator; received {copy_from!r}.")
            state, alg = copy_from.state, copy_from.algorithm
        self._algorithm = checked_algorithm(alg)
        value = _words(state)
        if tuple(value.shape) != (_SIZES[self._algorithm],):
            raise InvalidArgumentError(
                f"Expected a state of {_SIZES[self._algorithm]} integers for {self._algorithm.name}; "
                f"received shape {tuple(value.shape)}."
            )
        with init_scope():
            self._state = Variable(np.asarray(value), trainable=False, autocast=False, name="StateVar")

    @classmethod
    def from_state(cls, state: Any, alg: Any) -> Self:
        """A generator in that state."""
        return cls(state=state, alg=alg)

    @classmethod
    def from_seed(cls, seed: Any, alg: Any = None) -> Self:
        """A generator whose state is made of a seed, see `create_rng_state`."""
        return cls(state=create_rng_state(seed, alg), alg=alg)

    @classmethod
    def from_non_deterministic_state(cls, alg: Any = None) -> Self:
        """A generator in a state that nobody can foresee."""
        words = [secrets.randbits(64) - 2**63 for _ in range(_SIZES[checked_algorithm(alg)])]
        return cls(state=np.array(words, np.int64), alg=alg)

    @classmethod
    def from_key_counter(cls, key: Any, counter: Any, alg: Any) -> Self:
        """A generator of a key and a counter of two integers (one for ThreeFry)."""
        return cls(state=_joined(key, counter), alg=alg)

    @property
    def state(self) -> Variable:
        """The state: low and high half of the counter, and the key."""
        return self._state

    @property
    def algorithm(self) -> int:
        """The number of the algorithm, see `Algorithm`."""
        return self._algorithm.value

    @property
    def key(self) -> Tensor:
        """The last word of the state."""
        return self._state[-1]  # type: ignore[index]

    def reset(self, state: Any) -> None:
        """Go to that state."""
        self._state.assign(_words(state))

    def reset_from_seed(self, seed: Any) -> None:
        """Go to the state made of that seed."""
        self.reset(create_rng_state(seed, self._algorithm))

    def reset_from_key_counter(self, key: Any, counter: Any) -> None:
        """Go to the state of that key and counter."""
        self.reset(_joined(key, counter))

    def skip(self, delta: Any) -> Tensor:
        """Leave out the numbers of a draw of `delta` numbers; returns the state before. Shape: (3,), int64."""
        before = Tensor(self._state._read())
        self._take(int(delta) * BLOCKS_PER_NUMBER)
        return before

    def _take(self, blocks: int) -> Any:
        """The state of the next draw, which uses that many blocks."""
        check_can_draw(self._algorithm)
        if context.scope is None:
            state = np.asarray(self._state._stored).astype(np.uint64)
        else:
            state = jnp.asarray(self._state._read()).astype(np.uint64)
        self._state.assign(philox.skipped(state, blocks).astype(np.int64))
        return state

    def normal(
        self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", name: Any = None
    ) -> Tensor:
        """Normal numbers. Raises: InvalidArgumentError if `dtype` is not floating."""
        dtype, shape = checked_dtype("Generator.normal", dtype, FLOATS), checked_shape(shape)
        return distributions.normal(self._take(blocks_for(shape)), shape, mean, stddev, dtype)

    def truncated_normal(
        self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", name: Any = None
    ) -> Tensor:
        """Normal numbers within two standard deviations. Raises: InvalidArgumentError if `dtype` is not floating."""
        dtype, shape = checked_dtype("Generator.truncated_normal", dtype, FLOATS), checked_shape(shape)
        return distributions.truncated_normal(self._take(blocks_for(shape)), shape, mean, stddev, dtype)

    def uniform(
        self, shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32", name: Any = None
    ) -> Tensor:
        """Numbers in `[minval, maxval)`; `minval=None` with an integer dtype gives all its values.

        Raises: InvalidArgumentError on a dtype that does not fit, or only one of the bounds for an integer dtype.
        """
        dtype = checked_dtype("Generator.uniform", dtype, (*FLOATS, *INTEGERS, "uint32", "uint64"))
        if dtype not in FLOATS and (minval is None) != (maxval is None):
            raise InvalidArgumentError(
                f"For integer dtype {dtype}, minval and maxval must be both None or both integers; "
                f"received minval={minval}, maxval={maxval}."
            )
        shape, maxval = checked_shape(shape), 1 if maxval is None and dtype in FLOATS else maxval
        return distributions.uniform(self._take(blocks_for(shape)), shape, minval, maxval, dtype)

    def uniform_full_int(self, shape: Any, dtype: Any = "uint64", name: Any = None) -> Tensor:
        """Integers over all values of the dtype: int32, int64, uint32 or uint64."""
        dtype = checked_dtype("Generator.uniform_full_int", dtype, (*INTEGERS, "uint32", "uint64"))
        shape = checked_shape(shape)
        return distributions.uniform(self._take(blocks_for(shape)), shape, None, None, dtype)

    def binomial(self, shape: Any, counts: Any, probs: Any, dtype: Any = "int32", name: Any = None) -> Tensor:
        """How many of `counts` trials succeed. Shape: `shape`, which ends with that of the parameters.

        Raises: InvalidArgumentError if it does not.
        """
        dtype, shape = checked_dtype("Generator.binomial", dtype, FLOATS + INTEGERS), checked_shape(shape)
        counts, probs = convert_to_tensor(counts), convert_to_tensor(probs)
        batches = int(np.prod(np.broadcast_shapes(tuple(counts.shape), tuple(probs.shape)), dtype=np.int64))
        samples = int(np.prod(shape, dtype=np.int64)) // max(batches, 1)
        state = self._take(batches * (samples + 3) * _BINOMIAL_BLOCKS)
        return distributions.binomial(state, shape, counts, probs, dtype)

    def make_seeds(self, count: int = 1) -> Tensor:
        """Seeds for stateless ops, one in each column. Shape: (2, count), int64."""
        drawn = self.uniform_full_int([count], "int64")
        return stack([drawn, drawn * 0])

    def split(self, count: int = 1) -> list["Generator"]:
        """Generators whose streams have nothing in common. Raises: InvalidArgumentError for ThreeFry."""
        keys = self.uniform_full_int([count], "int64").numpy()
        return [type(self)(state=np.array([0, 0, key], np.int64), alg=self._algorithm) for key in keys]


def _words(state: Any) -> Any:
    value = (state._as_tensor() if isinstance(state, Variable) else convert_to_tensor(state))._value
    return value.astype(np.int64)


def _joined(key: Any, counter: Any) -> np.ndarray:
    return np.concatenate([np.ravel(np.asarray(counter)), np.ravel(np.asarray(key))]).astype(np.int64)


class _Global:
    generator: Generator | None = None


def get_global_generator() -> Generator:
    """The generator of the program, made in a state that nobody can foresee. Source: tf.random.get_global_generator."""
    if _Global.generator is None:
        _Global.generator = Generator.from_non_deterministic_state()
    return _Global.generator


def set_global_generator(generator: Generator) -> None:
    """Replace the generator of the program. Source: tf.random.set_global_generator."""
    if not isinstance(generator, Generator):
        raise InvalidTypeError(f"Expected a tf.random.Generator; received {generator!r}.")
    _Global.generator = generator
