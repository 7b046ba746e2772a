"""ReLU: zero for negative entries, with an optional slope, threshold and ceiling."""

from cornu import activations
from cornu.layers.arguments import at_least
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class ReLU(Layer):
    """`max_value` above it; `x` from `threshold` on; `negative_slope * (x - threshold)` below.

    Shape: any -> the same.
    Raises: InvalidArgumentError if an argument is negative.
    Source: keras.layers.ReLU.
    """

    supports_masking = True

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **common):
        super().__init__(**common)
        self.max_value = None if max_value is None else at_least("max_value", max_value, 0)
        self.negative_slope = at_least("negative_slope", negative_slope, 0)
        self.threshold = at_least("threshold", threshold, 0)

    def call(self, inputs):
        return activations.relu(
            inputs, negative_slope=self.negative_slope, max_value=self.max_value, threshold=self.threshold
        )
