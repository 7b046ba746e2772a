"""RandomInvert: some images as their negative."""

from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import chosen, where_chosen
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomInvert(ValueLayer):
    """`high - x` for the largest pixel value `high`, with a probability from `factor`, while training.

    Args:
        factor: Two probabilities between which that of an image is drawn; a number f means (0, f).
        value_range: Smallest and largest value of a pixel.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit.
    Source: keras.layers.RandomInvert.
    """

    def __init__(self, factor=1.0, value_range=(0, 255), seed=None, data_format=None, **common):
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **common)
        self.factor = limits("factor", factor, -1, 1)

    def draw(self, shape, seed):
        return {"apply_inversion": chosen(shape[0], self.factor, seed)}

    def change_images(self, images, drawn):
        return where_chosen(drawn["apply_inversion"], self.value_range[1] - images, images)
