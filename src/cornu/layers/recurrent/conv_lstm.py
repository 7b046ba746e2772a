"""ConvLSTM1D, ConvLSTM2D, ConvLSTM3D: LSTMs whose inputs and states are images."""

from typing import Any

from cornu import ops
from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.conv_lstm_cell import ConvLSTMCell
from cornu.layers.recurrent.gated import GatedRNN
from cornu.layers.recurrent.rnn import of_cell


class ConvLSTM(GatedRNN):
    """LSTM over sequences of images: the products with inputs and states are convolutions.

    Args:
        filters: Number of channels of the output and of both states.
        kernel_size: Size of both windows, one integer or one for each spatial axis.
        strides, padding, dilation_rate: Of the convolution of the inputs; that of the states keeps their size.
        unit_forget_bias: Start with ones in the forget gate's bias.
        dropout, recurrent_dropout: Fractions of the inputs and of the states to drop while training, the same in all steps.
        return_sequences, return_state, go_backwards, stateful: See `RNN`.

    Raises: InvalidArgumentError on wrong values or shapes. Source: Shi et al. 2015.
    """

    rank: int
    filters = of_cell("filters")
    kernel_size = of_cell("kernel_size")
    strides = of_cell("strides")
    padding = of_cell("padding")
    data_format = of_cell("data_format")
    dilation_rate = of_cell("dilation_rate")
    unit_forget_bias = of_cell("unit_forget_bias")

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1,
                 activation="tanh", recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", unit_forget_bias=True,
                 kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, **common):  # fmt: skip
        parts = {
            "activation": activation, "recurrent_activation": recurrent_activation,
            "kernel_initializer": kernel_initializer, "recurrent_initializer": recurrent_initializer,
            "bias_initializer": bias_initializer, "kernel_regularizer": kernel_regularizer,
            "recurrent_regularizer": recurrent_regularizer, "bias_regularizer": bias_regularizer,
            "kernel_constraint": kernel_constraint, "recurrent_constraint": recurrent_constraint,
            "bias_constraint": bias_constraint,
        }  # fmt: skip
        cell = ConvLSTMCell(
            self.rank, filters, kernel_size, strides, padding, data_format, dilation_rate, use_bias, unit_forget_bias,
            dropout, recurrent_dropout, seed, parts, **self.for_cell(common, "conv_lstm_cell"),
        )  # fmt: skip
        self.ndim = self.rank + 3
        unroll = common.pop("unroll", False)
        self.start(
            cell, return_sequences, return_state, go_backwards, stateful, unroll, "auto", activity_regularizer, common
        )

    def _nested_state(self, batch: Any, sequences: Any = None) -> list[Any]:
        if sequences is None:
            return self.cell.get_initial_state(batch)
        shape = self.cell.state_shape((batch, *sequences.shape[2:]))
        return [ops.zeros(shape, dtype=self.compute_dtype) for _ in range(2)]


@LAYERS.add()
class ConvLSTM1D(ConvLSTM):
    """LSTM over sequences of one-dimensional signals; see `ConvLSTM` for the arguments.

    Shape: (batch, steps, length, channels) -> (batch, new_length, filters), or (batch, steps, new_length, filters) with
    `return_sequences`. Source: keras.layers.ConvLSTM1D.
    """

    rank = 1


@LAYERS.add()
class ConvLSTM2D(ConvLSTM):
    """LSTM over sequences of images; see `ConvLSTM` for the arguments.

    Shape: (batch, steps, height, width, channels) -> (batch, new_height, new_width, filters), or with the steps in
    second place with `return_sequences`. Source: keras.layers.ConvLSTM2D.
    """

    rank = 2


@LAYERS.add()
class ConvLSTM3D(ConvLSTM):
    """LSTM over sequences of volumes; see `ConvLSTM` for the arguments.

    Shape: (batch, steps, depth, height, width, channels) -> (batch, new_depth, new_height, new_width, filters), or with
    the steps in second place with `return_sequences`. Source: keras.layers.ConvLSTM3D.
    """

    rank = 3
