"""Wrapper: a layer around a layer."""

from cornu._base.errors import InvalidTypeError
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Wrapper(Layer):
    """A layer that holds another one, `self.layer`; a base for layers such as TimeDistributed.

    By itself it only passes the call on.

    Args: layer: The wrapped layer.
    Raises: InvalidTypeError if `layer` is no layer. Source: keras.layers.Wrapper.
    """

    def __init__(self, layer, **common):
        if not isinstance(layer, Layer):
            raise InvalidTypeError(
                f"Expected a layer for {type(self).__name__}; received {layer!r} of type {type(layer).__name__}. "
                "Give an instance, such as Dense(8)."
            )
        super().__init__(**common)
        self.layer = layer

    def build(self, input_shape=None):
        if not self.layer.built:
            self.layer.build(input_shape)

    def call(self, inputs, *args, **kwargs):
        return self.layer(inputs, *args, **kwargs)
