"""Colour spaces of images."""

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import image_axes
from cornu.ops.image.resize import saturate

_LUMA = (0.2989, 0.5870, 0.1140)  # ITU-R BT.601, as TensorFlow rounds it


@op
def rgb_to_grayscale(images, data_format=None):
    """Brightness `0.2989 r + 0.587 g + 0.114 b`. Grey images pass. Integer images stay integer.

    Shape: ([n,] h, w, 3) -> ([n,] h, w, 1); channels_first likewise.
    Raises: InvalidArgumentError unless there are 3 channels (or 1).
    Source: keras.ops.image.rgb_to_grayscale.
    """
    *_, channels = image_axes("rgb_to_grayscale", images.shape, data_format)
    if images.shape[channels] == 1:
        return images
    _three("rgb_to_grayscale", images, channels)
    pixels = images if jnp.issubdtype(images.dtype, jnp.floating) else images.astype("float32")
    weights = jnp.asarray(np.array(_LUMA), pixels.dtype).reshape(
        [3 if a == channels else 1 for a in range(images.ndim)]
    )
    return saturate(jnp.sum(pixels * weights, channels, keepdims=True), images.dtype)


@op
def rgb_to_hsv(images, data_format=None):
    """Hue, saturation and value, all in [0, 1], of red, green and blue in [0, 1].

    Shape: ([n,] h, w, 3) -> the same; channels_first likewise.
    Raises: InvalidArgumentError unless there are 3 channels of a float dtype.
    Source: Smith 1978; keras.ops.image.rgb_to_hsv.
    """
    *_, channels = image_axes("rgb_to_hsv", images.shape, data_format)
    red, green, blue = _planes("rgb_to_hsv", images, channels)
    value = jnp.maximum(jnp.maximum(red, green), blue)
    span = value - jnp.minimum(jnp.minimum(red, green), blue)
    saturation = jnp.where(value > 0, span / jnp.where(value > 0, value, 1), 0)
    scale = 1 / (6 * jnp.where(span > 0, span, 1))
    hue = jnp.where(
        value == red,
        scale * (green - blue),
        jnp.where(value == green, scale * (blue - red) + 2 / 6, scale * (red - green) + 4 / 6),
    )
    hue = jnp.where(span > 0, hue, 0)
    return jnp.stack([jnp.where(hue < 0, hue + 1, hue), saturation, value], channels)


@op
def hsv_to_rgb(images, data_format=None):
    """Red, green and blue of hue, saturation and value, all in [0, 1].

    Shape: ([n,] h, w, 3) -> the same; channels_first likewise.
    Raises: InvalidArgumentError unless there are 3 channels of a float dtype.
    Source: Smith 1978; keras.ops.image.hsv_to_rgb.
    """
    *_, channels = image_axes("hsv_to_rgb", images.shape, data_format)
    hue, saturation, value = _planes("hsv_to_rgb", images, channels)
    sixths = 6 * hue
    ramps = jnp.abs(sixths - 3) - 1, 2 - jnp.abs(sixths - 2), 2 - jnp.abs(sixths - 4)  # red, green, blue
    return jnp.stack([(1 - saturation + saturation * jnp.clip(ramp, 0, 1)) * value for ramp in ramps], channels)


def _planes(name: str, images, channels: int):
    _three(name, images, channels)
    if not jnp.issubdtype(images.dtype, jnp.floating):
        raise InvalidArgumentError(f"{name}: expected float images in [0, 1]; received {images.dtype}. Divide by 255.")
    return (jnp.take(images, i, channels) for i in range(3))


def _three(name: str, images, channels: int) -> None:
    if images.shape[channels] != 3:
        raise InvalidArgumentError(
            f"{name}: expected 3 channels on axis {channels}; received shape {tuple(images.shape)}. Check data_format."
        )
