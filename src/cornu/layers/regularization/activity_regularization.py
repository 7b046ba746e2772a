"""ActivityRegularization: a penalty on what passes through."""

from cornu import regularizers
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class ActivityRegularization(Layer):
    """Adds `l1 * sum(|x|) + l2 * sum(x²)` to the loss and passes the inputs on.

    Shape: any -> the same. Source: keras.layers.ActivityRegularization.
    """

    supports_masking = True

    def __init__(self, l1=0.0, l2=0.0, **common):
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **common)
        self.l1, self.l2 = l1, l2

    def call(self, inputs):
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super().get_config()
        config.pop("activity_regularizer", None)  # said by l1 and l2
        return config
