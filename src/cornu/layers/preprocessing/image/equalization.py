"""Equalization: all values equally frequent."""

import jax
import jax.numpy as jnp

from cornu.core.dispatch import op
from cornu.layers.arguments import integer
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.image_layer import ImageLayer


@LAYERS.add()
class Equalization(ImageLayer):
    """Every channel of an image by the share of its pixels that are darker, so that its histogram is flat; in training.

    Args:
        value_range: Smallest and largest value of a pixel.
        bins: How many values are told apart, 2 or more.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on bins or a range that do not fit.
    Differs from Keras: every image has a histogram of its own; Keras counts all images of a batch together.
    Source: keras.layers.Equalization.
    """

    def __init__(self, value_range=(0, 255), bins=256, data_format=None, **common):
        super().__init__(data_format=data_format, **common)
        self.value_range, self.bins = factors.value_range(value_range), integer("bins", bins, at_least=2)

    def change_images(self, images, drawn):
        return equalize(images, *self.value_range, bins=self.bins)


@op(static="bins")
def equalize(images, low, high, bins):
    """Values by their rank, `round(255 (rank - r) / (pixels - r))` with r that of the darkest, on a scale to 255.

    Shape: (n, h, w, c) -> the same.
    """
    scaled = jnp.clip((images.astype("float32") - low) * (255 / (high - low)), 0, 255)
    places = (scaled / 255 * (bins - 1)).astype("int32")
    planes = jnp.moveaxis(places, -1, 1).reshape(-1, images.shape[1] * images.shape[2])
    ranks = jnp.cumsum(histogram(planes, bins), -1)
    first = jnp.min(jnp.where(ranks > 0, ranks, planes.shape[1]), -1, keepdims=True)
    span = planes.shape[1] - first
    table = jnp.round((ranks - first) * 255 / jnp.maximum(span, 1))
    equal = jnp.take_along_axis(table, planes, -1).reshape(images.shape[0], images.shape[3], *images.shape[1:3])
    has_span = (span > 0).reshape(images.shape[0], 1, 1, images.shape[3])
    equal = jnp.where(has_span, jnp.moveaxis(equal, 1, -1), scaled)
    return (equal / 255 * (high - low) + low).astype(images.dtype)


def histogram(values: jax.Array, bins: int) -> jax.Array:
    """How often each number below `bins` occurs in each row. Shape: (n, m) -> (n, bins), float32."""
    rows = jnp.broadcast_to(jnp.arange(values.shape[0], dtype="int32")[:, None], values.shape)
    return jnp.zeros((values.shape[0], bins), "float32").at[rows, values].add(1.0)
