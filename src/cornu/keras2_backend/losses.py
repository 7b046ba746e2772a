"""Losses of probabilities and of sequences. Source: tf.keras.backend."""

from typing import Any

from cornu import ops
from cornu.core import config


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """Crossentropy of every entry."""
    return ops.binary_crossentropy(target, output, from_logits)


def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """Crossentropy of every row, for one-hot targets."""
    return ops.categorical_crossentropy(target, output, from_logits, axis)


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1, ignore_class: int | None = None
) -> Any:
    """Crossentropy of every row, for class numbers; rows of `ignore_class` give 0."""
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(target, output, from_logits, axis)
    kept = ops.not_equal(target, ignore_class)
    losses = ops.sparse_categorical_crossentropy(ops.where(kept, target, 0), output, from_logits, axis)
    return ops.where(ops.reshape(kept, tuple(losses.shape)), losses, 0.0)


def ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Any:
    """CTC loss of every row; the last class is the blank. Shape: (rows, labels), (rows, time, classes) -> (rows, 1)."""
    classes = y_pred.shape[-1]
    logits = ops.log(y_pred + config.epsilon())
    logits = ops.roll(logits, 1, -1)  # the blank to the front, where the op has it
    rows = lambda length: ops.reshape(ops.cast(length, "int32"), (-1,))
    labels = ops.mod(ops.cast(y_true, "int32") + 1, classes)
    return ops.expand_dims(ops.ctc_loss(labels, logits, rows(label_length), rows(input_length), 0), 1)


def ctc_decode(
    y_pred: Any, input_length: Any, greedy: bool = True, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[Any], Any]:
    """The most likely label sequences, -1 behind their ends, and their scores. The last class is the blank."""
    logits = ops.log(y_pred + config.epsilon())
    decoded, scores = ops.ctc_decode(
        logits, ops.reshape(ops.cast(input_length, "int32"), (-1,)), "greedy" if greedy else "beam_search",
        beam_width, top_paths, True, y_pred.shape[-1] - 1,
    )  # fmt: skip
    return [decoded[i] for i in range(decoded.shape[0])], scores
