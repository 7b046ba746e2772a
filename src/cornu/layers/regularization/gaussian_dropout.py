"""GaussianDropout: multiplies by normal noise while training."""

import math

from cornu import random
from cornu.layers.arguments import fraction
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class GaussianDropout(Layer):
    """Multiplies by normal noise of mean 1 and standard deviation `sqrt(rate / (1 - rate))` while training.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `rate` is negative, or 1 or more.
    Source: keras.layers.GaussianDropout; Srivastava et al. 2014.
    """

    supports_masking = True

    def __init__(self, rate, seed=None, **common):
        super().__init__(**common)
        self.rate, self.seed = fraction("rate", rate, below_one=True), seed
        if self.rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        stddev = math.sqrt(self.rate / (1 - self.rate))
        return inputs * random.normal(
            inputs.shape, mean=1.0, stddev=stddev, dtype=inputs.dtype, seed=self.seed_generator
        )

    def compute_output_shape(self, input_shape):
        return input_shape
