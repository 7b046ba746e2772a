"""Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: from the shape after a convolution back to the shape before."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers.arguments import positive_int, tuple_of
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.conv import OneGroup, add_bias, finish, input_channels, store_window
from cornu.layers.convolution.lengths import spatial_slice, transposed_length
from cornu.layers.parts import store_parts


class ConvTranspose(OneGroup, Layer):
    """The transpose of a convolution over `rank` spatial axes: each input entry spreads the kernel over the output.

    Args:
        filters: Number of output channels.
        kernel_size: Size of the window, one integer or one for each spatial axis; `strides` and `dilation_rate` alike.
        output_padding: Extra size of the result, smaller than the strides; chosen from strides and padding if None.

    Raises: InvalidArgumentError if an argument has a wrong value.
    """

    rank: int

    def __init__(self, filters, kernel_size, strides=1, padding="valid", output_padding=None, data_format=None,
                 dilation_rate=1, activation=None, use_bias=True, kernel_initializer="glorot_uniform",
                 bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.filters, self.use_bias = positive_int("filters", filters), use_bias
        store_window(self, kernel_size, strides, padding, data_format, dilation_rate)
        store_parts(
            self, activation=activation,
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        self.output_padding = None
        if output_padding is not None:
            self.output_padding = tuple_of(self.rank, "output_padding", output_padding, at_least=0)
            if any(extra >= stride for extra, stride in zip(self.output_padding, self.strides, strict=True)):
                raise InvalidArgumentError(
                    f"Expected output_padding smaller than the strides {self.strides}; received {self.output_padding}."
                )

    def build(self, input_shape):
        channels = input_channels(self, input_shape)
        self.kernel = self.add_weight(
            "kernel", (*self.kernel_size, self.filters, channels), self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.bias = add_bias(self, self.filters)

    def call(self, inputs):
        outputs = ops.conv_transpose(
            inputs, self.kernel, strides=self.strides, padding=self.padding, output_padding=self.output_padding,
            data_format=self.data_format, dilation_rate=self.dilation_rate,
        )  # fmt: skip
        return finish(self, outputs)

    def compute_output_shape(self, input_shape):
        sizes = tuple(
            transposed_length(size, kernel, stride, self.padding, extra, dilation)
            for size, kernel, stride, extra, dilation in zip(
                input_shape[spatial_slice(self.data_format, self.rank)], self.kernel_size, self.strides,
                self.output_padding or (None,) * self.rank, self.dilation_rate, strict=True,
            )
        )  # fmt: skip
        if self.data_format == "channels_last":
            return (input_shape[0], *sizes, self.filters)
        return (input_shape[0], self.filters, *sizes)


@LAYERS.add("Convolution1DTranspose")
class Conv1DTranspose(ConvTranspose):
    """Transposed convolution of sequences.

    Shape: (batch, steps, channels) -> (batch, new_steps, filters). Source: keras.layers.Conv1DTranspose.
    """

    rank = 1


@LAYERS.add("Convolution2DTranspose")
class Conv2DTranspose(ConvTranspose):
    """Transposed convolution of images, also called deconvolution.

    Shape: (batch, height, width, channels) -> (batch, new_height, new_width, filters).
    Source: keras.layers.Conv2DTranspose.
    """

    rank = 2


@LAYERS.add("Convolution3DTranspose")
class Conv3DTranspose(ConvTranspose):
    """Transposed convolution of volumes.

    Shape: (batch, depth, height, width, channels) -> (batch, new_depth, new_height, new_width, filters).
    Source: keras.layers.Conv3DTranspose.
    """

    rank = 3
