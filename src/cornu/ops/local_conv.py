"""Convolution with a kernel of its own at every place, and the layouts in which Keras 2 keeps such kernels.

Padding `"same"` differs from that of `conv`: there are `size // 2` zeros before an axis, whatever its length and strides.
"""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import choice, layout, per_axis
from cornu.ops.conv import taps


@op(unify=True, static="kernel_size")
def local_conv(inputs, kernel, kernel_size, strides=1, padding="valid", data_format=None):
    """Convolution whose kernel differs from place to place: `outputs[p] = window(p) @ kernel[p]`.

    Args:
        kernel: for each place of the output, row by row, a matrix from the window (flat, with its axes in the order of the
            input's) to the filters.
        kernel_size, strides: an integer or one per spatial axis.
        padding: `"valid"` or `"same"`.
    Shape: (n, *spatial, c), (places, window * c, filters) -> (n, *spatial', filters); channels_first likewise.
    Raises: InvalidArgumentError on options that do not fit, or a kernel of another shape.
    Source: K.local_conv1d and K.local_conv2d of Keras 2.
    """
    rank = inputs.ndim - 2
    windows = per_axis("local_conv", "kernel_size", kernel_size, rank)
    strides = per_axis("local_conv", "strides", strides, rank)
    padding = choice("local_conv", "padding", padding, ("valid", "same"))
    is_first = layout("local_conv", data_format) == "channels_first"
    x = jnp.moveaxis(inputs, 1, -1) if is_first else inputs
    pads = ((0, 0),) * rank if padding == "valid" else tuple(map(_centred_pads, x.shape[1:-1], windows, strides))
    pixels = [tap for _, tap in taps(x, windows, strides, pads, (1,) * rank)]
    *places, channels = pixels[0].shape  # (n, *spatial', c)
    vectors = jnp.stack(pixels, -1 if is_first else -2).reshape(places[0], -1, len(pixels) * channels)
    if kernel.ndim != 3 or kernel.shape[:2] != vectors.shape[1:]:
        raise InvalidArgumentError(
            f"local_conv: expected a kernel of shape ({vectors.shape[1]}, {vectors.shape[2]}, filters) for the input "
            f"{inputs.shape} with kernel_size={windows} and strides={strides}; received {kernel.shape}."
        )
    # The places in front: XLA's batched product on CPU takes twice as long when it has to move them there itself.
    outputs = jnp.einsum("pnk,pkf->pnf", jnp.moveaxis(vectors, 1, 0), kernel)
    outputs = jnp.moveaxis(outputs, 0, 1).reshape(*places, -1)
    return jnp.moveaxis(outputs, -1, 1) if is_first else outputs


@op(static="sizes kernel_size strides padding data_format")
def kernel_of_pairs(kernel, sizes, kernel_size, strides, padding, data_format):
    """The kernel that `local_conv` takes, of one with a weight for every pair of an input and an output.

    Shape: (*sizes, c, *spatial', filters), channels_first (c, *sizes, filters, *spatial') -> (places, window * c, filters).
    """
    rank, is_first = len(sizes), data_format == "channels_first"
    entries, inside = window_entries(sizes, kernel_size, strides, padding)
    places = np.arange(len(entries))[:, None]
    if is_first:
        kernel = jnp.moveaxis(kernel, (0, rank + 1), (rank, -1))
    channels, filters = kernel.shape[rank], kernel.shape[-1]
    found = kernel.reshape(math.prod(sizes), channels, -1, filters)[entries, :, places]  # (places, window, c, filters)
    found = jnp.where(inside[..., None, None], found, 0)
    return _flat(jnp.swapaxes(found, 1, 2) if is_first else found)


@op(static="filters sizes kernel_size strides padding data_format")
def kernel_of_connections(kernel, filters, sizes, kernel_size, strides, padding, data_format):
    """The kernel that `local_conv` takes, of a vector with a weight for every connection of an input and an output.

    They are sorted by the output, then by the input, each with its axes in the order of `data_format`.

    Shape: (connections,) -> (places, window * c, filters).
    """
    is_first = data_format == "channels_first"
    _, inside = window_entries(sizes, kernel_size, strides, padding)
    channels = kernel.size // (inside.sum() * filters)
    many = inside.sum(1)[:, None, None]  # in the window of each place, (places, 1, 1)
    before = (np.cumsum(many) - many.ravel())[:, None, None]
    within = np.maximum(np.cumsum(inside, 1) - 1, 0)[:, None]  # (places, 1, window)
    inside = inside[:, :, None, None]
    if is_first:  # sorted by filter, place, channel, entry of the window
        where = channels * before + many * jnp.arange(channels)[:, None] + within
        found = jnp.moveaxis(kernel.reshape(filters, -1)[:, where], 0, -1)  # (places, c, window, filters)
        return _flat(jnp.where(jnp.swapaxes(inside, 1, 2), found, 0))
    where = filters * before + many * jnp.arange(filters)[:, None] + within
    found = jnp.moveaxis(kernel.reshape(-1, channels)[where], 1, -1)  # (places, window, c, filters)
    return _flat(jnp.where(inside, found, 0))


def window_entries(
    sizes: Sequence[int], kernel_size: Sequence[int], strides: Sequence[int], padding: str
) -> tuple[np.ndarray, np.ndarray]:
    """For each place of the output, the flat positions on the input that its window covers, and whether they are on it.

    Shape: (places, window), twice.
    """
    entries, inside = np.zeros((1, 1), np.int32), np.ones((1, 1), bool)
    for size, window, stride in zip(sizes, kernel_size, strides, strict=True):
        is_same = padding == "same"
        places = -(-size // stride) if is_same else (size - window) // stride + 1
        along = stride * np.arange(places)[:, None] + np.arange(window) - (window // 2 if is_same else 0)
        entries = _outer(np.add, entries * size, along.clip(0, size - 1))
        inside = _outer(np.logical_and, inside, (along >= 0) & (along < size))
    return entries, inside


def _outer(combine: np.ufunc, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Combine the pairs of rows and of columns. Shape: (p, w), (q, v) -> (p * q, w * v)."""
    return combine(a[:, None, :, None], b[None, :, None, :]).reshape(len(a) * len(b), -1)


def _flat(kernel: jax.Array) -> jax.Array:
    """(places, *window, filters) -> (places, window, filters)."""
    return kernel.reshape(len(kernel), -1, kernel.shape[-1])


def _centred_pads(size: int, window: int, stride: int) -> tuple[int, int]:
    """Zeros before and after an axis so that windows begin `window // 2` before every `stride`-th entry."""
    before = window // 2
    return before, max((-(-size // stride) - 1) * stride + window - before - size, 0)
