"""AlphaDropout: dropout that keeps mean and variance of SELU activations."""

from cornu import ops, random
from cornu.layers.catalog import LAYERS
from cornu.layers.regularization.dropout import Dropout

# What SELU tends to for very negative inputs: minus the product of its two constants.
SATURATION = -1.6732632423543772 * 1.0507009873554805


@LAYERS.add()
class AlphaDropout(Dropout):
    """Sets a fraction `rate` of the entries to SELU's negative limit while training, then restores mean 0 and variance 1.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `rate` is not between 0 and 1.
    Source: keras.layers.AlphaDropout; Klambauer et al. 2017, arXiv:1706.02515, section "New dropout technique".
    """

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        if self.rate == 1:  # nothing is left whose variance could be restored
            return ops.zeros_like(inputs)
        shape = self.noise_shape_for(inputs.shape) or inputs.shape
        keep = random.uniform(shape, dtype="float32", seed=self.seed_generator) >= self.rate
        scale = ((1 - self.rate) * (1 + self.rate * SATURATION**2)) ** -0.5
        shift = -scale * SATURATION * self.rate
        return ops.where(keep, inputs, ops.cast(SATURATION, inputs.dtype)) * scale + shift
