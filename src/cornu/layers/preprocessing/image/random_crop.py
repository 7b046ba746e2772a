"""RandomCrop: a window of images, somewhere."""

from cornu import ops, random
from cornu.core.random_state import default_seed
from cornu.layers.arguments import positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer
from cornu.layers.preprocessing.image.resizing import Resizing, spatial_shape


@LAYERS.add()
class RandomCrop(RandomImageLayer):
    """A window of `height` x `width` pixels, at one random place for all images of a batch; only while training.

    Images smaller than the window are resized to it, their shape of things kept. Outside of training images pass as they
    are: put a CenterCrop or a Resizing behind if what follows needs one size.

    Shape: ([n,] h, w, c) -> ([n,] height, width, c) while training.
    Raises: InvalidArgumentError if a size is no positive integer.
    Source: keras.layers.RandomCrop.
    """

    def __init__(self, height, width, seed=None, **common):
        super().__init__(seed=default_seed() if seed is None else seed, **common)
        self.height, self.width = positive_int("height", height), positive_int("width", width)

    def draw(self, shape, seed):
        if self._is_too_small(shape):
            return {}
        _, height, width, _ = shape
        return {
            "top": random.randint((), 0, height - self.height + 1, seed=seed),
            "left": random.randint((), 0, width - self.width + 1, seed=seed),
        }

    def _is_too_small(self, shape):
        return shape[1] < self.height or shape[2] < self.width

    def change_images(self, images, drawn):
        return self._cropped(images, drawn, "bilinear")

    def change_masks(self, masks, drawn):
        return self._cropped(masks, drawn, "nearest")

    def _cropped(self, images, drawn, interpolation):
        if self._is_too_small(images.shape):
            size = self.height, self.width
            return ops.image.resize(images, size, interpolation, crop_to_aspect_ratio=True, data_format="channels_last")
        size = (images.shape[0], self.height, self.width, images.shape[3])
        return ops.slice(images, ops.stack([0, drawn["top"], drawn["left"], 0]), size)

    def change_boxes(self, boxes, drawn):
        if self._is_too_small(drawn["input_shape"]):
            return Resizing(self.height, self.width, crop_to_aspect_ratio=True).change_boxes(boxes, drawn)
        left, top = (ops.cast(drawn[side], boxes.dtype) for side in ("left", "top"))
        return boxes - ops.stack([left, top, left, top])

    def output_size(self, height, width):
        return self.height, self.width

    def compute_output_shape(self, input_shape):
        return spatial_shape(input_shape, self.data_format, self.height, self.width)
