"""Pictures at another size. Source: tf.image.resize and its companions."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core.tensor import convert_to_tensor
from cornu.preprocessing.resampling import INTERPOLATIONS, between, nearest, weights
from cornu.tf.image.conversion import check_rank
from cornu.tf.image.geometry import resize_with_crop_or_pad
from cornu.tf.image.image_op import image_op, library


class ResizeMethod:
    """Names of the ways to resize. Source: tf.image.ResizeMethod."""

    BILINEAR = "bilinear"
    NEAREST_NEIGHBOR = "nearest"
    BICUBIC = "bicubic"
    AREA = "area"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"


_NUMBERED = {0: "bilinear", 1: "nearest", 2: "bicubic", 3: "area"}  # TensorFlow 1's ResizeMethod


@image_op(static="size")
def _resized(images, size, method="bilinear", preserve_aspect_ratio=False, antialias=False, name=None):
    check_rank("resize", images)
    method = _NUMBERED.get(method, method) if isinstance(method, int) else method
    if method not in INTERPOLATIONS:
        raise InvalidArgumentError(
            f"Resize method is not implemented: {method}.{did_you_mean(str(method), INTERPOLATIONS)} "
            f"It can be one of {', '.join(INTERPOLATIONS)}."
        )
    height, width = images.shape[-3:-1]
    wanted = _pair(size)
    if preserve_aspect_ratio:
        scale = min(np.float32(wanted[0]) / np.float32(height), np.float32(wanted[1]) / np.float32(width))
        wanted = tuple(int(np.round(scale * np.float32(n))) for n in (height, width))
    if method == "nearest":
        rows, columns = nearest(height, wanted[0]), nearest(width, wanted[1])
        return images if wanted == (height, width) else images[..., rows, :, :][..., columns, :]
    pixels = images.astype("float32")
    if wanted == (height, width):
        return pixels
    if method == "bilinear" and not antialias:
        return _interpolated(_interpolated(pixels, wanted[1], -2), wanted[0], -3)
    # Without widened filters no picture's edge is cut; TensorFlow's area needs no widening either.
    down, across = (weights(n, m, method, bool(antialias)) for n, m in zip((height, width), wanted))
    return library(pixels).einsum("ri,...ijc,sj->...rsc", down, pixels, across, optimize="optimal")


def resize(images, size, method=ResizeMethod.BILINEAR, preserve_aspect_ratio=False, antialias=False, name=None):
    """Pictures at another height and width; pixel centres are at half numbers.

    Args:
        size: (height, width). method: a `ResizeMethod`.
        preserve_aspect_ratio: fit into `size` without squeezing; one side may be shorter.
        antialias: widen the filter when shrinking; no effect on `nearest` and `area`.
    Shape: ([n,] h, w, c) -> ([n,] *size, c). Returns: float32; `nearest` keeps the dtype.
    Raises: InvalidArgumentError on other ranks, sizes or methods. Source: tf.image.resize.
    """
    return _resized(images, size, method, preserve_aspect_ratio, antialias, name)


def resize_with_pad(image, target_height, target_width, method=ResizeMethod.BILINEAR, antialias=False):
    """Pictures resized without squeezing, in the middle of zeros. Source: tf.image.resize_with_pad.

    Shape: ([n,] h, w, c) -> ([n,] target_height, target_width, c).
    Raises: InvalidArgumentError on sizes that are not positive.
    """
    images = image if hasattr(image, "shape") else convert_to_tensor(image)
    check_rank("resize_with_pad", images)
    wanted = _pair((target_height, target_width))
    height, width = images.shape[-3:-1]
    ratio = max(np.float32(width) / np.float32(wanted[1]), np.float32(height) / np.float32(wanted[0]))
    fitted = tuple(max(int(np.floor(np.float32(n) / ratio)), 1) for n in (height, width))
    resized = resize(images, fitted, method, antialias=antialias)
    return resize_with_crop_or_pad(resized, *wanted)


def _interpolated(x: Any, length: int, axis: int) -> Any:
    low, high, part = between(x.shape[axis], length)
    part = part.reshape((-1,) + (1,) * (-1 - axis))
    below = library(x).take(x, low, axis)
    return below + (library(x).take(x, high, axis) - below) * part


def _pair(size: Any) -> tuple[int, int]:
    found = tuple(np.asarray(size).reshape(-1).tolist()) if np.ndim(size) == 1 else ()
    if len(found) != 2 or any(n != int(n) or n <= 0 for n in found):
        raise InvalidArgumentError(
            f"'size' must be a 1-D Tensor of 2 elements: new_height, new_width, both positive; received {size!r}."
        )
    return int(found[0]), int(found[1])
