"""Resizing: images at another height and width."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers.arguments import choice, positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.image_layer import ImageLayer

METHODS = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5")


@LAYERS.add()
class Resizing(ImageLayer):
    """Images resampled to `height` x `width`, in training and outside of it.

    Args:
        height, width: Of the output, in pixels.
        interpolation: bilinear, nearest, bicubic, area, lanczos3 or lanczos5; masks take the nearest pixel.
        crop_to_aspect_ratio: Keep the shape of things by cutting off what is too long.
        pad_to_aspect_ratio: Keep the shape of things by adding `fill_value` around.
        antialias: Widen the filter when shrinking.

    Shape: ([n,] h, w, c) -> ([n,] height, width, c); integer images stay integer.
    Raises: InvalidArgumentError if a size is no positive integer or both ways to keep the shape are asked for.
    Source: keras.layers.Resizing.
    """

    acts_always, keeps_integers = True, True

    def __init__(
        self, height, width, interpolation="bilinear", crop_to_aspect_ratio=False, pad_to_aspect_ratio=False,
        fill_mode="constant", fill_value=0.0, antialias=False, **common,
    ):  # fmt: skip
        super().__init__(**common)
        self.height, self.width = positive_int("height", height), positive_int("width", width)
        self.interpolation = choice("interpolation", interpolation, METHODS)
        self.fill_mode, self.fill_value = choice("fill_mode", fill_mode, ("constant",)), fill_value
        self.crop_to_aspect_ratio, self.pad_to_aspect_ratio = crop_to_aspect_ratio, pad_to_aspect_ratio
        self.antialias = antialias
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise InvalidArgumentError(
                "Expected at most one of crop_to_aspect_ratio and pad_to_aspect_ratio; both are True."
            )

    def change_images(self, images, drawn):
        return self._resized(images, self.interpolation, self.antialias)

    def change_masks(self, masks, drawn):
        return self._resized(masks, "nearest", False)

    def _resized(self, images, interpolation, antialias):
        return ops.image.resize(
            images,
            (self.height, self.width),
            interpolation,
            antialias,
            self.crop_to_aspect_ratio,
            self.pad_to_aspect_ratio,
            self.fill_mode,
            self.fill_value,
            data_format="channels_last",
        )

    def change_boxes(self, boxes, drawn):
        _, height, width, _ = drawn["input_shape"]
        scales = self.height / height, self.width / width
        if self.crop_to_aspect_ratio:
            scales = (max(scales),) * 2
        if self.pad_to_aspect_ratio:
            scales = (min(scales),) * 2
        top = int((self.height - scales[0] * height) / 2)  # whole pixels, as Keras moves boxes
        left = int((self.width - scales[1] * width) / 2)
        return boxes * [scales[1], scales[0], scales[1], scales[0]] + [left, top, left, top]

    def output_size(self, height, width):
        return self.height, self.width

    def compute_output_shape(self, input_shape):
        return spatial_shape(input_shape, self.data_format, self.height, self.width)


def spatial_shape(shape, data_format, height, width):
    """The shape of images, or the shapes of a dict of them, with another height and width."""
    if isinstance(shape, dict):
        sizes = {"images", "segmentation_masks"}
        return {name: spatial_shape(s, data_format, height, width) if name in sizes else s for name, s in shape.items()}
    if data_format == "channels_first":
        return (*shape[:-2], height, width)
    return (*shape[:-3], height, width, shape[-1])
