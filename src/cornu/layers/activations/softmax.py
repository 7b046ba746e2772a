"""Softmax: entries that are positive and add up to one."""

from cornu import activations, ops
from cornu.layers.arguments import axes
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Softmax(Layer):
    """`exp(x) / sum(exp(x))` over `axis`, one axis or several.

    With a mask (True where an entry counts, broadcastable to the input) the other entries become zero.

    Shape: any -> the same. Source: keras.layers.Softmax.
    """

    supports_masking = True

    def __init__(self, axis=-1, **common):
        super().__init__(**common)
        self.axis = axes("axis", axis)

    def call(self, inputs, mask=None):
        if mask is None:
            return self._softmax(inputs)
        keep = ops.cast(mask, "bool")
        lowest = -3e4 if inputs.dtype == "float16" else -1e9
        return self._softmax(ops.where(keep, inputs, ops.cast(lowest, inputs.dtype))) * ops.cast(keep, inputs.dtype)

    def _softmax(self, x):
        if isinstance(self.axis, int):
            return activations.softmax(x, axis=self.axis)
        weights = ops.exp(x - ops.stop_gradient(ops.max(x, axis=self.axis, keepdims=True)))
        return weights / ops.sum(weights, axis=self.axis, keepdims=True)
