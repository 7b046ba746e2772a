"""CenterCrop: the middle of images."""

from cornu import ops
from cornu.layers.arguments import positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.image_layer import ImageLayer
from cornu.layers.preprocessing.image.resizing import Resizing, spatial_shape


@LAYERS.add()
class CenterCrop(ImageLayer):
    """The middle `height` x `width` pixels of images; smaller images are resized, their shape of things kept.

    Shape: ([n,] h, w, c) -> ([n,] height, width, c); integers become floats.
    Raises: InvalidArgumentError if a size is no positive integer.
    Differs from Keras: masks that are resized take the nearest pixel, so that classes stay classes.
    Source: keras.layers.CenterCrop.
    """

    acts_always = True

    def __init__(self, height, width, **common):
        super().__init__(**common)
        self.height, self.width = positive_int("height", height), positive_int("width", width)

    def change_images(self, images, drawn):
        return self._cropped(images, "bilinear")

    def change_masks(self, masks, drawn):
        return self._cropped(masks, "nearest")

    def _cropped(self, images, interpolation):
        _, height, width, _ = images.shape
        if self._is_too_small(height, width):
            size = self.height, self.width
            return ops.image.resize(images, size, interpolation, crop_to_aspect_ratio=True, data_format="channels_last")
        top, left = self._corner(height, width)
        return images[:, top : top + self.height, left : left + self.width]

    def change_boxes(self, boxes, drawn):
        _, height, width, _ = drawn["input_shape"]
        if self._is_too_small(height, width):
            return Resizing(self.height, self.width, crop_to_aspect_ratio=True).change_boxes(boxes, drawn)
        top, left = self._corner(height, width)
        return boxes - [left, top, left, top]

    def _is_too_small(self, height, width):
        return height < self.height or width < self.width

    def _corner(self, height, width):
        return int((height - self.height) / 2), int((width - self.width) / 2)

    def output_size(self, height, width):
        return self.height, self.width

    def compute_output_shape(self, input_shape):
        return spatial_shape(input_shape, self.data_format, self.height, self.width)
