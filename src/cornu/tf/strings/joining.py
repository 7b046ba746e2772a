"""Splitting texts and putting them together. Source: tf.strings."""

from itertools import pairwise
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.tf.host_values import host, tensor, text_array, text_of
from cornu.tf.ragged.tensor import RaggedTensor
from cornu.tf.strings.elementwise import on_values, rows_of


@on_values
def split(input, sep=None, maxsplit=-1, name=None):
    """The parts of every text between separators; without `sep` between white space, and none of them empty.

    Shape: (...) -> (..., (parts)), ragged; of a single text (parts,).
    """
    cut = None if sep is None else text_of(sep, "sep") or None

    def parts(text: bytes) -> list[bytes]:
        return text.split(cut, maxsplit)

    return rows_of(parts, input, object)


def join(inputs, separator="", name=None):
    """Texts of several tensors put together, entry by entry; they broadcast."""
    middle = text_of(separator, "separator")
    ragged = next((part for part in inputs if isinstance(part, RaggedTensor)), None)
    if ragged is not None:
        flat = [part.flat_values if isinstance(part, RaggedTensor) else part for part in inputs]
        for part in inputs:
            if isinstance(part, RaggedTensor) and part.lengths.tolist() != ragged.lengths.tolist():
                raise InvalidArgumentError("join expects ragged tensors with rows of equal lengths.")
            if not isinstance(part, RaggedTensor) and text_array(part).ndim:
                raise InvalidArgumentError("join expects single texts beside ragged tensors.")
        return ragged.with_flat_values(join(flat, separator))
    parts = [text_array(part) for part in inputs]
    shapes = {part.shape for part in parts if part.ndim}
    if len(shapes) > 1:
        raise InvalidArgumentError(f"join expects texts of one shape, or single ones; received {sorted(shapes)}.")
    spread: Any = np.broadcast_arrays(*parts) if parts else []
    found = np.empty(spread[0].shape if parts else (), object)
    for index in np.ndindex(found.shape):
        found[index] = middle.join(part[index] for part in spread)
    return tensor(found)


def reduce_join(inputs, axis=None, keepdims=False, separator="", name=None):
    """Texts put together along axes, the first of `axis` innermost; default all, in order.

    Raises: InvalidArgumentError on axes out of range.
    """
    middle = text_of(separator, "separator")
    if isinstance(inputs, RaggedTensor):
        return _ragged_join(inputs, axis, keepdims, separator)
    texts = text_array(inputs)
    axes = list(range(texts.ndim))[::-1] if axis is None else [int(a) for a in np.atleast_1d(host(axis))]
    if any(not -texts.ndim <= a < texts.ndim for a in axes):
        raise InvalidArgumentError(f"Expected axis from {-texts.ndim} to {texts.ndim - 1}; received {axis}.")
    axes = [a % texts.ndim for a in axes]
    kept = [a for a in range(texts.ndim) if a not in axes]
    moved = texts.transpose(*kept, *axes[::-1]).reshape([texts.shape[a] for a in kept] + [-1])
    found = np.empty(moved.shape[:-1], object)
    for index in np.ndindex(found.shape):
        found[index] = middle.join(moved[index])
    if keepdims:
        found = found.reshape([1 if a in axes else n for a, n in enumerate(texts.shape)])
    return tensor(found)


def _ragged_join(ragged: RaggedTensor, axis: Any, keepdims: bool, separator: Any) -> Any:
    """Texts of the innermost rows put together, or all of them."""
    if axis is None:
        return reduce_join(ragged.flat_values, None, False, separator)
    rank = len(ragged.shape)
    if int(host(axis)) % rank != rank - 1:
        raise InvalidArgumentError(
            f"reduce_join of ragged tensors joins the last axis, {rank - 1}; received axis={axis}."
        )
    if isinstance(ragged.values, RaggedTensor):
        return ragged.with_values(_ragged_join(ragged.values, -1, keepdims, separator))
    middle = text_of(separator, "separator")
    texts, splits = text_array(ragged.values), host(ragged.row_splits)
    found = np.empty((len(splits) - 1, 1) if keepdims else len(splits) - 1, object)
    for row, (begin, end) in enumerate(pairwise(splits)):
        found[row] = middle.join(texts[begin:end])
    return tensor(found)


def ngrams(
    data, ngram_width, separator=" ", pad_values=None, padding_width=None, preserve_short_sequences=False, name=None
):  # fmt: skip
    """Runs of `ngram_width` neighbours of the last axis, put together.

    Args:
        ngram_width: a number, or several, whose runs follow each other.
        pad_values: a text put at both ends, or one for each end. padding_width: how often, default the width - 1.
        preserve_short_sequences: a row that is shorter than the width is one run.
    Shape: (..., n) -> (..., runs); ragged stays ragged. Source: tf.strings.ngrams.
    """
    widths = [int(n) for n in np.atleast_1d(host(ngram_width))]
    if min(widths) < 1:
        raise InvalidArgumentError(f"All ngram_widths must be greater than 0. Got {ngram_width}.")
    if padding_width is not None and int(padding_width) < 0:
        raise InvalidArgumentError(f"padding_width must be non-negative; received {padding_width}.")
    pads = None
    if pad_values is not None:
        left, right = pad_values if isinstance(pad_values, (tuple, list)) else (pad_values, pad_values)
        pads = text_of(left, "pad_values"), text_of(right, "pad_values")
    middle = text_of(separator, "separator")

    def runs(row: list[bytes]) -> list[bytes]:
        found: list[bytes] = []
        for width in widths:
            items = row
            if pads is not None:
                count = width - 1 if padding_width is None else min(int(padding_width), width - 1)
                items = [pads[0]] * count + row + [pads[1]] * count
            found += [middle.join(items[i : i + width]) for i in range(len(items) - width + 1)]
            if len(items) < width and preserve_short_sequences and row:
                found.append(middle.join(items))
        return found

    return _by_row(data, runs)


def _by_row(data: Any, runs: Any) -> Any:
    if isinstance(data, RaggedTensor):
        if isinstance(data.values, RaggedTensor):
            return data.with_values(_by_row(data.values, runs))
        texts, splits = text_array(data.values).tolist(), host(data.row_splits)
        rows = [runs(texts[begin:end]) for begin, end in pairwise(splits)]
        flat = np.array([item for row in rows for item in row] + [None], object)[:-1]
        return RaggedTensor.from_row_lengths(tensor(flat), [len(row) for row in rows])
    texts = text_array(data)
    if not texts.ndim:
        raise InvalidArgumentError("ngrams expects data of rank 1 or more; received a single text.")
    rows = [runs(row.tolist()) for row in texts.reshape(-1, texts.shape[-1])]
    found = np.empty((len(rows), len(rows[0]) if rows else 0), object)
    for number, row in enumerate(rows):
        found[number] = row
    return tensor(found.reshape(*texts.shape[:-1], found.shape[1]))


def unsorted_segment_join(inputs, segment_ids, num_segments, separator="", name=None):
    """The texts of each segment put together. Shape: (n,), (n,) -> (num_segments,).

    Raises: InvalidArgumentError if an id is not below `num_segments`.
    """
    texts, ids, count = text_array(inputs), host(segment_ids), int(num_segments)
    if ids.shape != texts.shape[: ids.ndim] or (ids.size and not (ids.min() >= 0 and ids.max() < count)):
        raise InvalidArgumentError(
            f"segment_ids are not allowed to exceed num_segments or to have negative values: {ids.tolist()} of {count}."
        )
    rows = texts.reshape(ids.size, -1)
    middle = text_of(separator, "separator")
    found = np.empty((count, rows.shape[1]), object)
    for segment, column in np.ndindex(found.shape):
        found[segment, column] = middle.join(rows[ids.reshape(-1) == segment, column])
    return tensor(found.reshape(count, *texts.shape[ids.ndim :]))
