"""RandomShear: images slanted."""

import jax.numpy as jnp

from cornu import ops, random
from cornu.core.dispatch import op
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.affine_layer import AffineLayer, affine_rows
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits


@LAYERS.add()
class RandomShear(AffineLayer):
    """Images slanted sideways and upwards while training, both in the drawn or both in the other direction.

    Args:
        x_factor, y_factor: How far a line moves for each pixel across it, in [-1, 1]; a number f means (-f, f).
        fill_mode, interpolation, fill_value: See `AffineLayer`.

    Raises: InvalidArgumentError on factors or options that do not fit.
    Source: keras.layers.RandomShear.
    """

    def __init__(
        self, x_factor=0.0, y_factor=0.0, interpolation="bilinear", fill_mode="reflect", fill_value=0.0, seed=None,
        **common,
    ):  # fmt: skip
        super().__init__(fill_mode=fill_mode, interpolation=interpolation, seed=seed, fill_value=fill_value, **common)
        self.x_factor = limits("x_factor", x_factor, -1, 1, symmetric=True)
        self.y_factor = limits("y_factor", y_factor, -1, 1, symmetric=True)

    def draw(self, shape, seed):
        slants = [one_of(shape[0], factor, seed) for factor in (self.x_factor, self.y_factor)]
        signs = random.randint((shape[0], 1), 0, 2, seed=seed) * 2 - 1
        return {"shear_factor": ops.stack(slants, axis=-1) * ops.cast(signs, "float32")}

    def rows(self, drawn):
        x, y = ops.unstack(drawn["shear_factor"], axis=-1)
        return affine_rows(1.0, x, 0.0, y, 1.0, 0.0)

    def change_boxes(self, boxes, drawn):
        _, height, width, _ = drawn["input_shape"]
        sizes = ops.convert_to_tensor([width, height, width, height], dtype=boxes.dtype)
        return sheared(boxes / sizes, drawn["shear_factor"]) * sizes


@op
def sheared(boxes, slants):
    """Boxes in fractions of the image, slanted sideways, then, made upright, upwards. Shape: (n, m, 4), (n, 2) -> (n, m, 4)."""
    x_slant, y_slant = jnp.moveaxis(slants.astype(boxes.dtype), -1, 0)[..., None]
    left, top, right, bottom = jnp.moveaxis(boxes, -1, 0)
    ends = x_slant * top, x_slant * bottom
    left, right = left - jnp.maximum(*ends), right - jnp.minimum(*ends)
    ends = y_slant * left, y_slant * right
    return jnp.stack([left, top - jnp.maximum(*ends), right, bottom - jnp.minimum(*ends)], -1)
