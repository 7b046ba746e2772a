"""Initializers whose spread follows from the number of inputs and outputs of a unit: Glorot, He, LeCun."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.random_state import SeedGenerator
from cornu.core.tensor import Tensor
from cornu.initializers import keras2
from cornu.initializers.base import INITIALIZERS, RandomInitializer, finished, float_dtype
from cornu.initializers.random import truncated_normal

Axes = int | Sequence[int] | None

# Standard deviation of a standard normal variable truncated at 2: dividing by it restores the variance asked for.
TRUNCATED_STDDEV = 0.87962566103423978

_MODES = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")


def fans(shape: Sequence[int], input_axes: Axes = None, output_axes: Axes = None) -> tuple[int, int]:
    """Inputs and outputs of one unit of a kernel: (..., in, out) times the window in front, unless axes are given.

    Raises: InvalidArgumentError if a given axis is not one of the shape's.
    """
    if input_axes is not None and output_axes is not None:
        return _product_of(shape, "input_axes", input_axes), _product_of(shape, "output_axes", output_axes)
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def _product_of(shape: Sequence[int], name: str, axes: int | Sequence[int]) -> int:
    try:
        return math.prod(shape[axis] for axis in ((axes,) if isinstance(axes, int) else axes))
    except IndexError:
        raise InvalidArgumentError(
            f"Expected `{name}` to be axes of the shape {tuple(shape)}; received {axes}."
        ) from None


@INITIALIZERS.add(also_snake=True)
class VarianceScaling(RandomInitializer):
    """Random numbers of mean 0 and variance `scale / fan`.

    Args:
        scale: positive factor of the variance.
        mode: which fan counts: `"fan_in"`, `"fan_out"` or `"fan_avg"`, the mean of both.
        distribution: `"truncated_normal"` (also called `"normal"`; cut at two standard deviations, the variance
            restored), `"untruncated_normal"` or `"uniform"`.
        input_axes, output_axes: axes of the kernel whose product is the fan; default by position.
    Shape: any.
    Raises: InvalidArgumentError on an unknown mode or distribution, or a scale that is not positive.
    Source: keras.initializers.VarianceScaling; Glorot & Bengio 2010, He et al. 2015.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | SeedGenerator | None = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
    ):
        super().__init__(seed)
        if not scale > 0:
            raise InvalidArgumentError(f"Expected a positive `scale`; received {scale!r}.")
        if mode not in _MODES:
            raise InvalidArgumentError(f"Expected `mode` as one of {', '.join(_MODES)}; received {mode!r}.")
        distribution = distribution.lower()
        if distribution == "normal":
            distribution = "truncated_normal"
        if distribution not in _DISTRIBUTIONS:
            raise InvalidArgumentError(
                f"Expected `distribution` as one of {', '.join(_DISTRIBUTIONS)}; received {distribution!r}."
            )
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.input_axes, self.output_axes = input_axes, output_axes

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        fan_in, fan_out = fans(shape, self.input_axes, self.output_axes)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        stddev = math.sqrt(self.scale / max(1.0, fan))
        drawn_in, state = float_dtype(type(self).__name__, dtype), self.keras2_state()
        if state is not None:
            if self.distribution == "uniform":
                limit = math.sqrt(3.0 * (self.scale / max(1.0, fan)))
                return keras2.uniform(state, shape, -limit, limit, dtype)
            is_truncated = self.distribution == "truncated_normal"
            return keras2.normal(
                state, shape, 0.0, stddev / (TRUNCATED_STDDEV if is_truncated else 1), dtype, is_truncated
            )
        rng = self.rng()
        if self.distribution == "uniform":
            limit = math.sqrt(3.0) * stddev
            values = limit * (2 * rng.random(tuple(shape), dtype=drawn_in) - 1)
        elif self.distribution == "truncated_normal":
            values = stddev / TRUNCATED_STDDEV * truncated_normal(rng, shape, drawn_in)
        else:
            values = stddev * rng.standard_normal(tuple(shape), dtype=drawn_in)
        return finished(np.asarray(values), dtype)


class _Fixed(VarianceScaling):
    """A VarianceScaling whose scale, mode and distribution are fixed by its class."""

    _settings: tuple[float, str, str]

    def __init__(self, seed: int | SeedGenerator | None = None, input_axes: Axes = None, output_axes: Axes = None):
        super().__init__(*self._settings, seed=seed, input_axes=input_axes, output_axes=output_axes)


@INITIALIZERS.add(also_snake=True)
class GlorotUniform(_Fixed):
    """Uniform, variance `2 / (fan_in + fan_out)`. Shape: any. Source: Glorot & Bengio 2010."""

    _settings = (1.0, "fan_avg", "uniform")


@INITIALIZERS.add(also_snake=True)
class GlorotNormal(_Fixed):
    """Truncated normal, variance `2 / (fan_in + fan_out)`. Shape: any. Source: Glorot & Bengio 2010."""

    _settings = (1.0, "fan_avg", "truncated_normal")


@INITIALIZERS.add(also_snake=True)
class LecunUniform(_Fixed):
    """Uniform, variance `1 / fan_in`. Shape: any. Source: LeCun et al. 1998."""

    _settings = (1.0, "fan_in", "uniform")


@INITIALIZERS.add(also_snake=True)
class LecunNormal(_Fixed):
    """Truncated normal, variance `1 / fan_in`. Shape: any. Source: LeCun et al. 1998."""

    _settings = (1.0, "fan_in", "truncated_normal")


@INITIALIZERS.add(also_snake=True)
class HeUniform(_Fixed):
    """Uniform, variance `2 / fan_in`. Shape: any. Source: He et al. 2015."""

    _settings = (2.0, "fan_in", "uniform")


@INITIALIZERS.add(also_snake=True)
class HeNormal(_Fixed):
    """Truncated normal, variance `2 / fan_in`. Shape: any. Source: He et al. 2015."""

    _settings = (2.0, "fan_in", "truncated_normal")
