"""What `fit`, `evaluate` and `predict` refuse, each in a sentence: expected, received, what to do.

NaN and infinity in the data are not looked for: that would read all of it.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError


def check_positive_int(name: str, value: Any) -> int:
    """`value` as an int of 1 or more.

    Raises: InvalidArgumentError, InvalidTypeError naming the argument.
    """
    if isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_)):
        if value >= 1:
            return int(value)
        raise InvalidArgumentError(f"Expected {name} to be a positive integer; received {value}.")
    hint = ""
    if isinstance(value, (float, np.floating)):
        hint = f" Round it: {name}=int({name}), or divide with `//` instead of `/`."
    raise InvalidTypeError(
        f"Expected {name} to be a positive integer; received {value!r} of type {type(value).__name__}.{hint}"
    )


def optional_positive_int(name: str, value: Any) -> int | None:
    """None, or `value` as an int of 1 or more. Raises: as `check_positive_int`."""
    return None if value is None else check_positive_int(name, value)


def validation_split(value: Any) -> float:
    """The share of rows to hold back, inside (0, 1). Raises: InvalidArgumentError otherwise."""
    if isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and 0 < value < 1:
        return float(value)
    raise InvalidArgumentError(
        f"Expected validation_split to be a fraction between 0 and 1, such as 0.2; received {value!r}."
    )


def same_rows(lengths: Iterable[tuple[str, int]]) -> int:
    """The number of rows that all arrays share, given their names and lengths.

    Raises: InvalidArgumentError naming each with its length if they differ, or if there are no rows.
    """
    lengths = list(lengths)
    rows = {count for _, count in lengths}
    if len(rows) > 1:
        listed = ", ".join(f"{name} has {count}" for name, count in lengths)
        raise InvalidArgumentError(
            f"Expected all arrays to have the same number of rows (first dimension); received: {listed}. "
            f"Data cardinality is ambiguous: cut or pad the arrays to one length."
        )
    count = rows.pop() if rows else 0
    if not count:
        raise InvalidArgumentError(
            f"Expected at least one row of data; received {' and '.join(name for name, _ in lengths)} with 0 rows. "
            f"Check how the data was loaded or filtered."
        )
    return count


def has_features(x: Any) -> None:
    """Raises: InvalidArgumentError if `x` is None."""
    if x is None:
        raise InvalidArgumentError(
            "Expected x to hold the input data; received None. Pass arrays, a dataset or a generator."
        )


def comes_alone(kind: str, **others: Any) -> None:
    """Refuse arguments that a stream of batches brings itself: targets, weights, a batch size, a validation split.

    Raises: InvalidArgumentError naming the argument.
    """
    advice = {
        "y": "should not be passed. Instead, the targets should be included as part of the {}: yield (inputs, targets)",
        "sample_weight": "should not be passed. Instead, the {} should yield (inputs, targets, sample_weights)",
        "batch_size": "should not be passed: the {} already yields batches. Set the batch size where it is made",
        "validation_split": "is only supported for arrays. Make a second {} and pass it as validation_data",
    }
    for name, value in others.items():
        if value is not None:
            raise InvalidArgumentError(f"When providing `x` as a {kind}, `{name}` {advice[name].format(kind)}.")


def offending_entry(array: np.ndarray) -> tuple[int, Any] | None:
    """Row and value of the first entry of an object array that is no number, or None if all are."""
    rows = array.reshape(len(array), -1)
    for row in range(len(rows)):
        for value in rows[row]:
            if not isinstance(value, (bool, int, float, np.number, np.bool_)):
                return row, value
    return None


def refuse_entry(name: str, row: int, value: Any) -> None:
    """Raises: InvalidTypeError saying what the entry of `name` at `row` is and how to turn it into numbers."""
    if isinstance(value, (str, bytes)):
        value = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        what, hint = "text", "Map text to numbers first: StringLookup, TextVectorization, or integers for class names"
    elif value is None:
        what, hint = "a missing value", "Fill missing values first"
    elif hasattr(value, "__len__"):
        what, hint = "a sequence", "Rows differ in length: pad them to one length (keras.utils.pad_sequences)"
    else:
        what, hint = f"an entry of type {type(value).__name__}", "Convert it to numbers first"
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
    raise InvalidTypeError(f"Expected {name} to hold numbers; received {what}: {shown} at row {row}. {hint}.")


def check_sparse_labels(
    y: Any, num_classes: int, output_name: str, loss_name: str, ignore_class: int | None = None
) -> None:
    """Check integer labels against the number of classes before they index outside of the predictions.

    Args:
        y: labels, any shape, rows first.
        num_classes: size of the predictions' last axis.
        output_name, loss_name: for the message.
        ignore_class: a label that is allowed although it is no class.
    Raises: InvalidArgumentError naming the first bad label, its row and the allowed range.
    """
    labels = np.asarray(y)
    if not labels.size:
        return
    low, high = labels.min(), labels.max()
    whole = labels.dtype.kind in "iub" or bool((labels == np.floor(labels)).all())
    if low >= 0 and high < num_classes and whole:
        return
    bad = (labels < 0) | (labels >= num_classes)
    if not whole:
        bad |= labels != np.floor(labels)
    if ignore_class is not None:
        bad &= labels != ignore_class
    if not bad.any():
        return
    place = np.unravel_index(int(bad.argmax()), bad.shape)
    value = labels[place].item()
    if not whole:
        hint = f"For classes given as probabilities or one-hot rows use {loss_name.removeprefix('sparse_')}"
    elif low >= 1 and high == num_classes:
        hint = "The labels seem to count from 1: subtract 1"
    elif low < 0:
        hint = "Labels are class numbers: map them to 0, 1, 2 and so on"
    else:
        hint = f"Give the last layer at least {int(high) + 1} units, or correct the label"
    raise InvalidArgumentError(
        f"Expected labels from 0 to {num_classes - 1} for output '{output_name}' with loss {loss_name} "
        f"({num_classes} classes); received {value!r} at row {int(place[0]) if place else 0}. {hint}."
    )
