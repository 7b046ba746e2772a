"""Rows of tables, chosen by number, and combined. Source: tf.nn."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import is_tensor
from cornu.ops.segments import reduce_segments
from cornu.tf.known_values import known
from cornu.tf.sparse import SparseTensor


def table(params: Any) -> Any:
    """One table; parts in a list follow each other. Shape: (rows, ...)."""
    if isinstance(params, (list, tuple)) and any(is_tensor(each) or hasattr(each, "__array__") for each in params):
        parts = [ops.convert_to_tensor(each) for each in params]
        return parts[0] if len(parts) == 1 else ops.concatenate(parts, 0)
    return ops.convert_to_tensor(params)


def embedding_lookup(params: Any, ids: Any, max_norm: Any = None, name: str | None = None) -> Any:
    """The rows that `ids` name, scaled down to the length `max_norm` if they are longer. Shape: (rows, ...), (...) -> (..., ...).

    Raises: InvalidArgumentError if an id is no row. Source: tf.nn.embedding_lookup.
    """
    rows, ids = table(params), ops.convert_to_tensor(ids)
    values = known(ids)
    if values is not None and values.size and (values.min() < 0 or values.max() >= rows.shape[0]):
        wrong = values.min() if values.min() < 0 else values.max()
        raise InvalidArgumentError(f"embedding_lookup: expected ids from 0 to {rows.shape[0] - 1}; received {wrong}.")
    found = ops.take(rows, ids, axis=0)
    if max_norm is None:
        return found
    axes = tuple(range(len(ids.shape), len(found.shape)))
    total = ops.sum(ops.square(found), axes, True)
    length = ops.sqrt(ops.where(ops.greater(total, 0), total, ops.ones_like(total)))
    limit = ops.convert_to_tensor(max_norm, found.dtype)
    return ops.divide(ops.multiply(found, limit), ops.maximum(length, limit))


def embedding_lookup_sparse(
    params: Any,
    sp_ids: SparseTensor,
    sp_weights: SparseTensor | None,
    combiner: str | None = None,
    max_norm: Any = None,
    name: str | None = None,
    allow_fast_lookup: bool = False,
) -> Any:
    """For each row of `sp_ids`, its table rows combined with weights; `allow_fast_lookup` is about speed alone.

    Args: `combiner`: "sum", "mean" (default; over the sum of weights) or "sqrtn" (over the root of the sum of their squares).
    Raises: InvalidArgumentError if ids and weights are not sparse tensors of one form. Source: tf.nn.embedding_lookup_sparse.
    """
    combiner = combiner or "mean"
    if combiner not in ("sum", "mean", "sqrtn"):
        raise InvalidArgumentError(
            f"embedding_lookup_sparse: expected combiner 'sum', 'mean' or 'sqrtn'; received {combiner!r}."
        )
    for each in (sp_ids, sp_weights):
        if each is not None and not isinstance(each, SparseTensor):
            raise InvalidArgumentError(
                f"embedding_lookup_sparse: expected sparse tensors; received {type(each).__name__}."
            )
    if sp_weights is not None and tuple(sp_weights.values.shape) != tuple(sp_ids.values.shape):
        raise InvalidArgumentError(
            "embedding_lookup_sparse: expected one weight for each id; received other numbers of them."
        )
    groups = ops.convert_to_numpy(sp_ids.indices)[:, 0]
    count = int(groups.max()) + 1 if groups.size else 0
    found = embedding_lookup(params, sp_ids.values, max_norm)
    ids = ops.convert_to_tensor(groups.astype(np.int32))
    weights = ops.ones((groups.size,), found.dtype) if sp_weights is None else ops.cast(sp_weights.values, found.dtype)
    wide = (-1, *(1,) * (len(found.shape) - 1))
    total = reduce_segments(ops.multiply(found, ops.reshape(weights, wide)), ids, "sum", count)
    if combiner == "sum":
        return total
    sizes = weights if combiner == "mean" else ops.square(weights)
    size = reduce_segments(sizes, ids, "sum", count)
    return ops.divide_no_nan(total, ops.reshape(size if combiner == "mean" else ops.sqrt(size), wide))


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: SparseTensor,
    sparse_weights: SparseTensor | None = None,
    combiner: str = "mean",
    default_id: int | None = None,
    max_norm: Any = None,
    name: str | None = None,
    allow_fast_lookup: bool = False,
) -> Any:
    """`embedding_lookup_sparse` without negative ids (and, unless summing, weights that are not positive); a row with none left
    gives the row `default_id`, or zeros.

    Shape: sparse (..., n) -> (..., width). Source: tf.nn.safe_embedding_lookup_sparse.
    """
    shape = ops.convert_to_numpy(sparse_ids.dense_shape).tolist()
    lead, places = shape[:-1], ops.convert_to_numpy(sparse_ids.indices)
    groups = np.ravel_multi_index(tuple(places[:, :-1].T), lead) if places.size else np.zeros(0, np.int64)
    ids = ops.convert_to_numpy(sparse_ids.values)
    weights = None if sparse_weights is None else ops.convert_to_numpy(sparse_weights.values)
    keep = ids >= 0
    if weights is not None and combiner != "sum":
        keep &= weights > 0
    kept = np.atleast_1d(groups)[keep]
    count = int(np.prod(lead))
    empty = np.setdiff1d(np.arange(count), kept)
    order = np.argsort(np.concatenate([kept, empty]), kind="stable")
    flat = np.concatenate([kept, empty])[order]
    indices = np.stack([flat, np.zeros_like(flat)], 1)
    all_ids = np.concatenate([ids[keep], np.full(len(empty), default_id or 0, ids.dtype)])[order]
    filled = SparseTensor(indices, all_ids, [count, 1])
    if weights is not None:
        ones = np.ones(len(empty), weights.dtype)
        weighted = filled.with_values(np.concatenate([weights[keep], ones])[order])
    else:
        weighted = None
    found = embedding_lookup_sparse(embedding_weights, filled, weighted, combiner, max_norm)
    if default_id is None and len(empty):
        is_full = np.ones((count, *(1,) * (len(found.shape) - 1)), bool)
        is_full[empty] = False
        found = ops.where(is_full, found, ops.zeros_like(found))
    return ops.reshape(found, (*lead, *found.shape[1:]))
