"""Pipeline: layers one after the other, as one layer."""

from cornu._base.errors import InvalidTypeError
from cornu.core import serialization
from cornu.layers.base import Layer
from cornu.layers.call_plan import call_plan
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Pipeline(Layer):
    """The given layers one after the other, for preprocessing; what they take and give may be dicts.

    Args: layers: A list of layers.
    Raises: InvalidTypeError if an entry is no layer.
    Source: keras.layers.Pipeline.
    """

    def __init__(self, layers, name=None, **common):
        super().__init__(name=name, **common)
        for layer in layers:
            if not isinstance(layer, Layer):
                raise InvalidTypeError(f"Expected a list of layers; received {layer!r} among them.")
        self._pipeline_layers = list(layers)

    @property
    def layers(self):
        """The layers, in order."""
        return list(self._pipeline_layers)

    def call(self, inputs, training=True, mask=None):
        for layer in self._pipeline_layers:
            names = call_plan(type(layer)).names
            given = {"training": training} if "training" in names else {}
            inputs = layer(inputs, **given, **({"mask": mask} if "mask" in names and mask is not None else {}))
        return inputs

    def get_config(self):
        return {"layers": [serialization.serialize(layer) for layer in self._pipeline_layers], "name": self.name}
