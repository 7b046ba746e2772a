"""SimpleRNN: the plain recurrent network."""

from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.gated import CellRNN
from cornu.layers.recurrent.simple_rnn_cell import SimpleRNNCell


@LAYERS.add()
class SimpleRNN(CellRNN):
    """Plain recurrent network: `h = activation(x @ kernel + bias + h @ recurrent_kernel)` along a sequence.

    Args:
        units: Size of the state and of the output.
        dropout, recurrent_dropout: Fractions of the inputs and of the states to drop while training, the same in all steps.
        return_sequences, return_state, go_backwards, stateful, unroll: See `RNN`.

    Shape: (batch, steps, features) -> (batch, units), or (batch, steps, units) with `return_sequences`.
    Raises: InvalidArgumentError on wrong values or shapes.
    Source: keras.layers.SimpleRNN.
    """

    def __init__(self, units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0,
                 return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False, seed=None,
                 **common):  # fmt: skip
        cell = SimpleRNNCell(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout,
            recurrent_dropout, seed, **self.for_cell(common, "simple_rnn_cell"),
        )  # fmt: skip
        self.start(
            cell, return_sequences, return_state, go_backwards, stateful, unroll, "auto", activity_regularizer, common
        )

    def get_config(self):
        config = super().get_config()
        del config["seed"]  # Keras leaves it out
        return config
