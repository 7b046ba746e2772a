"""RandomPerspective: images seen from another side."""

import jax
import jax.numpy as jnp

from cornu import ops, random
from cornu.core.dispatch import op
from cornu.layers.arguments import fraction
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.affine_layer import corners_of
from cornu.layers.preprocessing.image.draws import chosen, where_chosen
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer

_CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))


@LAYERS.add()
class RandomPerspective(RandomImageLayer):
    """Images whose corners move, each its own way, while training; outside lies `fill_value`.

    Args:
        factor: Two probabilities between which that of an image to change is drawn; a number f means (0, f).
        scale: How far corners move, from 0 to 1: at 1 coordinates become 0.5 to 1.5 times what they were.
        interpolation: nearest or bilinear; masks take the nearest pixel.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on factors or options that do not fit.
    Source: keras.layers.RandomPerspective.
    """

    def __init__(
        self, factor=1.0, scale=1.0, interpolation="bilinear", fill_value=0.0, seed=None, data_format=None, **common
    ):  # fmt: skip
        super().__init__(seed=seed, data_format=data_format, **common)
        self.factor, self.scale = factors.limits("factor", factor, -1, 1), fraction("scale", scale)
        self.interpolation, self.fill_value = factors.interpolation(interpolation), fill_value

    def draw(self, shape, seed):
        count, height, width, _ = shape
        corners = ops.convert_to_tensor([[x * (width - 1.0), y * (height - 1.0)] for x, y in _CORNERS])
        starts = ops.broadcast_to(corners, (count, 4, 2))
        moves = random.uniform((count, 4, 2), -0.5, 0.5, dtype="float32", seed=seed) * self.scale
        is_changed = chosen(count, self.factor, seed)
        return {"apply_perspective": is_changed, "start_points": starts, "end_points": starts * (1.0 + moves)}

    def change_images(self, images, drawn):
        return self._moved(images, drawn, self.interpolation, self.fill_value)

    def change_masks(self, masks, drawn):
        return self._moved(masks, drawn, "nearest", self.fill_value)

    def _moved(self, images, drawn, interpolation, fill_value):
        seen = ops.image.perspective_transform(
            images, drawn["start_points"], drawn["end_points"], interpolation, fill_value, "channels_last"
        )
        return where_chosen(drawn["apply_perspective"], seen, images)

    def change_boxes(self, boxes, drawn):
        moved = boxes_in_perspective(boxes, drawn["start_points"], drawn["end_points"])
        return ops.where(ops.reshape(drawn["apply_perspective"], (-1, 1, 1)), moved, boxes)


@op
def boxes_in_perspective(boxes, starts, ends):
    """The smallest upright boxes around the boxes' corners after the move. Shape: (n, m, 4), (n, 4, 2) twice -> (n, m, 4)."""
    a0, a1, a2, b0, b1, b2, c0, c1 = jnp.moveaxis(jax.vmap(_projection)(starts, ends), -1, 0)[..., None, None]
    x, y = jnp.moveaxis(corners_of(boxes), -1, 0)
    scale = c0 * x + c1 * y + 1
    moved = jnp.stack([(a0 * x + a1 * y + a2) / scale, (b0 * x + b1 * y + b2) / scale], -1)
    return jnp.concatenate([moved.min(-2), moved.max(-2)], -1).astype(boxes.dtype)


def _projection(starts, ends):
    """The 8 numbers that take each start point to its end point: two linear equations per point."""
    (x, y), (u, v) = starts.T, ends.T
    one, zero = jnp.ones_like(x), jnp.zeros_like(x)
    first = jnp.stack([x, y, one, zero, zero, zero, -u * x, -u * y], 1)
    second = jnp.stack([zero, zero, zero, x, y, one, -v * x, -v * y], 1)
    return jnp.linalg.solve(jnp.concatenate([first, second]), jnp.concatenate([u, v]))
