"""Bounding boxes: formats, geometry, overlap, and their distance from anchors. Source: keras.utils.bounding_boxes."""

import math
from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import attribute_error
from cornu.core.dispatch import op
from cornu.layers.arguments import choice
from cornu.layers.preprocessing.image.box_formats import FORMATS, convert_format
from cornu.layers.preprocessing.image.box_formats import clip_to_image_size as clip_to_image_size
from cornu.utils.box_geometry import affine_transform as affine_transform
from cornu.utils.box_geometry import crop as crop
from cornu.utils.box_geometry import pad as pad

_SMALL = 1e-7
_CODES = ("center_yxhw", "center_xywh")


def compute_iou(
    boxes1: Any,
    boxes2: Any,
    bounding_box_format: str,
    use_masking: bool = False,
    mask_val: float = -1,
    image_shape: Any = None,
) -> Any:
    """Intersection over union of every box of the one with every box of the other.

    Args:
        use_masking: Give `mask_val` for boxes of negative coordinates, which stand for missing ones.
        image_shape: (height, width, ...), needed for relative formats.

    Shape: ([n,] k, 4), ([n,] m, 4) -> ([n,] k, m).
    Raises: InvalidArgumentError on an unknown format or a missing image shape.
    """
    first, second = (_corners(boxes, bounding_box_format, image_shape) for boxes in (boxes1, boxes2))
    overlap = _iou(first[..., :, None, :], second[..., None, :, :])
    if not use_masking:
        return overlap
    missing = [ops.any(ops.less(boxes, 0.0), axis=-1) for boxes in (first, second)]
    either = ops.logical_or(missing[0][..., :, None], missing[1][..., None, :])
    return ops.where(either, ops.cast(mask_val, overlap.dtype), overlap)


def compute_ciou(boxes1: Any, boxes2: Any, bounding_box_format: str, image_shape: Any = None) -> Any:
    """Complete intersection over union, box by box: the overlap less a distance of centres and of aspect ratios.

    Shape: (..., 4) twice -> (...).
    Raises: InvalidArgumentError on an unknown format or a missing image shape.
    Source: keras.utils.bounding_boxes.compute_ciou; Zheng et al. 2020.
    """
    return _ciou(*(_corners(boxes, bounding_box_format, image_shape) for boxes in (boxes1, boxes2)))


def encode_box_to_deltas(
    anchors: Any,
    boxes: Any,
    anchor_format: str,
    box_format: str,
    encoding_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Any = None,
) -> Any:
    """How boxes differ from anchors: centres in sizes of the anchor, sizes as logarithms of ratios.

    Args:
        encoding_format: `"center_yxhw"` or `"center_xywh"`, the order of the four numbers.
        variance: Four numbers to divide by.
        image_shape: (height, width, ...), needed if only one of the formats is relative.

    Shape: ([n,] m, 4) twice -> ([n,] m, 4).
    Raises: InvalidArgumentError on unknown formats, a missing image shape or a variance of another length.
    """
    code, variance = choice("encoding_format", encoding_format, _CODES), _variance(variance)
    size = _size(image_shape, anchor_format, box_format)
    anchors, boxes = _centered(anchors, anchor_format, code, size), _centered(boxes, box_format, code, size)
    deltas = _deltas(anchors, boxes)
    return deltas if variance is None else deltas / variance


def decode_deltas_to_boxes(
    anchors: Any,
    boxes_delta: Any,
    anchor_format: str,
    box_format: str,
    encoded_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Any = None,
) -> Any:
    """The boxes that `encode_box_to_deltas` encoded; of dicts of anchors and deltas a dict.

    Shape: ([n,] m, 4) twice -> ([n,] m, 4).
    Raises: InvalidArgumentError on unknown formats, a missing image shape or a variance of another length.
    """
    if isinstance(anchors, Mapping):
        rest = anchor_format, box_format, encoded_format, variance, image_shape
        return {level: decode_deltas_to_boxes(anchors[level], boxes_delta[level], *rest) for level in anchors}
    code, variance = choice("encoded_format", encoded_format, _CODES), _variance(variance)
    size = _size(image_shape, anchor_format, box_format)
    deltas = ops.convert_to_tensor(boxes_delta)
    deltas = deltas if variance is None else deltas * variance
    boxes = _boxes(_centered(anchors, anchor_format, code, size), deltas)
    plain = convert_format(boxes, code, "xyxy")
    to_relative = box_format.startswith("rel_")
    if to_relative and size is None:
        return convert_format(plain, "rel_xyxy", box_format)
    return convert_format(plain, "xyxy", box_format, *(size or (None, None)))


def _size(image_shape: Any, *formats: str) -> tuple[Any, Any] | None:
    """Height and width, or None if they are not needed: all formats are in pixels, or all are relative."""
    relative = [choice("format", name, FORMATS).startswith("rel_") for name in formats]
    if image_shape is not None and any(relative):
        return tuple(image_shape)[:2]  # type: ignore[return-value]
    if any(relative) and not all(relative):
        raise InvalidArgumentError(
            f"Expected image_shape to go between {formats[0]!r} and {formats[1]!r}; received None."
        )
    return None


def _corners(boxes: Any, bounding_box_format: str, image_shape: Any) -> Any:
    if bounding_box_format.startswith("rel_") and image_shape is None:
        raise InvalidArgumentError(
            f"Expected image_shape (height, width, ...) for the format {bounding_box_format!r}; received None."
        )
    size = (None, None) if image_shape is None else tuple(image_shape)[:2]
    return convert_format(boxes, bounding_box_format, "xyxy", *size)


def _centered(boxes: Any, own: str, code: str, size: Any) -> Any:
    """Boxes as centres and sizes: in pixels if the size of the image is known, else as they are counted."""
    if own.startswith("rel_") and size is None:
        return convert_format(convert_format(boxes, own, "rel_xyxy"), "xyxy", code)
    return convert_format(boxes, own, code, *(size or (None, None)))


def _variance(variance: Any) -> Any:
    if variance is None:
        return None
    variance = ops.convert_to_tensor(variance, dtype="float32")
    if variance.shape[-1:] != (4,):
        raise InvalidArgumentError(f"Expected variance as 4 numbers; received shape {tuple(variance.shape)}.")
    return variance


@op
def _iou(first, second):
    return _overlap(first, second)[0]


@op
def _ciou(first, second):
    overlap, hull = _overlap(first, second)
    centers = [(boxes[..., :2] + boxes[..., 2:]) / 2 for boxes in (first, second)]
    distance = jnp.sum((centers[0] - centers[1]) ** 2, -1)
    angles = [jnp.arctan((b[..., 2] - b[..., 0]) / (b[..., 3] - b[..., 1] + _SMALL)) for b in (first, second)]
    aspect = 4 / math.pi**2 * (angles[1] - angles[0]) ** 2
    share = aspect / (1 - overlap + aspect + _SMALL)
    return overlap - distance / (jnp.sum(hull**2, -1) + _SMALL) - share * aspect


def _overlap(first, second):
    """Intersection over union, and width and height of the smallest box around both."""
    inner = jnp.minimum(first[..., 2:], second[..., 2:]) - jnp.maximum(first[..., :2], second[..., :2])
    shared = jnp.prod(jnp.maximum(inner, 0), -1)
    areas = [jnp.prod(boxes[..., 2:] - boxes[..., :2], -1) for boxes in (first, second)]
    hull = jnp.maximum(first[..., 2:], second[..., 2:]) - jnp.minimum(first[..., :2], second[..., :2])
    return shared / (areas[0] + areas[1] - shared + _SMALL), hull


@op
def _deltas(anchors, boxes):
    shifts = (boxes[..., :2] - anchors[..., :2]) / anchors[..., 2:]
    return jnp.concatenate([shifts, jnp.log(boxes[..., 2:] / anchors[..., 2:])], -1)


@op
def _boxes(anchors, deltas):
    centers = deltas[..., :2] * anchors[..., 2:] + anchors[..., :2]
    return jnp.concatenate([centers, jnp.exp(deltas[..., 2:]) * anchors[..., 2:]], -1)


__getattr__ = attribute_error(__name__)
