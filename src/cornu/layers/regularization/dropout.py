"""Dropout: random entries become zero while training."""

from cornu import random
from cornu.layers.arguments import fraction
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Dropout(Layer):
    """Sets a fraction `rate` of the entries to zero while training and scales the others by `1 / (1 - rate)`.

    Args:
        rate: Fraction to drop, from 0 to 1.
        noise_shape: Shape of the random pattern, broadcast to the input; None entries are the input's sizes.
        seed: Start of the layer's stream of random numbers; drawn if None.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `rate` is not between 0 and 1.
    Source: keras.layers.Dropout; Srivastava et al. 2014.
    """

    supports_masking = True

    def __init__(self, rate, noise_shape=None, seed=None, **common):
        super().__init__(**common)
        self.rate, self.seed = fraction("rate", rate), seed
        self.noise_shape = None if noise_shape is None else tuple(noise_shape)
        if self.rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        return random.dropout(
            inputs, self.rate, noise_shape=self.noise_shape_for(inputs.shape), seed=self.seed_generator
        )

    def noise_shape_for(self, shape):
        """The shape of the random pattern for an input shape."""
        if self.noise_shape is None:
            return None
        return tuple(own if given is None else given for given, own in zip(self.noise_shape, shape, strict=False))

    def compute_output_shape(self, input_shape):
        return input_shape
