"""LSTM: a long short-term memory along a sequence."""

from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.gated import GatedRNN
from cornu.layers.recurrent.lstm_cell import LSTMCell
from cornu.layers.recurrent.rnn import of_cell


@LAYERS.add("CuDNNLSTM")
class LSTM(GatedRNN):
    """Long short-term memory along a sequence.

    Args:
        units: Size of the output and of both states.
        dropout, recurrent_dropout: Fractions of the inputs and of the states to drop while training, the same in all steps.
        use_cudnn: Accepted for all of Keras' values; there is one implementation.
        return_sequences, return_state, go_backwards, stateful, unroll: See `RNN`.

    The other arguments are those of `LSTMCell`.

    Shape: (batch, steps, features) -> (batch, units), or (batch, steps, units) with `return_sequences`.
    Raises: InvalidArgumentError on wrong values or shapes.
    Source: keras.layers.LSTM; Hochreiter and Schmidhuber 1997.
    """

    unit_forget_bias = of_cell("unit_forget_bias")

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
                 dropout=0.0, recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False,
                 go_backwards=False, stateful=False, unroll=False, use_cudnn="auto", **common):  # fmt: skip
        cell = LSTMCell(
            units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, **self.for_cell(common, "lstm_cell"),
        )  # fmt: skip
        self.start(
            cell,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            use_cudnn,
            activity_regularizer,
            common,
        )
