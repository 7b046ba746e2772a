"""Adaptive pooling: as many windows as the wanted output has entries, whatever the size of the input."""

from cornu import ops
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.arguments import tuple_of
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.lengths import spatial_slice
from cornu.layers.input_spec import InputSpec


class AdaptivePooling(Layer):
    """Pools `rank` spatial axes to `output_size`: entry i covers `floor(i * n / size)` to `ceil((i + 1) * n / size)`.

    Raises: InvalidArgumentError if `output_size` is not positive or has a wrong number of axes.
    """

    rank: int

    def __init__(self, output_size, data_format=None, **common):
        super().__init__(**common)
        self.output_size = tuple_of(self.rank, "output_size", output_size)
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def compute_output_shape(self, input_shape):
        shape = list(input_shape)
        shape[spatial_slice(self.data_format, self.rank)] = self.output_size
        return tuple(shape)


class AdaptiveMaxPooling(AdaptivePooling):
    """The largest entry of each window."""

    def call(self, inputs):
        return ops.adaptive_max_pool(inputs, output_size=self.output_size, data_format=self.data_format)


class AdaptiveAveragePooling(AdaptivePooling):
    """The mean of each window."""

    def call(self, inputs):
        return ops.adaptive_average_pool(inputs, output_size=self.output_size, data_format=self.data_format)


@LAYERS.add()
class AdaptiveMaxPooling1D(AdaptiveMaxPooling):
    """Shape: (batch, steps, channels) -> (batch, output_size, channels). Source: keras.layers."""

    rank = 1


@LAYERS.add()
class AdaptiveMaxPooling2D(AdaptiveMaxPooling):
    """Shape: (batch, height, width, channels) -> (batch, *output_size, channels). Source: keras.layers."""

    rank = 2


@LAYERS.add()
class AdaptiveMaxPooling3D(AdaptiveMaxPooling):
    """Shape: (batch, depth, height, width, channels) -> (batch, *output_size, channels). Source: keras.layers."""

    rank = 3


@LAYERS.add()
class AdaptiveAveragePooling1D(AdaptiveAveragePooling):
    """Shape: (batch, steps, channels) -> (batch, output_size, channels). Source: keras.layers."""

    rank = 1


@LAYERS.add()
class AdaptiveAveragePooling2D(AdaptiveAveragePooling):
    """Shape: (batch, height, width, channels) -> (batch, *output_size, channels). Source: keras.layers."""

    rank = 2


@LAYERS.add()
class AdaptiveAveragePooling3D(AdaptiveAveragePooling):
    """Shape: (batch, depth, height, width, channels) -> (batch, *output_size, channels). Source: keras.layers."""

    rank = 3
