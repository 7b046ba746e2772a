"""Flatten: one axis behind the batch axis."""

import math

from cornu import ops
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec


@LAYERS.add()
class Flatten(Layer):
    """All axes behind the batch axis as one; with `channels_first` the channels move last before.

    Shape: (batch, ...) -> (batch, product of the others). Source: keras.layers.Flatten.
    """

    def __init__(self, data_format=None, **common):
        super().__init__(**common)
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def call(self, inputs):
        if self.data_format == "channels_first" and inputs.ndim > 1:
            inputs = ops.moveaxis(inputs, 1, -1)
        return ops.reshape(inputs, (inputs.shape[0], math.prod(inputs.shape[1:])))

    def compute_output_shape(self, input_shape):
        rest = tuple(input_shape[1:])
        return (input_shape[0], None if None in rest else math.prod(rest))
