"""Random tensors and variables of random values. Source: tf.keras.backend."""

from typing import Any

from cornu import ops, random
from cornu.core import config
from cornu.core.variable import Variable


def random_normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Normally distributed numbers."""
    return random.normal(tuple(shape), mean, stddev, dtype, seed)


def random_uniform(shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Uniformly distributed numbers."""
    return random.uniform(tuple(shape), minval, maxval, dtype, seed)


def truncated_normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Normally distributed numbers within two standard deviations."""
    return random.truncated_normal(tuple(shape), mean, stddev, dtype, seed)


def random_bernoulli(shape: Any, p: float = 0.0, dtype: Any = None, seed: Any = None) -> Any:
    """Ones with probability `p`, else zeros."""
    return ops.cast(random.uniform(tuple(shape), seed=seed) <= p, dtype or config.floatx())


random_binomial = random_bernoulli


def random_normal_variable(
    shape: Any, mean: float, scale: float, dtype: Any = None, name: str | None = None, seed: Any = None
) -> Variable:
    """A variable of normally distributed numbers."""
    return Variable(random_normal(shape, mean, scale, dtype, seed), name=name)


def random_uniform_variable(
    shape: Any, low: float, high: float, dtype: Any = None, name: str | None = None, seed: Any = None
) -> Variable:
    """A variable of uniformly distributed numbers."""
    return Variable(random_uniform(shape, low, high, dtype, seed), name=name)


def dropout(x: Any, level: float, noise_shape: Any = None, seed: Any = None) -> Any:
    """Entries set to 0 with probability `level`, the others scaled up."""
    return random.dropout(x, level, noise_shape, seed)
