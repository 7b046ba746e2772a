"""`tf.RaggedTensorSpec`: what ragged tensors are like as parts of datasets."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidTypeError
from cornu.core import dtypes
from cornu.core.shapes import TensorShape
from cornu.core.tensor import Tensor
from cornu.data.composite import CompositeSpec
from cornu.data.spec import TensorSpec
from cornu.tf.host_values import host
from cornu.tf.ragged.making import constant
from cornu.tf.ragged.reductions import stack
from cornu.tf.ragged.tensor import RaggedTensor


class RaggedTensorSpec(CompositeSpec):
    """Shape, dtype, and how many dimensions are ragged: 0 for the rows of a ragged tensor, which are arrays.

    Source: tf.RaggedTensorSpec.
    """

    def __init__(self, shape: Any = None, dtype: Any = "float32", ragged_rank: int | None = None,
                 row_splits_dtype: Any = "int64", flat_values_spec: Any = None):  # fmt: skip
        super().__init__(shape, dtype if flat_values_spec is None else flat_values_spec.dtype)
        self.ragged_rank = len(self.shape) - 1 if ragged_rank is None else int(ragged_rank)
        self.row_splits_dtype, self.flat_values_spec = dtypes.as_dtype(row_splits_dtype), flat_values_spec

    @classmethod
    def from_value(cls, value: RaggedTensor) -> "RaggedTensorSpec":
        """The spec of a ragged tensor."""
        return cls(value.shape, value.dtype, value.ragged_rank)

    def rows(self, value: Any) -> list[Any]:
        if isinstance(value, np.ndarray):
            return list(np.asarray(value))
        return [row if isinstance(row, RaggedTensor) else host(row).view(_Row) for row in value]

    def stacked(self, values: list[Any]) -> Any:
        if self.ragged_rank:
            return stack([self.checked(value, "batch") for value in values])
        return RaggedTensor.from_row_lengths(
            np.concatenate(values).view(np.ndarray), list(map(len, values)), validate=False
        )

    def with_rows(self, rows: int | None) -> "RaggedTensorSpec":
        return RaggedTensorSpec((rows, *self.shape), self.dtype, self.ragged_rank + 1, self.row_splits_dtype)

    def without_rows(self) -> Any:
        if not self.ragged_rank:
            return TensorSpec(self.shape[1:], self.dtype)
        return RaggedTensorSpec(self.shape[1:], self.dtype, self.ragged_rank - 1, self.row_splits_dtype)

    def checked(self, value: Any, what: str) -> Any:
        if not self.ragged_rank:
            return host(value)
        if isinstance(value, (np.ndarray, Tensor)):
            return RaggedTensor.from_tensor(value, ragged_rank=self.ragged_rank)
        ragged = value if isinstance(value, RaggedTensor) else constant(value, self.dtype, self.ragged_rank)
        if ragged.dtype != self.dtype:
            raise InvalidTypeError(f"Expected {self!r} for {what}; received a ragged tensor of {ragged.dtype.name}.")
        return ragged

    def __repr__(self) -> str:
        shape = repr(TensorShape(self.shape))
        splits = self.row_splits_dtype.name
        return f"RaggedTensorSpec({shape}, tf.{self.dtype.name}, {self.ragged_rank}, tf.{splits})"


class _Row(np.ndarray):
    """An array that is a row of a ragged tensor: several of them make a ragged batch, whatever their lengths."""

    @property
    def _composite_spec(self) -> RaggedTensorSpec:
        return RaggedTensorSpec((None, *self.shape[1:]), self.dtype, 0)
