"""Examples as tensors. Source: tf.io.parse_single_example, parse_example, parse_sequence_example."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.io.example import Values, read_example, read_sequence_example
from cornu.tf.host_values import host, tensor, text_array, text_of
from cornu.tf.io.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    RaggedFeature,
    SparseFeature,
    VarLenFeature,
    checked_dtype,
)
from cornu.tf.ragged.tensor import RaggedTensor
from cornu.tf.sparse import SparseTensor, reorder

_ORDER = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature, RaggedFeature)


def parse_single_example(serialized, features, example_names=None, name=None):
    """The features of one serialized Example.

    Args: features: name -> `FixedLenFeature`, `VarLenFeature`, `FixedLenSequenceFeature`, `SparseFeature`, `RaggedFeature`.
    Returns: a dict of tensors, sparse tensors for VarLenFeature. example_names: what errors call the Example.
    Raises: InvalidArgumentError on missing features, other dtypes or lengths. Source: tf.io.parse_single_example.
    """
    example = read_example(text_of(serialized, "serialized"))
    names = None if example_names is None else [text_of(example_names).decode()]
    return _parsed([example], _checked(features), names, single=True)


def parse_example(serialized, features, example_names=None, name=None):
    """The features of many serialized Examples, with a leading axis for them. As `parse_single_example`."""
    texts = text_array(serialized)
    if not texts.ndim:
        return parse_single_example(serialized, features, example_names)
    names = None if example_names is None else [text.decode() for text in text_array(example_names)]
    return _parsed([read_example(text) for text in texts], _checked(features), names, single=False)


def parse_single_sequence_example(
    serialized, context_features=None, sequence_features=None, example_name=None, name=None
):  # fmt: skip
    """The features of one serialized SequenceExample: of the whole, and of every step.

    Returns: two dicts of tensors. Source: tf.io.parse_single_sequence_example.
    """
    example = read_sequence_example(text_of(serialized, "serialized"))
    names = None if example_name is None else [text_of(example_name).decode()]
    context = _parsed([example[0]], _checked(context_features or {}, False), names, single=True)
    features = _checked(sequence_features or {}, False)
    return context, {key: _steps([example[1]], key, feature, True) for key, feature in features}


def parse_sequence_example(serialized, context_features=None, sequence_features=None, example_names=None, name=None):
    """The features of many serialized SequenceExamples, and their numbers of steps.

    Returns: dicts of context and sequence tensors, and one of lengths. Source: tf.io.parse_sequence_example.
    """
    examples = [read_sequence_example(text) for text in text_array(serialized).reshape(-1)]
    names = None if example_names is None else [text.decode() for text in text_array(example_names)]
    context = _parsed(
        [example[0] for example in examples], _checked(context_features or {}, False), names, single=False
    )
    lists, lengths = [example[1] for example in examples], {}
    features = _checked(sequence_features or {}, False)
    for key, feature in features:
        if isinstance(feature, FixedLenSequenceFeature):
            lengths[key] = tensor(np.array([len(one.get(key, ())) for one in lists], np.int64))
    return context, {key: _steps(lists, key, feature, False) for key, feature in features}, lengths


def _checked(features: Any, is_needed: bool = True) -> list[tuple[str, Any]]:
    """The features in the order of their kinds and names."""
    if not features and is_needed:
        raise InvalidArgumentError("Invalid argument: features cannot be empty.")
    for key, feature in features.items():
        if not isinstance(feature, _ORDER):
            raise InvalidArgumentError(
                f"Invalid feature {key}:{feature!r}. Use tf.io.FixedLenFeature or one of its kind."
            )
        checked_dtype(key, feature)
        if isinstance(feature, RaggedFeature) and feature.partitions:
            raise InvalidArgumentError(f"RaggedFeature {key!r}: partitions are not read here; leave them empty.")
    return sorted(features.items(), key=lambda item: (_ORDER.index(type(item[1])), item[0]))


def _parsed(examples: list[dict[str, Values]], features: list, names: Any, single: bool) -> dict[str, Any]:
    def values(key: str, dtype: str) -> list[list]:
        return [_of_dtype(key, example.get(key, ("", [])), dtype, names, row) for row, example in enumerate(examples)]

    found: dict[str, Any] = {}
    for key, feature in features:
        dtype = checked_dtype(key, feature)
        if isinstance(feature, FixedLenFeature):
            array = _fixed(key, feature, dtype, values(key, dtype), examples, names)
            found[key] = tensor(array[0] if single else array)
        elif isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise InvalidArgumentError(
                    f"Unsupported: FixedLenSequenceFeature {key!r} requires allow_missing to be True."
                )
            array = _padded(key, feature, dtype, values(key, dtype))
            found[key] = tensor(array[0] if single else array)
        elif isinstance(feature, SparseFeature):
            found[key] = _scattered(feature, dtype, values, single)
        elif isinstance(feature, RaggedFeature):
            rows = values(feature.value_key or key, dtype)
            flat = tensor(_array([item for row in rows for item in row], dtype))
            ragged = RaggedTensor.from_row_lengths(flat, [len(row) for row in rows])
            found[key] = flat if single else ragged.with_row_splits_dtype(feature.row_splits_dtype)
        else:
            found[key] = _sparse(values(key, dtype), dtype, single)
    return found


def _of_dtype(key: str, values: Values, dtype: str, names: Any, row: int) -> list:
    kind, items = values
    if kind and kind != dtype:
        raise InvalidArgumentError(
            f"{_name(names, row)}Key: {key}. Data types don't match. Expected type: {dtype}; the Example has {kind}."
        )
    return items


def _name(names: Any, row: int) -> str:
    return f"Name: {names[row]}, " if names else ""


def _array(items: Sequence, dtype: str) -> np.ndarray:
    if dtype == "string":
        found = np.empty(len(items), object)
        found[:] = items
        return found
    return np.array(items, dtype)


def _fixed(key: str, feature: Any, dtype: str, rows: list[list], examples: list[dict], names: Any) -> np.ndarray:
    shape = [int(n) for n in np.atleast_1d(np.asarray(feature.shape, np.int64))] if feature.shape is not None else []
    count = int(np.prod(shape))
    default = None
    if feature.default_value is not None:
        default = host(feature.default_value).reshape(-1)
        if default.size == 1:
            default = np.repeat(default, count)
        if default.size != count:
            raise InvalidArgumentError(
                f"Feature {key!r}: expected a default_value of shape {shape}; received {default.size} values."
            )
    filled = []
    for row, items in enumerate(rows):
        if key not in examples[row] or not examples[row][key][0]:
            if default is None:
                hint = (
                    did_you_mean(key, examples[row])
                    or f" The Example has {', '.join(sorted(examples[row])) or 'none'}."
                )
                raise InvalidArgumentError(
                    f"{_name(names, row)}Feature: {key} (data type: {dtype}) is required but could not be found.{hint}"
                )
            items = default.tolist()
        if len(items) != count:
            raise InvalidArgumentError(
                f"{_name(names, row)}Key: {key}. Can't parse serialized Example: expected {count} values for the shape "
                f"{shape}; it has {len(items)}. Use VarLenFeature if their number varies."
            )
        filled += items
    return _array(filled, dtype).reshape(len(rows), *shape)


def _padded(key: str, feature: Any, dtype: str, rows: list[list]) -> np.ndarray:
    shape = [int(n) for n in feature.shape]
    count = int(np.prod(shape))
    if any(len(row) % count for row in rows):
        raise InvalidArgumentError(f"Key: {key}. Number of values must be a multiple of {count}, the size of {shape}.")
    longest = max((len(row) for row in rows), default=0)
    empty: Any = b"" if dtype == "string" else 0
    if feature.default_value is not None:
        empty = host(feature.default_value).reshape(-1)[0]
    filled = [item for row in rows for item in [*row, *[empty] * (longest - len(row))]]
    return _array(filled, dtype).reshape(len(rows), longest // count, *shape)


def _sparse(rows: list[list], dtype: str, single: bool) -> SparseTensor:
    places = [(row, column) for row, items in enumerate(rows) for column in range(len(items))]
    indices = np.array(places, np.int64).reshape(-1, 2)
    shape = np.array([len(rows), max(map(len, rows), default=0)], np.int64)
    values = tensor(_array([item for row in rows for item in row], dtype))
    return SparseTensor(indices[:, 1:], values, shape[1:]) if single else SparseTensor(indices, values, shape)


def _scattered(feature: Any, dtype: str, values: Any, single: bool) -> SparseTensor:
    keys = feature.index_key if isinstance(feature.index_key, (list, tuple)) else [feature.index_key]
    sizes = [int(n) for n in np.atleast_1d(feature.size)]
    columns = [values(key, "int64") for key in keys]
    rows = values(feature.value_key, dtype)
    places = []
    for row, items in enumerate(rows):
        if any(len(column[row]) != len(items) for column in columns):
            raise InvalidArgumentError(
                f"SparseFeature: expected as many indices as values; {feature.value_key!r} has {len(items)}."
            )
        places += [(row, *place) for place in zip(*(column[row] for column in columns))]
    indices = np.array(places, np.int64).reshape(-1, len(keys) + 1)
    if ((indices[:, 1:] < 0) | (indices[:, 1:] >= sizes)).any():
        raise InvalidArgumentError(
            f"SparseFeature: expected indices below {sizes}; received {indices[:, 1:].tolist()!r:.100}."
        )
    flat = tensor(_array([item for row in rows for item in row], dtype))
    whole = SparseTensor(indices[:, 1:], flat, sizes) if single else SparseTensor(indices, flat, [len(rows), *sizes])
    return whole if feature.already_sorted else reorder(whole)


def _steps(lists: list[dict[str, list[Values]]], key: str, feature: Any, single: bool) -> Any:
    """The values of every step of sequences."""
    dtype = checked_dtype(key, feature)
    source = getattr(feature, "value_key", None) or key
    rows = [[_of_dtype(source, step, dtype, None, 0) for step in one.get(source, [])] for one in lists]
    if isinstance(feature, FixedLenSequenceFeature):
        return _step_tensor(key, feature, dtype, rows, [source in one for one in lists], single)
    if isinstance(feature, RaggedFeature):
        steps = RaggedTensor.from_row_lengths(
            tensor(_array([item for row in rows for step in row for item in step], dtype)),
            [len(step) for row in rows for step in row],
        )
        found = steps if single else RaggedTensor.from_row_lengths(steps, [len(row) for row in rows])
        return found.with_row_splits_dtype(feature.row_splits_dtype)
    if not isinstance(feature, VarLenFeature):
        raise InvalidArgumentError(
            f"Feature {key!r} of a sequence: expected FixedLenSequenceFeature, VarLenFeature or RaggedFeature; received "
            f"{type(feature).__name__}."
        )
    places = [(row, at, i) for row, steps in enumerate(rows) for at, step in enumerate(steps) for i in range(len(step))]
    longest = max((len(steps) for steps in rows), default=0)
    widest = max((len(step) for steps in rows for step in steps), default=0)
    indices, shape = np.array(places, np.int64).reshape(-1, 3), np.array([len(rows), longest, widest], np.int64)
    values = tensor(_array([item for steps in rows for step in steps for item in step], dtype))
    return SparseTensor(indices[:, 1:], values, shape[1:]) if single else SparseTensor(indices, values, shape)


def _step_tensor(key: str, feature: Any, dtype: str, rows: Any, is_there: list[bool], single: bool) -> Any:
    if not feature.allow_missing and not all(is_there):
        raise InvalidArgumentError(
            f"Feature list {key!r} is required but could not be found. Did you mean to include it in "
            "allow_missing=True?"
        )
    shape = [int(n) for n in feature.shape]
    count, longest = int(np.prod(shape)), max((len(steps) for steps in rows), default=0)
    for steps in rows:
        for at, step in enumerate(steps):
            if len(step) != count:
                raise InvalidArgumentError(
                    f"Feature list: {key}, step {at}: expected {count} values for the shape {shape}; it has {len(step)}."
                )
    empty: Any = b"" if dtype == "string" else 0
    if feature.default_value is not None:
        empty = host(feature.default_value).reshape(-1)[0]
    filled = [item for steps in rows for step in [*steps, *[[empty] * count] * (longest - len(steps))] for item in step]
    array = _array(filled, dtype).reshape(len(rows), longest, *shape)
    return tensor(array[0] if single else array)
