"""DepthwiseConv1D, DepthwiseConv2D: every channel convolved on its own."""

from cornu import ops
from cornu.layers.arguments import positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.conv import OneGroup, add_bias, finish, input_channels, store_window
from cornu.layers.convolution.lengths import channel_axis, window_shape
from cornu.layers.parts import store_parts


class DepthwiseConv(OneGroup, Layer):
    """Convolves each input channel with `depth_multiplier` kernels of its own.

    Args:
        kernel_size: Size of the window, one integer or one for each spatial axis; `strides` and `dilation_rate` alike.
        depth_multiplier: Number of output channels for each input channel.

    Raises: InvalidArgumentError if an argument has a wrong value.
    """

    rank: int

    def __init__(self, kernel_size, strides=1, padding="valid", depth_multiplier=1, data_format=None, dilation_rate=1,
                 activation=None, use_bias=True, depthwise_initializer="glorot_uniform", bias_initializer="zeros",
                 depthwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 depthwise_constraint=None, bias_constraint=None, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.depth_multiplier, self.use_bias = positive_int("depth_multiplier", depth_multiplier), use_bias
        store_window(self, kernel_size, strides, padding, data_format, dilation_rate)
        store_parts(
            self, activation=activation,
            depthwise_initializer=depthwise_initializer, bias_initializer=bias_initializer,
            depthwise_regularizer=depthwise_regularizer, bias_regularizer=bias_regularizer,
            depthwise_constraint=depthwise_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip

    def build(self, input_shape):
        channels = input_channels(self, input_shape)
        self.kernel = self.add_weight(
            "kernel", (*self.kernel_size, channels, self.depth_multiplier), self.depthwise_initializer,
            regularizer=self.depthwise_regularizer, constraint=self.depthwise_constraint,
        )  # fmt: skip
        self.bias = add_bias(self, channels * self.depth_multiplier)

    def call(self, inputs):
        outputs = ops.depthwise_conv(
            inputs, self.kernel, strides=self.strides, padding=self.padding, data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )  # fmt: skip
        return finish(self, outputs)

    def compute_output_shape(self, input_shape):
        channels = input_shape[channel_axis(self.data_format)]
        return window_shape(
            input_shape, self.data_format, self.kernel_size, self.strides, self.padding, self.dilation_rate,
            None if channels is None else channels * self.depth_multiplier,
        )  # fmt: skip


@LAYERS.add()
class DepthwiseConv1D(DepthwiseConv):
    """Depthwise convolution of sequences.

    Shape: (batch, steps, channels) -> (batch, new_steps, channels * depth_multiplier).
    Source: keras.layers.DepthwiseConv1D.
    """

    rank = 1


@LAYERS.add()
class DepthwiseConv2D(DepthwiseConv):
    """Depthwise convolution of images.

    Shape: (batch, height, width, channels) -> (batch, new_height, new_width, channels * depth_multiplier).
    Source: keras.layers.DepthwiseConv2D.
    """

    rank = 2
