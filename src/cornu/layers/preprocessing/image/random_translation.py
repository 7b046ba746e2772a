"""RandomTranslation: images shifted."""

from cornu import ops
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.affine_layer import AffineLayer, affine_rows
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits


@LAYERS.add()
class RandomTranslation(AffineLayer):
    """Images shifted down and to the right by random fractions of their size while training.

    Args:
        height_factor, width_factor: Fractions of height and width, in [-1, 1]; a number f means (-f, f).
        fill_mode, interpolation, fill_value: See `AffineLayer`.

    Raises: InvalidArgumentError on factors or options that do not fit.
    Source: keras.layers.RandomTranslation.
    """

    def __init__(
        self, height_factor, width_factor, fill_mode="reflect", interpolation="bilinear", seed=None, fill_value=0.0,
        **common,
    ):  # fmt: skip
        super().__init__(fill_mode=fill_mode, interpolation=interpolation, seed=seed, fill_value=fill_value, **common)
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height_limits = limits("height_factor", height_factor, -1, 1, symmetric=True)
        self._width_limits = limits("width_factor", width_factor, -1, 1, symmetric=True)

    def draw(self, shape, seed):
        count, height, width, _ = shape
        down = one_of(count, self._height_limits, seed) * height
        right = one_of(count, self._width_limits, seed) * width
        return {"translations": ops.stack([right, down], axis=-1)}

    def rows(self, drawn):
        right, down = ops.unstack(drawn["translations"], axis=-1)
        return affine_rows(1.0, 0.0, -right, 0.0, 1.0, -down)
