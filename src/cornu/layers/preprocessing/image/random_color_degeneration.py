"""RandomColorDegeneration: colours mixed with grey."""

from cornu import ops
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import one_of, per_image
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomColorDegeneration(ValueLayer):
    """`(1 - f) * image + f * grey image` while training.

    Args:
        factor: The two ends for f, in [-1, 1]; a number f means (-f, f).
        value_range: Smallest and largest value of a pixel; results are cut there.

    Shape: ([n,] h, w, 3) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit, or images without 3 channels.
    Source: keras.layers.RandomColorDegeneration.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **common):
        super().__init__(value_range=value_range, data_format=data_format, seed=seed, **common)
        self.factor = limits("factor", factor, -1, 1, symmetric=True)

    def draw(self, shape, seed):
        return {"factor": ops.reshape(one_of(shape[0], self.factor, seed), (-1, 1, 1, 1))}

    def change_images(self, images, drawn):
        share = per_image(drawn["factor"], images)
        grey = ops.image.rgb_to_grayscale(images, "channels_last")
        return ops.clip((1.0 - share) * images + share * grey, *self.value_range)
