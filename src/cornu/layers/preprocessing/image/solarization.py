"""Solarization: bright values as their negative."""

import jax.numpy as jnp

from cornu import ops
from cornu.core.dispatch import op
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class Solarization(ValueLayer):
    """`x + addition`, and `255 - x` of it where it reaches the threshold, while training (on a scale from 0 to 255).

    Args:
        addition_factor, threshold_factor: Largest fractions of 255, from 0 to 1; a pair gives both ends, of which the
            upper one counts.
        value_range: Smallest and largest value of a pixel.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on factors or a range that do not fit.
    Source: keras.layers.Solarization.
    """

    def __init__(self, addition_factor=0.0, threshold_factor=0.0, value_range=(0, 255), seed=None, **common):
        super().__init__(value_range=value_range, seed=seed, **common)
        self.addition_factor = limits("addition_factor", addition_factor, 0, 1)
        self.threshold_factor = limits("threshold_factor", threshold_factor, 0, 1)

    def draw(self, shape, seed):
        additions, thresholds = (
            ops.reshape(one_of(shape[0], (0, factor[1]), seed) * 255.0, (-1, 1, 1, 1))
            for factor in (self.addition_factor, self.threshold_factor)
        )
        return {"additions": additions, "thresholds": thresholds}

    def change_images(self, images, drawn):
        return solarize(images, drawn["additions"], drawn["thresholds"], *self.value_range)


@op
def solarize(images, additions, thresholds, low, high):
    """Values that reach the threshold inverted. Shape: (n, h, w, c), (n, 1, 1, 1) twice -> (n, h, w, c)."""
    scaled = (images.astype("float32") - low) * (255 / (high - low))
    lighter = jnp.clip(scaled + additions, 0, 255)
    turned = jnp.where(lighter < thresholds, lighter, 255 - lighter)
    return (turned / 255 * (high - low) + low).astype(images.dtype)
