"""Resampling of images to another size."""

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import choice, image_axes, per_axis

_METHODS = {
    "nearest": "nearest",
    "bilinear": "linear",
    "bicubic": "cubic",
    "lanczos3": "lanczos3",
    "lanczos5": "lanczos5",
}
_SCALE_METHODS = ("linear", "bilinear", "trilinear", "triangle", "cubic", "bicubic", "tricubic", "lanczos3", "lanczos5")


@op(static="size")
def resize(
    images,
    size,
    interpolation="bilinear",
    antialias=False,
    crop_to_aspect_ratio=False,
    pad_to_aspect_ratio=False,
    fill_mode="constant",
    fill_value=0.0,
    data_format=None,
):
    """Images at another height and width; pixel centres are at half numbers. Integer images stay integer.

    Args:
        size: (height, width).
        interpolation: nearest, bilinear, bicubic, lanczos3, lanczos5 or area.
        antialias: widen the filter when shrinking.
        crop_to_aspect_ratio, pad_to_aspect_ratio: keep the shape of things by cutting off, or adding `fill_value`, evenly.
    Shape: ([n,] h, w, c) -> ([n,] *size, c); channels_first likewise.
    Raises: InvalidArgumentError on ranks or options that do not fit.
    Source: keras.ops.image.resize.
    """
    method = choice("resize", "interpolation", interpolation, (*_METHODS, "area"))
    size = _two("resize", "size", size)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise InvalidArgumentError(
            "resize: crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other; both are True."
        )
    choice("resize", "fill_mode", fill_mode, ("constant",))
    *places, _ = image_axes("resize", images.shape, data_format)
    if crop_to_aspect_ratio:
        images = _crop_evenly(images, places, size)
    if pad_to_aspect_ratio:
        images = _pad_evenly(images, places, size, fill_value)
    shape = list(images.shape)
    for axis, length in zip(places, size, strict=True):
        shape[axis] = length
    pixels = images if jnp.issubdtype(images.dtype, jnp.floating) or method == "nearest" else images.astype("float32")
    if method == "area":
        for axis, length in zip(places, size, strict=True):
            pixels = _average_area(pixels, axis, length)
    else:
        pixels = jax.image.resize(pixels, shape, _METHODS[method], antialias=bool(antialias))
    return saturate(pixels, images.dtype, rounded=True)


@op(tensors="images scale translation")
def scale_and_translate(images, output_shape, scale, translation, spatial_dims, method, antialias=True):
    """Resampled images where input place x lands on `x * scale + translation`; zero where there is no input.

    Args:
        output_shape: the whole shape of the result.
        spatial_dims: the axes that `scale` and `translation` belong to.
        method: linear (bilinear, trilinear, triangle), cubic (bicubic, tricubic), lanczos3 or lanczos5.
    Shape: any -> output_shape; scale and translation (len(spatial_dims),).
    Raises: InvalidArgumentError on an unknown method or an output rank that does not fit.
    Source: jax.image.scale_and_translate; keras.ops.image.scale_and_translate.
    """
    method = choice("scale_and_translate", "method", method, _SCALE_METHODS)
    if len(output_shape) != images.ndim:
        raise InvalidArgumentError(
            f"scale_and_translate: expected output_shape of {images.ndim} entries for images {images.shape}; "
            f"received {output_shape}."
        )
    method = {"bicubic": "cubic", "tricubic": "cubic", "cubic": "cubic"}.get(method, method)
    method = method if method.startswith(("cubic", "lanczos")) else "linear"
    pixels = images if jnp.issubdtype(images.dtype, jnp.floating) else images.astype("float32")
    moved = jax.image.scale_and_translate(
        pixels, tuple(output_shape), tuple(spatial_dims), scale, translation, method, antialias=bool(antialias)
    )
    return saturate(moved, images.dtype, rounded=True)


def saturate(x: jax.Array, dtype, rounded: bool = False) -> jax.Array:
    """`x` in `dtype`; for integers rounded or else cut, and limited to their range."""
    if x.dtype == dtype or not jnp.issubdtype(dtype, jnp.integer):
        return x.astype(dtype)
    limits = jnp.iinfo(dtype)
    return jnp.clip(jnp.round(x) if rounded else x, limits.min, limits.max).astype(dtype)


def _two(name: str, what: str, value) -> tuple[int, int]:
    if not isinstance(value, (tuple, list)):
        raise InvalidArgumentError(f"{name}: expected {what} as (height, width); received {value!r}.")
    height, width = per_axis(name, what, value, 2)
    return height, width


def _crop_evenly(images: jax.Array, places, size) -> jax.Array:
    height, width = (images.shape[axis] for axis in places)
    kept = min(height, int(width * size[0] / size[1])), min(width, int(height * size[1] / size[0]))
    window = [slice(None)] * images.ndim
    for axis, length, keep in zip(places, (height, width), kept, strict=True):
        begin = int((length - keep) / 2)
        window[axis] = slice(begin, begin + keep)
    return images[tuple(window)]


def _pad_evenly(images: jax.Array, places, size, fill_value) -> jax.Array:
    height, width = (images.shape[axis] for axis in places)
    wanted = max(height, int(width * size[0] / size[1])), max(width, int(height * size[1] / size[0]))
    pads = [(0, 0)] * images.ndim
    for axis, length, want in zip(places, (height, width), wanted, strict=True):
        before = int((want - length) / 2)
        pads[axis] = (before, before)
    return jnp.pad(images, pads, constant_values=np.asarray(fill_value).astype(images.dtype))


def _average_area(x: jax.Array, axis: int, count: int) -> jax.Array:
    """Each output pixel is the mean of the input interval it covers. Pixels that are cut count by their part."""
    length = x.shape[axis]
    begins = np.arange(count)[:, None] * length / count
    ends = begins + length / count
    pixels = np.arange(length)[None]
    overlap = np.clip(np.minimum(ends, pixels + 1) - np.maximum(begins, pixels), 0, None)
    weights = jnp.asarray(overlap * count / length, x.dtype)
    mixed = jnp.tensordot(x, weights, (axis, 1), precision=jax.lax.Precision.HIGHEST)
    return jnp.moveaxis(mixed, -1, axis)
