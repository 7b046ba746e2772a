"""GRU: a gated recurrent unit along a sequence."""

from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.gated import GatedRNN
from cornu.layers.recurrent.gru_cell import GRUCell
from cornu.layers.recurrent.rnn import of_cell


@LAYERS.add("CuDNNGRU")
class GRU(GatedRNN):
    """Gated recurrent unit along a sequence.

    Args:
        units: Size of the state and of the output.
        dropout, recurrent_dropout: Fractions of the inputs and of the states to drop while training, the same in all steps.
        reset_after: Where the reset gate acts, see `GRUCell`.
        use_cudnn: Accepted for all of Keras' values; there is one implementation.
        return_sequences, return_state, go_backwards, stateful, unroll: See `RNN`.

    The other arguments are those of `GRUCell`.

    Shape: (batch, steps, features) -> (batch, units), or (batch, steps, units) with `return_sequences`.
    Raises: InvalidArgumentError on wrong values or shapes.
    Source: keras.layers.GRU; Cho et al. 2014.
    """

    reset_after = of_cell("reset_after")

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, unroll=False, reset_after=True, use_cudnn="auto", **common):  # fmt: skip
        cell = GRUCell(
            units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, reset_after, seed, **self.for_cell(common, "gru_cell"),
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
