"""The random numbers of random picture functions: TensorFlow's, in TensorFlow's order."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from cornu.core.tensor import Tensor
from cornu.tf import random


def uniform(shape: Sequence[int], low: Any, high: Any, seed: Any = None, dtype: str = "float32") -> Tensor:
    """Numbers in [low, high), on the host outside of compiled functions. Shape: shape."""
    return _on_host(random.uniform(shape, low, high, dtype, seed))


def stateless_uniform(shape: Sequence[int], low: Any, high: Any, seed: Any, dtype: str = "float32") -> Tensor:
    """Numbers in [low, high), the same for the same seed of two integers. Shape: shape."""
    return _on_host(random.stateless_uniform(shape, seed, low, high, dtype))


def _on_host(drawn: Tensor) -> Tensor:
    return drawn if isinstance(drawn._value, jax.core.Tracer) else Tensor.on_host(np.asarray(drawn))


def uniform_numbers(seed: Any = None) -> Callable[[], float]:
    """A function that draws a number in [0, 1) at every call."""
    drawn = uniform((2,), 0, 2**31 - 1, seed, "int32").host()
    return np.random.default_rng(drawn.tolist()).random
