"""Sparse tensors: places and values of the entries that are not zero. Source: tf.sparse.

Eager objects whose three parts are tensors. Left out: broadcasting operators, softmax, segment sums, `fill_empty_rows`.
"""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import attribute_error
from cornu.core.shapes import TensorShape
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.tf.host_values import host, tensor


class SparseTensor:
    """The entries `values` at `indices` of a tensor of `dense_shape`; the others are zero.

    Shape: indices (n, rank), values (n,), dense_shape (rank,). Source: tf.sparse.SparseTensor.
    """

    def __init__(self, indices: Any, values: Any, dense_shape: Any):
        self.indices = convert_to_tensor(_integers(indices, 2))
        self.values = convert_to_tensor(values)
        self.dense_shape = convert_to_tensor(_integers(dense_shape, 1))
        rank, count = self.dense_shape.shape[0], self.values.shape[0] if self.values.ndim == 1 else -1
        if tuple(self.indices.shape) != (count, rank):
            raise InvalidArgumentError(
                "Expected indices (n, rank), values (n,) and dense_shape (rank,); received shapes "
                f"{tuple(self.indices.shape)}, {tuple(self.values.shape)} and {tuple(self.dense_shape.shape)}."
            )

    @property
    def _composite_spec(self) -> Any:
        from cornu.tf.sparse_spec import SparseTensorSpec

        return SparseTensorSpec.from_value(self)

    @property
    def shape(self) -> TensorShape:
        """The sizes of all dimensions."""
        return TensorShape(host(self.dense_shape).tolist())

    def get_shape(self) -> TensorShape:
        """The sizes of all dimensions."""
        return self.shape

    @property
    def dtype(self) -> Any:
        """The dtype of the values."""
        return self.values.dtype

    def with_values(self, new_values: Any) -> "SparseTensor":
        """Other values at the same places."""
        return SparseTensor(self.indices, new_values, self.dense_shape)

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> "SparseTensor":
        """A sparse tensor of anything with its three parts."""
        parts = sparse_tensor_value
        return cls(parts.indices, parts.values, parts.dense_shape)

    def __neg__(self) -> "SparseTensor":
        return self.with_values(-self.values)

    def __mul__(self, other: Any) -> "SparseTensor":
        return self.with_values(self.values * _at_places(self, other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "SparseTensor":
        return self.with_values(self.values / _at_places(self, other))

    def __str__(self) -> str:
        return f"SparseTensor(indices={self.indices!s}, values={self.values!s}, dense_shape={self.dense_shape!s})"

    __repr__ = __str__


jax.tree_util.register_pytree_node(
    SparseTensor,
    lambda sparse: ((sparse.indices, sparse.values, sparse.dense_shape), None),
    lambda _, parts: _unchecked(*parts),
)


def _unchecked(indices: Any, values: Any, dense_shape: Any) -> SparseTensor:
    made = SparseTensor.__new__(SparseTensor)
    made.indices, made.values, made.dense_shape = indices, values, dense_shape
    return made


def from_dense(tensor, name=None):
    """The entries of a tensor that are not zero (or empty text), in order. Source: tf.sparse.from_dense."""
    array = host(tensor)
    places = np.argwhere(array != b"" if array.dtype == object else array != 0).astype(np.int64)
    where = tuple(places.T)
    values = (
        array[where]
        if array.dtype == object
        else ops.get_item(convert_to_tensor(tensor), where)
        if len(places)
        else array[where]
    )
    return SparseTensor(places, values, np.array(array.shape, np.int64))


def to_dense(sp_input, default_value=None, validate_indices=True, name=None):
    """The whole tensor; places without a value are `default_value`, or 0 (or empty text).

    Raises: InvalidArgumentError, with `validate_indices`, if places are out of order, repeated or outside.
    Source: tf.sparse.to_dense.
    """
    places, shape = host(sp_input.indices), tuple(host(sp_input.dense_shape).tolist())
    _check_places(places, shape, validate_indices)
    if sp_input.dtype == "string":
        dense = np.full(shape, b"" if default_value is None else host(default_value)[()], object)
        dense[tuple(places.T)] = host(sp_input.values)
        return tensor(dense)
    start = ops.full(shape, 0 if default_value is None else default_value, sp_input.dtype)
    return ops.scatter_update(start, places, sp_input.values) if len(places) else start


def _check_places(places: np.ndarray, shape: tuple[int, ...], in_order: bool) -> None:
    if ((places < 0) | (places >= np.array(shape, np.int64))).any():
        raise InvalidArgumentError(f"Expected indices inside of {shape}; received {places.tolist()!r:.100}.")
    flat = np.ravel_multi_index(tuple(places.T), shape) if len(places) and shape else np.zeros(0, np.int64)
    if in_order and (np.diff(flat) <= 0).any():
        raise InvalidArgumentError(
            "Expected indices in order and without repetition. Use tf.sparse.reorder first, or validate_indices=False."
        )


def reorder(sp_input, name=None):
    """The same entries in the order of their places. Source: tf.sparse.reorder."""
    order = np.lexsort(host(sp_input.indices).T[::-1])
    values = sp_input.values
    moved = tensor(host(values)[order]) if values.dtype == "string" else ops.take(values, order)
    return SparseTensor(host(sp_input.indices)[order], moved, sp_input.dense_shape)


def reshape(sp_input, shape, name=None):
    """The same entries in another shape; one size may be -1. Source: tf.sparse.reshape."""
    before, wanted = tuple(sp_input.shape), host(shape).tolist()
    total = int(np.prod(before))
    known = int(np.prod([size for size in wanted if size != -1]))
    after = tuple(total // max(known, 1) if size == -1 else int(size) for size in wanted)
    if int(np.prod(after)) != total:
        raise InvalidArgumentError(f"Expected a shape of {total} entries; received {wanted} for {before}.")
    flat = np.ravel_multi_index(tuple(host(sp_input.indices).T), before)
    places = np.stack(np.unravel_index(flat, after), -1).astype(np.int64)
    return SparseTensor(places, sp_input.values, np.array(after, np.int64))


def transpose(sp_input, perm=None, name=None):
    """Dimensions in another order, default reversed. Source: tf.sparse.transpose."""
    order = list(range(len(sp_input.shape)))[::-1] if perm is None else [int(axis) for axis in perm]
    places, shape = host(sp_input.indices)[:, order], host(sp_input.dense_shape)[order]
    return reorder(SparseTensor(places, sp_input.values, shape))


def slice(sp_input, start, size, name=None):
    """The entries of a window, at their places in it. Source: tf.sparse.slice."""
    begin, shape = host(start).astype(np.int64), host(sp_input.dense_shape)
    extent = np.minimum(host(size).astype(np.int64), shape - begin)
    places = host(sp_input.indices) - begin
    chosen = np.flatnonzero(((places >= 0) & (places < extent)).all(1))
    return SparseTensor(places[chosen], _taken(sp_input.values, chosen), np.maximum(extent, 0))


def retain(sp_input, to_retain):
    """The entries for which `to_retain` is true. Source: tf.sparse.retain."""
    chosen = np.flatnonzero(host(to_retain))
    return SparseTensor(host(sp_input.indices)[chosen], _taken(sp_input.values, chosen), sp_input.dense_shape)


def concat(axis, sp_inputs, expand_nonconcat_dims=False, name=None):
    """Sparse tensors one after the other along an axis. Source: tf.sparse.concat."""
    shapes = np.stack([host(part.dense_shape) for part in sp_inputs])
    axis = int(axis) % shapes.shape[1]
    others = np.delete(shapes, axis, 1)
    if not expand_nonconcat_dims and (others != others[0]).any():
        raise InvalidArgumentError(f"Expected equal sizes but on axis {axis}; received shapes {shapes.tolist()}.")
    places = [host(part.indices).copy() for part in sp_inputs]
    for part, before in zip(places, np.cumsum(shapes[:, axis]) - shapes[:, axis]):
        part[:, axis] += before
    shape = shapes.max(0)
    shape[axis] = shapes[:, axis].sum()
    values = [part.values for part in sp_inputs]
    is_text = values[0].dtype == "string"
    joined = tensor(np.concatenate(list(map(host, values)))) if is_text else ops.concatenate(values)
    return reorder(SparseTensor(np.concatenate(places), joined, shape))


def eye(num_rows, num_columns=None, dtype="float32", name=None):
    """Ones on the diagonal. Source: tf.sparse.eye."""
    rows, columns = int(num_rows), int(num_rows if num_columns is None else num_columns)
    places = np.repeat(np.arange(min(rows, columns))[:, None], 2, 1)
    return SparseTensor(places, ops.ones(len(places), dtype), np.array([rows, columns]))


def map_values(op, *args, **kwargs):
    """`op` on the values of sparse arguments (of the same places); others are passed on. Source: tf.sparse.map_values."""
    given = [*args, *kwargs.values()]
    first = next((value for value in given if isinstance(value, SparseTensor)), None)
    if first is None:
        raise InvalidArgumentError("No SparseTensor in argument list of map_values; expected at least one.")
    for other in given:
        if isinstance(other, SparseTensor) and not np.array_equal(host(other.indices), host(first.indices)):
            raise InvalidArgumentError("map_values expects sparse arguments with entries at the same places.")
    plain = lambda value: value.values if isinstance(value, SparseTensor) else value
    return first.with_values(op(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()}))


def add(a, b, threshold=0):
    """The sum of two tensors, sparse if both are; entries no larger than `threshold` go. Source: tf.sparse.add."""
    if not isinstance(a, SparseTensor) or not isinstance(b, SparseTensor):
        dense, sparse = (b, a) if isinstance(a, SparseTensor) else (a, b)
        return ops.scatter_update(
            dense, host(sparse.indices), ops.take(ops.reshape(dense, -1), _flat(sparse)) + sparse.values
        )
    total = ops.segment_sum(ops.concatenate([a.values, b.values]), *_merged(a, b)[1:])
    places = _merged(a, b)[0]
    if threshold:
        kept = np.flatnonzero(np.abs(host(total)) >= threshold)
        places, total = places[kept], ops.take(total, kept)
    return SparseTensor(places, total, a.dense_shape)


def _merged(a: SparseTensor, b: SparseTensor) -> tuple[np.ndarray, np.ndarray, int]:
    """The places of either, for each entry the number of its place, and how many places there are."""
    if tuple(a.shape) != tuple(b.shape):
        raise InvalidArgumentError(f"Expected sparse tensors of one shape; received {a.shape} and {b.shape}.")
    flat, numbers = np.unique(np.concatenate([_flat(a), _flat(b)]), return_inverse=True)
    places = np.stack(np.unravel_index(flat, tuple(a.shape)), -1).astype(np.int64)
    return places, numbers, len(flat)


def reduce_sum(sp_input, axis=None, keepdims=None, output_is_sparse=False, name=None):
    """Sums along axes, as a dense tensor (or a sparse one). Source: tf.sparse.reduce_sum."""
    return _reduced(sp_input, axis, bool(keepdims), output_is_sparse, ops.segment_sum)


def reduce_max(sp_input, axis=None, keepdims=None, output_is_sparse=False, name=None):
    """Largest entries along axes; 0 where there is none. Source: tf.sparse.reduce_max."""
    return _reduced(sp_input, axis, bool(keepdims), output_is_sparse, ops.segment_max)


def _reduced(sparse: SparseTensor, axis: Any, keepdims: bool, is_sparse: bool, reduce: Callable) -> Any:
    rank, shape = len(sparse.shape), host(sparse.dense_shape)
    axes = range(rank) if axis is None else np.atleast_1d(axis).tolist()
    gone = sorted(a % rank for a in axes)
    kept = [a for a in range(rank) if a not in gone]
    final = tuple((1 if a in gone else int(shape[a])) for a in range(rank) if keepdims or a not in gone)
    places = host(sparse.indices)[:, kept]
    sizes = tuple(int(shape[a]) for a in kept)
    flat = np.ravel_multi_index(tuple(places.T), sizes) if kept else np.zeros(len(places), np.int64)
    known, numbers = np.unique(flat, return_inverse=True)
    values = reduce(sparse.values, numbers, len(known)) if len(known) else sparse.values
    spots = np.stack(np.unravel_index(known, final or (1,)), -1)[:, : len(final)].astype(np.int64)
    found = SparseTensor(spots.reshape(len(known), len(final)), values, np.array(final, np.int64))
    if is_sparse:
        return found
    return ops.reshape(to_dense(found), final) if final else ops.sum(values)


def sparse_dense_matmul(sp_a, b, adjoint_a=False, adjoint_b=False, name=None):
    """The product of a sparse matrix and a dense one; either may come first. Gradients flow to the values and to `b`.

    Shape: (n, k), (k, m) -> (n, m). Source: tf.sparse.sparse_dense_matmul.
    """
    if not isinstance(sp_a, SparseTensor):
        product = sparse_dense_matmul(b, sp_a, not adjoint_b, not adjoint_a)
        return ops.transpose(product)
    places, (rows, columns) = host(sp_a.indices), sp_a.shape
    down, across = (places[:, 1], places[:, 0]) if adjoint_a else (places[:, 0], places[:, 1])
    rows, columns = (columns, rows) if adjoint_a else (rows, columns)
    dense = ops.transpose(b) if adjoint_b else convert_to_tensor(b)
    if dense.shape[0] != columns:
        raise InvalidArgumentError(f"Expected {columns} rows in the dense matrix; received shape {tuple(dense.shape)}.")
    terms = ops.expand_dims(sp_a.values, 1) * ops.take(dense, across, 0)
    return ops.segment_sum(terms, down, int(rows))


def is_sparse(x: Any) -> bool:
    """True for sparse tensors."""
    return isinstance(x, SparseTensor)


def _flat(sparse: SparseTensor) -> np.ndarray:
    return np.asarray(np.ravel_multi_index(tuple(host(sparse.indices).T), tuple(sparse.shape)))


def _taken(values: Tensor, chosen: np.ndarray) -> Tensor:
    return tensor(host(values)[chosen]) if values.dtype == "string" else ops.take(values, chosen)


def _at_places(sparse: SparseTensor, other: Any) -> Any:
    """What stands at the entries' places in something dense that broadcasts."""
    other = convert_to_tensor(other, sparse.dtype)
    if not other.ndim:
        return other
    return ops.take(ops.reshape(ops.broadcast_to(other, tuple(sparse.shape)), -1), _flat(sparse))


def _integers(x: Any, ndim: int) -> np.ndarray:
    array = host(x).astype(np.int64)
    return array.reshape(0, 0) if ndim == 2 and not array.size and array.ndim < 2 else array


__getattr__ = attribute_error(__name__)
