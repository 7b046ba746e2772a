"""The base of image layers: one change per image is drawn, then applied to all that belongs to the image."""

from collections.abc import Mapping
from typing import Any

from cornu import ops, random
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.core.symbolic import KerasTensor
from cornu.layers.arguments import choice
from cornu.layers.arguments import data_format as layout
from cornu.layers.base import Layer
from cornu.layers.preprocessing.image.box_formats import FORMATS, clip_to_image_size, convert_format

_PARTS = ("images", "labels", "bounding_boxes", "segmentation_masks")


class ImageLayer(Layer):
    """Changes images, or a dict of images with what belongs to them.

    Subclasses write `draw` (the numbers that describe the change of every image) and those of `change_images`,
    `change_labels`, `change_boxes`, `change_masks` that do something. They see batches with the channels last.

    Args:
        bounding_box_format: How boxes are written, `"xyxy"` and others; needed if the input has boxes.
        data_format: `"channels_last"` or `"channels_first"`.

    Shape: ([n,] h, w, c), or a dict with `"images"` and any of `"labels"` ([n,] ...), `"bounding_boxes"`
    (`{"boxes": ([n,] m, 4), "labels": ([n,] m)}`) and `"segmentation_masks"` ([n,] h, w[, 1]). Other entries pass.
    Source: keras.layers, image preprocessing and augmentation layers.
    """

    acts_always = False  # also outside of training
    keeps_integers = False  # others give floats

    def __init__(self, *, bounding_box_format=None, data_format=None, **common):
        super().__init__(**common)
        self.data_format = layout(data_format)
        if bounding_box_format is not None:
            bounding_box_format = choice("bounding_box_format", bounding_box_format, FORMATS)
        self.bounding_box_format = bounding_box_format

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        """What is to be done to a batch of images of that shape, the channels last; nothing is random by default."""
        return {}

    def change_images(self, images: Any, drawn: dict[str, Any]) -> Any:
        """The images after the change."""
        return images

    def change_labels(self, labels: Any, drawn: dict[str, Any]) -> Any:
        """The labels after the change."""
        return labels

    def change_boxes(self, boxes: Any, drawn: dict[str, Any]) -> Any:
        """The boxes after the change, in pixels from left, top to right, bottom; see `box_formats`."""
        return boxes

    def change_masks(self, masks: Any, drawn: dict[str, Any]) -> Any:
        """The segmentation masks after the change."""
        return masks

    def output_size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width after the change."""
        return height, width

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """What is to be done to these images, or None for nothing. Args: seed: default the layer's own generator."""
        if not (training or self.acts_always):
            return None
        images = data["images"] if isinstance(data, Mapping) else data
        shape = tuple(images.shape)
        if len(shape) not in (3, 4):
            raise InvalidArgumentError(
                f"Expected an image of rank 3 or a batch of images of rank 4; received shape {text(shape)}."
            )
        shape = shape if len(shape) == 4 else (1, *shape)
        if self.data_format == "channels_first":
            shape = (shape[0], *shape[2:], shape[1])
        return {**self.draw(shape, getattr(self, "generator", None) if seed is None else seed), "input_shape": shape}

    def transform_images(self, images: Any, transformation: Any, training: bool = True) -> Any:
        """The images after a change that `get_random_transformation` described."""
        images = ops.convert_to_tensor(images)
        if not (self.keeps_integers and images.dtype.is_integer):
            images = ops.cast(images, self.compute_dtype)
        if not (training or self.acts_always):
            return images
        return self._in_batches(self.change_images, images, transformation)

    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any:
        """The labels after the change of the images."""
        return self.change_labels(labels, transformation or {}) if training or self.acts_always else labels

    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any:
        """The boxes after the change of the images, cut at the borders; labels of boxes that are outside become -1."""
        idle = not (training or self.acts_always)
        if idle or type(self).change_boxes is ImageLayer.change_boxes:
            return bounding_boxes
        own, size = self.bounding_box_format or "xyxy", transformation["input_shape"][1:3]
        boxes = convert_format(bounding_boxes["boxes"], own, "xyxy", *size, dtype=self.compute_dtype)
        boxes = self.change_boxes(boxes, transformation)
        size = self.output_size(*size)
        cut = clip_to_image_size({**bounding_boxes, "boxes": boxes}, *size)
        return convert_format(cut, "xyxy", own, *size, dtype=self.compute_dtype)

    def transform_segmentation_masks(self, segmentation_masks: Any, transformation: Any, training: bool = True) -> Any:
        """The masks after the change of the images, in their own dtype."""
        if not (training or self.acts_always):
            return segmentation_masks
        masks = ops.convert_to_tensor(segmentation_masks)
        return ops.cast(self._in_batches(self.change_masks, masks, transformation), masks.dtype)

    def call(self, data, training=True):
        if not isinstance(data, Mapping):
            return self._changed({"images": data}, training)["images"]
        return self._changed(data, training)

    def _changed(self, data: Mapping[str, Any], training: Any) -> dict[str, Any]:
        self._check(data)
        drawn = self.get_random_transformation(data, training=training)
        images = data["images"]
        is_single = images.ndim == 3
        parts = {name: data[name] for name in _PARTS if name in data}
        if is_single:
            parts = _each(parts, lambda x: ops.expand_dims(x, 0))
        masks = parts.get("segmentation_masks")
        is_flat = masks is not None and masks.ndim == 3  # masks without a channel
        if is_flat:
            parts["segmentation_masks"] = ops.expand_dims(masks, -1 if self.data_format == "channels_last" else 1)
        made = {"images": self.transform_images(parts["images"], drawn, training=training)}
        if "labels" in parts:
            made["labels"] = self.transform_labels(parts["labels"], drawn, training=training)
        if "bounding_boxes" in parts:
            made["bounding_boxes"] = self.transform_bounding_boxes(parts["bounding_boxes"], drawn, training=training)
        if masks is not None:
            changed = self.transform_segmentation_masks(parts["segmentation_masks"], drawn, training=training)
            made["segmentation_masks"] = (
                ops.squeeze(changed, -1 if self.data_format == "channels_last" else 1) if is_flat else changed
            )
        return {**data, **(_each(made, lambda x: x[0]) if is_single else made)}

    def _check(self, data: Mapping[str, Any]) -> None:
        if "images" not in data:
            raise InvalidArgumentError(
                f"Expected images, or a dict with the key 'images'; received a dict with {sorted(data)}."
            )
        if "bounding_boxes" not in data:
            return
        boxes = data["bounding_boxes"]
        if not isinstance(boxes, Mapping) or not {"boxes", "labels"} <= set(boxes):
            raise InvalidArgumentError(
                "Expected 'bounding_boxes' as a dict with the keys 'boxes' and 'labels'; received "
                f"{sorted(boxes) if isinstance(boxes, Mapping) else type(boxes).__name__}."
            )
        if self.bounding_box_format is None:
            raise InvalidArgumentError(
                "Expected a layer that knows the format of bounding boxes; received boxes and no format. "
                f"Give one: {type(self).__name__}(..., bounding_box_format='xyxy')."
            )

    def _in_batches(self, change: Any, x: Any, drawn: Any) -> Any:
        """`change` on a batch with the channels last."""
        is_first, is_single = self.data_format == "channels_first", x.ndim == 3
        x = x[None] if is_single else x
        x = ops.moveaxis(x, 1, -1) if is_first else x
        x = change(x, {} if drawn is None else drawn)
        x = ops.moveaxis(x, -1, 1) if is_first else x
        return x[0] if is_single else x

    def get_config(self) -> dict:
        """The arguments; the format of boxes only if there is one."""
        config = {**super().get_config(), "data_format": self.data_format}
        if self.bounding_box_format is not None:
            config["bounding_box_format"] = self.bounding_box_format
        return config

    def compute_output_spec(self, data, training=None):
        """Symbolic outputs: of images alone without tracing, for what shape and dtype they have is known."""
        if isinstance(data, Mapping):
            return super().compute_output_spec(data, training=training)
        keeps = self.keeps_integers and data.dtype.is_integer
        return KerasTensor(self.compute_output_shape(data.shape), data.dtype if keeps else self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


class RandomImageLayer(ImageLayer):
    """An image layer with a stream of random numbers. Args: seed: start of the stream; drawn if None."""

    def __init__(self, *, seed=None, **common):
        super().__init__(**common)
        self.seed = seed
        self.generator = random.SeedGenerator(seed)


def _each(parts: dict[str, Any], change: Any) -> dict[str, Any]:
    return {
        name: {**part, **{key: change(part[key]) for key in ("boxes", "labels")}}
        if isinstance(part, Mapping)
        else change(part)
        for name, part in parts.items()
    }
