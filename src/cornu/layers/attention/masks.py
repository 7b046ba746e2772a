"""Which key each query may look at, put together from everything a call says about it."""

from typing import Any

from cornu import ops


class MaskOfQuery:
    """Mixin: of the outputs only the first has a mask, that of the query; scores have none."""

    def _set_masks(self, inputs: Any, given: Any, outputs: Any) -> None:
        first = outputs[0] if isinstance(outputs, (tuple, list)) else outputs
        super()._set_masks(inputs, given, first)  # type: ignore[misc]


def positions(queries: int, keys: int, use_causal_mask: bool, sliding_window: int | None = None) -> Any:
    """Which positions see which, or None for all. Shape: -> (1, queries, keys), bool.

    Args:
        use_causal_mask: No position sees a later one.
        sliding_window: Positions see only those less than that far away.
    """
    if not use_causal_mask and sliding_window is None:
        return None
    behind = ops.expand_dims(ops.arange(queries, dtype="int32"), -1) - ops.arange(keys, dtype="int32")
    seen = behind >= 0 if use_causal_mask else ops.abs(behind) < sliding_window
    if use_causal_mask and sliding_window is not None:
        seen = ops.logical_and(seen, behind < sliding_window)
    return ops.expand_dims(seen, 0)


def joined(*masks: Any) -> Any:
    """True where all masks are; None counts as True everywhere."""
    result = None
    for mask in masks:
        if mask is not None:
            mask = ops.cast(mask, "bool")
            result = mask if result is None else ops.logical_and(result, mask)
    return result


def of_queries(mask: Any) -> Any:
    """The mask of the queries beside every key. Shape: (batch, queries) -> (batch, queries, 1)."""
    return None if mask is None else ops.expand_dims(ops.cast(mask, "bool"), -1)


def of_keys(mask: Any) -> Any:
    """The mask of the keys beside every query. Shape: (batch, keys) -> (batch, 1, keys)."""
    return None if mask is None else ops.expand_dims(ops.cast(mask, "bool"), -2)
