"""GRUCell: one step of a gated recurrent unit."""

from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.cell import DenseCell, gates_of


@LAYERS.add()
class GRUCell(DenseCell):
    """One step of a GRU, with the gates in the order update, reset, candidate.

        z, r = recurrent_activation(x @ kernel + bias + h @ recurrent_kernel)
        h = z * h + (1 - z) * activation(candidate of x + r * candidate of h)

    Args:
        units: Size of the state and of the output.
        reset_after: Apply the reset gate after the product with the recurrent weights (then there are two rows of biases,
            as in cuDNN) or, as in the paper, before.
        dropout, recurrent_dropout: Fractions of the inputs and of the states to drop while training.
        seed: Start of the stream of random numbers for dropout.

    Shape: (batch, features), [(batch, units)] -> (batch, units), [(batch, units)].
    Raises: InvalidArgumentError if `units` is not a positive integer or a rate is not from 0 to 1.
    Source: keras.layers.GRUCell; Cho et al. 2014.
    """

    gates = 3
    is_additive = False

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, reset_after=True,
                 seed=None, **common):  # fmt: skip
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
        self.reset_after = bool(reset_after)
        self.is_split = self.reset_after  # otherwise the candidate needs a second product, of the reset states

    def bias_shape(self, width):
        return (2, width) if self.reset_after else (width,)

    def input_bias(self):
        return self.bias.value[0] if self._has_two_biases else self.bias

    @property
    def _has_two_biases(self) -> bool:
        return self.use_bias and self.reset_after

    def recurrent_weights(self, mask=None, apart=False):
        biases = self._columns(self.bias.value[1], apart) if self._has_two_biases else None
        return {**super().recurrent_weights(mask, apart), "biases": biases}

    def mix(self, h, weights):
        products = super().mix(h, weights)
        if weights["biases"] is None:
            return products
        return [product + bias for product, bias in zip(products, weights["biases"], strict=True)]

    def update(self, x, product, states):
        h = states[0]
        (x_z, x_r, x_h), (h_z, h_r, h_h) = gates_of(x, 3), gates_of(product, 3)
        z, r = self.recurrent_activation(x_z + h_z), self.recurrent_activation(x_r + h_r)
        return [z * h + (1 - z) * self.activation(x_h + r * h_h)]

    def step(self, x, states, weights):
        if self.reset_after:
            return super().step(x, states, weights)
        h = states[0]
        x_z, x_r, x_h = gates_of(x, 3)
        *kernels, kernel = gates_of(weights["kernels"], 3)
        h_z, h_r = self.mix(h, {**weights, "kernels": kernels})
        z, r = self.recurrent_activation(x_z + h_z), self.recurrent_activation(x_r + h_r)
        (h_h,) = self.mix(r * h, {**weights, "kernels": [kernel]})
        return [z * h + (1 - z) * self.activation(x_h + h_h)]
