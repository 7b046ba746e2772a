"""Counting true and false positives and negatives at thresholds: what precision, recall and AUC are made of."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.losses.alignment import fit_weights, floating, same_rank

COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")

_NEVER = -1e10  # a score below every threshold, for entries outside of the top k
_DENSE = 1 << 22  # comparisons up to which thresholds x entries is cheaper than sorting into buckets


def standard_thresholds(thresholds: Any, default: float) -> list[float]:
    """Thresholds as a list of floats.

    Raises: InvalidArgumentError if one is not in [0, 1].
    """
    if thresholds is None:
        return [default]
    values = list(thresholds) if isinstance(thresholds, (list, tuple, np.ndarray)) else [thresholds]
    wrong = [value for value in values if value is None or not 0 <= value <= 1]
    if wrong or not values:
        raise InvalidArgumentError(f"Expected thresholds in [0, 1]; received {thresholds!r}.")
    return [float(value) for value in values]


def spread_thresholds(count: int) -> list[float]:
    """`count` thresholds evenly spread, with the ends just outside of [0, 1], so that every prediction lies between."""
    inner = [place / (count - 1) for place in range(1, count - 1)]
    return [-config.epsilon(), *inner, 1 + config.epsilon()]


@op(tensors="state y_true y_pred sample_weight label_weights", nests="state")
def count_update(
    state,
    y_true,
    y_pred,
    sample_weight=None,
    label_weights=None,
    kinds=COUNTS,
    thresholds=(0.5,),
    top_k=None,
    class_id=None,
    from_logits=False,
    by_label=False,
):
    """Counts in `state`, in the order of `kinds`, with a batch more.

    Entries of `y_true` other than 0 are positive; `y_pred > threshold` says positive. `by_label` keeps the last axis.
    Shape: each count (thresholds,), or (thresholds, labels); y_true, y_pred (batch, ...).
    Raises: InvalidArgumentError if the shapes do not fit.
    """
    dtype = state[0].dtype
    y_true, y_pred = same_rank(y_true, floating(y_pred))
    if y_true.shape != y_pred.shape:
        raise InvalidArgumentError(
            "The metric expects y_true and y_pred of the same shape; received y_true of shape "
            f"{text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}. One-hot the class numbers "
            "(to_categorical), or end the model with one unit."
        )
    y_pred = y_pred.astype(jnp.promote_types(y_pred.dtype, dtype))
    if from_logits:
        y_pred = jax.nn.sigmoid(y_pred)
    if top_k is not None:
        smallest = lax.top_k(y_pred, top_k)[0][..., -1:]
        y_pred = jnp.where(y_pred >= smallest, y_pred, _NEVER)
    weights = None
    if sample_weight is not None:
        weights = fit_weights("a sample_weight", sample_weight.astype(dtype), y_pred)
    if label_weights is not None and not by_label:
        by_entry = jnp.broadcast_to(label_weights.astype(dtype), y_pred.shape)
        weights = by_entry if weights is None else weights * by_entry
    if class_id is not None:
        if not 0 <= class_id < y_pred.shape[-1]:
            raise InvalidArgumentError(
                f"Expected class_id in [0, {y_pred.shape[-1]}) for y_pred of shape {text(y_pred.shape)}; "
                f"received {class_id}."
            )
        if weights is not None:
            weights = jnp.broadcast_to(weights, y_pred.shape)[..., class_id]
        y_true, y_pred = y_true[..., class_id], y_pred[..., class_id]
    weights = jnp.ones((), dtype) if weights is None else weights
    weights = jnp.broadcast_to(weights, y_pred.shape)
    positive = jnp.where(y_true != 0, weights, 0)
    columns = (-1, y_pred.shape[-1]) if by_label else (-1,)
    y_pred, positive, weights = (x.reshape(columns) for x in (y_pred, positive, weights))
    counts = _counts(y_pred, positive, weights - positive, thresholds)
    return [total + counts[kind].astype(dtype) for total, kind in zip(state, kinds, strict=True)]


def _counts(scores: Any, positive: Any, negative: Any, thresholds: Sequence[float]) -> dict[str, Any]:
    """The four counts at each threshold, from the weights of positive and of negative entries."""
    bars = jnp.asarray(thresholds, scores.dtype)
    if len(thresholds) == 1:
        is_above = (scores > bars[0]).astype(positive.dtype)[None]
        above = [jnp.sum(is_above * weights[None], axis=1) for weights in (positive, negative)]
    elif scores.size * len(thresholds) <= _DENSE:
        is_above = (scores[None] > bars.reshape((-1,) + (1,) * scores.ndim)).astype(positive.dtype)
        sums = "tn,n->t" if scores.ndim == 1 else "tnl,nl->tl"
        above = [jnp.einsum(sums, is_above, w, precision=lax.Precision.HIGHEST) for w in (positive, negative)]
    else:
        above = [_above_by_buckets(scores, weights, bars) for weights in (positive, negative)]
    total_positive, total_negative = jnp.sum(positive, axis=0), jnp.sum(negative, axis=0)
    hits, alarms = above
    return {
        "true_positives": hits,
        "false_positives": alarms,
        "true_negatives": total_negative - alarms,
        "false_negatives": total_positive - hits,
    }


def _above_by_buckets(scores: Any, weights: Any, bars: Any) -> Any:
    """Sum of the weights of entries above each bar, in memory that does not grow with the number of bars."""
    order = jnp.argsort(bars)
    passed = jnp.searchsorted(bars[order], scores, side="left").astype(jnp.int32)  # bars below the score
    if scores.ndim == 1:
        buckets = jnp.zeros(len(bars) + 1, weights.dtype).at[passed].add(weights)
    else:
        labels = jnp.broadcast_to(jnp.arange(scores.shape[-1], dtype=jnp.int32), scores.shape)
        buckets = jnp.zeros((len(bars) + 1, scores.shape[-1]), weights.dtype).at[passed, labels].add(weights)
    above = jnp.cumsum(buckets[::-1], axis=0)[::-1][1:]
    return jnp.zeros_like(above).at[order].set(above)
