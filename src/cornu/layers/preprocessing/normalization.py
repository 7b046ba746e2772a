"""Normalization: features brought to mean 0 and variance 1, by what was seen in `adapt`."""

from collections.abc import Iterable
from typing import Any

import jax
import numpy as np

from cornu import ops
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core.shapes import text
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable
from cornu.layers.arguments import axes as axes_of
from cornu.layers.arguments import axis_within
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS

_SMALLEST = 1e-7  # deviation to divide by


@LAYERS.add()
class Normalization(Layer):
    """`(x - mean) / sqrt(variance)`, one of each for every entry of `axis`.

    Args:
        axis: Axes whose entries keep a mean and a variance each, None for one of all.
        mean, variance: To be used in place of those found by `adapt`.
        invert: Go back: `x * sqrt(variance) + mean`.

    Shape: any -> the same; integers become floats.
    Raises: InvalidArgumentError if only one of mean and variance is given, or `axis` is out of range or of unknown size.
    Source: keras.layers.Normalization.
    """

    supports_masking = True

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **common):
        super().__init__(**common)
        given = () if axis is None else axes_of("axis", list(axis) if isinstance(axis, tuple) else axis)
        self.axis = (given,) if isinstance(given, int) else tuple(given)
        if (mean is None) != (variance is None):
            raise InvalidArgumentError(
                f"Expected both mean and variance, or none of them; received mean={mean!r} and variance={variance!r}."
            )
        self.input_mean, self.input_variance, self.invert = mean, variance, invert
        self._broadcast: tuple[int, ...] | None = None

    def build(self, input_shape):
        rank = len(input_shape)
        kept = [axis_within("axis", axis, rank) for axis in self.axis]
        if any(input_shape[axis] is None for axis in kept):
            raise InvalidArgumentError(
                f"Expected known sizes of the axes {self.axis}; received the input shape {text(input_shape)}."
            )
        self._broadcast = tuple(size if axis in kept else 1 for axis, size in enumerate(input_shape))
        self._reduced = tuple(axis for axis in range(rank) if axis not in kept)
        if self.input_mean is None:
            shape = tuple(input_shape[axis] for axis in kept)
            self.adapt_mean = self.add_weight("mean", shape, "zeros", trainable=False, autocast=False)
            self.adapt_variance = self.add_weight("variance", shape, "ones", trainable=False, autocast=False)
            self.count = self.add_weight("count", (), "zeros", dtype="int64", trainable=False)

    def adapt(self, data: Any) -> None:
        """Take mean and variance from data: an array, or batches (a Dataset, a generator). What was found before is dropped.

        Raises: FailedPreconditionError if they were given to the layer; InvalidArgumentError if there is no data.
        """
        if self.input_mean is not None:
            raise FailedPreconditionError(
                f"The mean and variance of {self.name!r} were given, so it cannot adapt. Make it without them."
            )
        is_array = isinstance(data, (np.ndarray, jax.Array, Tensor, Variable, list, tuple))
        batches: Iterable[Any] = [data] if is_array else data
        count, mean, variance = 0, np.zeros(()), np.zeros(())
        for batch in batches:
            x = np.asarray(convert_to_tensor(batch).numpy(), "float64")
            if not self.built:
                self.build((None, *x.shape[1:]) if 0 not in self.axis else x.shape)
            reduced = tuple(axis for axis in self._reduced if axis < x.ndim)
            size = int(np.prod([x.shape[axis] for axis in reduced]))
            if not size:
                continue
            added_mean, added_variance = x.mean(axis=reduced), x.var(axis=reduced)
            share, shift = size / (count + size), added_mean - mean
            mean = mean + share * shift
            variance = variance + share * (added_variance - variance) + share * (1 - share) * np.square(shift)
            count += size
        if not count:
            raise InvalidArgumentError("Expected data to adapt to; received none.")
        self.adapt_mean.assign(mean)
        self.adapt_variance.assign(variance)

    def _moments(self) -> tuple[Any, Any]:
        if self._broadcast is None:
            raise FailedPreconditionError(
                f"{self.name!r} has no mean before it is built: call adapt, or call it on data."
            )
        if self.input_mean is None:
            return tuple(ops.reshape(found, self._broadcast) for found in (self.adapt_mean, self.adapt_variance))
        dtype = self.compute_dtype
        given = (ops.cast(ops.convert_to_tensor(value), dtype) for value in (self.input_mean, self.input_variance))
        return tuple(ops.broadcast_to(value if value.ndim == 0 else ops.reshape(value, self._broadcast), self._broadcast)
                     for value in given)  # fmt: skip

    @property
    def mean(self) -> Any:
        """The mean that is subtracted, with axes of size one where there is one of all."""
        return self._moments()[0]

    @property
    def variance(self) -> Any:
        """The variance that is divided by, shaped like `mean`."""
        return self._moments()[1]

    def call(self, inputs):
        x = ops.cast(inputs, self.compute_dtype)
        mean, variance = (ops.cast(moment, self.compute_dtype) for moment in self._moments())
        deviation = ops.maximum(ops.sqrt(variance), _SMALLEST)
        return mean + x * deviation if self.invert else (x - mean) / deviation

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        """The arguments; those found by `adapt` are weights."""
        given = {"mean": self.input_mean, "variance": self.input_variance}
        plain = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in given.items()}
        common = Layer(name=self.name, trainable=self.trainable, dtype=self.dtype_policy).get_config()
        return {**common, "axis": self.axis, "invert": self.invert, **plain}
