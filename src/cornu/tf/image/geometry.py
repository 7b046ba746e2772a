"""Turning, cutting and padding pictures. Source: tf.image."""

import operator
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.ops.image import extract_patches as patches
from cornu.tf.image.conversion import check_rank
from cornu.tf.image.image_op import image_op, library


@image_op
def flip_left_right(image):
    """The mirror image, left and right exchanged. Shape: ([n,] h, w, c), unchanged. Source: tf.image.flip_left_right."""
    check_rank("flip_left_right", image)
    return image[..., ::-1, :]


@image_op
def flip_up_down(image):
    """The picture upside down. Shape: ([n,] h, w, c), unchanged. Source: tf.image.flip_up_down."""
    check_rank("flip_up_down", image)
    return image[..., ::-1, :, :]


@image_op
def transpose(image, name=None):
    """Rows and columns exchanged. Shape: ([n,] h, w, c) -> ([n,] w, h, c). Source: tf.image.transpose."""
    check_rank("transpose", image)
    return image.swapaxes(-3, -2)


@image_op
def rot90(image, k=1, name=None):
    """Pictures turned `k` quarters counter-clockwise. Shape: ([n,] h, w, c). Source: tf.image.rot90."""
    check_rank("rot90", image)
    return library(image).rot90(image, int(k) % 4, (-3, -2))


@image_op(static="offset_height offset_width target_height target_width")
def crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """A window of the pictures: its upper left corner and its size in pixels.

    Shape: ([n,] h, w, c) -> ([n,] target_height, target_width, c).
    Raises: InvalidArgumentError if the window is not inside. Source: tf.image.crop_to_bounding_box.
    """
    check_rank("crop_to_bounding_box", image)
    top, left, height, width = _integers(offset_height, offset_width, target_height, target_width)
    if min(top, left) < 0:
        raise InvalidArgumentError(f"offset_height and offset_width must be >= 0; received {top} and {left}.")
    if min(height, width) <= 0:
        raise InvalidArgumentError(f"target_height and target_width must be > 0; received {height} and {width}.")
    for name, offset, length, size in zip(("height", "width"), (top, left), (height, width), image.shape[-3:-1]):
        if offset + length > size:
            raise InvalidArgumentError(
                f"{name} must be >= target + offset; the image has {size}, target and offset are {length} and {offset}."
            )
    return image[..., top : top + height, left : left + width, :]


@image_op(static="offset_height offset_width target_height target_width")
def pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """Pictures inside of zeros: their upper left corner, and the size of the result.

    Shape: ([n,] h, w, c) -> ([n,] target_height, target_width, c).
    Raises: InvalidArgumentError if the pictures do not fit. Source: tf.image.pad_to_bounding_box.
    """
    check_rank("pad_to_bounding_box", image)
    top, left, height, width = _integers(offset_height, offset_width, target_height, target_width)
    after = height - top - image.shape[-3], width - left - image.shape[-2]
    for name, before, rest in zip(("height", "width"), (top, left), after):
        if before < 0:
            raise InvalidArgumentError(f"offset_{name} must be >= 0; received {before}.")
        if rest < 0:
            raise InvalidArgumentError(
                f"{name} must be <= target - offset; the image of shape {tuple(image.shape)} does not fit into "
                f"({height}, {width}) at offset ({top}, {left})."
            )
    pads = [(0, 0)] * (image.ndim - 3) + [(top, after[0]), (left, after[1]), (0, 0)]
    return library(image).pad(image, pads)


@image_op(static="target_height target_width")
def resize_with_crop_or_pad(image, target_height, target_width):
    """Pictures cut or padded with zeros, evenly on both sides, to another size; nothing is scaled.

    Shape: ([n,] h, w, c) -> ([n,] target_height, target_width, c). Source: tf.image.resize_with_crop_or_pad.
    """
    check_rank("resize_with_crop_or_pad", image)
    wanted = _integers(target_height, target_width)
    if min(wanted) <= 0:
        raise InvalidArgumentError(f"target_height and target_width must be > 0; received {wanted[0]} and {wanted[1]}.")
    window, pads = [slice(None)] * image.ndim, [(0, 0)] * image.ndim
    for axis, length in zip((-3, -2), wanted):
        size = image.shape[axis]
        begin = max(size - length, 0) // 2
        window[axis] = slice(begin, begin + min(size, length))
        before = max(length - size, 0) // 2
        pads[axis] = (before, max(length - size, 0) - before)
    return library(image).pad(image[tuple(window)], pads)


@image_op(static="central_fraction")
def central_crop(image, central_fraction):
    """The middle of the pictures: that fraction of the height and of the width.

    Shape: ([n,] h, w, c) -> ([n,] h', w', c).
    Raises: InvalidArgumentError unless the fraction is in (0, 1]. Source: tf.image.central_crop.
    """
    check_rank("central_crop", image)
    if not 0 < central_fraction <= 1:
        raise InvalidArgumentError(f"central_fraction must be within (0, 1]; received {central_fraction}.")
    window = [slice(None)] * image.ndim
    for axis in (-3, -2):
        size = image.shape[axis]
        begin = int((size - size * central_fraction) / 2)
        window[axis] = slice(begin, size - begin)
    return image[tuple(window)]


def extract_patches(images, sizes, strides, rates, padding, name=None):
    """Windows of pictures as vectors: row, column, then channel.

    Args: `sizes`, `strides`, `rates` as [1, rows, columns, 1]; `padding` "VALID" or "SAME" (zeros).
    Shape: (n, h, w, c) -> (n, h', w', rows * columns * c).
    Raises: InvalidArgumentError on other forms. Source: tf.image.extract_patches.
    """
    found = []
    for what, value in (("sizes", sizes), ("strides", strides), ("rates", rates)):
        value = [int(n) for n in value]
        if len(value) != 4 or value[0] != 1 or value[3] != 1:
            raise InvalidArgumentError(
                f"extract_patches: expected {what} as [1, rows, columns, 1]; received {value}. "
                "Batch and channels are not cut."
            )
        found.append((value[1], value[2]))
    size, steps, dilation = found
    return patches(images, size, steps, _one(dilation), padding.lower(), "channels_last")


def _one(pair: tuple[int, int]) -> Any:
    return pair[0] if pair[0] == pair[1] else pair


@image_op(tensors="image boxes box_indices", static="crop_size")
def crop_and_resize(image, boxes, box_indices, crop_size, method="bilinear", extrapolation_value=0.0, name=None):
    """Windows of pictures, each resized to `crop_size`; corners of boxes are pixel centres.

    Args:
        boxes: [y1, x1, y2, x2] in parts of the picture; they may be turned round or reach outside.
        box_indices: the picture of each box. method: "bilinear" or "nearest".
        extrapolation_value: what lies outside.
    Shape: (n, h, w, c), (boxes, 4), (boxes,) -> (boxes, *crop_size, c). Returns: float32.
    Raises: InvalidArgumentError on an unknown method. Source: tf.image.crop_and_resize.
    """
    if method not in ("bilinear", "nearest"):
        raise InvalidArgumentError(f"method must be 'bilinear' or 'nearest'; received {method!r}.")
    lib = library(image)
    pixels, boxes = image.astype("float32"), boxes.astype("float32")
    rows, columns = (
        _places(boxes[:, first], boxes[:, first + 2], size, length, lib)
        for first, size, length in zip((0, 1), image.shape[1:3], crop_size)
    )
    inside = _within(rows, image.shape[1])[:, :, None] & _within(columns, image.shape[2])[:, None]
    which = box_indices[:, None, None]

    def pixel(y: Any, x: Any) -> Any:
        y, x = (lib.clip(place, 0, size - 1).astype("int32") for place, size in zip((y, x), image.shape[1:3]))
        return pixels[which, y[:, :, None], x[:, None]]

    if method == "nearest":
        found = pixel(lib.floor(rows + np.float32(0.5)), lib.floor(columns + np.float32(0.5)))
    else:
        top, left = lib.floor(rows), lib.floor(columns)
        down, across = (rows - top)[:, :, None, None], (columns - left)[:, None, :, None]
        bottom, right = lib.ceil(rows), lib.ceil(columns)
        upper = pixel(top, left) + (pixel(top, right) - pixel(top, left)) * across
        lower = pixel(bottom, left) + (pixel(bottom, right) - pixel(bottom, left)) * across
        found = upper + (lower - upper) * down
    return lib.where(inside[..., None], found, np.float32(extrapolation_value))


def _places(begin: Any, end: Any, size: int, length: int, lib: Any) -> Any:
    """Where along an axis of `size` pixels the `length` pixels of each crop lie. Shape: (boxes, length)."""
    if length == 1:
        return ((begin + end) * np.float32(0.5) * np.float32(size - 1))[:, None]
    step = (end - begin) * np.float32(size - 1) / np.float32(length - 1)
    return (begin * np.float32(size - 1))[:, None] + lib.arange(length, dtype="float32") * step[:, None]


def _within(places: Any, size: int) -> Any:
    return (places >= 0) & (places <= size - 1)


def _integers(*values: Any) -> tuple[int, ...]:
    try:
        return tuple(operator.index(value) for value in values)
    except TypeError:
        raise InvalidArgumentError(f"Expected integer offsets and sizes in pixels; received {values}.") from None
