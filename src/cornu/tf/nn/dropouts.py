"""Dropout of `tf.nn`: with the random numbers that TensorFlow draws. Source: Srivastava et al. 2014; tf.nn."""

from collections.abc import Callable
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.core.tensor import is_tensor
from cornu.tf.known_values import known


def dropout(x: Any, rate: Any, noise_shape: Any = None, seed: int | None = None, name: str | None = None) -> Any:
    """Each entry becomes 0 with probability `rate`; the rest is divided by `1 - rate`.

    Args: `noise_shape`, the shape of the random choices, broadcast over `x`; None entries mean the size of `x`.
    Raises: InvalidArgumentError unless `x` is floating and `rate` is at least 0 and below 1. Source: tf.nn.dropout.
    """
    from cornu.tf import random

    return general_dropout(x, rate, lambda shape, dtype: random.uniform(shape, seed=seed, dtype=dtype), noise_shape)


def stateless_dropout(
    x: Any, rate: Any, seed: Any, rng_alg: Any = None, noise_shape: Any = None, name: str | None = None
) -> Any:
    """`dropout` whose choices follow from `seed`, two integers, alone. Source: tf.nn.experimental.stateless_dropout."""
    from cornu.tf import random

    alg = "auto_select" if rng_alg is None else rng_alg
    sampler = lambda shape, dtype: random.stateless_uniform(shape, seed=seed, dtype=dtype, alg=alg)
    return general_dropout(x, rate, sampler, noise_shape)


def general_dropout(
    x: Any, rate: Any, uniform_sampler: Callable, noise_shape: Any = None, name: str | None = None
) -> Any:
    """`dropout` with the numbers in [0, 1) that `uniform_sampler(shape=..., dtype=...)` gives.

    Source: tf.nn.experimental.general_dropout.
    """
    x = strict_dtypes.floating("dropout", x)
    value = known(rate) if is_tensor(rate) else rate
    if value is not None and not 0 <= value < 1:
        raise InvalidArgumentError(f"dropout: expected rate of at least 0, below 1; received {rate}.")
    if value == 0:
        return x
    shape = tuple(x.shape) if noise_shape is None else _sizes(noise_shape, tuple(x.shape))
    rate = ops.cast(rate, x.dtype)
    scaled = ops.multiply(x, ops.divide(ops.ones((), x.dtype), ops.subtract(ops.ones((), x.dtype), rate)))
    keep = ops.greater_equal(uniform_sampler(shape=shape, dtype=x.dtype), rate)
    return ops.where(keep, scaled, ops.zeros((), x.dtype))


def _sizes(noise_shape: Any, shape: tuple) -> tuple:
    wanted = ops.convert_to_numpy(noise_shape).tolist() if is_tensor(noise_shape) else list(noise_shape)
    if len(wanted) != len(shape):
        raise InvalidArgumentError(f"dropout: expected a noise_shape of {len(shape)} sizes; received {wanted}.")
    return tuple(own if size is None else int(size) for size, own in zip(wanted, shape, strict=True))
