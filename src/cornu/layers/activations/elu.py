"""ELU: an exponential for negative entries."""

from cornu import activations
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class ELU(Layer):
    """`x` where positive, `alpha * (exp(x) - 1)` elsewhere.

    Shape: any -> the same. Source: keras.layers.ELU; Clevert et al. 2015, arXiv:1511.07289.
    """

    supports_masking = True

    def __init__(self, alpha=1.0, **common):
        super().__init__(**common)
        self.alpha = alpha

    def call(self, inputs):
        return activations.elu(inputs, alpha=self.alpha)
