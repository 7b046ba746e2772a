"""Global pooling: one number for each channel."""

from cornu import ops
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.lengths import spatial_slice
from cornu.layers.input_spec import InputSpec


class GlobalPooling(Layer):
    """One number for each channel, over all `rank` spatial axes; `keepdims` leaves those axes with size 1."""

    rank: int

    def __init__(self, data_format=None, keepdims=False, **common):
        super().__init__(**common)
        self.data_format, self.keepdims = checked_data_format(data_format), keepdims
        where = spatial_slice(self.data_format, self.rank)
        self.spatial_axes = tuple(range(where.start, where.stop))
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def compute_output_shape(self, input_shape):
        if self.keepdims:
            return tuple(1 if axis in self.spatial_axes else size for axis, size in enumerate(input_shape))
        return tuple(size for axis, size in enumerate(input_shape) if axis not in self.spatial_axes)


class GlobalMaxPooling(GlobalPooling):
    """The largest entry of each channel."""

    def call(self, inputs):
        return ops.max(inputs, axis=self.spatial_axes, keepdims=self.keepdims)


class GlobalAveragePooling(GlobalPooling):
    """The mean of each channel."""

    def call(self, inputs):
        return ops.mean(inputs, axis=self.spatial_axes, keepdims=self.keepdims)


@LAYERS.add("GlobalMaxPool1D")
class GlobalMaxPooling1D(GlobalMaxPooling):
    """Largest entry over the steps. Shape: (batch, steps, channels) -> (batch, channels). Source: keras.layers."""

    rank = 1


@LAYERS.add("GlobalMaxPool2D")
class GlobalMaxPooling2D(GlobalMaxPooling):
    """Largest entry of an image's channels. Shape: (batch, height, width, channels) -> (batch, channels).

    Source: keras.layers.GlobalMaxPooling2D.
    """

    rank = 2


@LAYERS.add("GlobalMaxPool3D")
class GlobalMaxPooling3D(GlobalMaxPooling):
    """Largest entry of a volume's channels. Shape: (batch, depth, height, width, channels) -> (batch, channels).

    Source: keras.layers.GlobalMaxPooling3D.
    """

    rank = 3


@LAYERS.add("GlobalAvgPool1D")
class GlobalAveragePooling1D(GlobalAveragePooling):
    """Mean over the steps; with a mask, over those that hold data.

    Shape: (batch, steps, channels) -> (batch, channels). Source: keras.layers.GlobalAveragePooling1D.
    """

    rank = 1
    supports_masking = True

    def call(self, inputs, mask=None):
        if mask is None:
            return super().call(inputs)
        weights = ops.expand_dims(ops.cast(mask, inputs.dtype), -1 if self.data_format == "channels_last" else 1)
        total = ops.sum(inputs * weights, axis=self.spatial_axes, keepdims=self.keepdims)
        return total / ops.sum(weights, axis=self.spatial_axes, keepdims=self.keepdims)

    def compute_mask(self, inputs, previous_mask=None):
        return None


@LAYERS.add("GlobalAvgPool2D")
class GlobalAveragePooling2D(GlobalAveragePooling):
    """Mean of an image's channels. Shape: (batch, height, width, channels) -> (batch, channels).

    Source: keras.layers.GlobalAveragePooling2D.
    """

    rank = 2


@LAYERS.add("GlobalAvgPool3D")
class GlobalAveragePooling3D(GlobalAveragePooling):
    """Mean of a volume's channels. Shape: (batch, depth, height, width, channels) -> (batch, channels).

    Source: keras.layers.GlobalAveragePooling3D.
    """

    rank = 3
