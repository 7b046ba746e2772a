"""Boxes drawn onto pictures, and windows drawn by chance around them. Source: tf.image."""

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import Tensor
from cornu.tf.host_values import host, tensor
from cornu.tf.image.draws import uniform_numbers
from cornu.tf.image.image_op import image_op, library

_COLORS = np.array(
    [[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1], [0.5, 0.5, 0, 1], [0.5, 0, 0, 1],
     [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]],
    np.float32,
)  # fmt: skip


class BoundingBox(NamedTuple):
    begin: Tensor
    size: Tensor
    bboxes: Tensor


@image_op(tensors="images boxes colors")
def draw_bounding_boxes(images, boxes, colors, name=None):
    """Pictures with the outlines of boxes, one pixel wide; what lies outside is not drawn.

    Args: `boxes`, [y1, x1, y2, x2] in parts of the picture; `colors`, one for each box in turn, or None for ten of ours.
    Shape: (n, h, w, c), (n, boxes, 4), (colors, >= c) -> (n, h, w, c). Source: tf.image.draw_bounding_boxes.
    """
    if images.ndim != 4 or boxes.ndim != 3 or boxes.shape[-1] != 4:
        raise InvalidArgumentError(
            "draw_bounding_boxes: expected images (n, h, w, c) and boxes (n, boxes, 4); received shapes "
            f"{tuple(images.shape)} and {tuple(boxes.shape)}."
        )
    channels = images.shape[-1]
    palette = np.where(np.arange(4) < 3, _COLORS, 1) if colors is None else colors
    if colors is None and channels == 1:
        palette = np.ones((1, 1), np.float32)
    if palette.shape[-1] < channels:
        raise InvalidArgumentError(
            f"draw_bounding_boxes: expected colors of {channels} channels; received shape {tuple(palette.shape)}."
        )
    lib, painted = library(images), images
    rows, columns = np.arange(images.shape[1])[:, None], np.arange(images.shape[2])
    limits = np.array([rows.size - 1, columns.size - 1] * 2, np.float32)
    corners = (boxes.astype("float32") * limits).astype("int64")[:, :, :, None, None]  # (n, boxes, 4, 1, 1)
    for number in range(boxes.shape[1]):
        top, left, bottom, right = (corners[:, number, i] for i in range(4))
        inside = (rows >= top) & (rows <= bottom) & (columns >= left) & (columns <= right)
        border = inside & ((rows == top) | (rows == bottom) | (columns == left) | (columns == right))
        color = palette[number % len(palette), :channels].astype(images.dtype)
        painted = lib.where(border[..., None], color, painted)
    return painted


def sample_distorted_bounding_box(
    image_size, bounding_boxes, seed=0, min_object_covered=0.1, aspect_ratio_range=None, area_range=None,
    max_attempts=None, use_image_if_no_bounding_boxes=None, name=None,
):  # fmt: skip
    """A window, drawn by chance, that covers enough of one of the boxes; the whole picture if none is found.

    Args:
        image_size: [height, width, channels]. bounding_boxes: [y1, x1, y2, x2] in parts of the picture.
        min_object_covered: the least part of some box that the window holds.
        aspect_ratio_range: of width to height, default (0.75, 1.33). area_range: of the window in parts of the picture,
            default (0.05, 1). max_attempts: default 100.
        use_image_if_no_bounding_boxes: whether the picture is the box if there is none.
    Shape: (3,), (n, boxes, 4) -> begin (3,), size (3,), window (1, 1, 4). Differs from TensorFlow: other numbers are drawn.
    Raises: InvalidArgumentError on values out of range. Source: tf.image.sample_distorted_bounding_box.
    """
    numbers = uniform_numbers(seed or None)
    return _window(image_size, bounding_boxes, numbers, min_object_covered, aspect_ratio_range, area_range,
                   max_attempts, use_image_if_no_bounding_boxes)  # fmt: skip


def stateless_sample_distorted_bounding_box(
    image_size, bounding_boxes, seed, min_object_covered=0.1, aspect_ratio_range=None, area_range=None,
    max_attempts=None, use_image_if_no_bounding_boxes=None, name=None,
):  # fmt: skip
    """As `sample_distorted_bounding_box`, the same window for the same seed (two integers)."""
    numbers = np.random.default_rng([int(n) % 2**64 for n in host(seed)]).random
    return _window(image_size, bounding_boxes, numbers, min_object_covered, aspect_ratio_range, area_range,
                   max_attempts, use_image_if_no_bounding_boxes)  # fmt: skip


def _window(
    image_size: Any,
    bounding_boxes: Any,
    numbers: Any,
    covered: Any,
    aspects: Any,
    areas: Any,
    attempts: Any,
    whole: Any,
) -> BoundingBox:
    size = host(image_size)
    height, width = int(size[0]), int(size[1])
    boxes = host(bounding_boxes).reshape(-1, 4).astype(np.float64)
    covered = float(covered)
    aspects, areas = aspects or (0.75, 1.33), areas or (0.05, 1.0)
    for name, (low, high) in (("aspect_ratio_range", aspects), ("area_range", areas)):
        if not 0 < low <= high or (name == "area_range" and high > 1):
            raise InvalidArgumentError(f"{name} must be two positive numbers in order; received {low}, {high}.")
    if not 0 <= covered <= 1:
        raise InvalidArgumentError(f"min_object_covered must be in [0, 1]; received {covered}.")
    if not len(boxes):
        if not whole:
            raise InvalidArgumentError(
                "No bounding boxes provided as input. One must enable use_image_if_no_bounding_boxes if you wish to not "
                "provide any bounding boxes."
            )
        boxes, covered = np.array([[0.0, 0.0, 1.0, 1.0]]), min(covered, areas[0])
    pixels = boxes * [height, width, height, width]
    top, left, rows, columns = 0, 0, height, width
    for _ in range(int(attempts or 100)):
        drawn = [float(numbers()) for _ in range(4)]
        found = _attempt(drawn, height, width, aspects, areas)
        if found is not None and _covers(found, pixels, covered):
            top, left, rows, columns = found
            break
    begin, extent = np.array([top, left, 0], np.int32), np.array([rows, columns, -1], np.int32)
    box = np.array([[[top, left, top + rows, left + columns]]]) / [height, width, height, width]
    return BoundingBox(tensor(begin), tensor(extent), tensor(box.astype(np.float32)))


def _attempt(drawn: list[float], height: int, width: int, aspects: Any, areas: Any) -> tuple[int, ...] | None:
    """A window of a drawn shape, area and place, if it fits into the picture."""
    aspect = aspects[0] + drawn[0] * (aspects[1] - aspects[0])
    area = (areas[0] + drawn[1] * (areas[1] - areas[0])) * height * width
    rows = int(np.round(np.sqrt(area / aspect)))
    columns = int(np.round(rows * aspect))
    if not (0 < rows <= height and 0 < columns <= width):
        return None
    if not areas[0] * height * width <= rows * columns <= areas[1] * height * width:
        return None
    return int(drawn[2] * (height - rows + 1)), int(drawn[3] * (width - columns + 1)), rows, columns


def _covers(window: tuple[int, ...], boxes: np.ndarray, least: float) -> bool:
    top, left, rows, columns = window
    common_rows = np.minimum(boxes[:, 2], top + rows) - np.maximum(boxes[:, 0], top)
    common_columns = np.minimum(boxes[:, 3], left + columns) - np.maximum(boxes[:, 1], left)
    common = np.clip(common_rows, 0, None) * np.clip(common_columns, 0, None)
    full = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return bool(np.any((full > 0) & (common >= least * full)))


@image_op(static="size", tensors="input offsets")
def extract_glimpse(input, size, offsets, centered=True, normalized=True, noise="uniform", name=None):
    """A window of each picture around a place; what lies outside is noise.

    Args:
        offsets: (y, x) of the window's middle, -1 to 1 from edge to edge, if `centered` and `normalized`. Else of its upper
            left corner: in parts of the picture (`normalized`), in pixels from its middle (`centered`), or in pixels.
        noise: "zero", "uniform" or "gaussian" fill what lies outside.
    Shape: (n, h, w, c), (n, 2) -> (n, *size, c). Source: tf.image.extract_glimpse.
    """
    if noise not in ("zero", "uniform", "gaussian"):
        raise InvalidArgumentError(f"noise must be 'zero', 'uniform' or 'gaussian'; received {noise!r}.")
    lib = library(input)
    extents = np.array(input.shape[1:3], np.float32)
    window = np.array([int(n) for n in size], np.int64)
    places = offsets.astype("float32")
    if normalized and centered:
        places = (places * extents + extents - window.astype(np.float32)) / 2
    elif normalized or centered:
        places = places * extents if normalized else places + extents / 2
    begin = lib.trunc(places).astype("int32")
    rows, columns = (begin[:, axis, None] + np.arange(window[axis], dtype=np.int32) for axis in (0, 1))
    inside = ((rows >= 0) & (rows < extents[0]))[:, :, None] & ((columns >= 0) & (columns < extents[1]))[:, None]
    rows, columns = (
        lib.clip(rows, 0, extents[0] - 1).astype("int32"),
        lib.clip(columns, 0, extents[1] - 1).astype("int32"),
    )
    which = np.arange(input.shape[0])[:, None, None]
    found = input[which, rows[:, :, None], columns[:, None]]
    outside = jnp.asarray(_noise(noise, found.shape)) if lib is jnp else _noise(noise, found.shape)
    return lib.where(inside[..., None], found, outside.astype(found.dtype))


def _noise(kind: str, shape: tuple[int, ...]) -> np.ndarray:
    if kind == "zero":
        return np.zeros(shape, np.float32)
    generator = np.random.default_rng(np.random.randint(2**31))
    return generator.random(shape, np.float32) if kind == "uniform" else generator.standard_normal(shape, np.float32)
