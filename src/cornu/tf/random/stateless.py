"""Random ops whose numbers follow from their `seed` alone, a pair of integers. Source: tf.random.stateless_*.

`alg` is "philox", "auto_select", or the `Algorithm`; `name` is accepted and has no effect.
"""

from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import philox
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.ops.shaping import stack
from cornu.tf.random import distributions
from cornu.tf.random.algorithm import Algorithm, check_can_draw
from cornu.tf.random.distributions import FLOATS, INTEGERS, checked_dtype, checked_shape
from cornu.tf.random.stateful import over_rate

_AUTO = Algorithm.AUTO_SELECT.name.lower()
_UNSIGNED = ("uint32", "uint64")


def stateless_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = "float32",
    name: Any = None,
    alg: Any = _AUTO,
) -> Tensor:
    """Numbers evenly spread over `[minval, maxval)`; both None gives integers over all values of their dtype.

    Raises: InvalidArgumentError on a dtype that does not fit. Source: tf.random.stateless_uniform.
    """
    dtype = checked_dtype("tf.random.stateless_uniform", dtype, FLOATS + INTEGERS + _UNSIGNED)
    if dtype not in FLOATS:
        if (minval is None) != (maxval is None):
            raise InvalidArgumentError(
                f"For integer dtype {dtype}, minval and maxval must be both None or both integers; "
                f"received minval={minval}, maxval={maxval}."
            )
        if dtype in _UNSIGNED and maxval is not None:
            raise InvalidArgumentError(f"Expected minval=None and maxval=None for {dtype}; received maxval={maxval}.")
    elif maxval is None:
        maxval = 1
    return distributions.uniform(_state(seed, alg), checked_shape(shape), minval, maxval, dtype)


def stateless_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = "float32",
    name: Any = None,
    alg: Any = _AUTO,
) -> Tensor:
    """Normal numbers. Raises: InvalidArgumentError if `dtype` is not floating. Source: tf.random.stateless_normal."""
    dtype = checked_dtype("tf.random.stateless_normal", dtype, FLOATS)
    return distributions.normal(_state(seed, alg), checked_shape(shape), mean, stddev, dtype)


def stateless_truncated_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = "float32",
    name: Any = None,
    alg: Any = _AUTO,
) -> Tensor:
    """Normal numbers within two standard deviations of the mean. Source: tf.random.stateless_truncated_normal."""
    dtype = checked_dtype("tf.random.stateless_truncated_normal", dtype, FLOATS)
    return distributions.truncated_normal(_state(seed, alg), checked_shape(shape), mean, stddev, dtype)


def stateless_categorical(logits: Any, num_samples: Any, seed: Any, dtype: Any = "int64", name: Any = None) -> Tensor:
    """Class numbers with probabilities `softmax(logits)`. Shape: (batch, classes) -> (batch, num_samples).

    Source: tf.random.stateless_categorical.
    """
    dtype = checked_dtype("tf.random.stateless_categorical", dtype, INTEGERS)
    return distributions.categorical(_state(seed), convert_to_tensor(logits), int(num_samples), dtype)


def stateless_gamma(
    shape: Any, seed: Any, alpha: Any, beta: Any = None, dtype: Any = "float32", name: Any = None
) -> Tensor:
    """Gamma numbers of shape parameter `alpha` and rate `beta`. Shape: `shape`, which ends with theirs.

    Raises: InvalidArgumentError if it does not. Source: tf.random.stateless_gamma.
    """
    dtype, shape = checked_dtype("tf.random.stateless_gamma", dtype, FLOATS), checked_shape(shape)
    alpha, beta = convert_to_tensor(alpha, dtype), convert_to_tensor(1 if beta is None else beta, dtype)
    alpha = alpha + beta * 0 if beta.ndim else alpha
    drawn = distributions.gamma(_state(seed), _outer("alpha and beta", shape, alpha), alpha, dtype)
    return over_rate(drawn, beta, dtype)


def stateless_poisson(shape: Any, seed: Any, lam: Any, dtype: Any = "int32", name: Any = None) -> Tensor:
    """Poisson numbers of the rate `lam`. Shape: `shape`, which ends with that of lam.

    Raises: InvalidArgumentError if it does not. Source: tf.random.stateless_poisson.
    """
    dtype = checked_dtype("tf.random.stateless_poisson", dtype, FLOATS + INTEGERS)
    shape, lam = checked_shape(shape), convert_to_tensor(lam)
    return distributions.poisson(_state(seed), _outer("lam", shape, lam), lam, dtype)


def stateless_binomial(
    shape: Any, seed: Any, counts: Any, probs: Any, output_dtype: Any = "int32", name: Any = None
) -> Tensor:
    """How many of `counts` trials succeed, each with probability `probs`. Shape: `shape`, which ends with theirs.

    Raises: InvalidArgumentError if it does not. Source: tf.random.stateless_binomial.
    """
    dtype = checked_dtype("tf.random.stateless_binomial", output_dtype, FLOATS + INTEGERS)
    counts, probs = convert_to_tensor(counts), convert_to_tensor(probs)
    return distributions.binomial(_state(seed), checked_shape(shape), counts, probs, dtype)


def stateless_shuffle(value: Any, seed: Any, alg: Any = _AUTO, name: Any = None) -> Tensor:
    """The slices along the first axis in random order. Shape: unchanged.

    Differs from TensorFlow: another permutation. Source: tf.random.experimental.stateless_shuffle.
    """
    return distributions.shuffle(_state(seed, alg), convert_to_tensor(value))


def split(seed: Any, num: Any = 2, alg: Any = _AUTO) -> Tensor:
    """New seeds made of one. Shape: (2,) -> (num, 2). Source: tf.random.split."""
    seed = _checked(seed)
    return stateless_uniform([int(num), 2], seed, None, None, seed.dtype, alg=alg)


def fold_in(seed: Any, data: Any, alg: Any = _AUTO) -> Tensor:
    """A new seed made of a seed and an integer, in the dtype of the latter. Shape: (2,) -> (2,). Source: tf.random.fold_in."""
    data = convert_to_tensor(data)
    return stack([stateless_uniform([], seed, None, None, data.dtype, alg=alg), data])


def _state(seed: Any, alg: Any = _AUTO) -> Any:
    check_can_draw(alg)
    seed = _checked(seed)._value
    return (
        philox.traced_from_seed_pair(seed)
        if isinstance(seed, jax.core.Tracer)
        else philox.from_seed_pair(np.asarray(seed))
    )


def _checked(seed: Any) -> Tensor:
    tensor = convert_to_tensor(seed)
    if tuple(tensor.shape) != (2,) or tensor.dtype.name not in INTEGERS:
        raise InvalidArgumentError(
            f"Expected `seed` as two integers such as [1, 2]; received {seed!r} of shape {tuple(tensor.shape)} and dtype "
            f"{tensor.dtype.name}."
        )
    return tensor


def _outer(names: str, shape: tuple[int, ...], parameter: Tensor) -> tuple[int, ...]:
    """The sizes in front of those of the parameter."""
    inner = tuple(parameter.shape)
    outer = shape[: len(shape) - len(inner)]
    if outer + inner != shape:
        raise InvalidArgumentError(f"Expected a shape that ends with that of {names}, {inner}; received {shape}.")
    return outer
