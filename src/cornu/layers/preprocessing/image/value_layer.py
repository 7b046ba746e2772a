"""The base of layers that change the values of pixels at random and leave them in their place."""

from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer


class ValueLayer(RandomImageLayer):
    """A random change of pixel values. Args: value_range: smallest and largest value of a pixel."""

    def __init__(self, *, value_range=(0, 255), **common):
        super().__init__(**common)
        self.value_range = factors.value_range(value_range)

    def unit(self, images):
        """The images with values from 0 to 1."""
        low, high = self.value_range
        return (images - low) / (high - low)

    def from_unit(self, images):
        """Images with values from 0 to 1, in the layer's range."""
        low, high = self.value_range
        return images * (high - low) + low
