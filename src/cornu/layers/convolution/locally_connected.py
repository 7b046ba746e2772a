"""LocallyConnected1D, LocallyConnected2D of Keras 2: convolutions whose kernel differs from place to place."""

import math

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import choice, positive_int, tuple_of
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.conv import input_channels
from cornu.layers.convolution.lengths import spatial_slice, window_shape
from cornu.layers.input_spec import InputSpec
from cornu.layers.parts import store_parts
from cornu.ops.local_conv import kernel_of_connections, kernel_of_pairs, local_conv, window_entries


class LocallyConnected(Layer):
    """Convolution with a kernel and a bias of its own at every place, then activation.

    Args:
        filters: Number of output channels.
        kernel_size: Size of the window, one integer or one for each spatial axis; `strides` alike.
        padding: `"valid"` uses whole windows only; `"same"` (implementations 2 and 3) lets windows reach over the edges,
            where there are no weights, so that strides of 1 keep the size.
        implementation: How the kernel is kept; the results are the same. 1: (places, window * channels, filters). 2: a
            weight for each pair of an input and an output, most of which are never used. 3: a vector of those that are.

    Shape: spatial sizes must be known and stay the same, as the weights depend on them.
    Raises: InvalidArgumentError if an argument has a wrong value, or a size is unknown.
    """

    rank: int

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, activation=None, use_bias=True,
                 kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 implementation=1, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.filters, self.use_bias = positive_int("filters", filters), use_bias
        self.kernel_size = tuple_of(self.rank, "kernel_size", kernel_size)
        self.strides = tuple_of(self.rank, "strides", strides)
        self.padding = choice("padding", padding, ("valid", "same"))
        self.data_format = checked_data_format(data_format)
        self.implementation = implementation
        if implementation not in (1, 2, 3):
            raise InvalidArgumentError(
                f"Expected implementation as 1, 2 or 3; received implementation={implementation!r}."
            )
        if self.padding == "same" and implementation == 1:
            raise InvalidArgumentError(
                "Expected padding='valid' with implementation=1; received padding='same'. Pass implementation=2 or 3."
            )
        store_parts(
            self, activation=activation,
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def build(self, input_shape):
        channels = input_channels(self, input_shape)
        where = spatial_slice(self.data_format, self.rank)
        self._sizes, places = tuple(input_shape[where]), self.compute_output_shape(input_shape)[where]
        if None in self._sizes:
            raise InvalidArgumentError(
                "Expected known sizes of all axes, as there is a kernel for every place; received the input shape "
                f"{text(input_shape)}. Give the input a shape without None, or use Conv{self.rank}D, which has one kernel."
            )
        self.input_spec = InputSpec(shape=(None, *input_shape[1:]))
        self.kernel = self.add_weight(
            "kernel", self._kernel_shape(channels, places), self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias", (*places, self.filters), self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )  # fmt: skip

    def _kernel_shape(self, channels, places):
        if self.implementation == 1:
            return math.prod(places), math.prod(self.kernel_size) * channels, self.filters
        if self.implementation == 2 and self.data_format == "channels_first":
            return channels, *self._sizes, self.filters, *places
        if self.implementation == 2:
            return *self._sizes, channels, *places, self.filters
        _, inside = window_entries(self._sizes, self.kernel_size, self.strides, self.padding)
        return (int(inside.sum()) * channels * self.filters,)

    def _kernel_by_place(self):
        window = self._sizes, self.kernel_size, self.strides, self.padding, self.data_format
        if self.implementation == 2:
            return kernel_of_pairs(self.kernel, *window)
        if self.implementation == 3:
            return kernel_of_connections(self.kernel, self.filters, *window)
        return self.kernel

    def call(self, inputs):
        outputs = local_conv(
            inputs, self._kernel_by_place(), self.kernel_size, self.strides, self.padding, self.data_format
        )
        if self.bias is not None:  # channels_first: its numbers in a row are those of one filter, as in Keras
            outputs = outputs + ops.reshape(self.bias, outputs.shape[1:])
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return window_shape(
            input_shape, self.data_format, self.kernel_size, self.strides, self.padding, (1,) * self.rank, self.filters
        )

    def get_config(self):
        return {"activity_regularizer": None, **super().get_config()}


@LAYERS.add()
class LocallyConnected1D(LocallyConnected):
    """Convolution of a sequence with a kernel of its own at every step.

    Shape: (batch, steps, channels) -> (batch, new_steps, filters), (batch, filters, new_steps) with channels_first.
    Source: tf.keras.layers.LocallyConnected1D of Keras 2.
    """

    rank = 1


@LAYERS.add()
class LocallyConnected2D(LocallyConnected):
    """Convolution of images with a kernel of its own at every pixel.

    Shape: (batch, height, width, channels) -> (batch, new_height, new_width, filters), filters second with channels_first.
    Source: tf.keras.layers.LocallyConnected2D of Keras 2.
    """

    rank = 2
