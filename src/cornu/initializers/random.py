"""Initializers that draw each entry from one distribution."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu.core import dtypes
from cornu.core.random_state import SeedGenerator
from cornu.core.tensor import Tensor
from cornu.initializers import keras2
from cornu.initializers.base import INITIALIZERS, RandomInitializer, finished, float_dtype


def truncated_normal(rng: np.random.Generator, shape: Sequence[int], dtype: np.dtype) -> np.ndarray:
    """Standard normal numbers of which those further out than 2 are drawn again."""
    values = rng.standard_normal(tuple(shape), dtype=dtype)
    flat = values.reshape(-1)
    outside = np.flatnonzero(np.abs(flat) > 2)
    while outside.size:
        flat[outside] = rng.standard_normal(outside.size, dtype=dtype)
        outside = outside[np.abs(flat[outside]) > 2]
    return flat.reshape(tuple(shape))


@INITIALIZERS.add("normal", also_snake=True)
class RandomNormal(RandomInitializer):
    """Normal numbers of that mean and standard deviation. Shape: any. Source: keras.initializers.RandomNormal."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | SeedGenerator | None = None):
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        drawn_in, state = float_dtype("RandomNormal", dtype), self.keras2_state()
        if state is not None:
            return keras2.normal(state, shape, self.mean, self.stddev, dtype)
        drawn = self.rng().standard_normal(tuple(shape), dtype=drawn_in)
        return finished(np.asarray(self.mean + self.stddev * drawn), dtype)


@INITIALIZERS.add(also_snake=True)
class TruncatedNormal(RandomInitializer):
    """Normal numbers, those more than two standard deviations from the mean drawn again.

    Shape: any. Source: keras.initializers.TruncatedNormal.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | SeedGenerator | None = None):
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        drawn_in, state = float_dtype("TruncatedNormal", dtype), self.keras2_state()
        if state is not None:
            return keras2.normal(state, shape, self.mean, self.stddev, dtype, is_truncated=True)
        drawn = truncated_normal(self.rng(), shape, drawn_in)
        return finished(np.asarray(self.mean + self.stddev * drawn), dtype)


@INITIALIZERS.add("uniform", also_snake=True)
class RandomUniform(RandomInitializer):
    """Numbers evenly spread over `[minval, maxval)`. Shape: any. Source: keras.initializers.RandomUniform."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: int | SeedGenerator | None = None):
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        state = self.keras2_state()
        if state is not None and (dtypes.is_float(dtype) or dtypes.as_dtype(dtype).is_integer):
            return keras2.uniform(state, shape, self.minval, self.maxval, dtype)
        drawn = self.rng().random(tuple(shape), dtype=float_dtype("RandomUniform", dtype))
        return finished(np.asarray(self.minval + (self.maxval - self.minval) * drawn), dtype)
