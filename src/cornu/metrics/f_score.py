"""F-scores: weighted harmonic means of precision and recall."""

import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.core.tensor import convert_to_tensor
from cornu.losses.alignment import fit_weights, floating
from cornu.metrics.base import METRICS, Metric

_AVERAGES = (None, "micro", "macro", "weighted")
_STATE = ("true_positives", "false_positives", "false_negatives", "intermediate_weights")


@op(tensors="state y_true y_pred sample_weight", nests="state")
def f_update(state, y_true, y_pred, sample_weight=None, threshold=None):
    """True and false positives, false negatives and weights of the classes, with a batch more.

    Shape: four times (classes,), or () over all classes; y_true, y_pred (batch, classes).
    Raises: InvalidArgumentError if the shapes do not fit.
    """
    y_pred = floating(y_pred)
    if y_true.shape != y_pred.shape or y_true.ndim != 2:
        raise InvalidArgumentError(
            "The F-score expects y_true and y_pred of one shape (batch, classes); received y_true of shape "
            f"{text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}."
        )
    dtype = state[0].dtype
    if threshold is None:  # the best class is the predicted one
        chosen = y_pred == jnp.max(y_pred, axis=-1, keepdims=True)
        chosen = chosen & (jnp.abs(y_pred) > 1e-9)  # a row of zeros predicts nothing
    else:
        chosen = y_pred > threshold
    chosen, y_true = chosen.astype(dtype), y_true.astype(dtype)
    axis = 0 if state[0].ndim else None
    weights = jnp.ones((), dtype)
    if sample_weight is not None:
        weights = fit_weights("a sample_weight", sample_weight.astype(dtype), y_true)
    parts = (chosen * y_true, chosen * (1 - y_true), (1 - chosen) * y_true, y_true)
    return [total + jnp.sum(part * weights, axis=axis) for total, part in zip(state, parts, strict=True)]


@op(tensors="true_positives false_positives false_negatives weights")
def f_score(true_positives, false_positives, false_negatives, weights, average=None, beta=1.0):
    """`(1 + beta**2) * precision * recall / (beta**2 * precision + recall)`, averaged. Shape: (n,) -> (n,) or ()."""
    small = config.epsilon()
    precision = true_positives / (true_positives + false_positives + small)
    recall = true_positives / (true_positives + false_negatives + small)
    score = (1 + beta**2) * precision * recall / (beta**2 * precision + recall + small)
    if average == "weighted":
        return jnp.sum(score * weights / (jnp.sum(weights) + small))
    return score if average is None else jnp.mean(score)


@METRICS.add("fbeta_score", also_snake=True)
class FBetaScore(Metric):
    """F-beta score: recall weighs `beta` times as much as precision.

    Args:
        average: None (a score for each class), "micro" (all counts together), "macro" (mean of the classes' scores) or
            "weighted" (mean weighted by the number of targets).
        beta: positive float.
        threshold: predictions above are positive; None: the best class of each row is.

    Shape: (batch, classes), (batch, classes) -> (), or (classes,) without average.
    Raises: InvalidArgumentError on other values. Source: keras.metrics.FBetaScore.
    """

    def __init__(self, average=None, beta=1.0, threshold=None, name="fbeta_score", dtype=None):
        super().__init__(name=name, dtype=dtype)
        if average not in _AVERAGES:
            raise InvalidArgumentError(f"Expected average to be one of {_AVERAGES}; received {average!r}.")
        if not isinstance(beta, float) or beta <= 0:
            raise InvalidArgumentError(f"Expected beta as a float above 0; received {beta!r}, a {type(beta).__name__}.")
        if threshold is not None and (not isinstance(threshold, float) or not 0 < threshold <= 1):
            raise InvalidArgumentError(
                f"Expected threshold as a float with 0 < threshold <= 1, or None; received {threshold!r} of type "
                f"{type(threshold).__name__}."
            )
        self.average, self.beta, self.threshold = average, beta, threshold
        self._built = False

    def _build(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or shape[1] is None:
            raise InvalidArgumentError(
                f"The F-score expects y_true and y_pred of shape (batch, classes); received shape {text(shape)}."
            )
        for name in _STATE:
            setattr(self, name, self.add_variable(() if self.average == "micro" else shape[1:], name=name))
        self._built = True

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets (one-hot or multi-hot) and predictions."""
        if not self._built:
            self._build(tuple(y_pred.shape if hasattr(y_pred, "shape") else np.shape(y_pred)))
        state = [getattr(self, name) for name in _STATE]
        added = f_update(state, y_true, y_pred, sample_weight=sample_weight, threshold=self.threshold)
        for variable, value in zip(state, added, strict=True):
            variable.assign(value)

    def result(self):
        """The score so far, 0 before the first update."""
        if not self._built:
            return convert_to_tensor(0.0, self._dtype)
        return f_score(*(getattr(self, name) for name in _STATE), average=self.average, beta=self.beta)

    def get_config(self):
        """The constructor's arguments."""
        options = {"average": self.average, "beta": self.beta, "threshold": self.threshold}
        return {**super().get_config(), **options}


@METRICS.add(also_snake=True)
class F1Score(FBetaScore):
    """F-beta score with beta 1: the harmonic mean of precision and recall. Source: keras.metrics.F1Score."""

    def __init__(self, average=None, threshold=None, name="f1_score", dtype=None):
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self):
        """The constructor's arguments."""
        config = super().get_config()
        del config["beta"]
        return config
