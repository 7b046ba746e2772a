"""Reshape: another shape behind the batch axis."""

import math

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import integer
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Reshape(Layer):
    """The same entries in the shape `(batch, *target_shape)`; one size may be -1, which means the rest.

    Shape: (batch, ...) -> (batch, *target_shape).
    Raises: InvalidArgumentError if the number of entries does not fit.
    Source: keras.layers.Reshape.
    """

    def __init__(self, target_shape, **common):
        super().__init__(**common)
        sizes = target_shape if isinstance(target_shape, (list, tuple)) else (target_shape,)
        self.target_shape = tuple(integer("an entry of target_shape", size, at_least=-1) for size in sizes)
        if self.target_shape.count(-1) > 1:
            raise InvalidArgumentError(f"Expected -1 at most once in target_shape; received {self.target_shape}.")

    def call(self, inputs):
        return ops.reshape(inputs, self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape):
        rest, known = tuple(input_shape[1:]), math.prod(size for size in self.target_shape if size != -1)
        if None in rest:
            return (input_shape[0], *(None if size == -1 else size for size in self.target_shape))
        entries = math.prod(rest)
        fits = (known and entries % known == 0) if -1 in self.target_shape else entries == known
        if not fits and entries:
            raise InvalidArgumentError(
                f"Expected target_shape with as many entries as the input, {entries} per sample of shape {text(rest)}; "
                f"received target_shape={text(self.target_shape)}."
            )
        missing = entries // known if known else 0
        return (input_shape[0], *(missing if size == -1 else size for size in self.target_shape))
