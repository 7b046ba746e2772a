"""ConvLSTMCell: one step of an LSTM whose products are convolutions."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import positive_int
from cornu.layers.convolution.conv import store_window
from cornu.layers.convolution.lengths import window_shape
from cornu.layers.parts import store_parts
from cornu.layers.recurrent.cell import SplitCell, activated, gates_of
from cornu.layers.recurrent.lstm_cell import ForgetBias


class ConvLSTMCell(SplitCell):
    """One step of a convolutional LSTM over `rank` spatial axes; arguments as for ConvLSTM1D, 2D and 3D."""

    gates = 4

    def __init__(self, rank, filters, kernel_size, strides, padding, data_format, dilation_rate, use_bias, unit_forget_bias,
                 dropout, recurrent_dropout, seed, parts, **common):  # fmt: skip
        super().__init__(**common)
        self.rank, self.filters, self.use_bias = rank, positive_int("filters", filters), use_bias
        store_window(self, kernel_size, strides, padding, data_format, dilation_rate)
        store_parts(self, **parts)
        self.unit_forget_bias = unit_forget_bias
        self.store_dropout(dropout, recurrent_dropout, seed)
        self.state_size, self.output_size = [self.filters, self.filters], self.filters

    @property
    def _channels(self) -> int:
        return -1 if self.data_format == "channels_last" else -self.rank - 1

    def build(self, input_shape):
        channels = input_shape[self._channels]
        if channels is None:
            raise InvalidArgumentError(
                f"Expected a known number of channels; received the input shape {text(input_shape)}."
            )
        width = self.gates * self.filters
        self.add_weights((*self.kernel_size, channels, width), (*self.kernel_size, self.filters, width), (width,))
        self._step_shape = tuple(input_shape)
        self.state_shape(input_shape)  # a window larger than the input is an error here

    def first_bias(self):
        return ForgetBias(self.bias_initializer) if self.unit_forget_bias else self.bias_initializer

    def state_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """The shape of a state for inputs of one step."""
        return window_shape(
            input_shape,
            self.data_format,
            self.kernel_size,
            self.strides,
            self.padding,
            self.dilation_rate,
            self.filters,
        )

    def get_initial_state(self, batch_size=None):
        """Zeros. Raises: InvalidArgumentError if the cell was built for images of unknown size."""
        shape = self.state_shape(self._step_shape)[1:]
        if None in shape:
            raise InvalidArgumentError(
                f"Expected inputs of known size for states; this cell has {text(self._step_shape)}."
            )
        return [ops.zeros((batch_size, *shape), dtype=self.compute_dtype) for _ in range(2)]

    def project(self, inputs, mask=None, apart=False):
        inputs = inputs if mask is None else inputs * mask
        outputs = self._convolve(inputs, self.kernel, self.strides, self.padding, self.dilation_rate)
        if self.bias is None:
            return [outputs]
        is_last = self.data_format == "channels_last"
        return [outputs + (self.bias if is_last else ops.reshape(self.bias, (-1, *(1,) * self.rank)))]

    def mix(self, h, weights):
        h = h if weights["mask"] is None else h * weights["mask"]
        return [self._convolve(h, kernel, 1, "same", 1) for kernel in weights["kernels"]]

    def _convolve(self, x: Any, kernel: Any, strides: Any, padding: str, dilation: Any) -> Any:
        """The convolution of images with any number of leading axes, as one batch."""
        images = x if x.ndim == self.rank + 2 else ops.reshape(x, (-1, *x.shape[-self.rank - 1 :]))
        outputs = ops.conv(images, kernel, strides=strides, padding=padding, data_format=self.data_format,
                           dilation_rate=dilation)  # fmt: skip
        return ops.reshape(outputs, (*x.shape[: -self.rank - 1], *outputs.shape[1:]))

    def update(self, x, product, states):
        i, f, _, o = activated(self.recurrent_activation, x, 4, self._channels)
        candidate = gates_of(x, 4, self._channels)[2]
        c = f * states[1] + i * self.activation(candidate)
        return [o * self.activation(c), c]
