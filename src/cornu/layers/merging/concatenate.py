"""Concatenate: tensors joined end to end along an axis."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import axis_within, integer
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.merging.merge import any_of, list_of_shapes


@LAYERS.add()
class Concatenate(Layer):
    """The inputs end to end along `axis`.

    Shape: a list of shapes equal but for `axis` -> the same with the sum of the sizes of `axis`.
    Raises: InvalidArgumentError if other axes differ.
    Source: keras.layers.Concatenate.
    """

    supports_masking = True

    def __init__(self, axis=-1, **common):
        super().__init__(**common)
        self.axis = integer("axis", axis, at_least=-64)

    def build(self, input_shape):
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        return ops.concatenate(list(inputs), axis=self.axis)

    def compute_output_shape(self, input_shape):
        shapes = list_of_shapes(self, input_shape)
        axis = axis_within("axis", self.axis, len(shapes[0]))
        out = list(shapes[0])
        for shape in shapes[1:]:
            fits = len(shape) == len(out) and all(
                i == axis or m is None or n is None or m == n for i, (m, n) in enumerate(zip(out, shape, strict=True))
            )
            if not fits:
                raise InvalidArgumentError(
                    f"Expected inputs of Concatenate with equal shapes except on axis {self.axis}; received "
                    f"{', '.join(map(text, shapes))}."
                )
            out = [
                (None if None in (m, n) else m + n) if i == axis else n if m is None else m
                for i, (m, n) in enumerate(zip(out, shape, strict=True))
            ]
        return tuple(out)

    def compute_mask(self, inputs, previous_mask=None):
        if not previous_mask or all(mask is None for mask in previous_mask):
            return None
        axis = self.axis % inputs[0].ndim
        rank = next(mask.ndim for mask in previous_mask if mask is not None)
        if axis >= rank:  # joined features: a step has data if one of the inputs has
            return any_of(list(previous_mask)) if None not in previous_mask else _all_data(inputs[0], rank)
        masks = [_all_data(x, rank) if mask is None else mask for x, mask in zip(inputs, previous_mask, strict=True)]
        return ops.concatenate(masks, axis=axis)


def _all_data(x, rank):
    return ops.ones(x.shape[:rank], dtype="bool")


def concatenate(inputs, axis=-1, **kwargs):
    """Tensors end to end along an axis, by a `Concatenate` layer. Source: keras.layers.concatenate."""
    return Concatenate(axis=axis, **kwargs)(inputs)
