"""AutoContrast: values spread over the whole range."""

import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.image_layer import ImageLayer


@LAYERS.add()
class AutoContrast(ImageLayer):
    """Every channel of an image stretched so that its darkest value is the smallest and its brightest the largest.

    Args: value_range: Smallest and largest value of a pixel.
    Shape: ([n,] h, w, c) -> the same; integers become floats; channels of one value stay.
    Raises: InvalidArgumentError on a range that does not fit.
    Source: keras.layers.AutoContrast.
    """

    acts_always = True

    def __init__(self, value_range=(0, 255), **common):
        super().__init__(**common)
        self.value_range = factors.value_range(value_range)

    def change_images(self, images, drawn):
        return stretch(images, *self.value_range)


@op
def stretch(images, low, high):
    """Values from their smallest and largest to `low` and `high`. Shape: (n, h, w, c) -> the same."""
    least, most = (reduce(images, (1, 2), keepdims=True) for reduce in (jnp.min, jnp.max))
    has_span = most > least
    scale = (high - low) / jnp.where(has_span, most - least, 1)
    return jnp.where(has_span, (images - least) * scale + low, images).astype(images.dtype)
