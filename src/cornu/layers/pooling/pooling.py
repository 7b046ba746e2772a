"""MaxPooling1D/2D/3D and AveragePooling1D/2D/3D: the largest or mean entry of each window."""

from cornu import ops
from cornu.layers.arguments import choice, tuple_of
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.lengths import channel_axis, window_shape
from cornu.layers.input_spec import InputSpec


class Pooling(Layer):
    """One number for each window of the `rank` spatial axes, channel by channel.

    Args:
        pool_size: Size of the window, one integer or one for each spatial axis.
        strides: Steps between windows; those of `pool_size` if None.
        padding: `"valid"` uses whole windows only, `"same"` windows that reach over the edge too.

    Raises: InvalidArgumentError if an argument has a wrong value or an axis is shorter than the window.
    """

    rank: int

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, **common):
        super().__init__(**common)
        self.pool_size = tuple_of(self.rank, "pool_size", pool_size)
        self.strides = self.pool_size if strides is None else tuple_of(self.rank, "strides", strides)
        self.padding = choice("padding", padding, ("valid", "same"))
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def compute_output_shape(self, input_shape):
        return window_shape(
            input_shape, self.data_format, self.pool_size, self.strides, self.padding, (1,) * self.rank,
            input_shape[channel_axis(self.data_format)],
        )  # fmt: skip


class MaxPooling(Pooling):
    """The largest entry of each window."""

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)  # says what is wrong when no window fits
        return ops.max_pool(
            inputs, pool_size=self.pool_size, strides=self.strides, padding=self.padding, data_format=self.data_format
        )


class AveragePooling(Pooling):
    """The mean of each window; windows over the edge average only what lies inside."""

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)  # says what is wrong when no window fits
        return ops.average_pool(
            inputs, pool_size=self.pool_size, strides=self.strides, padding=self.padding, data_format=self.data_format
        )


@LAYERS.add("MaxPool1D")
class MaxPooling1D(MaxPooling):
    """Largest entry of windows of steps. Shape: (batch, steps, channels) -> (batch, new_steps, channels).

    Source: keras.layers.MaxPooling1D.
    """

    rank = 1


@LAYERS.add("MaxPool2D")
class MaxPooling2D(MaxPooling):
    """Largest entry of windows of pixels. Shape: (batch, height, width, channels) -> smaller height and width.

    Source: keras.layers.MaxPooling2D.
    """

    rank = 2


@LAYERS.add("MaxPool3D")
class MaxPooling3D(MaxPooling):
    """Largest entry of windows of a volume. Shape: (batch, depth, height, width, channels) -> smaller spatial axes.

    Source: keras.layers.MaxPooling3D.
    """

    rank = 3


@LAYERS.add("AvgPool1D")
class AveragePooling1D(AveragePooling):
    """Mean of windows of steps. Shape: (batch, steps, channels) -> (batch, new_steps, channels).

    Source: keras.layers.AveragePooling1D.
    """

    rank = 1


@LAYERS.add("AvgPool2D")
class AveragePooling2D(AveragePooling):
    """Mean of windows of pixels. Shape: (batch, height, width, channels) -> smaller height and width.

    Source: keras.layers.AveragePooling2D.
    """

    rank = 2


@LAYERS.add("AvgPool3D")
class AveragePooling3D(AveragePooling):
    """Mean of windows of a volume. Shape: (batch, depth, height, width, channels) -> smaller spatial axes.

    Source: keras.layers.AveragePooling3D.
    """

    rank = 3
