"""RandomSharpness: images softer or sharper."""

import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomSharpness(ValueLayer):
    """`s + 2 f (x - s)` while training, s the image smoothed over 3 x 3 pixels: 0 is smooth, 0.5 no change, 1 sharp.

    Args:
        factor: The two ends for f, in [-1, 1]; a number f means (0, f).
        value_range: Smallest and largest value of a pixel; results are cut there.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit.
    Source: keras.layers.RandomSharpness.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **common):
        super().__init__(value_range=value_range, data_format=data_format, seed=seed, **common)
        self.factor = limits("factor", factor, -1, 1)

    def draw(self, shape, seed):
        return {"factor": one_of(shape[0], self.factor, seed)}

    def change_images(self, images, drawn):
        return sharpen(images, drawn["factor"], *self.value_range)


@op
def sharpen(images, factors, low, high):
    """Away from or towards the mean of neighbours. Shape: (n, h, w, c), (n,) -> (n, h, w, c)."""
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    total = rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]
    smooth = (total + 4 * images) / 13  # weights 1, and 5 in the middle
    strength = 2 * factors.reshape(-1, 1, 1, 1).astype(images.dtype)
    return jnp.clip(smooth + strength * (images - smooth), low, high).astype(images.dtype)
