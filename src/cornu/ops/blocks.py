"""Rearrangements of images in blocks: space to depth and back, sliding blocks and back."""

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import layout, per_axis
from cornu.ops.conv import taps


@op(static="block_size")
def space_to_depth(x, block_size, data_format="channels_last"):
    """Blocks of pixels stacked as channels, block position before channel.

    Shape: (n, h, w, c) -> (n, h / b, w / b, b * b * c); channels_first likewise.
    Raises: InvalidArgumentError unless the block size divides height and width.
    Source: keras.ops.space_to_depth.
    """
    x, first, b = _images("space_to_depth", x, block_size, data_format)
    n, h, w, c = x.shape
    if h % b or w % b:
        raise InvalidArgumentError(f"space_to_depth: block_size {b} must divide height {h} and width {w}.")
    x = x.reshape(n, h // b, b, w // b, b, c).transpose(0, 1, 3, 2, 4, 5).reshape(n, h // b, w // b, b * b * c)
    return jnp.moveaxis(x, -1, 1) if first else x


@op(static="block_size")
def depth_to_space(x, block_size, data_format="channels_last"):
    """Channels spread over blocks of pixels; undoes `space_to_depth`.

    Shape: (n, h, w, b * b * c) -> (n, h * b, w * b, c); channels_first likewise.
    Raises: InvalidArgumentError unless the squared block size divides the channels.
    Source: keras.ops.depth_to_space.
    """
    x, first, b = _images("depth_to_space", x, block_size, data_format)
    n, h, w, c = x.shape
    if c % (b * b):
        raise InvalidArgumentError(f"depth_to_space: the square of block_size {b} must divide the {c} channels.")
    x = x.reshape(n, h, w, b, b, c // b**2).transpose(0, 1, 3, 2, 4, 5).reshape(n, h * b, w * b, c // b**2)
    return jnp.moveaxis(x, -1, 1) if first else x


@op(static="kernel_size")
def unfold(x, kernel_size, dilation=1, padding=0, stride=1):
    """All sliding blocks of channels-first images as columns (im2col).

    Shape: (n, c, h, w) -> (n, c * kh * kw, blocks).
    Raises: InvalidArgumentError if the rank is not 4 or an option does not fit.
    Source: keras.ops.unfold.
    """
    if x.ndim != 4:
        raise InvalidArgumentError(f"unfold: expected images (n, c, h, w); received shape {x.shape}.")
    sizes, strides, pads, dilations = _steps("unfold", kernel_size, stride, padding, dilation)
    found = taps(jnp.moveaxis(x, 1, -1), sizes, strides, pads, dilations)
    blocks = jnp.stack([tap for _, tap in found], -1)  # (n, h', w', c, kh * kw)
    return blocks.transpose(0, 3, 4, 1, 2).reshape(x.shape[0], x.shape[1] * blocks.shape[-1], -1)


@op(static="output_size kernel_size")
def fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Columns of sliding blocks added up into channels-first images (col2im); the transpose of `unfold`.

    Shape: (n, c * kh * kw, blocks) -> (n, c, *output_size).
    Raises: InvalidArgumentError if rank, columns or blocks do not fit the sizes.
    Source: keras.ops.fold.
    """
    sizes, strides, pads, dilations = _steps("fold", kernel_size, stride, padding, dilation)
    height, width = per_axis("fold", "output_size", output_size, 2)
    counts = [
        (n + 2 * pad[0] - (k - 1) * d - 1) // s + 1
        for n, k, s, pad, d in zip((height, width), sizes, strides, pads, dilations, strict=True)
    ]
    area = sizes[0] * sizes[1]
    if x.ndim != 3 or x.shape[1] % area or x.shape[2] != counts[0] * counts[1]:
        raise InvalidArgumentError(
            f"fold: expected columns (n, c * {area}, {counts[0] * counts[1]}) for output {height}x{width} and kernel {sizes}; "
            f"received shape {x.shape}."
        )
    n, channels = x.shape[0], x.shape[1] // area
    blocks = x.reshape(n, channels, *sizes, *counts)
    (top, _), (left, _) = pads
    canvas = jnp.zeros((n, channels, height + 2 * top, width + 2 * left), x.dtype)
    for i in range(sizes[0]):
        for j in range(sizes[1]):
            y, z = i * dilations[0], j * dilations[1]
            rows = slice(y, y + (counts[0] - 1) * strides[0] + 1, strides[0])
            columns = slice(z, z + (counts[1] - 1) * strides[1] + 1, strides[1])
            canvas = canvas.at[:, :, rows, columns].add(blocks[:, :, i, j])
    return canvas[:, :, top : top + height, left : left + width]


def _images(name: str, x, block_size, data_format):
    (size,) = per_axis(name, "block_size", block_size, 1)
    if x.ndim != 4:
        raise InvalidArgumentError(f"{name}: expected a batch of images of rank 4; received shape {x.shape}.")
    first = layout(name, data_format) == "channels_first"
    return (jnp.moveaxis(x, 1, -1) if first else x), first, size


def _steps(name: str, kernel_size, stride, padding, dilation):
    sizes = per_axis(name, "kernel_size", kernel_size, 2)
    strides, dilations = per_axis(name, "stride", stride, 2), per_axis(name, "dilation", dilation, 2)
    pads = tuple((pad, pad) for pad in per_axis(name, "padding", padding, 2, least=0))
    return sizes, strides, pads, dilations
