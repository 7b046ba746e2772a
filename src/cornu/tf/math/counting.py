"""Counts and choices: bins, confusion matrices, largest entries, Sobol sequences. Source: tf.math."""

from typing import Any, NamedTuple

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.ops.indexing import count_bins
from cornu.tf.known_values import known


class TopKV2(NamedTuple):
    """What `top_k` returns."""

    values: Any
    indices: Any


class ApproxTopK(NamedTuple):
    """What `approx_max_k` and `approx_min_k` return."""

    values: Any
    indices: Any


def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = "int32",
    name: str | None = None,
    axis: int | None = None,
    binary_output: bool = False,
) -> Any:
    """How often each of 0, 1, ... occurs, or the sum of the weights where it does.

    Args:
        minlength, maxlength: least and largest number of counts; entries from `maxlength` on are left out.
        axis: None or 0 counts all entries, -1 those of each row.
        binary_output: 1 where an entry occurs at all.

    Raises: InvalidArgumentError if the entries are no integers of 0 or more, or the shapes do not fit.
    Source: tf.math.bincount.
    """
    arr = ops.convert_to_tensor(arr)
    if not arr.dtype.is_integer:
        raise InvalidArgumentError(f"bincount: expected integers; received {arr.dtype.name}.")
    if axis not in (None, 0, -1):
        raise InvalidArgumentError(f"bincount: expected axis None, 0 or -1; received {axis!r}.")
    if binary_output and weights is not None:
        raise InvalidArgumentError("bincount: expected weights or binary_output=True, not both.")
    weights = None if weights is None else ops.convert_to_tensor(weights)
    if axis != -1:
        arr = ops.reshape(arr, (-1,))
        weights = None if weights is None else ops.reshape(weights, (-1,))
    counts = count_bins(arr, weights, length=_length(arr, minlength, maxlength))
    if binary_output:
        counts = ops.cast(ops.not_equal(counts, 0), counts.dtype)
    return counts if weights is not None else ops.cast(counts, dtype)


def _length(arr: Any, minlength: Any, maxlength: Any) -> int:
    values = known(arr)
    if values is None:
        if minlength is None or maxlength is None or int(minlength) != int(maxlength):
            raise InvalidArgumentError(
                "bincount: expected minlength and maxlength, equal to each other, inside a compiled function or functional "
                "model, because the shape of the result cannot depend on values."
            )
        return int(maxlength)
    if values.size and values.min() < 0:
        raise InvalidArgumentError(f"bincount: expected entries of 0 or more; received {values.min()}.")
    length = max(int(values.max()) + 1 if values.size else 0, int(minlength or 0))
    return length if maxlength is None else min(length, int(maxlength))


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    weights: Any = None,
    dtype: Any = "int32",
    name: str | None = None,
) -> Any:
    """How often class `labels[i]` was taken for class `predictions[i]`. Shape: (n,), (n,) -> (classes, classes).

    Raises: InvalidArgumentError on negative classes, classes from `num_classes` on, or if a shape does not fit.
    Source: tf.math.confusion_matrix.
    """
    given = {
        "labels": ops.squeeze(ops.cast(labels, "int64")),
        "predictions": ops.squeeze(ops.cast(predictions, "int64")),
    }
    given = {key: ops.reshape(value, (-1,)) for key, value in given.items()}
    sizes = [given[key].shape[0] for key in given]
    if sizes[0] != sizes[1]:
        raise InvalidArgumentError(
            f"confusion_matrix: expected as many labels as predictions; received {sizes[0]} and {sizes[1]}."
        )
    found = {key: known(value) for key, value in given.items()}
    for key, values in found.items():
        if values is not None and values.size and values.min() < 0:
            raise InvalidArgumentError(f"confusion_matrix: expected {key} of 0 or more; received {values.min()}.")
        if values is not None and values.size and num_classes is not None and values.max() >= int(num_classes):
            raise InvalidArgumentError(
                f"confusion_matrix: expected {key} below num_classes={num_classes}; received {values.max()}."
            )
    if num_classes is None:
        if any(values is None for values in found.values()):
            raise InvalidArgumentError("confusion_matrix: expected num_classes inside a compiled function.")
        num_classes = max(int(values.max(initial=-1)) for values in found.values() if values is not None) + 1
    classes = int(num_classes)
    amounts = ops.ones(sizes[0], dtype) if weights is None else ops.reshape(ops.cast(weights, dtype), (-1,))
    places = ops.add(ops.multiply(given["labels"], classes), given["predictions"])
    return ops.reshape(count_bins(places, amounts, length=classes * classes), (classes, classes))


def in_top_k(targets: Any, predictions: Any, k: Any, name: str | None = None) -> Any:
    """Whether the target class is among the `k` highest predictions of its row; ties count as inside.

    Shape: (n,), (n, classes) -> (n,). Source: tf.math.in_top_k, tf.nn.in_top_k.
    """
    return ops.in_top_k(targets, predictions, int(k))


def top_k(input: Any, k: Any = 1, sorted: bool = True, index_type: Any = "int32", name: str | None = None) -> TopKV2:
    """The `k` largest entries of the last axis and their places, largest first. Source: tf.math.top_k, tf.nn.top_k."""
    values, indices = ops.top_k(input, int(k), sorted)
    return TopKV2(values, ops.cast(indices, index_type))


def approx_max_k(
    operand: Any,
    k: int,
    reduction_dimension: int = -1,
    recall_target: float = 0.95,
    reduction_input_size_override: int = -1,
    aggregate_to_topk: bool = True,
    name: str | None = None,
) -> ApproxTopK:
    """The `k` largest entries along an axis and their places. They are exact, hence meet every `recall_target`.

    `reduction_input_size_override` and `aggregate_to_topk=False` are about partial results of one device among several; the
    exact result serves them too. Source: tf.math.approx_max_k.
    """
    _check_recall(recall_target)
    return _extreme(operand, k, reduction_dimension, ops.top_k)


def approx_min_k(
    operand: Any,
    k: int,
    reduction_dimension: int = -1,
    recall_target: float = 0.95,
    reduction_input_size_override: int = -1,
    aggregate_to_topk: bool = True,
    name: str | None = None,
) -> ApproxTopK:
    """The `k` smallest entries along an axis and their places; otherwise as `approx_max_k`. Source: tf.math.approx_min_k."""
    _check_recall(recall_target)
    found = _extreme(ops.negative(operand), k, reduction_dimension, ops.top_k)
    return ApproxTopK(ops.negative(found.values), found.indices)


def _check_recall(recall_target: float) -> None:
    if not 0 < recall_target <= 1:
        raise InvalidArgumentError(f"Expected recall_target above 0, at most 1; received {recall_target}.")


def _extreme(operand: Any, k: int, axis: int, choose: Any) -> ApproxTopK:
    values, indices = choose(ops.moveaxis(operand, axis, -1), int(k))
    return ApproxTopK(ops.moveaxis(values, -1, axis), ops.moveaxis(indices, -1, axis))


def sobol_sample(dim: Any, num_results: Any, skip: Any = 0, dtype: Any = "float32", name: str | None = None) -> Any:
    """Points of the Sobol sequence in the unit cube, from the one after the origin on. Shape: (num_results, dim).

    Raises: InvalidArgumentError unless `dim` and `num_results` are positive and `skip` is 0 or more.
    Source: Joe and Kuo 2008, direction numbers; tf.math.sobol_sample.
    """
    if int(dim) < 1 or int(num_results) < 1 or int(skip) < 0:
        raise InvalidArgumentError(
            f"sobol_sample: expected dim and num_results of at least 1, skip of at least 0; received {dim}, {num_results} "
            f"and {skip}."
        )
    from scipy.stats import qmc

    sequence = qmc.Sobol(int(dim), scramble=False)
    sequence.fast_forward(int(skip) + 1)
    return ops.convert_to_tensor(np.asarray(sequence.random(int(num_results))), dtype)
