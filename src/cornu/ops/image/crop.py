"""Borders of images: padding, cropping, and cutting into patches."""

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.ops._checks import choice, image_axes, per_axis
from cornu.ops.conv import same_pads, taps


@op
def pad_images(
    images,
    top_padding=None,
    left_padding=None,
    bottom_padding=None,
    right_padding=None,
    target_height=None,
    target_width=None,
    data_format=None,
):
    """Images with zeros around. Exactly two of top, bottom and target height are given, and two for the width.

    Shape: ([n,] h, w, c) -> ([n,] top + h + bottom, left + w + right, c); channels_first likewise.
    Raises: InvalidArgumentError on other combinations, negative padding or ranks that do not fit.
    Source: keras.ops.image.pad_images.
    """
    rows, columns, _ = image_axes("pad_images", images.shape, data_format)
    pads = [(0, 0)] * images.ndim
    names = ("top_padding", "bottom_padding", "target_height"), ("left_padding", "right_padding", "target_width")
    values = (top_padding, bottom_padding, target_height), (left_padding, right_padding, target_width)
    for axis, name, (before, after, total) in zip((rows, columns), names, values, strict=True):
        room = None if total is None else total - images.shape[axis]
        pads[axis] = _margins("pad_images", name, before, after, total, room)
    return jnp.pad(images, pads)


@op
def crop_images(
    images,
    top_cropping=None,
    left_cropping=None,
    bottom_cropping=None,
    right_cropping=None,
    target_height=None,
    target_width=None,
    data_format=None,
):
    """A window of the images. Exactly two of top, bottom and target height are given, and two for the width.

    Shape: ([n,] h, w, c) -> ([n,] h - top - bottom, w - left - right, c); channels_first likewise.
    Raises: InvalidArgumentError on other combinations, a window outside the image or ranks that do not fit.
    Source: keras.ops.image.crop_images.
    """
    rows, columns, _ = image_axes("crop_images", images.shape, data_format)
    window = [slice(None)] * images.ndim
    names = ("top_cropping", "bottom_cropping", "target_height"), ("left_cropping", "right_cropping", "target_width")
    values = (top_cropping, bottom_cropping, target_height), (left_cropping, right_cropping, target_width)
    for axis, name, (before, after, total) in zip((rows, columns), names, values, strict=True):
        length = images.shape[axis]
        before, after = _margins("crop_images", name, before, after, total, None if total is None else length - total)
        if before + after >= length:
            raise InvalidArgumentError(
                f"crop_images: cropping {before} and {after} of {length} pixels leaves nothing; images {images.shape}."
            )
        window[axis] = slice(before, length - after)
    return images[tuple(window)]


@op(static="size")
def extract_patches(images, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    """Windows of images (or, for a size of three numbers, of volumes) as vectors: row, column, then channel.

    Args: `size`, `strides` (default the size), `dilation_rate`: an integer or one per axis; `padding`: valid or same (zeros).
    Shape: ([n,] h, w, c) -> ([n,] h', w', kh * kw * c); channels_first likewise.
    Raises: InvalidArgumentError on ranks or options that do not fit.
    Source: keras.ops.image.extract_patches.
    """
    spatial = len(size) if isinstance(size, (tuple, list)) else 2
    if spatial not in (2, 3):
        raise InvalidArgumentError(
            f"extract_patches: expected size as an integer or 2 or 3 of them; received {size!r}."
        )
    return _patches("extract_patches", images, size, strides, dilation_rate, padding, data_format, spatial)


@op(static="size")
def extract_patches_3d(volumes, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    """Windows of volumes as vectors: depth, row, column, then channel.

    Shape: ([n,] d, h, w, c) -> ([n,] d', h', w', kd * kh * kw * c); channels_first likewise.
    Raises: InvalidArgumentError on ranks or options that do not fit.
    Source: keras.ops.image.extract_patches_3d.
    """
    return _patches("extract_patches_3d", volumes, size, strides, dilation_rate, padding, data_format, 3)


def _patches(name: str, images, size, strides, dilation_rate, padding, data_format, spatial: int):
    *_, channels = image_axes(name, images.shape, data_format, spatial)
    sizes = per_axis(name, "size", size, spatial)
    steps = sizes if strides is None else per_axis(name, "strides", strides, spatial)
    dilation = per_axis(name, "dilation_rate", dilation_rate, spatial)
    padding = choice(name, "padding", padding, ("valid", "same"))
    batch = jnp.moveaxis(images, channels, -1)
    single = images.ndim == spatial + 1
    batch = batch[None] if single else batch
    extents = [(k - 1) * d + 1 for k, d in zip(sizes, dilation, strict=True)]
    pads = ((0, 0),) * spatial
    if padding == "same":
        pads = tuple(map(same_pads, batch.shape[1:-1], extents, steps))
    elif any(n < extent for n, extent in zip(batch.shape[1:-1], extents, strict=True)):
        raise InvalidArgumentError(f"{name}: the patch of extent {extents} is larger than the images, {images.shape}.")
    found = jnp.concatenate([tap for _, tap in taps(batch, sizes, steps, pads, dilation)], -1)
    return jnp.moveaxis(found[0] if single else found, -1, channels)


def _margins(name: str, names, before, after, total, room) -> tuple[int, int]:
    """What comes off or on at both sides, from two of: before, after, and the room that the target size leaves."""
    if sum(value is None for value in (before, after, total)) != 1:
        raise InvalidArgumentError(
            f"{name}: expected exactly two of {', '.join(names)}; received {before}, {after} and {total}."
        )
    before = room - after if before is None else before
    after = room - before if after is None else after
    if before < 0 or after < 0:
        raise InvalidArgumentError(
            f"{name}: expected margins of 0 or more; {names[0]} is {before} and {names[1]} {after} (with {names[2]}={total})."
        )
    return before, after
