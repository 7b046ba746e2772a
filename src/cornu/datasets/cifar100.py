"""Small colour pictures of a hundred kinds of things, in twenty groups. Source: keras.datasets.cifar100; Krizhevsky, 2009."""

from typing import Literal

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.datasets.cifar import find_folder, read_batch

Pair = tuple[np.ndarray, np.ndarray]


def load_data(label_mode: Literal["fine", "coarse"] = "fine") -> tuple[Pair, Pair]:
    """60,000 pictures. Shape: x uint8 (50000, 32, 32, 3) and (10000, 32, 32, 3); y int64 (50000, 1) and (10000, 1).

    Args: `label_mode`: `"fine"` for the hundred kinds, `"coarse"` for the twenty groups.
    Returns: `(x_train, y_train), (x_test, y_test)`. Raises: InvalidArgumentError for another `label_mode`; NotFoundError if the
    archive is neither cached nor to be had.
    """
    if label_mode not in {"fine", "coarse"}:
        raise InvalidArgumentError(
            f'`label_mode` must be one of `"fine"`, `"coarse"`. Received: label_mode={label_mode}.'
        )
    folder = find_folder(
        "cifar-100-python",
        "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        "eb9058c3a382ffc7106e4002c42a8d85",  # as published beside the archive
    )
    key = f"{label_mode}_labels".encode()
    (x_train, y_train), (x_test, y_test) = (read_batch(folder / name, key) for name in ("train", "test"))
    return (x_train, y_train[:, None]), (x_test, y_test[:, None])
