"""Rescaling: inputs times a factor, plus an offset."""

from cornu import ops
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Rescaling(Layer):
    """`inputs * scale + offset`; `scale=1/255` brings bytes between 0 and 1, `scale=1/127.5, offset=-1` around 0.

    Args: scale, offset: Numbers, or lists with one for each channel.

    Shape: any -> the same; integers become floats.
    Source: keras.layers.Rescaling.
    """

    supports_masking = True

    def __init__(self, scale, offset=0.0, **common):
        super().__init__(**common)
        self.scale, self.offset = scale, offset

    def call(self, inputs):
        dtype = self.compute_dtype
        scale, offset = (ops.cast(ops.convert_to_tensor(value), dtype) for value in (self.scale, self.offset))
        return ops.cast(inputs, dtype) * scale + offset

    def compute_output_shape(self, input_shape):
        return input_shape
