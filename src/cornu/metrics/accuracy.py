"""Accuracies: how often the prediction is the target."""

from typing import Any

import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.losses.alignment import aligned, floating
from cornu.metrics.base import METRICS, Metric
from cornu.metrics.reduction import MeanMetricWrapper


@op
def accuracy(y_true, y_pred):
    """1 where prediction and target are equal, else 0. Shape: (...), (...) -> (...).

    Raises: InvalidArgumentError if the shapes do not fit.
    """
    y_true, y_pred = aligned("accuracy", y_true, y_pred)
    return (y_true == y_pred).astype(y_pred.dtype)


@op
def binary_accuracy(y_true, y_pred, threshold=0.5):
    """1 where `y_pred > threshold` is the target, else 0. Shape: (...), (...) -> (...).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.metrics.binary_accuracy.
    """
    y_true, y_pred = aligned("binary_accuracy", y_true, y_pred)
    if threshold is not None:
        y_pred = (y_pred > threshold).astype(y_pred.dtype)
    return (y_true == y_pred).astype(y_pred.dtype)


@op
def categorical_accuracy(y_true, y_pred):
    """1 where the best class is that of the one-hot target, else 0. Shape: (..., classes), (..., classes) -> (...).

    Raises: InvalidArgumentError if the shapes differ. Source: keras.metrics.categorical_accuracy.
    """
    y_pred = floating(y_pred)
    if y_true.shape != y_pred.shape:
        raise InvalidArgumentError(
            "categorical_accuracy expects one-hot y_true of y_pred's shape; received y_true of shape "
            f"{text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}. "
            "For class numbers use sparse_categorical_accuracy."
        )
    return (_best(y_true) == _best(y_pred)).astype(y_pred.dtype)


@op
def sparse_categorical_accuracy(y_true, y_pred):
    """1 where the best class is the target, else 0. Shape: (...) or (..., 1), and (..., classes) -> (...).

    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.metrics.sparse_categorical_accuracy.
    """
    y_pred = floating(y_pred)
    y_true = _class_numbers("sparse_categorical_accuracy", y_true, y_pred)
    best = _best(y_pred)
    return (y_true == best.astype(y_true.dtype)).astype(y_pred.dtype)


@op
def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the one-hot target's class is among the `k` best, else 0. Shape: (..., classes) twice -> (...).

    Raises: InvalidArgumentError if the shapes differ. Source: keras.metrics.top_k_categorical_accuracy.
    """
    y_pred = floating(y_pred)
    if y_true.shape != y_pred.shape:
        raise InvalidArgumentError(
            "top_k_categorical_accuracy expects one-hot y_true of y_pred's shape; received y_true of shape "
            f"{text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}. "
            "For class numbers use sparse_top_k_categorical_accuracy."
        )
    return _in_top_k(_best(y_true), y_pred, k)


@op
def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5, from_sorted_ids=False):
    """1 where the target is among the `k` best classes, else 0. Shape: (...) or (..., 1), and (..., classes) -> (...).

    Args: from_sorted_ids: `y_pred` holds class numbers, best first, not scores.
    Raises: InvalidArgumentError if the shapes do not fit. Source: keras.metrics.sparse_top_k_categorical_accuracy.
    """
    scores = floating(y_pred)
    y_true = _class_numbers("sparse_top_k_categorical_accuracy", y_true, y_pred).astype(jnp.int32)
    if from_sorted_ids:
        return jnp.any(y_true[..., None] == y_pred[..., :k].astype(jnp.int32), axis=-1).astype(scores.dtype)
    return _in_top_k(y_true, scores, k)


def _best(scores: Any) -> Any:
    return lax.argmax(scores, scores.ndim - 1, jnp.int32)


def _in_top_k(classes: Any, scores: Any, k: int) -> Any:
    """1 where fewer than `k` classes have a higher score than the target; ties count for the target."""
    exists = (classes >= 0) & (classes < scores.shape[-1])
    own = jnp.take_along_axis(scores, jnp.where(exists, classes, 0)[..., None], axis=-1)
    better = jnp.sum(scores > own, axis=-1)
    return (exists & (better < k)).astype(scores.dtype)


def _class_numbers(name: str, y_true: Any, y_pred: Any) -> Any:
    """Targets without a last axis of size 1."""
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = jnp.squeeze(y_true, -1)
    if y_true.shape != y_pred.shape[:-1]:
        raise InvalidArgumentError(
            f"{name} expects y_true as class numbers, one axis fewer than y_pred; received y_true of shape "
            f"{text(y_true.shape)} and y_pred of shape {text(y_pred.shape)}. For one-hot targets use {name[7:]}."
        )
    return y_true


@METRICS.add(also_snake=True)
class Accuracy(MeanMetricWrapper):
    """How often the predicted number is the target. Source: keras.metrics.Accuracy."""

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(accuracy, name, dtype)


@METRICS.add(also_snake=True)
class BinaryAccuracy(MeanMetricWrapper):
    """How often the prediction is on the target's side of the threshold. Source: keras.metrics.BinaryAccuracy."""

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


@METRICS.add(also_snake=True)
class CategoricalAccuracy(MeanMetricWrapper):
    """How often the best class is that of the one-hot target. Source: keras.metrics.CategoricalAccuracy."""

    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(categorical_accuracy, name, dtype)


@METRICS.add(also_snake=True)
class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the best class is the target. Source: keras.metrics.SparseCategoricalAccuracy."""

    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(sparse_categorical_accuracy, name, dtype)


@METRICS.add(also_snake=True)
class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the target's class is among the `k` best. Source: keras.metrics.TopKCategoricalAccuracy."""

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


@METRICS.add(also_snake=True)
class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the target is among the `k` best classes. Source: keras.metrics.SparseTopKCategoricalAccuracy."""

    _quiet = ("from_sorted_ids",)

    def __init__(self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None, from_sorted_ids=False):
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids)


def resolve_accuracy(kind: str, y_true_shape: Any, y_pred_shape: Any) -> Metric | None:
    """The metric that "accuracy", "acc", "crossentropy" or "ce" means for targets and predictions of these shapes.

    One output per sample is binary; targets with one axis fewer (or a last axis of 1) are class numbers; else one-hot.
    Returns: a metric named `kind`, or None if `kind` is another word.
    Source: keras.Model.compile.
    """
    from cornu.metrics import probabilistic

    families = {
        "accuracy": (BinaryAccuracy, SparseCategoricalAccuracy, CategoricalAccuracy),
        "crossentropy": (
            probabilistic.BinaryCrossentropy,
            probabilistic.SparseCategoricalCrossentropy,
            probabilistic.CategoricalCrossentropy,
        ),
    }
    word = kind.lower() if isinstance(kind, str) else ""
    family = families.get({"acc": "accuracy", "ce": "crossentropy"}.get(word, word))
    if family is None:
        return None
    y_true_shape, y_pred_shape = tuple(y_true_shape), tuple(y_pred_shape)
    if len(y_pred_shape) < 2 or y_pred_shape[-1] == 1:
        return family[0](name=kind)
    is_sparse = len(y_true_shape) < len(y_pred_shape) or y_true_shape[-1] == 1
    return family[1 if is_sparse else 2](name=kind)
