"""Conv1D, Conv2D, Conv3D: convolutions over 1, 2 or 3 spatial axes."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import choice, positive_int, tuple_of
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.convolution.lengths import channel_axis, window_shape
from cornu.layers.input_spec import InputSpec
from cornu.layers.parts import store_parts


def store_window(layer: Any, kernel_size: Any, strides: Any, padding: str, data_format: str | None,
                 dilation_rate: Any, paddings: tuple[str, ...] = ("valid", "same")) -> None:  # fmt: skip
    """Check and store the arguments that all convolutions share.

    Raises: InvalidArgumentError on a wrong number of axes, an unknown padding, or strides together with dilation.
    """
    rank = layer.rank
    layer.kernel_size = tuple_of(rank, "kernel_size", kernel_size)
    layer.strides = tuple_of(rank, "strides", strides)
    layer.dilation_rate = tuple_of(rank, "dilation_rate", dilation_rate)
    layer.data_format = checked_data_format(data_format)
    layer.padding = choice("padding", padding, paddings)
    if max(layer.strides) > 1 and max(layer.dilation_rate) > 1:
        raise InvalidArgumentError(
            f"Expected either strides or dilation_rate to be 1; received strides={layer.strides} and "
            f"dilation_rate={layer.dilation_rate}."
        )
    layer.input_spec = InputSpec(ndim=rank + 2)


def input_channels(layer: Any, input_shape: Any) -> int:
    """The input's number of channels, which the layer expects from now on.

    Raises: InvalidArgumentError if it is unknown.
    """
    axis = channel_axis(layer.data_format)
    channels = input_shape[axis]
    if channels is None:
        raise InvalidArgumentError(
            f"Expected a known number of channels on axis {axis}; received the input shape {text(input_shape)}."
        )
    layer.input_spec = InputSpec(ndim=layer.rank + 2, axes={axis: channels})
    return channels


def add_bias(layer: Any, size: int) -> Any:
    """A bias for each output channel, or None without one."""
    if not layer.use_bias:
        return None
    return layer.add_weight(
        "bias", (size,), layer.bias_initializer, regularizer=layer.bias_regularizer, constraint=layer.bias_constraint
    )


def finish(layer: Any, outputs: Any) -> Any:
    """Add the bias and apply the activation."""
    if layer.bias is not None:
        last = layer.data_format == "channels_last"
        bias = layer.bias if last else ops.reshape(layer.bias, (-1, *(1,) * layer.rank))
        outputs = outputs + bias
    return layer.activation(outputs)


class OneGroup:
    """Mixed into convolutions without a `groups` argument, for which configs of Keras 2 have it all the same."""

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {"activity_regularizer": None, **super().get_config()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The layer of a config."""
        return super().from_config({name: value for name, value in config.items() if (name, value) != ("groups", 1)})


class Conv(Layer):
    """Convolution over `rank` spatial axes, plus bias, then activation.

    Args:
        filters: Number of output channels.
        kernel_size: Size of the window, one integer or one for each spatial axis; `strides` and `dilation_rate` alike.
        padding: `"valid"` uses whole windows only; `"same"` pads with zeros so that strides of 1 keep the size;
            `"causal"` (Conv1D) pads in front only, so that no step sees a later one.
        groups: Number of groups of channels that are convolved apart.

    Raises: InvalidArgumentError if an argument has a wrong value, or the groups do not divide the channels.
    """

    rank: int
    paddings = ("valid", "same")

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1,
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.filters, self.groups, self.use_bias = (
            positive_int("filters", filters),
            positive_int("groups", groups),
            use_bias,
        )
        store_window(self, kernel_size, strides, padding, data_format, dilation_rate, self.paddings)
        store_parts(
            self, activation=activation,
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        if self.filters % self.groups:
            raise InvalidArgumentError(
                f"Expected filters to be a multiple of groups; received filters={filters} and groups={groups}."
            )

    def build(self, input_shape):
        channels = input_channels(self, input_shape)
        if channels % self.groups:
            raise InvalidArgumentError(
                f"Expected the input's channels to be a multiple of groups={self.groups}; received {channels} channels "
                f"in the input shape {text(input_shape)}."
            )
        self.kernel = self.add_weight(
            "kernel", (*self.kernel_size, channels // self.groups, self.filters), self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.bias = add_bias(self, self.filters)
        self.compute_output_shape(input_shape)  # a window larger than the input is an error here, not at the first call

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """The convolution without bias; subclasses may convolve with a kernel they computed."""
        padding = self.padding
        if padding == "causal":
            inputs, padding = self._pad_in_front(inputs), "valid"
        return ops.conv(
            inputs, kernel, strides=self.strides, padding=padding, data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )  # fmt: skip

    def _pad_in_front(self, inputs):
        before = (self.dilation_rate[0] * (self.kernel_size[0] - 1), 0)
        return ops.pad(
            inputs, ((0, 0), before, (0, 0)) if self.data_format == "channels_last" else ((0, 0), (0, 0), before)
        )

    def call(self, inputs):
        return finish(self, self.convolution_op(inputs, self.kernel))

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

    def get_config(self):
        return {"activity_regularizer": None, **super().get_config()}


@LAYERS.add("Convolution1D")
class Conv1D(Conv):
    """Convolution over the steps of a sequence, for example words or samples of sound.

    Shape: (batch, steps, channels) -> (batch, new_steps, filters). Source: keras.layers.Conv1D.
    """

    rank = 1
    paddings = ("valid", "same", "causal")


@LAYERS.add("Convolution2D")
class Conv2D(Conv):
    """Convolution over the rows and columns of images.

    Shape: (batch, height, width, channels) -> (batch, new_height, new_width, filters). Source: keras.layers.Conv2D.
    """

    rank = 2


@LAYERS.add("Convolution3D")
class Conv3D(Conv):
    """Convolution over the three axes of volumes or films.

    Shape: (batch, depth, height, width, channels) -> (batch, new_depth, new_height, new_width, filters).
    Source: keras.layers.Conv3D.
    """

    rank = 3
