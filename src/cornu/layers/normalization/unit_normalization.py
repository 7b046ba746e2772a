"""UnitNormalization: each sample scaled to length one."""

from cornu import ops
from cornu.layers.arguments import axes
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class UnitNormalization(Layer):
    """`x / |x|` with the Euclidean norm over `axis`, one axis or several.

    Shape: any -> the same. Source: keras.layers.UnitNormalization.
    """

    supports_masking = True

    def __init__(self, axis=-1, **common):
        super().__init__(**common)
        self.axis = axes("axis", axis)

    def call(self, inputs):
        total = ops.sum(ops.square(inputs), axis=self.axis, keepdims=True)
        return inputs * ops.rsqrt(ops.maximum(total, 1e-12))

    def compute_output_shape(self, input_shape):
        return input_shape
