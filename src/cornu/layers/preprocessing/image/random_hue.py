"""RandomHue: colours shifted around the colour circle."""

from cornu import ops, random
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.hue_and_saturation import shift_hue
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomHue(ValueLayer):
    """The hue of all pixels of an image shifted by one random amount while training, either way.

    Args:
        factor: Fractions of half the colour circle, from 0 to 1; a number f means (0, f).
        value_range: Smallest and largest value of a pixel.

    Shape: ([n,] h, w, 3) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit, or images without 3 channels.
    Source: keras.layers.RandomHue.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **common):
        super().__init__(value_range=value_range, data_format=data_format, seed=seed, **common)
        self.factor = limits("factor", factor, -1, 1)

    def draw(self, shape, seed):
        signs = random.randint((shape[0],), 0, 2, seed=seed) * 2 - 1
        return {"factor": one_of(shape[0], self.factor, seed) * ops.cast(signs, "float32") * 0.5}

    def change_images(self, images, drawn):
        return self.from_unit(shift_hue(self.unit(images), drawn["factor"]))
