"""RandomColorJitter: brightness, contrast, saturation and hue at random."""

from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.random_brightness import RandomBrightness
from cornu.layers.preprocessing.image.random_contrast import RandomContrast
from cornu.layers.preprocessing.image.random_hue import RandomHue
from cornu.layers.preprocessing.image.random_saturation import RandomSaturation
from cornu.layers.preprocessing.image.value_layer import ValueLayer


@LAYERS.add()
class RandomColorJitter(ValueLayer):
    """RandomBrightness, then RandomContrast, RandomSaturation and RandomHue, those of them that have a factor.

    Args:
        value_range: Smallest and largest value of a pixel.
        brightness_factor, contrast_factor, saturation_factor, hue_factor: See those layers; None leaves one out.

    Shape: ([n,] h, w, 3) -> the same; integers become floats.
    Raises: InvalidArgumentError on a factor or range that does not fit, or images without 3 channels.
    Source: keras.layers.RandomColorJitter.
    """

    def __init__(
        self, value_range=(0, 255), brightness_factor=None, contrast_factor=None, saturation_factor=None,
        hue_factor=None, seed=None, data_format=None, **common,
    ):  # fmt: skip
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **common)
        self.brightness_factor, self.contrast_factor = brightness_factor, contrast_factor
        self.saturation_factor, self.hue_factor = saturation_factor, hue_factor
        kinds = {
            "random_brightness": (RandomBrightness, brightness_factor),
            "random_contrast": (RandomContrast, contrast_factor),
            "random_saturation": (RandomSaturation, saturation_factor),
            "random_hue": (RandomHue, hue_factor),
        }
        self._steps = {
            name: layer(factor, value_range=value_range, seed=seed, dtype=self.dtype_policy)
            for name, (layer, factor) in kinds.items()
            if factor is not None
        }

    def draw(self, shape, seed):
        return {name: step.draw(shape, seed) for name, step in self._steps.items()}

    def change_images(self, images, drawn):
        for name, step in self._steps.items():
            images = step.change_images(images, drawn[name])
        return images
