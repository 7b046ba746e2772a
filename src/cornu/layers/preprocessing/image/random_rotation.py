"""RandomRotation: images turned about their centre."""

import math

from cornu import ops
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.affine_layer import AffineLayer, affine_rows
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits


@LAYERS.add()
class RandomRotation(AffineLayer):
    """Images turned counter-clockwise by random angles while training.

    Args:
        factor: Fractions of a full turn; a number f means (-f, f).
        fill_mode, interpolation, fill_value: See `AffineLayer`.

    Raises: InvalidArgumentError on a factor or options that do not fit.
    Source: keras.layers.RandomRotation.
    """

    def __init__(
        self, factor, fill_mode="reflect", interpolation="bilinear", seed=None, fill_value=0.0, **common
    ):  # fmt: skip
        super().__init__(fill_mode=fill_mode, interpolation=interpolation, seed=seed, fill_value=fill_value, **common)
        self.factor = limits("factor", factor, -1, 1, symmetric=True)

    def draw(self, shape, seed):
        count, height, width, _ = shape
        angle = one_of(count, self.factor, seed) * 360.0
        cosine, sine = ops.cos(angle * (math.pi / 180)), ops.sin(angle * (math.pi / 180))
        x, y = (width - 1) / 2, (height - 1) / 2
        rows = affine_rows(cosine, -sine, x - cosine * x + sine * y, sine, cosine, y - sine * x - cosine * y)
        return {"angle": angle, "rotation_matrix": rows}

    def rows(self, drawn):
        return drawn["rotation_matrix"]
