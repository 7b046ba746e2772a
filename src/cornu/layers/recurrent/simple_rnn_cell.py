"""SimpleRNNCell: the plain recurrent step."""

from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.cell import DenseCell


@LAYERS.add()
class SimpleRNNCell(DenseCell):
    """One step of a plain recurrent network: `h = activation(x @ kernel + bias + h @ recurrent_kernel)`.

    Args:
        units: Size of the state and of the output.
        dropout, recurrent_dropout: Fractions of the inputs and of the states to drop while training.
        seed: Start of the stream of random numbers for dropout.

    Shape: (batch, features), [(batch, units)] -> (batch, units), [(batch, units)].
    Raises: InvalidArgumentError if `units` is not a positive integer or a rate is not from 0 to 1.
    Source: keras.layers.SimpleRNNCell.
    """

    gates = 1

    def __init__(self, units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None,
                 bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None, **common):  # fmt: skip
        super().__init__(**common)
        self.store(
            units, use_bias, dropout, recurrent_dropout, seed, activation=activation,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip

    def update(self, x, product, states):
        return [self.activation(x[0])]
