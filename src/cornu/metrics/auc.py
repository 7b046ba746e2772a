"""Area under a curve of rates over thresholds."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.core.tensor import convert_to_tensor
from cornu.metrics.base import METRICS, divide_no_nan
from cornu.metrics.confusion import _Counting
from cornu.metrics.thresholds import COUNTS, spread_thresholds, standard_thresholds

_CURVES = ("ROC", "PR", "PRGAIN")
_METHODS = ("interpolation", "minoring", "majoring")


@op(tensors="tp fp tn fn label_weights")
def area(tp, fp, tn, fn, label_weights=None, curve="ROC", summation_method="interpolation"):
    """Area under the curve that the counts at rising thresholds draw; averaged over labels if there are several.

    Shape: (thresholds,) or (thresholds, labels), four times -> ().
    Source: Davis and Goadrich 2006 (interpolation of PR); Flach and Kull 2015 (PRGAIN); keras.metrics.AUC.
    """
    if curve == "PR" and summation_method == "interpolation":
        areas = _interpolated_pr(tp, fp, fn)
    else:
        x, y = _axes(tp, fp, tn, fn, curve)
        if summation_method == "interpolation":
            heights = (y[:-1] + y[1:]) / 2
        else:
            heights = (jnp.minimum if summation_method == "minoring" else jnp.maximum)(y[:-1], y[1:])
        areas = jnp.sum((x[:-1] - x[1:]) * heights, axis=0)
    if areas.ndim == 0:
        return areas
    if label_weights is None:
        return jnp.mean(areas)
    weights = label_weights.astype(areas.dtype)
    return divide_no_nan(jnp.sum(areas * weights), jnp.sum(weights))


def _axes(tp: Any, fp: Any, tn: Any, fn: Any, curve: str) -> tuple[jax.Array, jax.Array]:
    recall = divide_no_nan(tp, tp + fn)
    if curve == "ROC":
        return divide_no_nan(fp, fp + tn), recall
    if curve == "PR":
        return recall, divide_no_nan(tp, tp + fp)
    odds = divide_no_nan(tp + fn, fp + tn)
    recall_gain, precision_gain = (1 - odds * divide_no_nan(errors, tp) for errors in (fn, fp))
    return jnp.where(tp > 0, jnp.maximum(recall_gain, 0), 0), jnp.where(tp > 0, jnp.maximum(precision_gain, 0), 0)


def _interpolated_pr(tp: Any, fp: Any, fn: Any) -> jax.Array:
    """Between two thresholds true positives grow linearly with predicted ones; precision is integrated exactly."""
    predicted = tp + fp
    gained = tp[:-1] - tp[1:]
    slope = divide_no_nan(gained, jnp.maximum(predicted[:-1] - predicted[1:], 0))
    intercept = tp[1:] - slope * predicted[1:]
    both = (predicted[:-1] > 0) & (predicted[1:] > 0)
    ratio = jnp.where(both, predicted[:-1] / jnp.where(both, predicted[1:], 1), 1)
    pieces = divide_no_nan(slope * (gained + intercept * jnp.log(ratio)), jnp.maximum(tp[1:] + fn[1:], 0))
    return jnp.sum(pieces, axis=0)


@METRICS.add(also_snake=True)
class AUC(_Counting):
    """Area under the ROC or precision-recall curve, approximated at thresholds.

    Args:
        num_thresholds: evenly spread over [0, 1].
        curve: "ROC"; "PR", precision over recall; "PRGAIN", the gains of the two over chance.
        summation_method: "interpolation", "minoring" (from below) or "majoring" (from above).
        thresholds: inner thresholds in [0, 1], in place of `num_thresholds`.
        multi_label: average the areas of the labels in the last axis, instead of mixing all entries.
        num_labels: their number; with it the state is made at once.
        label_weights: one for each label, in the average or, without `multi_label`, on the entries.
        from_logits: `y_pred` is logits, not probabilities.

    Raises: InvalidArgumentError on other values. Source: keras.metrics.AUC.
    """

    kinds = COUNTS

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="interpolation",
        name=None,
        dtype=None,
        thresholds=None,
        multi_label=False,
        num_labels=None,
        label_weights=None,
        from_logits=False,
    ):
        super().__init__(name=name, dtype=dtype)
        if curve not in _CURVES:
            raise InvalidArgumentError(f"Expected curve to be one of {_CURVES}; received {curve!r}.")
        if summation_method not in _METHODS:
            raise InvalidArgumentError(
                f"Expected summation_method to be one of {_METHODS}; received {summation_method!r}."
            )
        if num_labels is not None and not multi_label:
            raise InvalidArgumentError(f"num_labels needs multi_label=True; received num_labels={num_labels!r} alone.")
        if thresholds is None:
            if num_thresholds <= 1:
                raise InvalidArgumentError(f"Expected num_thresholds of 2 or more; received {num_thresholds!r}.")
            self.thresholds, self._inner = spread_thresholds(num_thresholds), None
        else:
            self._inner = sorted(standard_thresholds(thresholds, default=0.5))
            first, last = spread_thresholds(2)
            self.thresholds = [first, *self._inner, last]
        self.num_thresholds = len(self.thresholds)
        self.curve, self.summation_method = curve, summation_method
        self.multi_label, self.num_labels, self.from_logits = bool(multi_label), num_labels, from_logits
        self.label_weights = None if label_weights is None else [float(w) for w in np.asarray(label_weights)]
        self._built = False
        if not multi_label:
            self._build(())
        elif num_labels:
            self._build((num_labels,))

    def _build(self, labels: tuple[int, ...]) -> None:
        self._make_counts((self.num_thresholds, *labels))
        self._built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets (0 or 1) and predictions (in [0, 1])."""
        if not self._built:
            shape = tuple(y_pred.shape if hasattr(y_pred, "shape") else np.shape(y_pred))
            if len(shape) != 2:
                raise InvalidArgumentError(
                    f"AUC with multi_label=True expects y_pred of shape (batch, labels); received shape {text(shape)}."
                )
            self._build(shape[1:])
        weights = None if self.label_weights is None or self.multi_label else np.asarray(self.label_weights, np.float32)
        options = {"label_weights": weights, "from_logits": self.from_logits, "by_label": self.multi_label}
        self._count(y_true, y_pred, sample_weight, **options)

    def result(self):
        """The area so far."""
        if not self._built:
            return convert_to_tensor(0.0, self._dtype)
        weights = np.asarray(self.label_weights, np.float32) if self.multi_label and self.label_weights else None
        counts = (getattr(self, kind) for kind in self.kinds)
        return area(*counts, label_weights=weights, curve=self.curve, summation_method=self.summation_method)

    def get_config(self):
        """The constructor's arguments."""
        config = {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self.from_logits,
        }
        return config if self._inner is None else {**config, "thresholds": self._inner}
