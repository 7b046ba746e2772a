"""Losses of logits, and what sums them up. Source: tf.nn."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import strict_dtypes
from cornu.ops import logit_losses
from cornu.tf.known_values import known


def softmax_cross_entropy_with_logits(labels: Any, logits: Any, axis: int = -1, name: str | None = None) -> Any:
    """`-sum(labels * log(softmax(logits)))` over `axis`. Shape: (..., classes) twice -> (...).

    Raises: InvalidArgumentError if the shapes do not broadcast or `logits` are integers.
    Source: tf.nn.softmax_cross_entropy_with_logits.
    """
    logits = strict_dtypes.floating("softmax_cross_entropy_with_logits", logits)
    labels = ops.cast(labels, logits.dtype)
    return logit_losses.softmax_loss(labels, logits, axis=axis)


def sparse_softmax_cross_entropy_with_logits(labels: Any, logits: Any, name: str | None = None) -> Any:
    """`-log(softmax(logits))` at the class that each label names. Shape: (...), (..., classes) -> (...).

    Raises: InvalidArgumentError if a label is no class, the labels are no integers or the ranks do not fit.
    Source: tf.nn.sparse_softmax_cross_entropy_with_logits.
    """
    logits = strict_dtypes.floating("sparse_softmax_cross_entropy_with_logits", logits)
    labels = ops.convert_to_tensor(labels)
    if not labels.dtype.is_integer:
        raise InvalidArgumentError(
            f"sparse_softmax_cross_entropy_with_logits: expected labels that are class numbers; received {labels.dtype.name}."
        )
    if len(labels.shape) != len(logits.shape) - 1:
        raise InvalidArgumentError(
            "sparse_softmax_cross_entropy_with_logits: expected labels with one axis fewer than logits; received shapes "
            f"{tuple(labels.shape)} and {tuple(logits.shape)}."
        )
    values, classes = known(labels), logits.shape[-1]
    if values is not None and values.size and (values.min() < 0 or values.max() >= classes):
        wrong = values.min() if values.min() < 0 else values.max()
        raise InvalidArgumentError(
            f"sparse_softmax_cross_entropy_with_logits: expected labels from 0 to {classes - 1}; received {wrong}."
        )
    return ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def sigmoid_cross_entropy_with_logits(labels: Any = None, logits: Any = None, name: str | None = None) -> Any:
    """`-labels * log(p) - (1 - labels) * log(1 - p)` per entry, p being the sigmoid of the logits. Shape: (...) twice -> (...).

    Raises: InvalidArgumentError if shapes or dtypes differ. Source: tf.nn.sigmoid_cross_entropy_with_logits.
    """
    logits, labels = _pair("sigmoid_cross_entropy_with_logits", logits, labels)
    return logit_losses.sigmoid_loss(labels, logits)


def weighted_cross_entropy_with_logits(labels: Any, logits: Any, pos_weight: Any, name: str | None = None) -> Any:
    """`sigmoid_cross_entropy_with_logits` with the part of the positive labels times `pos_weight`. Shape: (...) twice -> (...).

    Raises: InvalidArgumentError if shapes or dtypes differ. Source: tf.nn.weighted_cross_entropy_with_logits.
    """
    logits, labels = _pair("weighted_cross_entropy_with_logits", logits, labels)
    weight = strict_dtypes.alike("weighted_cross_entropy_with_logits", [logits, pos_weight])[1]
    return logit_losses.weighted_sigmoid_loss(labels, logits, weight)


def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None) -> Any:
    """`exp(c) - targets * c` per entry, c being `log_input`; the full loss adds Stirling's approximation of log(targets!).

    Raises: InvalidArgumentError if shapes or dtypes differ. Source: tf.nn.log_poisson_loss.
    """
    log_input, targets = _pair("log_poisson_loss", log_input, targets)
    return logit_losses.poisson_loss(targets, log_input, full=bool(compute_full_loss))


def l2_loss(t: Any, name: str | None = None) -> Any:
    """`sum(t**2) / 2`. Shape: any -> (). Raises: InvalidArgumentError on integers. Source: tf.nn.l2_loss."""
    return logit_losses.half_square(strict_dtypes.floating("l2_loss", t))


def _pair(name: str, logits: Any, labels: Any) -> tuple[Any, Any]:
    if logits is None or labels is None:
        raise InvalidTypeError(
            f"{name}: expected labels and logits; received {'no logits' if logits is None else 'no labels'}."
        )
    logits, labels = strict_dtypes.alike(name, [strict_dtypes.floating(name, logits), labels])
    shapes = tuple(logits.shape), tuple(ops.convert_to_tensor(labels).shape)
    if shapes[0] != shapes[1]:
        raise InvalidArgumentError(f"{name}: expected two tensors of one shape; received {shapes[1]} and {shapes[0]}.")
    return logits, labels


def compute_average_loss(per_example_loss: Any, sample_weight: Any = None, global_batch_size: Any = None) -> Any:
    """Sum of the weighted losses over the batch size, by default the number of examples. Source: tf.nn.compute_average_loss."""
    loss = strict_dtypes.floating("compute_average_loss", per_example_loss)
    if not len(loss.shape):
        raise InvalidArgumentError("compute_average_loss: expected one loss per example; received a scalar.")
    size = loss.shape[0] if global_batch_size is None else global_batch_size
    if sample_weight is not None:
        weights = ops.cast(sample_weight, loss.dtype)
        extra = len(loss.shape) - len(weights.shape)
        loss = ops.multiply(loss, ops.reshape(weights, (*weights.shape, *(1,) * extra)) if extra > 0 else weights)
    return ops.divide(ops.sum(loss), ops.cast(size, loss.dtype))


def scale_regularization_loss(regularization_loss: Any) -> Any:
    """Sum of the losses over the number of replicas, which is 1: one program runs on all devices.

    Source: tf.nn.scale_regularization_loss.
    """
    return ops.sum(ops.convert_to_tensor(regularization_loss))
