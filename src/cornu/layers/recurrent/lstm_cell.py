"""LSTMCell: one step of a long short-term memory."""

from cornu import initializers, ops
from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.cell import DenseCell, activated, gates_of


class ForgetBias(initializers.Initializer):
    """A bias initializer for the gates input, forget, cell, output: ones for the forget gate."""

    def __init__(self, rest):
        self.rest = rest

    def __call__(self, shape, dtype=None, **kwargs):
        units = shape[0] // 4
        parts = [self.rest((units,), dtype=dtype), ops.ones((units,), dtype), self.rest((2 * units,), dtype=dtype)]
        return ops.concatenate(parts)


@LAYERS.add()
class LSTMCell(DenseCell):
    """One step of an LSTM, with the gates in the order input, forget, cell, output.

        i, f, o = recurrent_activation(x @ kernel + bias + h @ recurrent_kernel)
        c = f * c + i * activation(...);  h = o * activation(c)

    Args:
        units: Size of the output and of both states.
        unit_forget_bias: Start with ones in the forget gate's bias (Jozefowicz et al. 2015).
        dropout, recurrent_dropout: Fractions of the inputs and of `h` to drop while training.
        seed: Start of the stream of random numbers for dropout.

    Shape: (batch, features), [h, c of (batch, units)] -> (batch, units), [h, c].
    Raises: InvalidArgumentError if `units` is not a positive integer or a rate is not from 0 to 1.
    Source: keras.layers.LSTMCell; Hochreiter and Schmidhuber 1997.
    """

    gates = 4

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, seed=None, **common):  # fmt: skip
        super().__init__(**common)
        self.store(
            units, use_bias, dropout, recurrent_dropout, seed, activation=activation,
            recurrent_activation=recurrent_activation,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [self.units, self.units]

    def first_bias(self):
        return ForgetBias(self.bias_initializer) if self.unit_forget_bias else self.bias_initializer

    def update(self, x, product, states):
        i, f, _, o = activated(self.recurrent_activation, x, 4)
        candidate = gates_of(x, 4)[2]
        c = f * states[1] + i * self.activation(candidate)
        return [o * self.activation(c), c]
