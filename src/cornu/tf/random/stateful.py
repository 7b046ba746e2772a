"""Random ops whose numbers follow from the global seed, their own seed and what was drawn before. Source: tf.random.

`seed` is an integer or None; see `cornu.core.tf_seeds` for what follows from it. `name` is accepted and has no effect.
"""

from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import draws, tf_seeds
from cornu.core.context import context
from cornu.core.random_state import set_ops_seed
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.ops.arithmetic import maximum
from cornu.tf.random import distributions
from cornu.tf.random.distributions import FLOATS, INTEGERS, blocks_for, checked_dtype, checked_shape


def set_seed(seed: int) -> None:
    """Set the global seed, from which all random numbers of a program follow; streams begin again.

    Raises: InvalidTypeError if `seed` is no number. Source: tf.random.set_seed.
    """
    if isinstance(seed, Tensor) and not seed.ndim:
        seed = seed.item()
    if isinstance(seed, (str, bytes)) or not hasattr(seed, "__int__"):
        raise InvalidTypeError(f"Expected an integer seed; received {seed!r} of type {type(seed).__name__}.")
    set_ops_seed(int(seed))


def uniform(
    shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32", seed: int | None = None, name: Any = None
) -> Tensor:
    """Numbers evenly spread over `[minval, maxval)`; `maxval` is 1 for floats and has to be given for integers.

    Raises: InvalidArgumentError on another dtype than a float, int32 or int64, or minval >= maxval for integers.
    Source: tf.random.uniform.
    """
    dtype = checked_dtype("tf.random.uniform", dtype, FLOATS + INTEGERS)
    if maxval is None:
        if dtype in INTEGERS:
            raise InvalidArgumentError(f"Must specify maxval for integer dtype {dtype}; received maxval=None.")
        maxval = 1
    kind, shape = ("uniform" if dtype in FLOATS else "integers"), checked_shape(shape)
    return distributions.uniform(_state(kind, dtype, seed, blocks_for(shape)), shape, minval, maxval, dtype)


def normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", seed: int | None = None, name: Any = None
) -> Tensor:
    """Normal numbers of that mean and standard deviation.

    Raises: InvalidArgumentError if `dtype` is not floating. Source: tf.random.normal.
    """
    dtype, shape = checked_dtype("tf.random.normal", dtype, FLOATS), checked_shape(shape)
    return distributions.normal(_state("normal", dtype, seed, blocks_for(shape)), shape, mean, stddev, dtype)


def truncated_normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", seed: int | None = None, name: Any = None
) -> Tensor:
    """Normal numbers, those further than two standard deviations from the mean drawn again.

    Raises: InvalidArgumentError if `dtype` is not floating. Source: tf.random.truncated_normal.
    """
    dtype, shape = checked_dtype("tf.random.truncated_normal", dtype, FLOATS), checked_shape(shape)
    state = _state("truncated_normal", dtype, seed, blocks_for(shape))
    return distributions.truncated_normal(state, shape, mean, stddev, dtype)


def categorical(logits: Any, num_samples: Any, dtype: Any = None, seed: int | None = None, name: Any = None) -> Tensor:
    """Class numbers drawn with probabilities `softmax(logits)`; int64 unless `dtype` says int32.

    Shape: (batch, classes) -> (batch, num_samples).
    Raises: InvalidArgumentError if `logits` is not a matrix. Source: tf.random.categorical.
    """
    logits = convert_to_tensor(logits)
    dtype = checked_dtype("tf.random.categorical", dtype or "int64", INTEGERS)
    samples = int(num_samples)
    blocks = (logits.shape[0] if logits.ndim else 1) * -(-samples // 4) * 4 * 512
    state = _state("categorical", f"{logits.dtype.name} {dtype}", seed, blocks)
    return distributions.categorical(state, logits, samples, dtype)


def shuffle(value: Any, seed: int | None = None, name: Any = None) -> Tensor:
    """The slices of `value` along its first axis in random order. Shape: unchanged. Source: tf.random.shuffle."""
    value = convert_to_tensor(value)
    blocks = draws.permutation_blocks(value.shape[0] or 0) if value.ndim else 0
    return distributions.shuffle(_state("shuffle", value.dtype.name, seed, blocks), value)


def gamma(
    shape: Any, alpha: Any, beta: Any = None, dtype: Any = "float32", seed: int | None = None, name: Any = None
) -> Tensor:
    """Gamma numbers of shape parameter `alpha` and rate `beta` (1 if None), for each entry of the two broadcast together.

    No gradient goes to `alpha`. Shape: shape + the shape of alpha and beta.
    Raises: InvalidArgumentError if `dtype` is not floating. Source: tf.random.gamma.
    """
    dtype, shape = checked_dtype("tf.random.gamma", dtype, FLOATS), checked_shape(shape)
    alpha, beta = convert_to_tensor(alpha, dtype), convert_to_tensor(1 if beta is None else beta, dtype)
    alpha = alpha + beta * 0 if beta.ndim else alpha
    state = _state("gamma", dtype, seed, blocks_for((*shape, *alpha.shape)))
    return over_rate(distributions.gamma(state, shape, alpha, dtype), beta, dtype)


def over_rate(drawn: Tensor, beta: Tensor, dtype: str) -> Tensor:
    """Gamma numbers of that rate, the least positive number in place of 0."""
    least = np.asarray(jnp.finfo(dtype).tiny)
    if (
        context.scope is None and not context.tapes
    ):  # NumPy divides; XLA multiplies by the inverse of what it broadcasts
        return Tensor.on_host(np.maximum(drawn.host() / beta.host(), least))
    return maximum(drawn / beta, least)


def poisson(shape: Any, lam: Any, dtype: Any = "float32", seed: int | None = None, name: Any = None) -> Tensor:
    """Poisson numbers for each entry of the rate `lam`; nan where it is negative or not finite.

    Shape: shape + the shape of lam. Raises: InvalidArgumentError on a dtype that cannot hold them.
    Source: tf.random.poisson.
    """
    dtype = checked_dtype("tf.random.poisson", dtype, (*FLOATS, *INTEGERS))
    shape, lam = checked_shape(shape), convert_to_tensor(lam)
    state = _state("poisson", f"{lam.dtype.name} {dtype}", seed, blocks_for((*shape, *lam.shape)))
    return distributions.poisson(state, shape, lam, dtype)


def _state(kind: str, dtype: str, seed: Any, blocks: int) -> Any:
    if isinstance(seed, (str, bytes)) or not (seed is None or hasattr(seed, "__int__")):
        raise InvalidTypeError(
            f"Expected `seed` as an integer or None; received {seed!r} of type {type(seed).__name__}."
        )
    return tf_seeds.next_state(f"{kind} {dtype}", None if seed is None else int(seed), blocks)
