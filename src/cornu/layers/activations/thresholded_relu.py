"""ThresholdedReLU of Keras 2: zero up to a threshold."""

from cornu import ops
from cornu.layers.arguments import at_least
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class ThresholdedReLU(Layer):
    """`x` where it is above `theta`, 0 elsewhere, at `theta` too.

    Keras 3 has `ReLU(threshold=theta)` for it, which keeps `theta` itself.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `theta` is negative.
    Source: tf.keras.layers.ThresholdedReLU of Keras 2; Konda et al. 2014, arXiv:1402.3337.
    """

    supports_masking = True

    def __init__(self, theta=1.0, **common):
        super().__init__(**common)
        self.theta = float(at_least("theta", theta, 0))

    def call(self, inputs):
        return ops.where(inputs <= self.theta, ops.zeros_like(inputs), inputs)  # nan stays nan
