"""Rows, items and slices of ragged tensors: `ragged[key]`."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError, OutOfRangeError
from cornu.core.tensor import Tensor
from cornu.tf.host_values import host, tensor
from cornu.tf.ragged.tensor import RaggedTensor, taken


def get_item(ragged: Any, key: Any) -> Any:
    """What `ragged[key]` is. Raises: InvalidArgumentError where one item of rows of different lengths is asked for."""
    keys = list(key) if isinstance(key, tuple) else [key]
    if Ellipsis in [k for k in keys if not isinstance(k, Tensor)]:
        at = keys.index(Ellipsis)
        known = sum(k is not None for k in keys) - 1
        keys[at : at + 1] = [slice(None)] * (len(ragged.shape) - known)
    return _indexed(ragged, keys)


def _indexed(ragged: Any, keys: list[Any]) -> Any:
    if not keys:
        return ragged
    if not isinstance(ragged, RaggedTensor):
        return _dense(ragged, tuple(keys))
    first, rest = keys[0], keys[1:]
    if first is None:
        inner = _indexed(ragged, rest)
        return RaggedTensor.from_uniform_row_length(inner, int(inner.shape[0]), 1)
    if isinstance(first, slice):
        rows = np.arange(len(ragged.lengths))[_plain(first)]
        chosen = ragged if first == slice(None) else take_rows(ragged, rows)
        return _within(chosen, rest) if rest else chosen
    row = int(host(first))
    count = len(ragged.lengths)
    if not -count <= row < count:
        raise OutOfRangeError(f"Expected a row from {-count} to {count - 1}; received {row}.")
    begin, end = (int(n) for n in host(ragged.row_splits)[row % count : row % count + 2])
    if isinstance(ragged.values, RaggedTensor):
        return _indexed(take_rows(ragged.values, np.arange(begin, end)), rest)
    values = _dense(ragged.values, (slice(begin, end),))
    return _dense(values, tuple(rest)) if rest else values


def _within(ragged: RaggedTensor, keys: list[Any]) -> Any:
    """Keys for what lies inside of the rows."""
    first, rest = keys[0], keys[1:]
    if first is None:
        inner = _indexed(ragged, [slice(None), *rest]) if rest else ragged
        return RaggedTensor.from_uniform_row_length(inner, 1, len(ragged.lengths))
    if not isinstance(first, slice):
        if ragged.uniform_row_length is None:
            raise InvalidArgumentError(
                "Cannot index into an inner ragged dimension: rows may be too short. Use a slice, or to_tensor() first."
            )
        length, place = int(ragged.uniform_row_length), int(host(first))
        chosen = np.arange(len(ragged.lengths)) * length + place % length
        found = _take(ragged.values, chosen)
        return (
            _within(found, rest) if rest and isinstance(found, RaggedTensor) else _indexed(found, [slice(None), *rest])
        )
    if first != slice(None):
        cuts = [
            np.arange(begin, begin + n)[_plain(first)] for begin, n in zip(host(ragged.row_starts()), ragged.lengths)
        ]
        chosen = np.concatenate(cuts) if cuts else np.zeros(0, np.int64)
        ragged = RaggedTensor.from_row_lengths(_take(ragged.values, chosen), [len(cut) for cut in cuts])
    return ragged.with_values(_indexed(ragged.values, [slice(None), *rest])) if rest else ragged


def take_rows(ragged: RaggedTensor, rows: np.ndarray) -> RaggedTensor:
    """Some of the rows, in that order."""
    lengths, starts = ragged.lengths[rows], host(ragged.row_starts())[rows]
    chosen = np.repeat(starts, lengths) + np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    made = RaggedTensor.from_row_lengths(_take(ragged.values, chosen), lengths)
    uniform = ragged.uniform_row_length
    return made if uniform is None else RaggedTensor(made.values, host(made.row_splits), int(uniform))


def _take(values: Any, chosen: np.ndarray) -> Any:
    return take_rows(values, chosen) if isinstance(values, RaggedTensor) else taken(values, chosen)


def _dense(values: Tensor, keys: tuple) -> Any:
    if values.dtype == "string":
        plain = (_plain(k) if isinstance(k, slice) else k if k is None or k is Ellipsis else int(host(k)) for k in keys)
        return tensor(np.asarray(host(values)[tuple(plain)], object))
    return ops.get_item(values, keys)


def _plain(cut: slice) -> slice:
    return slice(*(None if n is None else int(host(n)) for n in (cut.start, cut.stop, cut.step)))


RaggedTensor.__getitem__ = get_item  # type: ignore[method-assign]
