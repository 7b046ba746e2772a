"""RandomErasing: a rectangle of some images painted over."""

from cornu import ops, random
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import chosen, where_chosen
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.rectangles import rectangles
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomErasing(ValueLayer):
    """A random rectangle of an image filled with noise or one value while training.

    Args:
        factor: Two probabilities between which that of an image to change is drawn; a number f means (0, f).
        scale: Two ends for the squares of the rectangle's shares of height and width; a number s means (0, s).
        fill_value: What to fill with, None for normal noise.
        value_range: Smallest and largest value of a pixel; results are cut there.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on factors or a range that do not fit.
    Source: keras.layers.RandomErasing; Zhong et al. 2017.
    """

    def __init__(
        self, factor=1.0, scale=(0.02, 0.33), fill_value=None, value_range=(0, 255), seed=None, data_format=None, **common
    ):  # fmt: skip
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **common)
        self.factor, self.scale = limits("factor", factor, -1, 1), limits("scale", scale, 0, 1)
        self.fill_value = fill_value

    def draw(self, shape, seed):
        count, height, width, _ = shape
        shares = ops.sqrt(random.uniform((count, 2), *self.scale, dtype="float32", seed=seed))
        places = random.uniform((count, 2), dtype="float32", seed=seed)
        low, high = self.value_range
        if self.fill_value is None:
            fill = ops.clip(random.normal(shape, stddev=high, dtype="float32", seed=seed), low, high)
        else:
            fill = ops.full(shape, self.fill_value, dtype="float32")
        return {
            "apply_erasing": chosen(count, self.factor, seed),
            "batch_masks": rectangles(shares, places, height=height, width=width),
            "fill_value": fill,
        }

    def change_images(self, images, drawn):
        fill = ops.cast(drawn["fill_value"], images.dtype)
        erased = where_chosen(drawn["apply_erasing"], ops.where(drawn["batch_masks"], fill, images), images)
        return ops.clip(erased, *self.value_range)
