"""RandomZoom: images shown larger or smaller."""

from cornu import ops
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.affine_layer import AffineLayer, affine_rows
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits


@LAYERS.add()
class RandomZoom(AffineLayer):
    """Images shrunk (factors above 0) or enlarged (below 0) about their centre while training.

    Args:
        height_factor: The height becomes `1 / (1 + factor)` of itself; a number f means (-f, f), at least -1.
        width_factor: The same for the width; None keeps the shape of things.
        fill_mode, interpolation, fill_value: See `AffineLayer`.

    Raises: InvalidArgumentError on factors or options that do not fit.
    Source: keras.layers.RandomZoom.
    """

    def __init__(
        self, height_factor, width_factor=None, fill_mode="reflect", interpolation="bilinear", seed=None,
        fill_value=0.0, **common,
    ):  # fmt: skip
        super().__init__(fill_mode=fill_mode, interpolation=interpolation, seed=seed, fill_value=fill_value, **common)
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height_limits = limits("height_factor", height_factor, -1, float("inf"), symmetric=True)
        if width_factor is not None:
            self._width_limits = limits("width_factor", width_factor, -1, float("inf"), symmetric=True)

    def draw(self, shape, seed):
        height = 1.0 + one_of(shape[0], self._height_limits, seed)
        width = height if self.width_factor is None else 1.0 + one_of(shape[0], self._width_limits, seed)
        return {"height_zoom": height[:, None], "width_zoom": width[:, None]}

    def rows(self, drawn):
        _, height, width, _ = drawn["input_shape"]
        y, x = ops.squeeze(drawn["height_zoom"], -1), ops.squeeze(drawn["width_zoom"], -1)
        return affine_rows(x, 0.0, (1.0 - x) * ((width - 1) / 2), 0.0, y, (1.0 - y) * ((height - 1) / 2))
