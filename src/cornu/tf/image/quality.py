"""How alike or how rough pictures are, and their gradients. Source: tf.image."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops.image import sobel_edges as edges
from cornu.ops.image.filters import blur_kernel
from cornu.tf.image.conversion import converted


def sobel_edges(image):
    """Vertical and horizontal Sobel gradients; borders are mirrored.

    Shape: (n, h, w, c) -> (n, h, w, c, 2), the last axis (dy, dx). Source: tf.image.sobel_edges.
    """
    return edges(image, "channels_last")


@op
def image_gradients(image):
    """Differences to the next row and the next column; 0 at the end.

    Shape: (n, h, w, c) -> two of the same, (dy, dx). Raises: InvalidArgumentError. Source: tf.image.image_gradients.
    """
    if image.ndim != 4:
        raise InvalidArgumentError(
            f"image_gradients expects a 4D tensor [batch_size, h, w, d]; received shape {tuple(image.shape)}."
        )
    dy, dx = (jnp.diff(image, axis=axis) for axis in (1, 2))
    return jnp.pad(dy, ((0, 0), (0, 1), (0, 0), (0, 0))), jnp.pad(dx, ((0, 0), (0, 0), (0, 1), (0, 0)))


@op
def total_variation(images, name=None):
    """The sum of absolute differences between neighbours. Shape: ([n,] h, w, c) -> ([n]). Source: tf.image.total_variation."""
    if images.ndim not in (3, 4):
        raise InvalidArgumentError(f"'images' must be either 3 or 4-dimensional; received shape {tuple(images.shape)}.")
    axes = (-3, -2, -1)
    return sum(jnp.sum(jnp.abs(jnp.diff(images, axis=axis)), axes) for axis in (-3, -2))


@op
def psnr(a, b, max_val, name=None):
    """Peak signal-to-noise ratio in decibels: `20 log10(max_val) - 10 log10(mean((a - b)^2))`.

    Shape: (..., h, w, c) twice -> (...). Source: tf.image.psnr.
    """
    first, second, peak = _comparable("psnr", a, b, max_val)
    error = jnp.mean((first - second) ** 2, (-3, -2, -1))
    tenth = jnp.float32(10 / np.log(10))
    return 2 * tenth * jnp.log(peak) - tenth * jnp.log(error)


@op(tensors="img1 img2 max_val")
def ssim(img1, img2, max_val, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03, return_index_map=False):
    """Structural similarity, between -1 and 1; 1 if equal. The mean over pixels and channels.

    Args: `filter_size`, `filter_sigma`, the Gaussian window in pixels; `return_index_map`, keep the pixels apart.
    Shape: (..., h, w, c) twice -> (...), or (..., h', w').
    Raises: InvalidArgumentError if an image is smaller than the window. Source: Wang et al. 2004; tf.image.ssim.
    """
    first, second, peak = _comparable("ssim", img1, img2, max_val)
    luminance, structure = _similarity(first, second, peak, filter_size, filter_sigma, k1, k2)
    return jnp.mean(luminance * structure, -1 if return_index_map else (-3, -2, -1))


@op(tensors="img1 img2 max_val")
def ssim_multiscale(
    img1, img2, max_val, power_factors=(0.0448, 0.2856, 0.3001, 0.2363, 0.1333), filter_size=11, filter_sigma=1.5,
    k1=0.01, k2=0.03,
):  # fmt: skip
    """Structural similarity over several scales, each half of the one before, weighted by powers.

    Shape: (..., h, w, c) twice -> (...).
    Raises: InvalidArgumentError if the smallest scale is smaller than the window.
    Source: Wang et al. 2003; tf.image.ssim_multiscale.
    """
    first, second, peak = _comparable("ssim_multiscale", img1, img2, max_val)
    parts = []
    for scale, power in enumerate(power_factors):
        if scale:
            first, second = _halved(first), _halved(second)
        luminance, structure = _similarity(first, second, peak, filter_size, filter_sigma, k1, k2)
        is_last = scale == len(power_factors) - 1
        mean = jnp.mean(luminance * structure if is_last else structure, (-3, -2))
        parts.append(jnp.maximum(mean, 0) ** jnp.asarray(power, mean.dtype))
    return jnp.mean(jnp.prod(jnp.stack(parts), 0), -1)


def _comparable(function: str, first: Any, second: Any, max_val: Any) -> tuple[Any, Any, Any]:
    """Both pictures and the largest value as float32, in the scale of `convert_image_dtype`."""
    if first.dtype != second.dtype or first.ndim < 3:
        raise InvalidArgumentError(
            f"{function}: expected two images (..., height, width, channels) of one dtype; received {first.dtype} "
            f"{tuple(first.shape)} and {second.dtype} {tuple(second.shape)}."
        )
    if first.shape[-3:] != second.shape[-3:]:
        raise InvalidArgumentError(
            f"{function}: expected images of one size; received {first.shape} and {second.shape}."
        )
    peak = converted(jnp.asarray(max_val, first.dtype), "float32")
    return converted(first, "float32"), converted(second, "float32"), peak


def _similarity(x: jax.Array, y: jax.Array, peak: Any, size: int, sigma: float, k1: float, k2: float) -> Any:
    """Luminance, and contrast times structure, at every place of the window. Shape: (..., h', w', c)."""
    if min(x.shape[-3:-1]) < size:
        raise InvalidArgumentError(
            f"ssim: expected images of at least {size} pixels a side (filter_size) at every scale; received shape {x.shape}."
        )
    window = blur_kernel(int(size), float(sigma), x.dtype)

    c1, c2 = (k1 * peak) ** 2, (k2 * peak) ** 2
    parts = jnp.stack([x, y, x * y, x**2 + y**2])
    mean_x, mean_y, mixed, both = _blurred(parts, window)
    product, squares = mean_x * mean_y * 2, mean_x**2 + mean_y**2
    luminance = (product + c1) / (squares + c1)
    structure = (mixed * 2 - product + c2) / (both - squares + c2)
    return luminance, structure


def _blurred(x: jax.Array, window: jax.Array) -> jax.Array:
    """Windows' weighted means along rows and columns. Shape: (..., h, w, c) -> (..., h', w', c)."""
    planes = jnp.moveaxis(x, -1, 0)
    flat = planes.reshape(-1, 1, *planes.shape[-2:])
    for kernel in (window[:, None], window[None]):
        flat = jax.lax.conv(flat, kernel[None, None], (1, 1), "VALID", precision=jax.lax.Precision.HIGHEST)
    return jnp.moveaxis(flat.reshape(*planes.shape[:-2], *flat.shape[-2:]), 0, -1)


def _halved(x: jax.Array) -> jax.Array:
    """Means of 2 x 2 pixels; an odd side is doubled at its end first."""
    pads = [(0, 0)] * x.ndim
    pads[-3], pads[-2] = (0, x.shape[-3] % 2), (0, x.shape[-2] % 2)
    x = jnp.pad(x, pads, mode="symmetric")
    return (x[..., ::2, ::2, :] + x[..., 1::2, ::2, :] + x[..., ::2, 1::2, :] + x[..., 1::2, 1::2, :]) / 4
