"""Activation: an activation function as a layer of its own."""

from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.parts import store_parts


@LAYERS.add()
class Activation(Layer):
    """Applies an activation function, given by name or as a function.

    Shape: any -> the same. Source: keras.layers.Activation.
    """

    supports_masking = True

    def __init__(self, activation, **common):
        super().__init__(**common)
        store_parts(self, activation=activation)

    def call(self, inputs):
        return self.activation(inputs)
