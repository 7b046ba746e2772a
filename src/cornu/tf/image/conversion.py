"""Pixels as another dtype, with their range; the checks that functions on pictures share."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.tf.image.image_op import image_op, library


@image_op(static="dtype")
def convert_image_dtype(image, dtype, saturate=False, name=None):
    """Pixels as `dtype`, scaled so that 1.0 of a float is the largest value of an integer.

    Args: saturate: limit to the range of `dtype`; otherwise values outside wrap around.
    Shape: unchanged. Source: tf.image.convert_image_dtype.
    """
    return converted(image, dtype, saturate)


def converted(image: Any, dtype: Any, saturate: bool = False) -> Any:
    """The body of `convert_image_dtype`, on arrays."""
    source, target = dtypes.as_dtype(image.dtype), dtypes.as_dtype(dtype)
    if source == target:
        return image
    for kind in (source, target):
        if not (kind.is_integer or kind.is_floating):
            raise InvalidArgumentError(
                f"convert_image_dtype: expected integers or floats; received {source.name} to {target.name}."
            )
    if target.is_floating:
        if source.is_floating:
            return limited(image, target) if saturate else image.astype(target.name)
        return image.astype(target.name) * np.asarray(1.0 / source.max, dtypes._NUMPY[target])
    if source.is_floating:
        scaled = image * np.asarray(target.max + 0.5, dtypes._NUMPY[source])
        return limited(scaled, target) if saturate else wrapped(scaled, target)
    steps, wanted = int(source.max) + 1, int(target.max) + 1
    if wanted < steps:
        shrunk = image // np.asarray(steps // wanted, image.dtype)
        return limited(shrunk, target) if saturate else shrunk.astype(target.name)
    grown = limited(image, target) if saturate else image.astype(target.name)
    return grown * np.asarray(wanted // steps, dtypes._NUMPY[target])


def limited(x: Any, target: dtypes.DType) -> Any:
    """`x` in the dtype `target`, limited to its range first."""
    source = dtypes.as_dtype(x.dtype)
    low, high = max(float(source.min), float(target.min)), min(float(source.max), float(target.max))
    if target.is_integer and source.is_floating:
        top = np.asarray(high, dtypes._NUMPY[source])
        if float(top) > float(target.max) or int(top) > target.max:  # float(2**31 - 1) rounds up to 2**31
            top = np.nextafter(top, np.zeros((), top.dtype))
        return library(x).clip(x, np.asarray(low, top.dtype), top).astype(target.name)
    if target.is_integer:
        low, high = max(int(source.min), int(target.min)), min(int(source.max), int(target.max))
    kind = dtypes._NUMPY[source]
    return library(x).clip(x, np.asarray(low, kind), np.asarray(high, kind)).astype(target.name)


def wrapped(x: Any, target: dtypes.DType) -> Any:
    """Floats cut to integers; what is outside of a small integer's range wraps around."""
    if target.size < 4:
        return x.astype("int32").astype(target.name)
    return jnp.asarray(x).astype(target.name) if library(x) is jnp else _cut(x, target)


def _cut(x: np.ndarray, target: dtypes.DType) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return x.astype(target.name)


def in_floats(image: Any, compute: Callable[[Any], Any], saturate: bool = True) -> Any:
    """`compute` on the pixels as floats in [0, 1], and the result as the dtype of the pixels (float64 counts as float32)."""
    kept = dtypes.as_dtype(image.dtype)
    pixels = image if kept.name in ("float16", "float32") else converted(image, "float32")
    return converted(compute(pixels), kept, saturate)


def check_rank(function: str, image: Any, least: int = 3, most: int = 4) -> None:
    """Refuse what is no picture or batch of pictures. Raises: InvalidArgumentError."""
    if not least <= image.ndim <= most:
        raise InvalidArgumentError(
            f"{function}: expected an image (height, width, channels) or a batch of them; received shape "
            f"{tuple(image.shape)}. Add an axis with image[..., tf.newaxis] if the channels are missing."
        )


def check_channels(function: str, image: Any, channels: int = 3) -> None:
    """Refuse pictures without that many channels. Raises: InvalidArgumentError."""
    if image.ndim < 1 or image.shape[-1] != channels:
        raise InvalidArgumentError(
            f"{function}: expected {channels} channels in the last axis; received shape {tuple(image.shape)}."
        )
