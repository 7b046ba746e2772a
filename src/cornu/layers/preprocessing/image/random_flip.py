"""RandomFlip: images mirrored left to right, top to bottom, or both."""

from cornu import ops, random
from cornu.layers.arguments import choice
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer

_MODES = ("horizontal", "vertical", "horizontal_and_vertical")


@LAYERS.add()
class RandomFlip(RandomImageLayer):
    """Half of the images mirrored while training: left to right, top to bottom, or (one coin decides) both.

    Args: mode: `"horizontal"`, `"vertical"` or `"horizontal_and_vertical"`.
    Shape: ([n,] h, w, c) -> the same.
    Raises: InvalidArgumentError on an unknown mode.
    Source: keras.layers.RandomFlip.
    """

    def __init__(self, mode="horizontal_and_vertical", seed=None, **common):
        super().__init__(seed=seed, **common)
        self.mode = choice("mode", mode, _MODES)
        self._axes = [axis for axis, name in ((1, "vertical"), (2, "horizontal")) if name in self.mode]

    def draw(self, shape, seed):
        return {"flips": random.uniform((shape[0], 1, 1, 1), dtype="float32", seed=seed) <= 0.5}

    def change_images(self, images, drawn):
        return ops.where(drawn["flips"], ops.flip(images, self._axes), images)

    def change_masks(self, masks, drawn):
        return self.change_images(masks, drawn)

    def change_boxes(self, boxes, drawn):
        _, height, width, _ = drawn["input_shape"]
        left, top, right, bottom = ops.unstack(boxes, axis=-1)
        if 2 in self._axes:
            left, right = width - right, width - left
        if 1 in self._axes:
            top, bottom = height - bottom, height - top
        return ops.where(ops.reshape(drawn["flips"], (-1, 1, 1)), ops.stack([left, top, right, bottom], axis=-1), boxes)
