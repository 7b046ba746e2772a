"""Hand-written digits. Source: keras.datasets.mnist; LeCun, Cortes, Burges, 1998."""

import numpy as np

from cornu.datasets.source import fetch
from cornu.io.pickled_arrays import load_npz

Pair = tuple[np.ndarray, np.ndarray]


def load_data(path: str = "mnist.npz") -> tuple[Pair, Pair]:
    """70,000 digits. Shape: x uint8 (60000, 28, 28) and (10000, 28, 28); y uint8 (60000,) and (10000,), 0..9.

    Args: `path`: the file's name in `$KERAS_HOME/datasets`, or a path of your own.
    Returns: `(x_train, y_train), (x_test, y_test)`. Raises: NotFoundError if the file is neither cached nor to be had.
    """
    found = load_npz(fetch(path, "mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"))
    return (found["x_train"], found["y_train"]), (found["x_test"], found["y_test"])
