"""RandomElasticTransform: images bent as if drawn on rubber."""

import jax
import jax.numpy as jnp
import jax.scipy.ndimage

from cornu import ops, random
from cornu.core.dispatch import op
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.draws import chosen, where_chosen
from cornu.layers.preprocessing.image.value_layer import ValueLayer

_STRENGTH, _WIDTH = 20.0, 10.0  # pixels that things move by, and over which moves agree, at scale 1


@LAYERS.add()
class RandomElasticTransform(ValueLayer):
    """Every pixel moved by a smooth random field while training.

    Args:
        factor: Two probabilities between which that of an image to change is drawn; a number f means (0, f).
        scale: Two ends for the strength, drawn once for a batch; a number s from 0 to 1 means (0, s).
        interpolation: nearest or bilinear; masks take the nearest pixel.
        fill_mode: What lies outside of the image: constant (`fill_value`), nearest, reflect or wrap.
        value_range: Smallest and largest value of a pixel; results are cut there.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on arguments that do not fit.
    Differs from Keras: boxes are moved too, to the smallest ones around what was inside of them.
    Source: keras.layers.RandomElasticTransform; Simard et al. 2003.
    """

    def __init__(
        self, factor=1.0, scale=1.0, interpolation="bilinear", fill_mode="reflect", fill_value=0.0,
        value_range=(0, 255), seed=None, data_format=None, **common,
    ):  # fmt: skip
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **common)
        self.factor = factors.limits("factor", factor, -1, 1)
        self.scale = factors.limits("scale", scale, 0, 1)
        self.interpolation, self.fill_mode = factors.interpolation(interpolation), factors.fill_mode(fill_mode)
        self.fill_value = fill_value

    def draw(self, shape, seed):
        strength = random.uniform((), *self.scale, dtype="float32", seed=seed)
        noise = random.normal((*shape[:3], 2), dtype="float32", seed=seed)
        return {
            "apply_transform": chosen(shape[0], self.factor, seed),
            "distortion_factor": strength,
            "moves": smooth_moves(noise, strength),
        }

    def change_images(self, images, drawn):
        order = factors.INTERPOLATIONS.index(self.interpolation)
        return ops.clip(self._bent(images, drawn, order), *self.value_range)

    def change_masks(self, masks, drawn):
        return self._bent(masks, drawn, 0)

    def _bent(self, images, drawn, order):
        bent = bend(images, drawn["moves"], order=order, mode=self.fill_mode, fill_value=self.fill_value)
        return where_chosen(drawn["apply_transform"], bent, images)

    def change_boxes(self, boxes, drawn):
        moved = boxes_of_moves(boxes, drawn["moves"])
        return ops.where(ops.reshape(drawn["apply_transform"], (-1, 1, 1)), moved, boxes)


@op
def smooth_moves(noise, strength):
    """Noise made smooth, in pixels. Shape: (n, h, w, 2), () -> (n, h, w, 2) as (down, right)."""
    width = jnp.maximum(_WIDTH * strength, 1e-3)
    rows, columns = (_smoothing(length, width) for length in noise.shape[1:3])
    return _STRENGTH * strength * width * jnp.einsum("ai,nijk,bj->nabk", rows, noise, columns)


def _smoothing(length, width):
    """The Gaussian weights of all places for every place; outside is zero. Shape: () -> (length, length)."""
    weights = lambda places: jnp.exp(-((places / width) ** 2) / 2)
    places = jnp.arange(length, dtype="float32")
    reach = jnp.arange(-6 * _WIDTH, 6 * _WIDTH + 1, dtype="float32")
    return weights(places[:, None] - places) / jnp.sum(weights(reach))


@op(static="order mode fill_value")
def bend(images, moves, order, mode, fill_value):
    """Every pixel from the place that its move leads to. Shape: (n, h, w, c), (n, h, w, 2) -> (n, h, w, c)."""
    height, width = images.shape[1:3]
    y, x = jnp.meshgrid(jnp.arange(height), jnp.arange(width), indexing="ij")

    def plane(pixels, move):
        places = [y + move[..., 0], x + move[..., 1]]
        return jax.scipy.ndimage.map_coordinates(pixels, places, order, mode, fill_value)

    return jax.vmap(jax.vmap(plane, (-1, None), -1))(images, moves)


@op
def boxes_of_moves(boxes, moves):
    """The smallest boxes around the pixels that come from inside the boxes. Shape: (n, m, 4), (n, h, w, 2) -> (n, m, 4)."""
    height, width = moves.shape[1:3]
    y, x = jnp.arange(height, dtype="float32"), jnp.arange(width, dtype="float32")
    from_y = (y[:, None] + moves[..., 0] + 0.5)[:, None]  # the middle of the pixel
    from_x = (x + moves[..., 1] + 0.5)[:, None]
    left, top, right, bottom = jnp.moveaxis(boxes, -1, 0)[..., None, None]
    inside = (from_x >= left) & (from_x < right) & (from_y >= top) & (from_y < bottom)  # (n, m, h, w)
    rows, columns = inside.any(-1), inside.any(-2)
    is_seen = rows.any(-1)
    sides = [
        jnp.where(columns, x, jnp.inf).min(-1),
        jnp.where(rows, y, jnp.inf).min(-1),
        jnp.where(columns, x + 1, -jnp.inf).max(-1),
        jnp.where(rows, y + 1, -jnp.inf).max(-1),
    ]
    return jnp.where(is_seen[..., None], jnp.stack(sides, -1), 0).astype(boxes.dtype)
