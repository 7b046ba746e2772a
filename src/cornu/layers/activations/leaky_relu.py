"""LeakyReLU: a small slope for negative entries."""

from cornu import activations
from cornu.layers.arguments import at_least
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class LeakyReLU(Layer):
    """`x` where positive, `negative_slope * x` elsewhere.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `negative_slope` is negative.
    Source: keras.layers.LeakyReLU.
    """

    supports_masking = True

    def __init__(self, negative_slope=0.3, **common):
        super().__init__(**common)
        self.negative_slope = at_least("negative_slope", negative_slope, 0)

    def call(self, inputs):
        return activations.leaky_relu(inputs, negative_slope=self.negative_slope)
