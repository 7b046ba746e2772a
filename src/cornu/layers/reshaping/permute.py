"""Permute: the axes behind the batch axis in another order."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec


@LAYERS.add()
class Permute(Layer):
    """Axis `i` of the result is axis `dims[i - 1]` of the input; axes count from 1, the batch axis stays.

    Shape: `Permute((2, 1))`: (batch, a, b) -> (batch, b, a).
    Raises: InvalidArgumentError if `dims` is not 1, 2, ... in some order.
    Source: keras.layers.Permute.
    """

    def __init__(self, dims, **common):
        super().__init__(**common)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise InvalidArgumentError(
                f"Expected dims as the numbers from 1 to {len(self.dims)} in some order; received dims={dims!r}."
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def call(self, inputs):
        return ops.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))
