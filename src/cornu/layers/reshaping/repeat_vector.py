"""RepeatVector: the same vector at every step of a sequence."""

from cornu import ops
from cornu.layers.arguments import positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec


@LAYERS.add()
class RepeatVector(Layer):
    """Repeats each vector `n` times. Shape: (batch, features) -> (batch, n, features). Source: keras.layers.

    Raises: InvalidArgumentError if `n` is not a positive integer.
    """

    def __init__(self, n, **common):
        super().__init__(**common)
        self.n = positive_int("n", n)
        self.input_spec = InputSpec(ndim=2)

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def call(self, inputs):
        return ops.repeat(ops.expand_dims(inputs, 1), self.n, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.n, input_shape[1])
