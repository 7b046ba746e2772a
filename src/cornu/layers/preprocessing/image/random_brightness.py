"""RandomBrightness: a number added to all values."""

from cornu import ops
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import one_of, per_image
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomBrightness(ValueLayer):
    """All values of an image lighter or darker by one random number while training.

    Args:
        factor: Fractions of the range of values, in [-1, 1]; a number f means (-f, f).
        value_range: Smallest and largest value of a pixel; results are cut there.

    Shape: ([n,] h, w, c) -> the same; integer images stay integer.
    Raises: InvalidArgumentError on a factor or range that does not fit.
    Differs from Keras: integers end at the limits of the range; in Keras they wrap around.
    Source: keras.layers.RandomBrightness.
    """

    keeps_integers = True

    def __init__(self, factor, value_range=(0, 255), seed=None, **common):
        super().__init__(value_range=value_range, seed=seed, **common)
        self.factor = limits("factor", factor, -1, 1, symmetric=True)

    def draw(self, shape, seed):
        low, high = self.value_range
        return {"rgb_delta": ops.reshape(one_of(shape[0], self.factor, seed) * (high - low), (-1, 1, 1, 1))}

    def change_images(self, images, drawn):
        pixels = ops.cast(images, "float32") if images.dtype.is_integer else images
        lighter = pixels + per_image(drawn["rgb_delta"], pixels)
        return ops.cast(ops.clip(lighter, *self.value_range), images.dtype)
