"""Parts of elements that are no arrays: ragged and sparse tensors. They run through pipelines as they are.

Such a value has the attribute `_composite_spec`. Its spec knows how to cut it into rows and to make a batch of several.
"""

import abc
import importlib
from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu.core import dtypes
from cornu.core.shapes import TensorShape, as_shape


class CompositeSpec(abc.ABC):
    """Shape and dtype of a ragged or sparse part, and what pipelines do with it."""

    def __init__(self, shape: Any, dtype: Any):
        self.shape, self.dtype = TensorShape(as_shape(shape)), dtypes.as_dtype(dtype)

    @abc.abstractmethod
    def rows(self, value: Any) -> list[Any]:
        """The parts along the first dimension, as host values."""

    @abc.abstractmethod
    def stacked(self, values: list[Any]) -> Any:
        """Several such parts as one with a dimension more."""

    @abc.abstractmethod
    def with_rows(self, rows: int | None) -> Any:
        """The spec of a batch."""

    @abc.abstractmethod
    def without_rows(self) -> Any:
        """The spec of a row."""

    @abc.abstractmethod
    def checked(self, value: Any, what: str) -> Any:
        """A generator's value as one of this spec. Raises: InvalidTypeError."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and repr(other) == repr(self)

    def __hash__(self) -> int:
        return hash(repr(self))


def is_composite(value: Any) -> bool:
    """True for ragged and sparse tensors."""
    return hasattr(type(value), "_composite_spec")


def rows_of(value: Any) -> Any:
    """The parts of a host value along its first dimension."""
    return value._composite_spec.rows(value) if is_composite(value) else value


def ragged_batch_spec(spec: Any, row_splits_dtype: Any, is_guess: bool) -> Any:
    """What a part of the elements is in ragged batches: as in plain ones if its sizes are known, else ragged.

    `is_guess`: the first size is that of one element; others may have another one.

    Raises: InvalidTypeError on a part of unknown rank.
    """
    if isinstance(spec, CompositeSpec):
        return spec
    if spec.shape is None:
        raise InvalidTypeError(
            f"Expected parts of a known rank for ragged_batch; received {spec!r}. Use tf.ensure_shape first."
        )
    shape = (None, *spec.shape[1:]) if is_guess and spec.shape else spec.shape
    if None not in shape:
        return spec
    rank = max(place for place, size in enumerate(shape) if size is None)
    made = importlib.import_module("cornu.tf.ragged.spec")  # beside the ragged tensors, which few pipelines need
    return made.RaggedTensorSpec(shape, spec.dtype, rank, row_splits_dtype)
