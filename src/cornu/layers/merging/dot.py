"""Dot: products of two tensors summed over an axis, sample by sample."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.shapes import text
from cornu.layers.arguments import axis_within
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.merging.merge import list_of_shapes

_LETTERS = "bcdefghijklmnopqrstuvwxyz"


@LAYERS.add()
class Dot(Layer):
    """Sum of products over one axis of each input; the batch axis stays apart.

    Args:
        axes: The axis to sum over, or one for each input; the batch axis 0 cannot be meant.
        normalize: Scale both inputs to length one along that axis first; the result then is their cosine.

    Shape: [(batch, *a, n), (batch, *b, n)] -> (batch, *a, *b), or (batch, 1) if nothing else is left.
    Raises: InvalidArgumentError if the axes differ in size or an axis is the batch axis.
    Source: keras.layers.Dot.
    """

    supports_masking = True

    def __init__(self, axes, normalize=False, **common):
        super().__init__(**common)
        is_pair = isinstance(axes, (list, tuple)) and len(axes) == 2 and all(isinstance(axis, int) for axis in axes)
        if not isinstance(axes, int) and not is_pair:
            raise InvalidTypeError(f"Expected axes as an integer or a pair of them; received axes={axes!r}.")
        self.axes, self.normalize = axes, normalize

    def build(self, input_shape):
        self._summed_axes(input_shape)

    def call(self, inputs):
        a, b = inputs
        axis_a, axis_b = self._summed_axes([a.shape, b.shape])
        if self.normalize:
            a, b = _unit(a, axis_a), _unit(b, axis_b)
        letters = iter(_LETTERS)
        in_a = ["a" if i == 0 else "z" if i == axis_a else next(letters) for i in range(a.ndim)]
        in_b = ["a" if i == 0 else "z" if i == axis_b else next(letters) for i in range(b.ndim)]
        out = [letter for letter in (*in_a, *in_b[1:]) if letter != "z"]
        result = ops.einsum(f"{''.join(in_a)},{''.join(in_b)}->{''.join(out)}", a, b)
        return ops.expand_dims(result, -1) if result.ndim == 1 else result

    def _summed_axes(self, input_shape):
        """The axis of each input, counted from the front."""
        shapes = list_of_shapes(self, input_shape, at_least=2)
        if len(shapes) != 2:
            raise InvalidArgumentError(f"Expected exactly 2 inputs for Dot; received {len(shapes)}.")
        given = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        first, second = (axis_within("axes", axis, len(shape)) for axis, shape in zip(given, shapes, strict=True))
        if 0 in (first, second):
            raise InvalidArgumentError(
                f"Expected axes behind the batch axis; received axes={self.axes} for the input shapes "
                f"{text(shapes[0])} and {text(shapes[1])}."
            )
        m, n = shapes[0][first], shapes[1][second]
        if m is not None and n is not None and m != n:
            raise InvalidArgumentError(
                f"Expected axes of equal size; received axis {first} of {text(shapes[0])} with {m} and axis {second} of "
                f"{text(shapes[1])} with {n}."
            )
        return first, second

    def compute_output_shape(self, input_shape):
        first, second = self._summed_axes(input_shape)
        a, b = (list(shape) for shape in input_shape)
        del a[first], b[second]
        shape = (*a, *b[1:])
        return shape if len(shape) > 1 else (*shape, 1)

    def compute_mask(self, inputs, previous_mask=None):
        return None


def _unit(x, axis):
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis=axis, keepdims=True), 1e-12))


def dot(inputs, axes=-1, **kwargs):
    """Products of two tensors summed over an axis, by a `Dot` layer. Source: keras.layers.dot."""
    return Dot(axes=axes, **kwargs)(inputs)
