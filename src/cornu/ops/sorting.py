"""Order: sorting, largest entries, distinct entries."""

import jax.numpy as jnp
from jax import lax

from cornu.core.dispatch import op


@op
def sort(x, axis=-1):
    """Entries along `axis` in rising order; of the flattened tensor if None."""
    return jnp.sort(x, axis)


@op
def argsort(x, axis=-1):
    """Indices (int32) that sort along `axis`; equal entries keep their order."""
    return jnp.argsort(x, axis, stable=True).astype(jnp.int32)


@op(static="kth")
def argpartition(x, kth, axis=-1):
    """Indices (int32) that put the `kth` smallest entry in its place, smaller ones before it, larger ones after."""
    x = x.astype(jnp.uint8) if x.dtype == jnp.bool_ else x
    if axis is None:
        x, axis = x.reshape(-1), 0
    if not -x.shape[axis] <= kth < x.shape[axis]:
        raise ValueError(f"expected kth below the size {x.shape[axis]} of axis {axis}, received {kth}")
    return jnp.argsort(x, axis, stable=True).astype(jnp.int32)  # fully sorted: a partition too, and cheap in XLA


@op(static="k")
def top_k(x, k, sorted=True):
    """The `k` largest entries along the last axis and their indices (int32), largest first; lower index first if equal.

    With `sorted=False` any order is allowed; this one is kept.
    """
    del sorted  # the sorted order is one of the allowed ones
    if not x.ndim or not 0 <= k <= x.shape[-1]:
        raise ValueError(f"expected k between 0 and the size of the last axis, received k={k}")
    values, indices = lax.top_k(x.astype(jnp.uint8) if x.dtype == jnp.bool_ else x, k)
    return values.astype(x.dtype), indices.astype(jnp.int32)


@op(static="k")
def in_top_k(targets, predictions, k):
    """True where the target class is among the `k` highest predictions of its row; ties count as inside.

    Shape: (n,), (n, classes) -> (n,). Rows whose target is out of range or whose prediction is not finite give False.
    """
    valid = (targets >= 0) & (targets < predictions.shape[-1])
    chosen = jnp.take_along_axis(predictions, jnp.where(valid, targets, 0)[..., None], -1)
    better = jnp.sum(predictions > chosen, -1, dtype=jnp.int32)
    return valid & jnp.isfinite(chosen[..., 0]) & (better < k)


@op(eager=True)
def unique(
    x,
    sorted=True,
    return_index=False,
    return_inverse=False,
    return_counts=False,
    axis=None,
    size=None,
    fill_value=None,
):
    """Distinct entries (or slices along `axis`), and on demand int32 first indices, inverse and counts.

    `size` fixes the number of results, filled up with `fill_value` (default: the smallest entry); inside compiled
    functions it is needed.
    """
    found = jnp.unique(
        x, return_index, return_inverse, return_counts, axis, size=size, fill_value=fill_value, sorted=sorted
    )
    if isinstance(found, tuple):
        return (found[0], *(extra.astype(jnp.int32) for extra in found[1:]))
    return found


@op(unify=True)
def searchsorted(sorted_sequence, values, side="left"):
    """Indices (int32) where `values` keep the 1-D sequence sorted; `side` decides before or after equal entries."""
    if sorted_sequence.ndim != 1:
        raise ValueError("expected sorted_sequence to be 1-D; search the rows one by one, e.g. with ops.vectorized_map")
    if side not in ("left", "right"):
        raise ValueError(f"expected side to be 'left' or 'right', received {side!r}")
    return jnp.searchsorted(sorted_sequence, values, side).astype(jnp.int32)


@op(unify=True)
def digitize(x, bins):
    """Index (int32) of the bin of every entry: the number of `bins` edges at or below it."""
    return jnp.searchsorted(bins, x, "right").astype(jnp.int32)


@op(eager=True)
def nonzero(x):
    """Indices (int32) of the entries that are not 0, one 1-D tensor per axis."""
    return tuple(index.astype(jnp.int32) for index in jnp.nonzero(x))
