"""RandomSaturation: colours paler or stronger."""

from cornu import ops
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import one_of
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.hue_and_saturation import scale_saturation
from cornu.layers.preprocessing.image.value_layer import ValueLayer

_NEARLY_ONE = 1 - 1e-7


@LAYERS.add()
class RandomSaturation(ValueLayer):
    """The saturation of an image times `f / (1 - f)` while training: f = 0 is grey, 0.5 no change, 1 full colour.

    Args:
        factor: The two ends for f, in [-1, 1]; a number f means (-f, f).
        value_range: Smallest and largest value of a pixel.

    Shape: ([n,] h, w, 3) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit, or images without 3 channels.
    Differs from Keras: saturation ends at 1, so that no value leaves the range.
    Source: keras.layers.RandomSaturation.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **common):
        super().__init__(value_range=value_range, data_format=data_format, seed=seed, **common)
        self.factor = limits("factor", factor, -1, 1, symmetric=True)

    def draw(self, shape, seed):
        strength = ops.minimum(one_of(shape[0], self.factor, seed), _NEARLY_ONE)
        return {"factor": strength / (1.0 - strength)}

    def change_images(self, images, drawn):
        return self.from_unit(scale_saturation(self.unit(images), drawn["factor"]))
