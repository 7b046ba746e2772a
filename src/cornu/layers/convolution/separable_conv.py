"""SeparableConv1D, SeparableConv2D: a depthwise convolution, then one that mixes the channels of each position."""

from cornu import ops
from cornu.layers.arguments import positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.conv import OneGroup, add_bias, finish, input_channels, store_window
from cornu.layers.convolution.lengths import window_shape
from cornu.layers.parts import store_parts


class SeparableConv(OneGroup, Layer):
    """Depthwise convolution followed by a 1x1 convolution: far fewer weights than one full convolution.

    Args:
        filters: Number of output channels.
        kernel_size: Size of the window, one integer or one for each spatial axis; `strides` and `dilation_rate` alike.
        depth_multiplier: Number of channels between the two steps for each input channel.

    Raises: InvalidArgumentError if an argument has a wrong value.
    """

    rank: int

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1,
                 depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer="glorot_uniform",
                 pointwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
                 pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.filters, self.use_bias = positive_int("filters", filters), use_bias
        self.depth_multiplier = positive_int("depth_multiplier", depth_multiplier)
        store_window(self, kernel_size, strides, padding, data_format, dilation_rate)
        store_parts(
            self, activation=activation,
            depthwise_initializer=depthwise_initializer, pointwise_initializer=pointwise_initializer,
            bias_initializer=bias_initializer, depthwise_regularizer=depthwise_regularizer,
            pointwise_regularizer=pointwise_regularizer, bias_regularizer=bias_regularizer,
            depthwise_constraint=depthwise_constraint, pointwise_constraint=pointwise_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip

    def build(self, input_shape):
        channels = input_channels(self, input_shape)
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel", (*self.kernel_size, channels, self.depth_multiplier), self.depthwise_initializer,
            regularizer=self.depthwise_regularizer, constraint=self.depthwise_constraint,
        )  # fmt: skip
        self.pointwise_kernel = self.add_weight(
            "pointwise_kernel", (*(1,) * self.rank, channels * self.depth_multiplier, self.filters),
            self.pointwise_initializer, regularizer=self.pointwise_regularizer, constraint=self.pointwise_constraint,
        )  # fmt: skip
        self.bias = add_bias(self, self.filters)

    def call(self, inputs):
        outputs = ops.separable_conv(
            inputs, self.depthwise_kernel, self.pointwise_kernel, strides=self.strides, padding=self.padding,
            data_format=self.data_format, dilation_rate=self.dilation_rate,
        )  # fmt: skip
        return finish(self, outputs)

    def compute_output_shape(self, input_shape):
        return window_shape(
            input_shape,
            self.data_format,
            self.kernel_size,
            self.strides,
            self.padding,
            self.dilation_rate,
            self.filters,
        )


@LAYERS.add("SeparableConvolution1D")
class SeparableConv1D(SeparableConv):
    """Separable convolution of sequences.

    Shape: (batch, steps, channels) -> (batch, new_steps, filters). Source: keras.layers.SeparableConv1D.
    """

    rank = 1


@LAYERS.add("SeparableConvolution2D")
class SeparableConv2D(SeparableConv):
    """Separable convolution of images.

    Shape: (batch, height, width, channels) -> (batch, new_height, new_width, filters).
    Source: keras.layers.SeparableConv2D; Chollet 2016, arXiv:1610.02357.
    """

    rank = 2
