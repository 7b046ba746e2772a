"""Random tensors from explicit seeds. Source: keras.random.

`seed` is an integer (the same numbers every time), a `SeedGenerator` (other numbers every time; advances also inside
compiled functions) or None (the global generator, which `set_random_seed` resets).
"""

import functools
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from cornu._base.catalog import Catalog
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import attribute_error
from cornu.core import dtypes
from cornu.core.dispatch import op
from cornu.core.random_state import SeedGenerator as SeedGenerator
from cornu.core.random_state import draw
from cornu.core.shapes import as_shape
from cornu.core.tensor import Tensor

Seed = int | SeedGenerator | None

RANDOM = Catalog("random object", "keras.random", base=SeedGenerator)
RANDOM.put([SeedGenerator])


def normal(shape: Sequence[int], mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Normal numbers of that mean and standard deviation.

    Raises: InvalidArgumentError if `dtype` is not floating. Source: keras.random.normal.
    """
    return normal_from_words(draw(seed), mean, stddev, shape=as_shape(shape), dtype=_floating("normal", dtype))


def truncated_normal(
    shape: Sequence[int], mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Seed = None
) -> Tensor:
    """Normal numbers, those further than two standard deviations from the mean drawn again.

    Raises: InvalidArgumentError if `dtype` is not floating. Source: keras.random.truncated_normal.
    """
    dtype = _floating("truncated_normal", dtype)
    return truncated_normal_from_words(draw(seed), mean, stddev, shape=as_shape(shape), dtype=dtype)


def uniform(shape: Sequence[int], minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Numbers evenly spread over `[minval, maxval)`.

    Raises: InvalidArgumentError if `dtype` is not floating. Source: keras.random.uniform.
    """
    dtype = _floating("uniform", dtype, "Use randint for integers.")
    return uniform_from_words(draw(seed), minval, maxval, shape=as_shape(shape), dtype=dtype)


def randint(shape: Sequence[int], minval: Any, maxval: Any, dtype: Any = "int32", seed: Seed = None) -> Tensor:
    """Integers from `minval` to `maxval - 1`, all equally likely.

    Raises: InvalidArgumentError if `dtype` is no integer type. Source: keras.random.randint.
    """
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_integer:
        raise InvalidArgumentError(
            f"randint expects an integer dtype; received {dtype.name!r}. Use uniform for floats."
        )
    return randint_from_words(draw(seed), minval, maxval, shape=as_shape(shape), dtype=dtype.name)


def categorical(logits: Any, num_samples: int, dtype: Any = "int32", seed: Seed = None) -> Tensor:
    """Class numbers drawn with probabilities `softmax(logits)`.

    Shape: (batch, classes) -> (batch, num_samples).
    Raises: InvalidArgumentError if `logits` is not a matrix. Source: keras.random.categorical.
    """
    return categorical_from_words(logits, draw(seed), num_samples=num_samples, dtype=dtypes.name(dtype))


def shuffle(x: Any, axis: int = 0, seed: Seed = None) -> Tensor:
    """The slices of `x` along `axis` in random order. Shape: unchanged. Source: keras.random.shuffle."""
    return shuffle_from_words(x, draw(seed), axis=axis)


def dropout(inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Seed = None) -> Tensor:
    """Each entry becomes 0 with probability `rate`; the rest is divided by `1 - rate`.

    Args: `noise_shape`, the shape of the random choices, broadcast over the input; None entries mean the input's size.
    Shape: unchanged.
    Raises: InvalidArgumentError if `rate` is outside of [0, 1], the noise shape does not broadcast, or the input is
    not floating. Source: keras.random.dropout; Srivastava et al. 2014.
    """
    if not 0 <= rate <= 1:
        raise InvalidArgumentError(f"Expected `rate` between 0 and 1; received {rate!r}.")
    noise_shape = None if noise_shape is None else tuple(noise_shape)
    return dropout_from_words(inputs, draw(seed), rate=float(rate), noise_shape=noise_shape)


def gamma(shape: Sequence[int], alpha: Any, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Gamma numbers of shape parameter `alpha` (broadcast to `shape`) and rate 1.

    Raises: InvalidArgumentError if `dtype` is not floating. Source: keras.random.gamma.
    """
    return gamma_from_words(draw(seed), alpha, shape=as_shape(shape), dtype=_floating("gamma", dtype))


def beta(shape: Sequence[int], alpha: Any, beta: Any, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Beta numbers of shape parameters `alpha` and `beta` (broadcast to `shape`).

    Raises: InvalidArgumentError if `dtype` is not floating. Source: keras.random.beta.
    """
    return beta_from_words(draw(seed), alpha, beta, shape=as_shape(shape), dtype=_floating("beta", dtype))


def binomial(shape: Sequence[int], counts: Any, probabilities: Any, dtype: Any = None, seed: Seed = None) -> Tensor:
    """How many of `counts` trials succeed, each with its probability (both broadcast to `shape`), as floats.

    Raises: InvalidArgumentError if `dtype` is not floating. Source: keras.random.binomial.
    """
    dtype = _floating("binomial", dtype)
    return binomial_from_words(draw(seed), counts, probabilities, shape=as_shape(shape), dtype=dtype)


def _floating(function: str, dtype: Any, advice: str = "") -> str:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise InvalidArgumentError(f"{function} expects a floating dtype; received {dtype.name!r}. {advice}".strip())
    return dtype.name


# Each function above draws two words from the seed; the ops below turn words (2 x uint32) into numbers.


def _key(words):
    return jax.random.wrap_key_data(jnp.asarray(words, jnp.uint32), impl="threefry2x32")


@op
def normal_from_words(words, mean, stddev, shape=(), dtype="float32"):
    """Normal numbers of a key. Shape: (2,) -> shape."""
    drawn = jax.random.normal(_key(words), shape, dtype)
    return drawn * jnp.asarray(stddev, dtype) + jnp.asarray(mean, dtype)


@op
def truncated_normal_from_words(words, mean, stddev, shape=(), dtype="float32"):
    """Normal numbers within two standard deviations. Shape: (2,) -> shape."""
    drawn = jax.random.truncated_normal(_key(words), -2.0, 2.0, shape, dtype)
    return drawn * jnp.asarray(stddev, dtype) + jnp.asarray(mean, dtype)


@op
def uniform_from_words(words, minval, maxval, shape=(), dtype="float32"):
    """Uniform numbers. Shape: (2,) -> shape."""
    low, high = jnp.asarray(minval, dtype), jnp.asarray(maxval, dtype)
    return jax.random.uniform(_key(words), shape, dtype) * (high - low) + low


@op
def randint_from_words(words, minval, maxval, shape=(), dtype="int32"):
    """Uniform integers. Shape: (2,) -> shape."""
    return jax.random.randint(_key(words), shape, jnp.asarray(minval, dtype), jnp.asarray(maxval, dtype), dtype)


@op
def categorical_from_words(logits, words, num_samples=1, dtype="int32"):
    """Class numbers. Shape: (batch, classes) -> (batch, num_samples)."""
    if logits.ndim != 2:
        raise InvalidArgumentError(f"Expected logits of shape (batch, classes); received shape {tuple(logits.shape)}.")
    drawn = jax.random.categorical(_key(words), logits, axis=-1, shape=(num_samples, logits.shape[0]))
    return drawn.T.astype(dtype)


@op
def shuffle_from_words(x, words, axis=0):
    """Slices in random order. Shape: unchanged."""
    return jax.random.permutation(_key(words), x, axis=axis)


@op
def dropout_from_words(x, words, rate=0.5, noise_shape=None):
    """Inverted dropout. Shape: unchanged."""
    if not jnp.issubdtype(x.dtype, jnp.floating):
        raise InvalidArgumentError(f"dropout expects a floating input; received {x.dtype}.")
    if rate == 0.0:
        return x
    if rate == 1.0:
        return jnp.zeros_like(x)
    shape = x.shape if noise_shape is None else _resolved(noise_shape, x.shape)
    return jnp.where(_kept(words, shape, 1.0 - rate), x / jnp.asarray(1.0 - rate, x.dtype), jnp.zeros((), x.dtype))


def _resolved(noise_shape, shape):
    sizes = tuple(size if wanted is None else int(wanted) for wanted, size in zip(noise_shape, shape, strict=False))
    if len(noise_shape) != len(shape) or any(a not in (1, b) for a, b in zip(sizes, shape, strict=True)):
        raise InvalidArgumentError(f"Expected a noise shape that broadcasts to {tuple(shape)}; received {noise_shape}.")
    return sizes


def _kept(words, shape, probability):
    """Booleans that are true with that probability.

    Two of them are made of each random word, which halves the cost; 16 bits are too coarse for extreme probabilities.
    """
    size = 1
    for n in shape:
        size *= n
    coarse = 1e-3 <= probability <= 1 - 1e-3
    state = jnp.concatenate([jnp.asarray(words, jnp.uint32), jnp.zeros(2, jnp.uint32)])
    count = (size + 1) // 2 if coarse else size
    bits = _random_bits(count)(state)
    if coarse:
        bits = jnp.concatenate([bits & jnp.uint32(0xFFFF), bits >> jnp.uint32(16)])[:size]
    threshold = round(probability * 2**16) if coarse else min(round(probability * 2**32), 2**32 - 1)
    return (bits < jnp.uint32(threshold)).reshape(shape)


@functools.cache
def _random_bits(count):
    """A function from a generator's state to so many words; under `vmap` it gives each state the words it gives it alone.

    It takes a third of the time of jax.random.bernoulli on CPU.
    """

    @jax.custom_batching.sequential_vmap
    def bits(state):
        return lax.rng_bit_generator(state, (count,), dtype=jnp.uint32, algorithm=lax.RandomAlgorithm.RNG_THREE_FRY)[1]

    return bits


@op
def gamma_from_words(words, alpha, shape=(), dtype="float32"):
    """Gamma numbers. Shape: (2,) -> shape."""
    return jax.random.gamma(_key(words), jnp.broadcast_to(jnp.asarray(alpha, dtype), shape), shape, dtype)


@op
def beta_from_words(words, alpha, beta, shape=(), dtype="float32"):
    """Beta numbers. Shape: (2,) -> shape."""
    alpha, beta = (jnp.broadcast_to(jnp.asarray(p, dtype), shape) for p in (alpha, beta))
    return jax.random.beta(_key(words), alpha, beta, shape, dtype)


@op
def binomial_from_words(words, counts, probabilities, shape=(), dtype="float32"):
    """Binomial numbers. Shape: (2,) -> shape."""
    counts, probabilities = (jnp.broadcast_to(jnp.asarray(p, dtype), shape) for p in (counts, probabilities))
    return jax.random.binomial(_key(words), counts, probabilities, shape, dtype)


__getattr__ = attribute_error(__name__)
