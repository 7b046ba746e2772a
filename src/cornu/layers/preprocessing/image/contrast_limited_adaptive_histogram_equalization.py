"""ContrastLimitedAdaptiveHistogramEqualization: histograms made flat tile by tile."""

import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.layers.arguments import tuple_of
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.equalization import histogram
from cornu.layers.preprocessing.image.image_layer import ImageLayer

_BINS = 256


@LAYERS.add()
class ContrastLimitedAdaptiveHistogramEqualization(ImageLayer):
    """Every channel equalized by the histograms of the tiles around a pixel, between whose results it is interpolated.

    Args:
        value_range: Smallest and largest value of a pixel.
        clip_limit: How many times as frequent as the average a value may count; the rest counts for all values alike.
            0 or less sets no limit.
        tile_grid_size: Tiles as (down, across), or one integer for both.

    Shape: ([n,] h, w, c) -> the same; integer images stay integer.
    Raises: InvalidArgumentError on tiles or a range that do not fit.
    Source: keras.layers.ContrastLimitedAdaptiveHistogramEqualization; Zuiderveld 1994.
    """

    acts_always, keeps_integers = True, True

    def __init__(self, value_range=(0, 255), clip_limit=4.0, tile_grid_size=(8, 8), data_format=None, **common):
        super().__init__(data_format=data_format, **common)
        self.value_range, self.clip_limit = factors.value_range(value_range), clip_limit
        self.tile_grid_size = tile_grid_size
        self._tiles = tuple_of(2, "tile_grid_size", tile_grid_size)

    def change_images(self, images, drawn):
        low, high = self.value_range
        return equalize_tiles(images, low, high, limit=self.clip_limit, tiles=self._tiles)


@op(static="limit tiles")
def equalize_tiles(images, low, high, limit, tiles):
    """Values by their rank within tiles, bilinearly between the four nearest. Shape: (n, h, w, c) -> the same."""
    count, height, width, channels = images.shape
    down, across = (-(-size // tile) for size, tile in zip((height, width), tiles, strict=True))
    scaled = jnp.clip((images.astype("float32") - low) * (255 / (high - low)), 0, 255)
    levels = jnp.moveaxis(scaled.astype("int32"), -1, 1).reshape(-1, height, width)
    margins = (0, down * tiles[0] - height), (0, across * tiles[1] - width)
    padded = jnp.pad(levels, ((0, 0), *margins), mode="symmetric")
    parts = padded.reshape(-1, tiles[0], down, tiles[1], across).swapaxes(2, 3).reshape(-1, down * across)
    tables = _tables(parts, limit).reshape(-1, *tiles, _BINS)

    images_of = jnp.arange(levels.shape[0])[:, None, None]
    rows, columns = (
        _neighbours(size, step, tile) for size, step, tile in zip((height, width), (down, across), tiles, strict=True)
    )
    equal = sum(
        (row_share[:, None] * column_share) * tables[images_of, row[:, None], column, levels]
        for row, row_share in rows
        for column, column_share in columns
    )
    equal = jnp.moveaxis(equal.reshape(count, channels, height, width), 1, -1)
    return (equal / 255 * (high - low) + low).astype(images.dtype)


def _tables(parts, limit):
    """The new value of each old one, for every tile. Shape: (n, pixels) -> (n, 256)."""
    size = parts.shape[1]
    counts = histogram(parts, _BINS)
    if limit > 0:
        most = limit * size / _BINS
        spare = jnp.sum(jnp.maximum(counts - most, 0), -1, keepdims=True)
        counts = jnp.minimum(counts, most) + spare / _BINS
    ranks = jnp.cumsum(counts, -1)
    first = ranks[:, :1]
    return (ranks - first) / jnp.maximum(size - first, 1e-6) * 255


def _neighbours(size, step, tiles):
    """For every pixel along an axis the tiles before and after it, each with its share."""
    place = jnp.clip(jnp.arange(size) / step - 0.5, 0, tiles - 1)
    before = jnp.floor(place).astype("int32")
    share = (place - before).astype("float32")
    return [(before, 1 - share), (jnp.minimum(before + 1, tiles - 1), share)]
