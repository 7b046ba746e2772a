"""Reductions over groups of rows: row i of `data` belongs to group `segment_ids[i]`; rows with negative ids are left out.

Shape: (n, ...), (n,) -> (num_segments, ...). Without `num_segments` it is the largest id + 1, known outside of compiled
functions only.
"""

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes
from cornu.core.dispatch import composite, op
from cornu.core.tensor import raw
from cornu.ops.indexing import multiply_at


@op(static="reduction count")
def reduce_segments(data, segment_ids, reduction, count, is_sorted=False):
    """What the segment functions compute. `reduction` is "sum", "prod", "max" or "min"."""
    lead = segment_ids.ndim
    if tuple(segment_ids.shape) != tuple(data.shape[:lead]):
        raise ValueError("expected segment_ids to have the leading shape of data")
    rows, ids = data.reshape(-1, *data.shape[lead:]), segment_ids.reshape(-1).astype(jnp.int32)
    ids = jnp.where(ids < 0, count, ids)  # out of range: dropped
    shape = (count, *rows.shape[1:])
    if reduction == "prod":
        return multiply_at(shape, (ids,), rows)
    groups = jnp.full(shape, _empty(data.dtype, reduction), data.dtype).at[ids]
    combine = groups.add if reduction == "sum" else getattr(groups, reduction)
    return combine(rows, mode="drop", indices_are_sorted=is_sorted)


def _empty(dtype, reduction):
    """The value of a group without rows."""
    if reduction == "sum":
        return 0
    kind = dtypes.as_dtype(dtype)
    return kind.min if reduction == "max" else kind.max


def _segment(reduction, data, segment_ids, num_segments, is_sorted):
    if num_segments is None:
        try:
            num_segments = int(np.max(np.asarray(raw(segment_ids)), initial=-1)) + 1
        except (jax.errors.TracerArrayConversionError, TypeError):
            raise InvalidArgumentError(
                f"segment_{reduction} needs num_segments inside a compiled function or functional graph, because the shape of "
                "the result cannot depend on values. Pass the number of groups."
            ) from None
    return reduce_segments(data, segment_ids, reduction, num_segments, is_sorted=is_sorted)


@composite
def segment_sum(data, segment_ids, num_segments=None, sorted=False):
    """Sum of the rows of each group; 0 for an empty one."""
    return _segment("sum", data, segment_ids, num_segments, sorted)


@composite
def segment_prod(data, segment_ids, num_segments=None, sorted=False):
    """Product of the rows of each group; 1 for an empty one."""
    return _segment("prod", data, segment_ids, num_segments, sorted)


@composite
def segment_max(data, segment_ids, num_segments=None, sorted=False):
    """Largest entry of each group; the lowest finite number for an empty one."""
    return _segment("max", data, segment_ids, num_segments, sorted)


@composite
def segment_min(data, segment_ids, num_segments=None, sorted=False):
    """Smallest entry of each group; the highest finite number for an empty one."""
    return _segment("min", data, segment_ids, num_segments, sorted)
