"""Category numbers as vectors: which occur (one_hot, multi_hot), how often (count), how tellingly (tf_idf)."""

from typing import Any

import jax.numpy as jnp

from cornu.core.dispatch import op

VECTOR_MODES = ("one_hot", "multi_hot", "count")


@op(static="depth")
def category_one_hot(ids, depth, dtype="float32"):
    """1 at the place a number names. A last axis of one entry goes. Shape: (n,), (n, 1) -> (n, depth); () -> (1, depth)."""
    if not ids.ndim:
        ids = ids[None]
    elif ids.ndim > 1 and ids.shape[-1] == 1:
        ids = ids[..., 0]
    return (ids[..., None] == jnp.arange(depth, dtype=ids.dtype)).astype(dtype)


@op(tensors="ids weights", static="depth")
def category_counts(ids, depth, dtype="float32", weights=None, is_binary=False):
    """How often each number occurs in a row, or the sum of its weights; numbers out of range are left out.

    Args: weights: one for each number; is_binary: 1 for what occurs, however often.
    Shape: (k,) -> (depth,); (n, k) -> (n, depth); (n, k, ...) -> (n, ..., depth), as Keras does; () -> (depth,).
    """
    ids = jnp.moveaxis(ids, 1, -1) if ids.ndim > 1 else ids.reshape(-1)
    if weights is not None and weights.ndim > 1:
        weights = jnp.moveaxis(weights, 1, -1)
    rows = ids.reshape(-1, ids.shape[-1])
    rows = jnp.where(rows < 0, depth, rows)
    weights = jnp.ones((), dtype) if weights is None else weights.reshape(rows.shape).astype(dtype)
    place = jnp.arange(rows.shape[0])[:, None]
    empty = jnp.zeros((rows.shape[0], depth), dtype)
    target = empty.at[place, rows]
    counts = target.max(weights, mode="drop") if is_binary else target.add(weights, mode="drop")
    return counts.reshape(*ids.shape[:-1], depth)


def category_vectors(ids: Any, mode: str, depth: int, dtype: Any, weights: Any = None) -> Any:
    """The vectors of a tensor of category numbers. Args: weights: of the numbers, for mode "count"."""
    if mode == "one_hot":
        return category_one_hot(ids, depth=depth, dtype=dtype)
    if mode == "multi_hot":
        return category_counts(ids, depth=depth, dtype=dtype, is_binary=True)
    if weights is not None:
        return category_counts(ids, depth=depth, dtype=dtype, weights=weights)
    return category_counts(ids, depth=depth, dtype=dtype)


def vector_shape(input_shape: Any, mode: str, depth: int | None) -> tuple[int | None, ...]:
    """The shape of the vectors for category numbers of a shape."""
    shape = tuple(input_shape)
    if mode == "int":
        return shape
    if mode == "one_hot":
        kept = shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape or (1,)
        return (*kept, depth)
    return (*shape[:1], *shape[2:], depth) if len(shape) > 1 else (depth,)
