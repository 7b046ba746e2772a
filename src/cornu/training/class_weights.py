"""Weights of classes, turned into weights of samples."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import config, dtypes
from cornu.training.arrays import is_nest


def apply_class_weight(y: Any, sample_weight: Any, class_weight: Any, output_names: Sequence[str] | None = None) -> Any:
    """The sample weights that `class_weight` asks for, times `sample_weight` if there are any.

    Args:
        y: labels: integers, or one-hot rows; a nest for several outputs.
        sample_weight: None, an array, or a nest like y.
        class_weight: {class: weight} (or a list of weights, class by class); for several outputs a dict by output
            name, or a list in the order of the outputs. A class that is not named weighs 1.
        output_names: names of the outputs when y is a list.
    Returns: an array, or a nest like y.
    Raises: InvalidArgumentError if there are no labels, or class_weight does not fit the outputs.
    """
    if y is None:
        raise InvalidArgumentError("Expected labels to apply class_weight to; received no y.")
    if not is_nest(y):
        table = class_weight
        if isinstance(class_weight, Mapping) and output_names and set(class_weight) == set(output_names):
            table = class_weight[output_names[0]]
        return _product(_weights(y, table), sample_weight)
    keys = list(y) if isinstance(y, Mapping) else list(range(len(y)))
    names = list(output_names or ()) if len(output_names or ()) == len(keys) else keys
    if isinstance(y, Mapping):
        names = keys
    tables = _per_output(class_weight, names)
    given = _per_output_weights(sample_weight, keys, names)
    found = [
        given[index] if tables[index] is None else _product(_weights(y[key], tables[index]), given[index])
        for index, key in enumerate(keys)
    ]
    if isinstance(y, Mapping):
        return dict(zip(keys, found, strict=True))
    return found if isinstance(y, list) else tuple(found)


def _per_output(class_weight: Any, names: list[Any]) -> list[Any]:
    if isinstance(class_weight, (list, tuple)) and len(class_weight) == len(names):
        return list(class_weight)
    if isinstance(class_weight, Mapping) and set(class_weight) <= set(names):
        tables = [class_weight.get(name) for name in names]
        if all(table is None or isinstance(table, (Mapping, list, tuple, np.ndarray)) for table in tables):
            return tables
    if len(names) == 1:
        return [class_weight]
    raise InvalidArgumentError(
        f"Expected class_weight for {len(names)} outputs as a dict of dicts by output name ({names}) or a list of "
        f"{len(names)} dicts; received {class_weight!r}."
    )


def _per_output_weights(sample_weight: Any, keys: list[Any], names: list[Any]) -> list[Any]:
    if isinstance(sample_weight, Mapping):
        return [sample_weight.get(name, sample_weight.get(key)) for name, key in zip(names, keys, strict=True)]
    if isinstance(sample_weight, (list, tuple)) and len(sample_weight) == len(keys):
        return list(sample_weight)
    return [sample_weight] * len(keys)


def _weights(y: Any, table: Any) -> np.ndarray:
    """The weight of every label."""
    labels = np.asarray(y)
    if labels.ndim > 1:
        labels = labels.argmax(-1) if labels.shape[-1] != 1 else labels[..., 0]
    if labels.dtype.kind == "f":
        labels = np.round(labels).astype(np.int64)
    elif labels.dtype.kind == "b":
        labels = labels.astype(np.int64)
    floatx = dtypes._NUMPY[config.floatx()]
    classes, weights = _table(table)
    if not len(classes):
        return np.ones(labels.shape, floatx)
    place = np.minimum(np.searchsorted(classes, labels), len(classes) - 1)
    return np.where(classes[place] == labels, weights[place], 1.0).astype(floatx)


def _table(table: Any) -> tuple[np.ndarray, np.ndarray]:
    """Classes in rising order, and their weights."""
    pairs = table.items() if isinstance(table, Mapping) else enumerate(np.asarray(table).tolist())
    try:
        known = sorted((int(label), float(weight)) for label, weight in pairs)
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"Expected class_weight as a dict from class numbers to weights, such as {{0: 1.0, 1: 5.0}}; "
            f"received {table!r}."
        ) from None
    return np.array([label for label, _ in known], np.int64), np.array([weight for _, weight in known], np.float64)


def _product(weights: np.ndarray, sample_weight: Any) -> np.ndarray:
    if sample_weight is None:
        return weights
    given = np.asarray(sample_weight)
    if given.ndim == weights.ndim + 1 and given.shape[-1] == 1:
        given = given[..., 0]
    while given.ndim < weights.ndim:  # a weight for each row of sequences or images
        given = given[..., None]
    return (weights * given).astype(weights.dtype)
