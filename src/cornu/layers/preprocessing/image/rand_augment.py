"""RandAugment: a few changes of one strength, chosen anew for every batch."""

from cornu import random
from cornu.layers.arguments import positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.choice_of_changes import all_changes, change_by, drawn_for, in_turn
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandAugment(ValueLayer):
    """`num_ops` of eleven changes, one after the other, while training; the strength is drawn for every image.

    Shear, translation, rotation, brightness, colour degeneration, contrast, sharpness, posterization, solarization, auto
    contrast and equalization are equally likely; the choice is that of the whole batch.

    Args:
        value_range: Smallest and largest value of a pixel.
        num_ops: How many changes.
        factor: Their strength, two ends from 0 to 1; a number f means (0, f).
        interpolation: nearest or bilinear.

    Shape: ([n,] h, w, 3) -> the same; integers become floats.
    Raises: InvalidArgumentError on arguments that do not fit.
    Source: keras.layers.RandAugment; Cubuk et al. 2019.
    """

    def __init__(
        self, value_range=(0, 255), num_ops=2, factor=0.5, interpolation="bilinear", seed=None, data_format=None, **common
    ):  # fmt: skip
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **common)
        self.num_ops, self.factor = positive_int("num_ops", num_ops), factors.limits("factor", factor, 0, 1)
        self.interpolation = factors.interpolation(interpolation)
        self._changes = all_changes(
            self.factor,
            self.value_range,
            self.interpolation,
            seed=self.generator._initial_seed,
            dtype=self.dtype_policy,
        )

    def draw(self, shape, seed):
        numbers = random.randint((self.num_ops,), 0, len(self._changes), seed=seed)
        return {"transforms": drawn_for(self._changes, shape, seed), "layer_idxes": numbers}

    def change_images(self, images, drawn):
        return self._all("change_images", images, drawn)

    def change_boxes(self, boxes, drawn):
        return self._all("change_boxes", boxes, drawn)

    def change_masks(self, masks, drawn):
        return self._all("change_masks", masks, drawn)

    def _all(self, method, x, drawn):
        numbers, shape = drawn["layer_idxes"], drawn["input_shape"]

        def one(i, x):
            return change_by(numbers[i], self._changes, drawn["transforms"], method, x, shape)

        return in_turn(self.num_ops, numbers, one, x)
