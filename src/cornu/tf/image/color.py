"""Colour spaces, brightness, contrast, hue, saturation. Source: tf.image."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.tf.image.conversion import check_channels, check_rank, in_floats
from cornu.tf.image.image_op import image_op, library

_LUMA = np.array([0.2989, 0.5870, 0.1140])  # ITU-R BT.601, as TensorFlow rounds it
_YIQ = np.array([[0.299, 0.59590059, 0.2115], [0.587, -0.27455667, -0.52273617], [0.114, -0.32134392, 0.31119955]])
_YUV = np.array([[0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512], [0.114, 0.43601035, -0.10001026]])
_FROM_YIQ = np.array([[1, 1, 1], [0.95598634, -0.27201283, -1.10674021], [0.6208248, -0.64720424, 1.70423049]])
_FROM_YUV = np.array([[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]])


@image_op
def rgb_to_grayscale(images, name=None):
    """Brightness `0.2989 r + 0.587 g + 0.114 b`. Shape: (..., 3) -> (..., 1). Source: tf.image.rgb_to_grayscale."""
    check_channels("rgb_to_grayscale", images)

    def grey(x: Any) -> Any:
        return _mixed(x, _LUMA[:, None])

    return in_floats(images, grey, saturate=False)


@image_op
def grayscale_to_rgb(images, name=None):
    """Three equal channels. Shape: (..., 1) -> (..., 3). Source: tf.image.grayscale_to_rgb."""
    check_channels("grayscale_to_rgb", images, 1)
    return library(images).repeat(images, 3, -1)


@image_op
def rgb_to_yiq(images):
    """NTSC's brightness and two colours, of floats. Shape: (..., 3), unchanged. Source: tf.image.rgb_to_yiq."""
    check_channels("rgb_to_yiq", images)
    return _mixed(images, _YIQ)


@image_op
def yiq_to_rgb(images):
    """Red, green and blue of NTSC's colours. Shape: (..., 3), unchanged. Source: tf.image.yiq_to_rgb."""
    check_channels("yiq_to_rgb", images)
    return _mixed(images, _FROM_YIQ)


@image_op
def rgb_to_yuv(images):
    """PAL's brightness and two colours, of floats. Shape: (..., 3), unchanged. Source: tf.image.rgb_to_yuv."""
    check_channels("rgb_to_yuv", images)
    return _mixed(images, _YUV)


@image_op
def yuv_to_rgb(images):
    """Red, green and blue of PAL's colours. Shape: (..., 3), unchanged. Source: tf.image.yuv_to_rgb."""
    check_channels("yuv_to_rgb", images)
    return _mixed(images, _FROM_YUV)


def _mixed(images: Any, matrix: np.ndarray) -> Any:
    if images.dtype.kind not in "fV":
        raise InvalidArgumentError(
            f"Expected float images in [0, 1]; received {images.dtype}. Use tf.image.convert_image_dtype(images, tf.float32)."
        )
    kernel = matrix.astype(images.dtype)
    # Sums of three products, in one order on host and device.
    return sum((images[..., i : i + 1] * kernel[i] for i in range(1, 3)), images[..., :1] * kernel[0])


@image_op
def rgb_to_hsv(images, name=None):
    """Hue, saturation, value in [0, 1] of floats in [0, 1]. Shape: (..., 3), unchanged. Source: tf.image.rgb_to_hsv."""
    check_channels("rgb_to_hsv", images)
    return library(images).stack(_hsv(images), -1)


@image_op
def hsv_to_rgb(images, name=None):
    """Red, green and blue of hue, saturation, value. Shape: (..., 3), unchanged. Source: tf.image.hsv_to_rgb."""
    check_channels("hsv_to_rgb", images)
    return _rgb(images[..., 0], images[..., 1], images[..., 2])


def _hsv(x: Any) -> tuple[Any, Any, Any]:
    """The formula of `ops.image.rgb_to_hsv`, on either library: compiling it for every size of picture would be slow."""
    lib, (red, green, blue) = library(x), (x[..., i] for i in range(3))
    value = lib.maximum(lib.maximum(red, green), blue)
    span = value - lib.minimum(lib.minimum(red, green), blue)
    saturation = lib.where(value > 0, span / lib.where(value > 0, value, 1), 0)
    sixth = 1 / (6 * lib.where(span > 0, span, 1))
    by_green = lib.where(value == green, sixth * (blue - red) + 2 / 6, sixth * (red - green) + 4 / 6)
    hue = lib.where(span > 0, lib.where(value == red, sixth * (green - blue), by_green), 0)
    return lib.where(hue < 0, hue + 1, hue), saturation, value


def _rgb(hue: Any, saturation: Any, value: Any) -> Any:
    lib, sixths = library(hue), 6 * hue
    ramps = abs(sixths - 3) - 1, 2 - abs(sixths - 2), 2 - abs(sixths - 4)  # red, green, blue
    return lib.stack([(1 - saturation + saturation * lib.clip(ramp, 0, 1)) * value for ramp in ramps], -1)


@image_op(tensors="image delta")
def adjust_brightness(image, delta):
    """Pixels (in [0, 1], or the range of their integers) plus `delta`. Shape: unchanged. Source: tf.image.adjust_brightness."""
    return in_floats(image, lambda x: x + _like(delta, x))


@image_op(tensors="images contrast_factor")
def adjust_contrast(images, contrast_factor):
    """`(x - mean) * contrast_factor + mean`, the mean of each channel of each picture.

    Shape: (..., h, w, c), unchanged. Source: tf.image.adjust_contrast.
    """
    check_rank("adjust_contrast", images, 3, 99)

    def spread(x: Any) -> Any:
        mean = x.mean((-3, -2), keepdims=True)
        return (x - mean) * _like(contrast_factor, x) + mean

    return in_floats(images, spread)


@image_op
def adjust_gamma(image, gamma=1, gain=1):
    """`gain * x ** gamma` on pixels in [0, 1]. Shape: unchanged.

    Raises: InvalidArgumentError if `gamma` is negative. Source: tf.image.adjust_gamma.
    """
    if gamma < 0:
        raise InvalidArgumentError(f"Gamma should be a non-negative real number; received {gamma}.")
    return in_floats(image, lambda x: x ** _like(gamma, x) * _like(gain, x))


@image_op(tensors="image delta")
def adjust_hue(image, delta, name=None):
    """Hues moved by `delta` of a full turn. Shape: (..., 3), unchanged. Source: tf.image.adjust_hue."""
    check_channels("adjust_hue", image)

    def turn(x: Any) -> Any:
        hue, saturation, value = _hsv(x)
        return _rgb((hue + _like(delta, x)) % np.asarray(1, x.dtype), saturation, value)

    return in_floats(image, turn, saturate=False)


@image_op(tensors="image saturation_factor")
def adjust_saturation(image, saturation_factor, name=None):
    """Saturations times a factor, at most 1. Shape: (..., 3), unchanged. Source: tf.image.adjust_saturation."""
    check_channels("adjust_saturation", image)

    def colour(x: Any) -> Any:
        hue, saturation, value = _hsv(x)
        return _rgb(hue, library(x).clip(saturation * _like(saturation_factor, x), 0, 1), value)

    return in_floats(image, colour, saturate=False)


def _like(number: Any, x: Any) -> Any:
    """A number in the dtype of the pixels."""
    return number.astype(x.dtype) if hasattr(number, "astype") else np.asarray(number, x.dtype)


@image_op
def per_image_standardization(image):
    """Pictures of mean 0 and standard deviation 1; a deviation counts as at least `1 / sqrt(pixels)`.

    Shape: ([n,] h, w, c), unchanged. Returns: float32, or float16 for float16. Source: tf.image.per_image_standardization.
    """
    check_rank("per_image_standardization", image, 3, 99)
    pixels = image if image.dtype == np.float16 else image.astype("float32")
    axes = (-3, -2, -1)
    count = np.asarray(np.prod(image.shape[-3:]), pixels.dtype)
    mean = pixels.mean(axes, keepdims=True)
    deviation = library(pixels).sqrt(((pixels - mean) ** 2).mean(axes, keepdims=True))
    return (pixels - mean) / library(pixels).maximum(deviation, 1 / np.sqrt(count))
