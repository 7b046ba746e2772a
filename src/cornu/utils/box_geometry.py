"""Bounding boxes after an affine map, a crop or a padding of their image."""

import math
from typing import Any

import jax.numpy as jnp

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.layers.arguments import choice
from cornu.layers.preprocessing.image.affine_layer import corners_of
from cornu.layers.preprocessing.image.box_formats import FORMATS, convert_format


def affine_transform(
    boxes: Any,
    angle: Any,
    translate_x: Any,
    translate_y: Any,
    scale: Any,
    shear_x: Any,
    shear_y: Any,
    height: Any,
    width: Any,
    center_x: Any = None,
    center_y: Any = None,
    bounding_box_format: str = "xyxy",
) -> Any:
    """The smallest upright boxes around the boxes' corners, moved, turned, sheared and scaled about a point.

    Args:
        angle, shear_x, shear_y: In degrees, the angle counter-clockwise.
        translate_x, translate_y, center_x, center_y: Fractions of width - 1 and height - 1; the centre is the middle by default.
        height, width: Of the image in pixels.
        All of them numbers, or one for every image.

    Shape: (n, m, 4) -> (n, m, 4).
    Raises: InvalidArgumentError on an unknown format or boxes of another shape.
    Source: keras.utils.bounding_boxes.affine_transform.
    """
    own = choice("bounding_box_format", bounding_box_format, FORMATS)
    boxes = convert_format(boxes, own, "xyxy", height, width)
    if boxes.ndim != 3:
        raise InvalidArgumentError(f"Expected boxes of shape (n, m, 4); received shape {tuple(boxes.shape)}.")
    center = 0.5 if center_x is None else center_x, 0.5 if center_y is None else center_y
    given = angle, translate_x, translate_y, scale, shear_x, shear_y, *center
    columns = [ops.reshape(ops.cast(ops.convert_to_tensor(x), boxes.dtype), (-1, 1, 1)) for x in given]
    numbers = ops.stack([ops.broadcast_to(column, (boxes.shape[0], 1, 1)) for column in columns])
    moved = _moved(boxes, ops.cast(height, boxes.dtype), ops.cast(width, boxes.dtype), numbers)
    return convert_format(moved, "xyxy", own, height, width)


@op
def _moved(boxes, height, width, numbers):
    angle, right, down, scale, x_shear, y_shear, center_x, center_y = numbers
    cosine, sine = jnp.cos(angle * (math.pi / 180)), jnp.sin(angle * (math.pi / 180))
    x_slope, y_slope = jnp.tan(x_shear * (math.pi / 180)), jnp.tan(y_shear * (math.pi / 180))
    across, up = width - 1, height - 1
    x, y = jnp.moveaxis(corners_of(boxes), -1, 0)
    x, y = x + (right - center_x) * across, y + (down - center_y) * up
    turned = (y_slope * cosine - sine) * x + (cosine + y_slope * sine) * y
    slanted = (cosine + x_slope * (sine - y_slope * cosine)) * x + (sine + x_slope * (cosine + y_slope * sine)) * y
    corners = jnp.stack([scale * slanted + center_x * across, scale * turned + center_y * up], -1)
    return jnp.concatenate([corners.min(-2), corners.max(-2)], -1)


def crop(boxes: Any, top: Any, left: Any, height: Any, width: Any, bounding_box_format: str = "xyxy") -> Any:
    """Boxes in the window of `height` x `width` pixels that begins at (top, left), cut at its borders.

    Shape: (..., 4) -> (..., 4).
    Raises: InvalidArgumentError on a format that is not in pixels.
    Source: keras.utils.bounding_boxes.crop.
    """
    own = _in_pixels(bounding_box_format)
    boxes = convert_format(boxes, own, "xyxy")
    cut = ops.clip(boxes - _four(left, top, boxes.dtype), 0.0, _four(width, height, boxes.dtype))
    return convert_format(cut, "xyxy", own)


def pad(
    boxes: Any, top: Any, left: Any, height: Any = None, width: Any = None, bounding_box_format: str = "xyxy"
) -> Any:
    """Boxes of an image with `top` and `left` pixels added in front.

    Args: height, width: Of the image, needed for relative formats: boxes stay fractions of the size before padding.
    Shape: (..., 4) -> (..., 4).
    Raises: InvalidArgumentError on an unknown format or a missing size.
    Source: keras.utils.bounding_boxes.pad.
    """
    own = choice("bounding_box_format", bounding_box_format, FORMATS)
    boxes = convert_format(boxes, own, "xyxy", height, width)
    return convert_format(boxes + _four(left, top, boxes.dtype), "xyxy", own, height, width)


def _four(across: Any, down: Any, dtype: Any) -> Any:
    """Two numbers for the four of a box."""
    across, down = ops.cast(across, dtype), ops.cast(down, dtype)
    return ops.stack([across, down, across, down])


def _in_pixels(bounding_box_format: str) -> str:
    return choice("bounding_box_format", bounding_box_format, [f for f in FORMATS if not f.startswith("rel_")])
