"""The ragged tensor: rows of different lengths. Source: tf.RaggedTensor."""

from collections.abc import Iterator, Sequence
from typing import Any

import jax
import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.shapes import TensorShape
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.tf.host_values import host, tensor
from cornu.tf.sparse import SparseTensor


class RaggedTensor:
    """`values` cut into rows at `row_splits`. Values are a tensor, or ragged themselves.

    The places of the cuts lie on the host; the values are ordinary tensors, through which gradients flow. Made by
    `from_row_splits` and its companions. Source: tf.RaggedTensor.
    """

    __array_priority__ = 1001
    __getitem__: Any  # by `indexing`, as the operators are by `operators`

    def __init__(self, values: Any, row_splits: np.ndarray, uniform_row_length: int | None = None):
        self._values, self._splits, self._uniform = values, row_splits, uniform_row_length

    @classmethod
    def from_row_splits(cls, values, row_splits, name=None, validate=True):
        """Rows that begin and end at `row_splits`, which starts with 0 and ends with the number of values."""
        splits, values = _whole(row_splits), _values(values)
        if validate:
            if not splits.size or splits[0] != 0 or (np.diff(splits) < 0).any() or splits[-1] != _count(values):
                raise InvalidArgumentError(
                    f"Arguments to from_row_splits do not form a valid RaggedTensor: expected splits from 0, ascending, to "
                    f"the number of values, {_count(values)}; received {splits.tolist()!r:.200}."
                )
        return cls(values, splits)

    @classmethod
    def from_row_lengths(cls, values, row_lengths, name=None, validate=True):
        """Rows of those lengths, which sum to the number of values."""
        lengths = _whole(row_lengths)
        if validate and (lengths < 0).any():
            raise InvalidArgumentError(
                f"Arguments to from_row_lengths do not form a valid RaggedTensor: lengths {lengths.tolist()}."
            )
        return cls.from_row_splits(values, np.concatenate([[0], np.cumsum(lengths)]), validate=validate)

    @classmethod
    def from_value_rowids(cls, values, value_rowids, nrows=None, name=None, validate=True):
        """Rows told by the number of each value's row, ascending."""
        ids = _whole(value_rowids)
        rows = (int(ids[-1]) + 1 if ids.size else 0) if nrows is None else int(nrows)
        values = _values(values)
        if validate and (
            len(ids) != _count(values) or (np.diff(ids) < 0).any() or (ids.size and not 0 <= ids[-1] < rows)
        ):
            raise InvalidArgumentError(
                "Arguments to from_value_rowids do not form a valid RaggedTensor: expected an ascending row for each of "
                f"{_count(values)} values, below {rows}; received {ids.tolist()!r:.200}."
            )
        return cls.from_row_lengths(values, np.bincount(ids, minlength=rows), validate=validate)

    @classmethod
    def from_row_starts(cls, values, row_starts, name=None, validate=True):
        """Rows that begin at those places."""
        values = _values(values)
        return cls.from_row_splits(values, np.append(_whole(row_starts), _count(values)), validate=validate)

    @classmethod
    def from_row_limits(cls, values, row_limits, name=None, validate=True):
        """Rows that end at those places."""
        return cls.from_row_splits(values, np.insert(_whole(row_limits), 0, 0), validate=validate)

    @classmethod
    def from_uniform_row_length(cls, values, uniform_row_length, nrows=None, validate=True, name=None):
        """Rows of one length."""
        values, length = _values(values), int(uniform_row_length)
        rows = int(nrows) if nrows is not None else (_count(values) // length if length else 0)
        made = cls.from_row_splits(values, np.arange(rows + 1) * length, validate=validate)
        made._uniform = length
        return made

    @classmethod
    def from_nested_row_splits(cls, flat_values, nested_row_splits, name=None, validate=True):
        """Ragged in several dimensions: the splits of each, the outermost first."""
        values = flat_values
        for splits in reversed(list(nested_row_splits)):
            values = cls.from_row_splits(values, splits, validate=validate)
        return values

    @classmethod
    def from_nested_row_lengths(cls, flat_values, nested_row_lengths, name=None, validate=True):
        """Ragged in several dimensions: the lengths of each, the outermost first."""
        values = flat_values
        for lengths in reversed(list(nested_row_lengths)):
            values = cls.from_row_lengths(values, lengths, validate=validate)
        return values

    @classmethod
    def from_nested_value_rowids(cls, flat_values, nested_value_rowids, nested_nrows=None, name=None, validate=True):
        """Ragged in several dimensions: the row numbers of each, the outermost first."""
        rows = [None] * len(nested_value_rowids) if nested_nrows is None else nested_nrows
        values = flat_values
        for ids, count in reversed(list(zip(nested_value_rowids, rows, strict=True))):
            values = cls.from_value_rowids(values, ids, count, validate=validate)
        return values

    @classmethod
    def from_tensor(cls, tensor, lengths=None, padding=None, ragged_rank=1, name=None, row_splits_dtype="int64"):
        """The rows of a tensor, cut to `lengths` or before the `padding` at their ends."""
        dense = tensor if isinstance(tensor, Tensor) else convert_to_tensor(tensor)
        rows, length = dense.shape[:2]
        if ragged_rank > 1:
            inner = cls.from_tensor(
                ops.reshape(dense, (rows * length, *dense.shape[2:])), lengths, padding, ragged_rank - 1
            )
            return cls.from_uniform_row_length(inner, length, rows).with_row_splits_dtype(row_splits_dtype)
        if padding is not None:
            is_value = host(dense) != host(padding)
            is_value = is_value.reshape(rows, length, -1).any(-1)
            lengths = np.where(is_value.any(1), length - np.argmax(is_value[:, ::-1], 1), 0)
        if lengths is None:
            lengths = np.full(rows, length)
        lengths = np.minimum(_whole(lengths), length)
        chosen = (np.arange(length) < lengths[:, None]).reshape(-1)
        sizes = (rows * length, *dense.shape[2:])
        is_text = dense.dtype == "string"
        flat = convert_to_tensor(host(dense).reshape(sizes)) if is_text else ops.reshape(dense, sizes)
        made = cls.from_row_lengths(taken(flat, np.flatnonzero(chosen)), lengths)
        return made.with_row_splits_dtype(row_splits_dtype)

    @classmethod
    def from_sparse(cls, st_input, name=None, row_splits_dtype="int64"):
        """The rows of a sparse matrix whose entries stand at the rows' beginnings."""
        places, rows = host(st_input.indices), int(st_input.shape[0])
        lengths = np.bincount(places[:, 0], minlength=rows)
        starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        if len(st_input.shape) != 2 or (places[:, 1] != np.arange(len(places)) - starts).any():
            raise InvalidArgumentError(
                "SparseTensor is not right-ragged: expected a matrix with entries at the rows' beginnings."
            )
        return cls.from_row_lengths(st_input.values, lengths).with_row_splits_dtype(row_splits_dtype)

    @property
    def values(self) -> Any:
        """The rows one after the other, ragged if there are more ragged dimensions."""
        return self._values

    @property
    def flat_values(self) -> Tensor:
        """The innermost values."""
        return self._values.flat_values if isinstance(self._values, RaggedTensor) else self._values

    @property
    def row_splits(self) -> Tensor:
        """Where rows begin and end. Shape: (rows + 1,), int64."""
        return tensor(self._splits)

    @property
    def nested_row_splits(self) -> tuple[Tensor, ...]:
        """`row_splits` of all ragged dimensions, the outermost first."""
        inner = self._values.nested_row_splits if isinstance(self._values, RaggedTensor) else ()
        return self.row_splits, *inner

    @property
    def uniform_row_length(self) -> Any:
        """The length that all rows are known to have, or None."""
        return None if self._uniform is None else tensor(np.int64(self._uniform))

    @property
    def ragged_rank(self) -> int:
        """How many dimensions are ragged."""
        return 1 + (self._values.ragged_rank if isinstance(self._values, RaggedTensor) else 0)

    @property
    def dtype(self) -> Any:
        """The dtype of the values."""
        return self.flat_values.dtype

    @property
    def _composite_spec(self) -> Any:
        from cornu.tf.ragged.spec import RaggedTensorSpec

        return RaggedTensorSpec.from_value(self)

    @property
    def shape(self) -> TensorShape:
        """The sizes, None where rows differ."""
        return TensorShape((len(self._splits) - 1, self._uniform, *self._values.shape[1:]))

    def get_shape(self) -> TensorShape:
        """The sizes, None where rows differ."""
        return self.shape

    def nrows(self, out_type=None, name=None):
        """How many rows there are."""
        return tensor(np.asarray(len(self._splits) - 1, out_type or np.int64))

    def row_starts(self, name=None):
        """Where rows begin."""
        return tensor(self._splits[:-1])

    def row_limits(self, name=None):
        """Where rows end."""
        return tensor(self._splits[1:])

    def row_lengths(self, axis=1, name=None):
        """The lengths of the rows; of a deeper axis a ragged tensor."""
        if axis == 0:
            return self.nrows()
        if axis == 1:
            return tensor(self.lengths)
        if isinstance(self._values, RaggedTensor):
            return self.with_values(self._values.row_lengths(axis - 1))
        inner = np.full(len(self._values.host()), self._values.shape[axis - 1])
        return self.with_values(tensor(inner))

    def nested_row_lengths(self, name=None):
        """The lengths of the rows of all ragged dimensions, the outermost first."""
        inner = self._values.nested_row_lengths() if isinstance(self._values, RaggedTensor) else ()
        return self.row_lengths(), *inner

    def value_rowids(self, name=None):
        """The number of each value's row."""
        return tensor(self.rowids)

    def nested_value_rowids(self, name=None):
        """The numbers of rows in all ragged dimensions, the outermost first."""
        inner = self._values.nested_value_rowids() if isinstance(self._values, RaggedTensor) else ()
        return self.value_rowids(), *inner

    @property
    def lengths(self) -> np.ndarray:
        """The lengths of the rows, on the host."""
        return np.diff(self._splits)

    @property
    def rowids(self) -> np.ndarray:
        """The number of each value's row, on the host."""
        return np.repeat(np.arange(len(self._splits) - 1), self.lengths)

    @property
    def positions(self) -> np.ndarray:
        """The place of each value in its row, on the host."""
        return np.arange(self._splits[-1]) - np.repeat(self._splits[:-1], self.lengths)

    def bounding_shape(self, axis=None, name=None, out_type=None):
        """The smallest shape that holds all rows."""
        longest = int(self.lengths.max(initial=0))
        if isinstance(self._values, RaggedTensor):
            inner = self._values.bounding_shape().host()[1:].tolist()
        else:
            inner = list(self._values.shape[1:])
        sizes = np.array([len(self._splits) - 1, longest, *inner], out_type or np.int64)
        return tensor(sizes if axis is None else sizes[axis])

    def with_values(self, new_values):
        """Other values in the same rows."""
        return RaggedTensor(new_values if isinstance(new_values, RaggedTensor) else convert_to_tensor(new_values),
                            self._splits, self._uniform)  # fmt: skip

    def with_flat_values(self, new_values):
        """Other innermost values in the same rows."""
        inner = self._values
        return self.with_values(inner.with_flat_values(new_values) if isinstance(inner, RaggedTensor) else new_values)

    def with_row_splits_dtype(self, dtype):
        """The same rows with splits of another dtype. Raises: InvalidArgumentError on other than int32 and int64."""
        kind = dtypes.as_dtype(dtype).name
        if kind not in ("int32", "int64"):
            raise InvalidArgumentError(f"dtype must be int32 or int64; received {kind}.")
        inner = self._values
        values = inner.with_row_splits_dtype(kind) if isinstance(inner, RaggedTensor) else inner
        return RaggedTensor(values, self._splits.astype(kind), self._uniform)

    def merge_dims(self, outer_axis, inner_axis):
        """The dimensions from one axis to another as one."""
        outer, inner = (int(axis) % len(self.shape) for axis in (outer_axis, inner_axis))
        if outer == inner:
            return self
        if outer > 1 or (outer == 1 and not isinstance(self._values, RaggedTensor)):
            values = self._values
            if isinstance(values, RaggedTensor):
                return self.with_values(values.merge_dims(outer - 1, inner - 1))
            sizes = list(values.shape)
            sizes[outer - 1 : inner] = [int(np.prod(sizes[outer - 1 : inner]))]
            return self.with_values(ops.reshape(values, sizes))
        if outer == 1:
            below = self._values
            joined = RaggedTensor(below.values, below.row_splits.host()[self._splits])
            return joined.merge_dims(1, inner - 1) if inner > 2 else joined
        merged = self._values
        for _ in range(inner - 1):
            is_ragged = isinstance(merged, RaggedTensor)
            merged = merged.values if is_ragged else ops.reshape(merged, (-1, *merged.shape[2:]))
        return merged

    def to_tensor(self, default_value=None, name=None, shape=None):
        """A dense tensor; what rows lack is `default_value`, or 0 (or empty text).

        Args: shape: sizes to cut or fill to, None where the longest row decides.
        """
        bounds = self.bounding_shape().host().tolist()
        wanted = [None] * len(bounds) if shape is None else list(shape)
        sizes = [n if w in (None, -1) else int(w) for n, w in zip(bounds, wanted, strict=True)]
        depth = self.ragged_rank + 1
        places = np.stack(self.places(), -1)
        chosen = np.flatnonzero((places < np.array(sizes[:depth])).all(1))
        flat = self.flat_values
        if flat.dtype == "string":
            dense = np.full(sizes, b"" if default_value is None else host(default_value)[()], object)
            dense[tuple(places[chosen].T)] = host(flat)[chosen]
            return tensor(dense)
        start = ops.full(sizes, 0, flat.dtype)
        if default_value is not None:
            start = ops.broadcast_to(convert_to_tensor(default_value, flat.dtype), sizes)
        return ops.scatter_update(start, places[chosen], taken(flat, chosen)) if len(chosen) else start

    def places(self) -> list[np.ndarray]:
        """For each innermost value its index in every ragged dimension."""
        rows, columns = self.rowids, self.positions
        if not isinstance(self._values, RaggedTensor):
            return [rows, columns]
        first, *inner = self._values.places()
        return [rows[first], columns[first], *inner]

    def to_sparse(self, name=None):
        """A sparse tensor with every value."""
        places = np.stack(self.places(), -1)
        if self.flat_values.ndim > 1:
            raise InvalidArgumentError("to_sparse expects ragged tensors without uniform inner dimensions.")
        return SparseTensor(places, self.flat_values, self.bounding_shape())

    def numpy(self):
        """A NumPy array; of objects, one for each row, where rows differ."""
        inner = self._values.numpy() if isinstance(self._values, RaggedTensor) else np.asarray(host(self._values))
        return _joined([inner[begin:end] for begin, end in zip(self._splits[:-1], self._splits[1:])])

    def to_list(self):
        """Nested Python lists."""
        inner = self._values.to_list() if isinstance(self._values, RaggedTensor) else host(self._values).tolist()
        return [inner[begin:end] for begin, end in zip(self._splits[:-1], self._splits[1:])]

    def __iter__(self) -> Iterator[Any]:
        return (self[row] for row in range(len(self._splits) - 1))

    def __bool__(self) -> bool:
        raise InvalidArgumentError("A ragged tensor has no single truth value. Use tf.reduce_any or tf.reduce_all.")

    def __str__(self) -> str:
        return f"<tf.RaggedTensor {_printed(self.numpy())}>"

    __repr__ = __str__


def taken(values: Tensor, chosen: np.ndarray) -> Tensor:
    """Rows of a tensor of numbers or text."""
    if values.dtype == "string":
        return tensor(host(values)[chosen])
    return ops.take(values, chosen, 0)


def _whole(x: Any) -> np.ndarray:
    return host(x).astype(np.int64).reshape(-1)


def _values(x: Any) -> Any:
    return x if isinstance(x, RaggedTensor) else convert_to_tensor(x)


def _count(values: Any) -> int:
    return int(values.shape[0])


def _joined(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Rows as one array if they are alike and not empty, else as an array of objects."""
    if rows and rows[0].size and all(row.shape == rows[0].shape and row.dtype == rows[0].dtype for row in rows):
        return np.stack(rows)
    found = np.empty(len(rows), object)
    for number, row in enumerate(rows):
        found[number] = row
    return found


def _printed(array: np.ndarray) -> str:
    def text(item: Any) -> str:
        return _printed(item) if isinstance(item, np.ndarray) else str(item)

    return np.array2string(array, separator=", ", formatter={"all": text})


jax.tree_util.register_pytree_node(
    RaggedTensor,
    lambda ragged: ((ragged._values,), (tuple(ragged._splits.tolist()), ragged._uniform)),
    lambda key, parts: RaggedTensor(parts[0], np.array(key[0], np.int64), key[1]),
)
