"""RandomContrast: values nearer to or further from their mean."""

import jax.numpy as jnp

from cornu import ops
from cornu.core.dispatch import op
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomContrast(ValueLayer):
    """`(x - mean) * factor + mean` while training, with the mean of every channel of an image.

    Args:
        factor: Two numbers from 0 to 1: factors lie between `1 - lower` and `1 + upper`; a number f means (0, f).
        value_range: Smallest and largest value of a pixel; results are cut there.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit.
    Source: keras.layers.RandomContrast.
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, **common):
        super().__init__(value_range=value_range, seed=seed, **common)
        self.factor = limits("factor", factor, -1, 1)

    def draw(self, shape, seed):
        lower, upper = self.factor
        return {"contrast_factor": ops.reshape(one_of(shape[0], (1 - lower, 1 + upper), seed), (-1, 1, 1, 1))}

    def change_images(self, images, drawn):
        return adjust_contrast(images, drawn["contrast_factor"], *self.value_range)


@op
def adjust_contrast(images, factors, low, high):
    """Distances to the mean times a factor. Shape: (n, h, w, c), (n, 1, 1, 1) -> (n, h, w, c)."""
    mean = jnp.mean(images, (1, 2), keepdims=True, dtype="float32").astype(images.dtype)
    return jnp.clip((images - mean) * factors.astype(images.dtype) + mean, low, high).astype(images.dtype)
