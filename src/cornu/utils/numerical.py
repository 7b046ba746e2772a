"""Labels as one-hot rows, and rows of unit length."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import config, dtypes
from cornu.core.tensor import Tensor, convert_to_tensor, is_tensor


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """Class numbers as one-hot rows.

    Args: `x`, integers from 0, any shape; `num_classes`, default the largest label + 1.
    Shape: (...) -> (..., num_classes); a last axis of 1 is dropped first.
    Returns: a NumPy array of float64, as Keras gives; a float32 tensor for a tensor.
    Raises: InvalidArgumentError if a label is out of range or there are none; InvalidTypeError on text.
    Example:
        >>> to_categorical([0, 2], 3)
        array([[1., 0., 0.],
               [0., 0., 1.]])
    Source: keras.utils.to_categorical.
    """
    values = np.asarray(x)
    if values.dtype.kind in "USO":
        first = values.reshape(-1).tolist()[0] if values.size else ""
        raise InvalidTypeError(f"Expected class numbers; received {first!r}. Map names to integers first.")
    labels = values.astype(np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if not labels.size and num_classes is None:
        raise InvalidArgumentError("Expected at least one label; received none. Pass num_classes to allow it.")
    classes = int(labels.max()) + 1 if num_classes is None else int(num_classes)
    if labels.size and (labels.max() >= classes or labels.min() < -classes):
        bad = int(labels.max() if labels.max() >= classes else labels.min())
        raise InvalidArgumentError(
            f"Expected labels from 0 to {classes - 1} for num_classes={classes}; received {bad}. "
            f"Use num_classes={int(labels.max()) + 1}, or subtract 1 if the labels count from 1."
        )
    rows = np.zeros((labels.size, classes))
    rows[np.arange(labels.size), labels.reshape(-1)] = 1.0  # -1 is the last class, as in Keras
    rows = rows.reshape(*labels.shape, classes)
    return convert_to_tensor(rows.astype(np.float32)) if is_tensor(x) else rows


def normalize(x: Any, axis: Any = -1, order: int = 2) -> Any:
    """`x` divided by its norm of that order along `axis`; zeros stay zeros.

    Shape: unchanged. Returns: a NumPy array, or a tensor for a tensor.
    Raises: InvalidArgumentError if `order` is not an integer of 1 or more. Source: keras.utils.normalize.
    """
    if not isinstance(order, int) or order < 1:
        raise InvalidArgumentError(f"Argument `order` must be an int >= 1. Received: order={order}")
    values = np.asarray(x)
    if values.dtype.kind in "iub":
        values = values.astype(dtypes._NUMPY[config.floatx()])
    axes = tuple(axis) if isinstance(axis, (list, tuple)) else axis
    norms = np.sum(np.abs(values) ** order, axis=axes, keepdims=True) ** (1.0 / order)
    found = values / np.where(norms == 0, 1, norms)
    return convert_to_tensor(found) if isinstance(x, Tensor) or is_tensor(x) else found
