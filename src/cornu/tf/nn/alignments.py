"""Connectionist temporal classification of `tf.nn`. Logits are (frames, batch, classes) unless said otherwise. Source: tf.nn."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import strict_dtypes
from cornu.tf.host_values import host, tensor
from cornu.tf.sparse import SparseTensor


def ctc_loss(
    labels: Any,
    logits: Any,
    label_length: Any,
    logit_length: Any,
    logits_time_major: bool = True,
    unique: Any = None,
    blank_index: int | None = None,
    name: str | None = None,
) -> Any:
    """Minus the log-probability of the labels, summed over all alignments with the frames.

    Args:
        labels: (batch, longest) class numbers of which `label_length` count, or a sparse tensor, `label_length` then being None.
        blank_index: the class that means "no label"; negative ones count from the end. Default 0; sparse labels need it.
        unique: what `ctc_unique_labels` returned, a shortcut that is not needed here.

    Shape: (batch, longest), (frames, batch, classes) or (batch, frames, classes), (batch,), (batch,) -> (batch,).
    Raises: InvalidArgumentError on a blank that is no class, or sparse labels without one.
    Source: Graves et al. 2006; tf.nn.ctc_loss.
    """
    logits = strict_dtypes.floating("ctc_loss", logits)
    logits = ops.swapaxes(logits, 0, 1) if logits_time_major else logits
    if isinstance(labels, SparseTensor):
        if blank_index is None:
            raise InvalidArgumentError("ctc_loss: expected blank_index with sparse labels, e.g. -1 for the last class.")
        labels, label_length = _dense(labels)
    elif label_length is None:
        raise InvalidArgumentError("ctc_loss: expected label_length with dense labels; received None.")
    blank, classes = blank_index or 0, logits.shape[-1]
    blank = blank + classes if blank < 0 else blank
    if not 0 <= blank < classes:
        raise InvalidArgumentError(
            f"ctc_loss: expected blank_index from {-classes} to {classes - 1}; received {blank_index}."
        )
    return ops.ctc_loss(labels, logits, label_length, logit_length, mask_index=blank)


def _dense(labels: SparseTensor) -> tuple[Any, Any]:
    places, values = host(labels.indices), host(labels.values)
    full = np.zeros(host(labels.dense_shape), np.int32)
    full[tuple(places.T)] = values
    lengths = np.zeros(full.shape[0], np.int32)
    np.maximum.at(lengths, places[:, 0], places[:, 1] + 1)
    return tensor(full), tensor(lengths)


def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True, blank_index: int | None = None
) -> tuple[list[SparseTensor], Any]:
    """The best class of each frame without repetitions and blanks (default: the last class), and minus the sum of their logits.

    Shape: (frames, batch, classes), (batch,) -> one sparse (batch, longest), (batch, 1). Source: tf.nn.ctc_greedy_decoder.
    """
    x = ops.swapaxes(strict_dtypes.floating("ctc_greedy_decoder", inputs), 0, 1)
    blank, classes = -1 if blank_index is None else int(blank_index), x.shape[-1]
    labels, scores = ops.ctc_decode(
        x, sequence_length, "greedy", merge_repeated=bool(merge_repeated), mask_index=blank % classes
    )
    return [_sparse(host(labels)[0])], ops.cast(scores, x.dtype)


def ctc_beam_search_decoder(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[SparseTensor], Any]:
    """The likeliest label sequences and their log-probabilities; the blank is the last class.

    Shape: (frames, batch, classes), (batch,) -> `top_paths` sparse (batch, longest), (batch, top_paths).
    Source: tf.nn.ctc_beam_search_decoder.
    """
    x = ops.swapaxes(strict_dtypes.floating("ctc_beam_search_decoder", inputs), 0, 1)
    labels, scores = ops.ctc_decode(
        x,
        sequence_length,
        "beam_search",
        beam_width=int(beam_width),
        top_paths=int(top_paths),
        mask_index=x.shape[-1] - 1,
    )
    return [_sparse(path) for path in host(labels)], scores


def _sparse(labels: np.ndarray) -> SparseTensor:
    """Rows of labels, filled up with -1, as a sparse tensor."""
    places = np.argwhere(labels >= 0)
    width = int(places[:, 1].max()) + 1 if len(places) else 0
    return SparseTensor(places, labels[labels >= 0].astype(np.int64), [len(labels), width])


def collapse_repeated(labels: Any, seq_length: Any, name: str | None = None) -> tuple[Any, Any]:
    """Equal neighbours as one label, zeros after the last one, and the new lengths.

    Shape: (batch, n), (batch,) -> (batch, longest), (batch,). Source: tf.nn.collapse_repeated.
    """
    rows, lengths = host(labels), host(seq_length)
    kept = [row[:n][np.insert(row[1:n] != row[: n - 1], 0, True)] if n else row[:0] for row, n in zip(rows, lengths)]
    sizes = np.asarray([len(row) for row in kept], lengths.dtype)
    found = np.zeros((len(rows), int(sizes.max(initial=0))), rows.dtype)
    for row, values in zip(found, kept, strict=True):
        row[: len(values)] = values
    return tensor(found), tensor(sizes)


def ctc_unique_labels(labels: Any, name: str | None = None) -> tuple[Any, Any]:
    """The distinct labels of each row as they come, filled up with zeros, and for every label its place among them.

    Shape: (batch, n) -> twice (batch, n). Source: tf.nn.ctc_unique_labels.
    """
    rows = host(labels)
    distinct, places = np.zeros(rows.shape, np.int64), np.zeros(rows.shape, np.int32)
    for i, row in enumerate(rows):
        found, first, inverse = np.unique(row, return_index=True, return_inverse=True)
        order = np.argsort(first)
        distinct[i, : len(found)] = found[order]
        places[i] = np.argsort(order)[inverse]
    return tensor(distinct), tensor(places)
