"""RandomPosterization: fewer different values."""

import jax.numpy as jnp

from cornu import random
from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.layers.arguments import integer
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomPosterization(ValueLayer):
    """Only the first bits of every value (of 8 bits) kept while training.

    Args:
        factor: How many bits: from the first of two integers up to below the second, both from 1 to 8; n means (1, n).
        value_range: Smallest and largest value of a pixel.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit.
    Source: keras.layers.RandomPosterization.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **common):
        super().__init__(value_range=value_range, data_format=data_format, seed=seed, **common)
        pair = tuple(factor) if isinstance(factor, (list, tuple)) else (1, factor)
        pair = tuple(integer("factor", bits, at_least=1) for bits in pair)
        if len(pair) != 2 or not 1 <= pair[0] <= pair[1] <= 8:
            raise InvalidArgumentError(
                f"Expected factor as an integer from 1 to 8, or two ascending ones; received factor={factor!r}."
            )
        self.factor = pair

    def draw(self, shape, seed):
        low, high = self.factor
        return {"shift_factor": 8 - random.randint((shape[0],), low, max(high, low + 1), dtype="uint8", seed=seed)}

    def change_images(self, images, drawn):
        low, high = self.value_range
        return posterize(images, drawn["shift_factor"], low, high)


@op
def posterize(images, shifts, low, high):
    """Values of 8 bits with the last `shifts` bits cleared. Shape: (n, h, w, c), (n,) -> (n, h, w, c)."""
    scaled = (images.astype("float32") - low) * (255 / (high - low))
    shifts = shifts.reshape(-1, 1, 1, 1).astype("uint8")
    kept = (jnp.clip(scaled, 0, 255).astype("uint8") >> shifts) << shifts
    return (kept.astype("float32") / 255 * (high - low) + low).astype(images.dtype)
