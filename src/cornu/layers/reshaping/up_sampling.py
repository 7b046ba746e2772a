"""Upsampling of sequences, images and volumes."""

from typing import Any

from cornu import ops
from cornu.layers.arguments import choice, tuple_of
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")


class UpSampling(Layer):
    """Repeats entries along each of `rank` spatial axes."""

    rank: int
    size: Any  # one factor for each axis; a plain one for rank 1

    def __init__(self, size=2, data_format=None, **common):
        super().__init__(**common)
        self.data_format = checked_data_format(data_format)
        self.size = tuple_of(self.rank, "size", size)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def factors(self):
        """By how much every axis of the input grows."""
        return (1, *self.size, 1) if self.data_format == "channels_last" else (1, 1, *self.size)

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def call(self, inputs):
        for axis, factor in enumerate(self.factors):
            if factor > 1:
                inputs = ops.repeat(inputs, factor, axis=axis)
        return inputs

    def compute_output_shape(self, input_shape):
        return tuple(
            None if size is None else size * factor for size, factor in zip(input_shape, self.factors, strict=True)
        )


@LAYERS.add()
class UpSampling1D(UpSampling):
    """Repeats each step `size` times.

    Shape: (batch, steps, channels) -> (batch, steps * size, channels).
    Raises: InvalidArgumentError if `size` is not a positive integer.
    Source: keras.layers.UpSampling1D.
    """

    rank = 1

    def __init__(self, size=2, **common):
        super().__init__(size, data_format="channels_last", **common)
        self.size = self.size[0]

    @property
    def factors(self):
        """By how much every axis of the input grows."""
        return (1, self.size, 1)

    def get_config(self):
        config = super().get_config()
        config.pop("data_format", None)
        return config


@LAYERS.add()
class UpSampling2D(UpSampling):
    """Enlarges images by whole factors: repeats pixels, or interpolates between them.

    Args:
        size: Factor for both axes, or one for each.
        interpolation: `"nearest"` repeats; `"bilinear"`, `"bicubic"`, `"lanczos3"` and `"lanczos5"` interpolate.

    Shape: (batch, height, width, channels) -> (batch, height * rows, width * columns, channels).
    Raises: InvalidArgumentError on a size that is not positive or an unknown interpolation.
    Source: keras.layers.UpSampling2D.
    """

    rank = 2

    def __init__(self, size=2, data_format=None, interpolation="nearest", **common):
        super().__init__(size, data_format, **common)
        self.interpolation = choice("interpolation", interpolation, INTERPOLATIONS)

    def call(self, inputs):
        if self.interpolation == "nearest":
            return super().call(inputs)
        height, width = inputs.shape[1:3] if self.data_format == "channels_last" else inputs.shape[2:4]
        return ops.image.resize(
            inputs, (height * self.size[0], width * self.size[1]),
            interpolation=self.interpolation, data_format=self.data_format,
        )  # fmt: skip


@LAYERS.add()
class UpSampling3D(UpSampling):
    """Repeats the entries of a volume by one factor for all axes, or one for each.

    Shape: (batch, depth, height, width, channels) -> the same with larger spatial axes.
    Raises: InvalidArgumentError if `size` is not positive.
    Source: keras.layers.UpSampling3D.
    """

    rank = 3
