"""Filters over images: blur, edges, structural similarity."""

import functools

import jax
import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import image_axes, per_axis
from cornu.ops.conv import same_pads


@op(inexact=True)
def gaussian_blur(images, kernel_size=(3, 3), sigma=(1.0, 1.0), data_format=None):
    """Images convolved with a Gaussian; outside is zero.

    Args: `kernel_size`, pixels as (height, width); `sigma`, standard deviations in pixels as (height, width).
    Shape: ([n,] h, w, c) -> the same; channels_first likewise.
    Raises: InvalidArgumentError on ranks or options that do not fit.
    Differs from Keras: windows that are not square are the product of the two Gaussians; Keras 3.15 mixes up their entries.
    Source: keras.ops.image.gaussian_blur.
    """
    *_, channels = image_axes("gaussian_blur", images.shape, data_format)
    sizes = per_axis("gaussian_blur", "kernel_size", kernel_size, 2)
    widths = (sigma, sigma) if isinstance(sigma, (int, float)) else tuple(sigma)
    if len(widths) != 2 or min(widths) <= 0:
        raise InvalidArgumentError(f"gaussian_blur: expected sigma as two positive numbers; received {sigma!r}.")
    rows, columns = (blur_kernel(k, s, images.dtype) for k, s in zip(sizes, widths, strict=True))
    batch = jnp.moveaxis(images, channels, -1)
    blurred = blur_same(batch if images.ndim == 4 else batch[None], rows, columns)
    return jnp.moveaxis(blurred if images.ndim == 4 else blurred[0], -1, channels)


@op(inexact=True)
def sobel_edges(images, data_format=None):
    """Vertical and horizontal Sobel gradients; borders are mirrored.

    Shape: (n, h, w, c) -> (n, h, w, c, 2); channels_first likewise. The last axis is (dy, dx).
    Raises: InvalidArgumentError on ranks or layouts that do not fit.
    Source: tf.image.sobel_edges; keras.ops.image.sobel_edges.
    """
    rows, columns, _ = image_axes("sobel_edges", images.shape, data_format)
    pads = [(0, 0)] * images.ndim
    pads[rows] = pads[columns] = (1, 1)
    padded = jnp.pad(images, pads, mode="reflect")
    smooth, slope = (1, 2, 1), (-1, 0, 1)
    dy = _slide(_slide(padded, slope, rows), smooth, columns)
    dx = _slide(_slide(padded, smooth, rows), slope, columns)
    return jnp.stack([dy, dx], -1)


@op(tensors="image1 image2", inexact=True)
def ssim(image1, image2, max_val=1.0, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03, data_format=None):
    """Structural similarity of two images, between -1 and 1; 1 if equal. Means over pixels and channels.

    Args: `max_val`, the largest pixel value; `filter_size`, `filter_sigma`, the Gaussian window in pixels.
    Shape: (n, h, w, c) twice -> (n,); (h, w, c) twice -> ().
    Raises: InvalidArgumentError if the shapes differ or an image is smaller than the window.
    Source: Wang et al. 2004, equation 13; keras.ops.image.ssim.
    """
    if image1.shape != image2.shape:
        raise InvalidArgumentError(
            f"ssim: expected two images of the same shape; received {image1.shape}, {image2.shape}."
        )
    rows, columns, channels = image_axes("ssim", image1.shape, data_format)
    (size,) = per_axis("ssim", "filter_size", filter_size, 1)
    if min(image1.shape[rows], image1.shape[columns]) < size:
        raise InvalidArgumentError(
            f"ssim: expected images of at least {size} pixels a side (filter_size); received shape {image1.shape}."
        )
    window = blur_kernel(size, filter_sigma, image1.dtype)

    def local(x: jax.Array) -> jax.Array:
        return _slide(_slide(x, window, rows), window, columns)

    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean1, mean2 = local(image1), local(image2)
    luminance = (2 * mean1 * mean2 + c1) / (mean1**2 + mean2**2 + c1)
    covariance = local(image1 * image2) - mean1 * mean2
    spread = local(image1**2 + image2**2) - mean1**2 - mean2**2
    structure = (2 * covariance + c2) / (spread + c2)
    return jnp.mean(luminance * structure, (rows, columns, channels))


def blur_kernel(size: int, sigma: float, dtype) -> jax.Array:
    """A Gaussian window that sums to 1. Shape: (size,)."""
    places = jnp.arange(size, dtype=dtype) - jnp.asarray((size - 1) / 2, dtype)
    weights = jnp.exp(-(places**2) / jnp.asarray(2 * sigma**2, dtype))
    return weights / jnp.sum(weights)


def blur_same(x: jax.Array, rows: jax.Array, columns: jax.Array) -> jax.Array:
    """A batch of channels-last images filtered along rows and columns; outside is zero."""
    for axis, window in ((1, rows), (2, columns)):
        pads = [(0, 0)] * x.ndim
        pads[axis] = same_pads(x.shape[axis], window.shape[0], 1)
        x = _slide(jnp.pad(x, pads), window, axis)
    return x


def _slide(x: jax.Array, window, axis: int) -> jax.Array:
    """Sum of shifted copies of `x` times the entries of the window; no padding."""
    length = x.shape[axis] - len(window) + 1
    terms = (window[i] * jax.lax.slice_in_dim(x, i, i + length, axis=axis) for i in range(len(window)))
    return functools.reduce(jnp.add, terms)
