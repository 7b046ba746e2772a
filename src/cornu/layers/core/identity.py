"""Identity: what goes in comes out."""

from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Identity(Layer):
    """The inputs, unchanged. Shape: any -> the same. Source: keras.layers.Identity."""

    supports_masking = True

    def call(self, inputs):
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape
