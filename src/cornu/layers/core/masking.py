"""Masking: marks the time steps that hold no data."""

from cornu import ops
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Masking(Layer):
    """Masks each time step whose features all equal `mask_value`, and sets them to zero.

    Shape: (..., steps, features) -> the same; the mask is (..., steps), True where there is data.
    Source: keras.layers.Masking.
    """

    supports_masking = True

    def __init__(self, mask_value=0.0, **common):
        super().__init__(**common)
        self.mask_value = mask_value

    def compute_mask(self, inputs, previous_mask=None):
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        has_data = ops.any(ops.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        return inputs * ops.cast(has_data, inputs.dtype)
