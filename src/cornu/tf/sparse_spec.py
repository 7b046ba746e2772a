"""`tf.SparseTensorSpec`: what sparse tensors are like as parts of datasets."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.data.composite import CompositeSpec
from cornu.tf.host_values import host, tensor
from cornu.tf.sparse import SparseTensor


class SparseTensorSpec(CompositeSpec):
    """Shape and dtype. Source: tf.SparseTensorSpec."""

    def __init__(self, shape: Any = None, dtype: Any = "float32"):
        super().__init__(shape, dtype)

    @classmethod
    def from_value(cls, value: SparseTensor) -> "SparseTensorSpec":
        """The spec of a sparse tensor."""
        return cls(value.shape, value.dtype)

    def rows(self, value: Any) -> list[Any]:
        places, values, sizes = host(value.indices), host(value.values), host(value.dense_shape)
        order = np.argsort(places[:, 0], kind="stable")
        cuts = np.searchsorted(places[order, 0], np.arange(1, sizes[0]))
        parts = np.split(order, cuts) if sizes[0] else []
        return [SparseTensor(places[part, 1:], tensor(values[part]), sizes[1:]) for part in parts]

    def stacked(self, values: list[Any]) -> SparseTensor:
        shapes = {tuple(host(value.dense_shape).tolist()) for value in values}
        if len({len(shape) for shape in shapes}) > 1:
            raise InvalidArgumentError(
                f"Expected sparse tensors of one rank in a batch; received the shapes {sorted(shapes)}."
            )
        numbers = np.repeat(np.arange(len(values)), [len(host(value.values)) for value in values])
        places = np.concatenate([host(value.indices) for value in values])
        return SparseTensor(
            np.concatenate([numbers[:, None], places], 1), tensor(np.concatenate([host(value.values) for value in values])),
            [len(values), *np.max(np.array(list(shapes), np.int64), 0).tolist()],
        )  # fmt: skip

    def with_rows(self, rows: int | None) -> "SparseTensorSpec":
        return SparseTensorSpec((rows, *self.shape), self.dtype)

    def without_rows(self) -> "SparseTensorSpec":
        return SparseTensorSpec(self.shape[1:], self.dtype)

    def checked(self, value: Any, what: str) -> SparseTensor:
        if not isinstance(value, SparseTensor) or value.dtype != self.dtype:
            raise InvalidTypeError(f"Expected {self!r} for {what}; received {value!r:.80}.")
        return value

    def __repr__(self) -> str:
        return f"SparseTensorSpec({self.shape!r}, tf.{self.dtype.name})"
