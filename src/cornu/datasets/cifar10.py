"""Small colour pictures of ten kinds of things. Source: keras.datasets.cifar10; Krizhevsky, 2009."""

import numpy as np

from cornu.datasets.cifar import find_folder, read_batch

Pair = tuple[np.ndarray, np.ndarray]


def load_data() -> tuple[Pair, Pair]:
    """60,000 pictures. Shape: x uint8 (50000, 32, 32, 3) and (10000, 32, 32, 3); y uint8 (50000, 1) and (10000, 1), 0..9.

    Returns: `(x_train, y_train), (x_test, y_test)`. Raises: NotFoundError if the archive is neither cached nor to be had.
    """
    folder = find_folder(
        "cifar-10-batches-py",
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "c58f30108f718f92721af3b95e74349a",  # as published beside the archive
    )
    batches = [read_batch(folder / f"data_batch_{number}", b"labels") for number in range(1, 6)]
    x_train, y_train = (np.concatenate(parts) for parts in zip(*batches))
    x_test, y_test = read_batch(folder / "test_batch", b"labels")
    return (x_train, y_train.astype(np.uint8)[:, None]), (x_test, y_test.astype(x_test.dtype)[:, None])
