"""Clipping by value and by norm. Source: tf."""

from typing import Any

from cornu import ops
from cornu.core import strict_dtypes
from cornu.core.tensor import convert_to_tensor, is_tensor


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """The values kept between two bounds, which are numbers or tensors that broadcast. Source: tf.clip_by_value."""
    t, low, high = strict_dtypes.alike("clip_by_value", [t, clip_value_min, clip_value_max])
    return ops.clip(t, low, high)


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """`t * clip_norm / max(norm, clip_norm)`, the L2 norm taken over `axes` (default all). Source: tf.clip_by_norm."""
    t = t if is_tensor(t) else convert_to_tensor(t)
    total = ops.sum(t * t, axis=axes, keepdims=True)
    norm = ops.sqrt(ops.where(total > 0, total, ops.ones_like(total)))  # the root of 0 has no gradient
    norm = ops.where(total > 0, norm, total)
    return t * clip_norm / ops.maximum(norm, clip_norm)


def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Any]:
    """All tensors scaled by one factor so that their common norm is at most `clip_norm`. None stays None.

    Returns: the list, and the norm there was. Source: tf.clip_by_global_norm.
    """
    norm = global_norm(t_list) if use_norm is None else use_norm
    factor = clip_norm / ops.maximum(norm, clip_norm)
    factor = ops.where(ops.isfinite(norm), factor, factor * float("nan"))
    return [None if t is None else t * ops.cast(factor, t.dtype) for t in t_list], norm


def global_norm(t_list: Any, name: str | None = None) -> Any:
    """The root of the sum of all squares. Source: tf.linalg.global_norm."""
    squares = [ops.sum(t * t) for t in t_list if t is not None]
    return ops.sqrt(ops.sum(ops.stack(squares)))
