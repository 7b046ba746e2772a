"""Labels as arrays, with the arguments of Keras 1 and 2. Source: tf.keras.utils (np_utils)."""

from typing import Any

import numpy as np

from cornu.utils import numerical
from cornu.utils.numerical import normalize as normalize


def to_categorical(
    y: Any, num_classes: int | None = None, dtype: Any = "float32", *, nb_classes: int | None = None
) -> Any:
    """Class numbers as one-hot rows. Args: `nb_classes`: the name of `num_classes` in Keras 1. See `utils.to_categorical`."""
    return np.asarray(numerical.to_categorical(np.asarray(y), nb_classes or num_classes)).astype(dtype)


def to_ordinal(y: Any, num_classes: int | None = None, dtype: Any = "float32") -> np.ndarray:
    """Class numbers as rows that count up: class k has k ones. Shape: (...) -> (..., num_classes - 1).

    Example:
        >>> to_ordinal([0, 2], 3)
        array([[0., 0.],
               [1., 1.]], dtype=float32)
    Source: tf.keras.utils.to_ordinal.
    """
    labels = np.asarray(y, np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    classes = num_classes or int(np.max(labels)) + 1
    return (labels[..., None] > np.arange(classes - 1)).astype(dtype)
