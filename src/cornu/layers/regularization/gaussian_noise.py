"""GaussianNoise: adds normal noise while training."""

from cornu import random
from cornu.layers.arguments import at_least
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class GaussianNoise(Layer):
    """Adds normal noise of mean 0 and the given standard deviation while training.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `stddev` is negative.
    Source: keras.layers.GaussianNoise.
    """

    supports_masking = True

    def __init__(self, stddev, seed=None, **common):
        super().__init__(**common)
        self.stddev, self.seed = at_least("stddev", stddev, 0), seed
        if self.stddev > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training or self.stddev == 0:
            return inputs
        noise = random.normal(inputs.shape, stddev=self.stddev, dtype=inputs.dtype, seed=self.seed_generator)
        return inputs + noise

    def compute_output_shape(self, input_shape):
        return input_shape
