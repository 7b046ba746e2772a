"""RMSNormalization: each sample divided by its root mean square."""

from cornu import ops
from cornu.layers.arguments import axes
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.normalization.layer_normalization import weight_shape


@LAYERS.add()
class RMSNormalization(Layer):
    """`scale * x / sqrt(mean(x²) + epsilon)` over `axis`, one axis or several.

    Shape: any -> the same.
    Raises: InvalidArgumentError if an axis is out of range or its size unknown.
    Source: keras.layers.RMSNormalization; Zhang and Sennrich 2019, arXiv:1910.07467.
    """

    def __init__(self, axis=-1, epsilon=1e-6, **common):
        super().__init__(**common)
        self.axis, self.epsilon = axes("axis", axis), epsilon

    def build(self, input_shape):
        self.scale = self.add_weight("scale", weight_shape(self, input_shape), "ones", autocast=False)

    def call(self, inputs):
        return ops.rms_normalization(inputs, self.scale, axis=self.axis, epsilon=self.epsilon)

    def compute_output_shape(self, input_shape):
        return input_shape
