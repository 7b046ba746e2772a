"""The ways to write bounding boxes, from one to another, and boxes cut at the borders of their image.

`xyxy` is left, top, right, bottom; `xywh` left, top, width, height; `center_xywh` begins with the middle; `yxyx` and
`center_yxhw` name the vertical first. Numbers are pixels, after `rel_` fractions of the image's width and height.
"""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.layers.arguments import choice

FORMATS = ("xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw",
           "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh")  # fmt: skip


def convert_format(
    boxes: Any, source: str, target: str, height: Any = None, width: Any = None, dtype: Any = "float32"
) -> Any:
    """Boxes of the format `source` in the format `target`.

    Args:
        boxes: A tensor, or a dict with `"boxes"` whose other entries are kept.
        height, width: Of the image in pixels; needed between pixels and fractions.

    Shape: (..., 4) -> (..., 4).
    Raises: InvalidArgumentError on an unknown format, a missing size, or boxes that have not 4 numbers.
    Source: keras.utils.bounding_boxes.convert_format.
    """
    source, target = choice("source", source, FORMATS), choice("target", target, FORMATS)
    if isinstance(boxes, Mapping):
        return {**boxes, "boxes": convert_format(boxes["boxes"], source, target, height, width, dtype)}
    boxes = ops.cast(ops.convert_to_tensor(boxes), dtype)
    if not boxes.ndim or boxes.shape[-1] != 4:
        raise InvalidArgumentError(f"Expected boxes of shape (..., 4); received shape {text(boxes.shape)}.")
    is_relative, to_relative = source.startswith("rel_"), target.startswith("rel_")
    if is_relative != to_relative and (height is None or width is None):
        raise InvalidArgumentError(
            f"Expected height and width to go from {source!r} to {target!r}; received height={height}, width={width}."
        )
    if source == target:
        return boxes
    sizes = (1, 1) if is_relative == to_relative else (height, width)
    return _converted(boxes, *sizes, source=source, target=target)


@op
def _converted(boxes, height, width, source="xyxy", target="xyxy"):
    """Boxes by way of `xyxy`; fractions are multiplied by the size, pixels divided, if only one of both is relative."""
    plain, wanted = source.removeprefix("rel_"), target.removeprefix("rel_")
    a, b, c, d = jnp.moveaxis(boxes, -1, 0)
    left, top, right, bottom = {
        "xyxy": lambda: (a, b, c, d),
        "yxyx": lambda: (b, a, d, c),
        "xywh": lambda: (a, b, a + c, b + d),
        "center_xywh": lambda: (a - c / 2, b - d / 2, a + c / 2, b + d / 2),
        "center_yxhw": lambda: (b - d / 2, a - c / 2, b + d / 2, a + c / 2),
    }[plain]()
    if source.startswith("rel_") != target.startswith("rel_"):
        wide, high = (jnp.asarray(size, boxes.dtype) for size in (width, height))
        wide, high = (wide, high) if source.startswith("rel_") else (1 / wide, 1 / high)
        left, top, right, bottom = left * wide, top * high, right * wide, bottom * high
    middle = (left + right) / 2, (top + bottom) / 2
    return jnp.stack(
        {
            "xyxy": (left, top, right, bottom),
            "yxyx": (top, left, bottom, right),
            "xywh": (left, top, right - left, bottom - top),
            "center_xywh": (*middle, right - left, bottom - top),
            "center_yxhw": (*middle[::-1], bottom - top, right - left),
        }[wanted],
        -1,
    )


def clip_to_image_size(
    bounding_boxes: Any, height: Any = None, width: Any = None, bounding_box_format: str = "xyxy"
) -> dict[str, Any]:
    """Boxes cut at the borders of the image; the labels of those of which nothing is left become -1.

    Args: bounding_boxes: A dict with `"boxes"` (..., m, 4) and `"labels"` (..., m). height, width: Of the image in pixels.
    Raises: InvalidArgumentError if a part or, for formats in pixels, a size is missing.
    Source: keras.utils.bounding_boxes.clip_to_image_size.
    """
    own = choice("bounding_box_format", bounding_box_format, FORMATS)
    if not isinstance(bounding_boxes, Mapping) or not {"boxes", "labels"} <= set(bounding_boxes):
        raise InvalidArgumentError(
            "Expected bounding boxes as a dict with the keys 'boxes' and 'labels'; received "
            f"{sorted(bounding_boxes) if isinstance(bounding_boxes, Mapping) else type(bounding_boxes).__name__}."
        )
    relative = "rel_" if own.startswith("rel_") else ""
    if not relative and (height is None or width is None):
        raise InvalidArgumentError(
            f"Expected height and width to cut boxes in pixels; received height={height}, width={width}."
        )
    sizes = (1, 1) if relative else (height, width)
    labels = ops.convert_to_tensor(bounding_boxes["labels"])
    corners = convert_format(bounding_boxes["boxes"], own, f"{relative}xyxy")
    cut, labels = _cut(corners, labels, *sizes)
    return {**bounding_boxes, "boxes": convert_format(cut, f"{relative}xyxy", own), "labels": labels}


@op
def _cut(boxes, labels, height, width):
    limits = jnp.stack([jnp.asarray(size, boxes.dtype) for size in (width, height, width, height)])
    cut = jnp.clip(boxes, 0, limits)
    has_area = (cut[..., 2] > cut[..., 0]) & (cut[..., 3] > cut[..., 1])
    return cut, jnp.where(has_area, labels, jnp.asarray(-1, labels.dtype))
