"""The base of layers that move images by a linear map: translation, rotation, zoom, shear."""

from typing import Any

import jax.numpy as jnp

from cornu import ops
from cornu.core.dispatch import op
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer


class AffineLayer(RandomImageLayer):
    """Moves images so that the pixel at (x, y) is the input's at `(a0 x + a1 y + a2, b0 x + b1 y + b2)`.

    Subclasses write `rows`, the 8 numbers a0, a1, a2, b0, b1, b2, 0, 0 of every image.

    Args:
        fill_mode: What lies outside of the image: constant (`fill_value`), nearest, reflect or wrap.
        interpolation: nearest or bilinear; masks take the nearest pixel.

    Shape: ([n,] h, w, c) -> the same.
    """

    def __init__(self, *, fill_mode="reflect", interpolation="bilinear", fill_value=0.0, **common):
        super().__init__(**common)
        self.fill_mode, self.fill_value = factors.fill_mode(fill_mode), fill_value
        self.interpolation = factors.interpolation(interpolation)

    def rows(self, drawn: dict[str, Any]) -> Any:
        """The linear maps from output to input pixels. Shape: (n, 8)."""
        raise TypeError(f"{type(self).__name__} has no `rows(self, drawn)`; write it there.")

    def change_images(self, images, drawn):
        return self._moved(images, drawn, self.interpolation)

    def change_masks(self, masks, drawn):
        return self._moved(masks, drawn, "nearest")

    def _moved(self, images, drawn, interpolation):
        return ops.image.affine_transform(
            images, self.rows(drawn), interpolation, self.fill_mode, self.fill_value, "channels_last"
        )

    def change_boxes(self, boxes, drawn):
        return boxes_around(boxes, self.rows(drawn))


@op
def affine_rows(a0, a1, a2, b0, b1, b2):
    """Six numbers per image as the 8 of a projective map. Shape: (n,) six times, or numbers -> (n, 8)."""
    columns = jnp.broadcast_arrays(a0, a1, a2, b0, b1, b2, jnp.zeros(()), jnp.zeros(()))
    return jnp.stack([column.astype("float32") for column in columns], -1)


@op
def boxes_around(boxes, rows):
    """The smallest upright boxes around the boxes' corners, moved against maps from output to input.

    Shape: (n, m, 4), (n, 8) -> (n, m, 4).
    """
    linear = jnp.linalg.inv(rows[:, [0, 1, 3, 4]].reshape(-1, 2, 2))
    moved = corners_of(boxes) - rows[:, None, None, [2, 5]]
    moved = jnp.einsum("nij,nmkj->nmki", linear, moved)
    return jnp.concatenate([moved.min(-2), moved.max(-2)], -1)


def corners_of(boxes):
    """The four corners. Shape: (n, m, 4) -> (n, m, 4, 2) as (x, y)."""
    return boxes[..., [0, 1, 2, 1, 0, 3, 2, 3]].reshape(*boxes.shape[:-1], 4, 2)
