"""Add, Subtract, Multiply, Average, Maximum, Minimum: several tensors joined entry by entry."""

import functools
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


def list_of_shapes(layer: Any, input_shape: Any, at_least: int = 1) -> list[tuple[int | None, ...]]:
    """The shapes of a list of inputs.

    Raises: InvalidArgumentError if there is one tensor in place of a list, or too few.
    """
    kind = type(layer).__name__
    is_list = isinstance(input_shape, (list, tuple)) and all(isinstance(shape, (list, tuple)) for shape in input_shape)
    if not is_list:
        raise InvalidArgumentError(
            f"Expected a list of inputs for {kind}; received one tensor of shape {text(input_shape)}. Call it on [x, y]."
        )
    if len(input_shape) < at_least:
        raise InvalidArgumentError(f"Expected at least {at_least} inputs for {kind}; received {len(input_shape)}.")
    return [tuple(shape) for shape in input_shape]


def any_of(masks: list[Any]) -> Any:
    """True where one of the masks is; None, "all data", if one input has no mask."""
    if not masks or any(mask is None for mask in masks):
        return None
    return functools.reduce(ops.logical_or, masks)


class Merge(Layer):
    """Joins a list of tensors entry by entry.

    Tensors of unequal rank are broadcast as Keras does: missing axes are put in behind the batch axis.
    """

    supports_masking = True
    exactly: int | None = None

    def merge(self, inputs: list[Any]) -> Any:
        """The result for inputs of equal rank."""
        raise InvalidArgumentError(f"{type(self).__name__} must define merge(inputs).")

    def build(self, input_shape):
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        if not isinstance(inputs, (list, tuple)):
            list_of_shapes(self, inputs.shape)
        return self.merge(_of_equal_rank(list(inputs)))

    def compute_output_shape(self, input_shape):
        shapes = list_of_shapes(self, input_shape)
        if self.exactly is not None and len(shapes) != self.exactly:
            raise InvalidArgumentError(
                f"Expected exactly {self.exactly} inputs for {type(self).__name__}; received {len(shapes)} of shapes "
                f"{', '.join(map(text, shapes))}."
            )
        return functools.reduce(self._broadcast, shapes)

    def _broadcast(self, a, b):
        if not a or not b:
            return a or b
        rank = max(len(a), len(b))
        wide_a, wide_b = ((shape[0], *(1,) * (rank - len(shape)), *shape[1:]) for shape in (a, b))
        sizes = []
        for axis, (m, n) in enumerate(zip(wide_a, wide_b, strict=True)):
            if m is not None and n is not None and m != n and (axis == 0 or 1 not in (m, n)):
                what = "batch sizes" if axis == 0 else "shapes"
                raise InvalidArgumentError(
                    f"Expected inputs of {type(self).__name__} with matching {what}; received {text(a)} and {text(b)}."
                )
            if axis == 0:
                sizes.append(m if m is not None else n)
            else:
                sizes.append(n if m == 1 else m if n == 1 else None if None in (m, n) else m)
        return tuple(sizes)

    def compute_mask(self, inputs, previous_mask=None):
        return any_of(previous_mask or [])


def _of_equal_rank(inputs):
    rank = max(x.ndim for x in inputs)
    return [
        x if x.ndim in (0, rank) else ops.reshape(x, (x.shape[0], *(1,) * (rank - x.ndim), *x.shape[1:]))
        for x in inputs
    ]


@LAYERS.add()
class Add(Merge):
    """The sum of the inputs. Shape: a list of one shape, or broadcastable ones -> that shape. Source: keras.layers."""

    def merge(self, inputs):
        return functools.reduce(ops.add, inputs)


@LAYERS.add()
class Subtract(Merge):
    """The first of two inputs minus the second. Shape: two broadcastable shapes -> one. Source: keras.layers."""

    exactly = 2

    def merge(self, inputs):
        return ops.subtract(*inputs)


@LAYERS.add()
class Multiply(Merge):
    """The product of the inputs. Shape: a list of broadcastable shapes -> one. Source: keras.layers."""

    def merge(self, inputs):
        return functools.reduce(ops.multiply, inputs)


@LAYERS.add()
class Average(Merge):
    """The mean of the inputs. Shape: a list of broadcastable shapes -> one. Source: keras.layers."""

    def merge(self, inputs):
        return functools.reduce(ops.add, inputs) / len(inputs)


@LAYERS.add()
class Maximum(Merge):
    """The largest of the inputs, entry by entry. Shape: a list of broadcastable shapes -> one. Source: keras.layers."""

    def merge(self, inputs):
        return functools.reduce(ops.maximum, inputs)


@LAYERS.add()
class Minimum(Merge):
    """The smallest of the inputs, entry by entry. Shape: a list of broadcastable shapes -> one. Source: keras.layers."""

    def merge(self, inputs):
        return functools.reduce(ops.minimum, inputs)


def add(inputs, **kwargs):
    """The sum of a list of tensors, by an `Add` layer. Source: keras.layers.add."""
    return Add(**kwargs)(inputs)


def subtract(inputs, **kwargs):
    """The first of two tensors minus the second, by a `Subtract` layer. Source: keras.layers.subtract."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs, **kwargs):
    """The product of a list of tensors, by a `Multiply` layer. Source: keras.layers.multiply."""
    return Multiply(**kwargs)(inputs)


def average(inputs, **kwargs):
    """The mean of a list of tensors, by an `Average` layer. Source: keras.layers.average."""
    return Average(**kwargs)(inputs)


def maximum(inputs, **kwargs):
    """The largest of a list of tensors, by a `Maximum` layer. Source: keras.layers.maximum."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs, **kwargs):
    """The smallest of a list of tensors, by a `Minimum` layer. Source: keras.layers.minimum."""
    return Minimum(**kwargs)(inputs)
