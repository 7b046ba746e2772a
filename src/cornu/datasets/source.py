"""Where the files of the data sets come from, and how rows are divided into training and test."""

import os
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.datasets.get_file import get_file

ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


def fetch(path: str | os.PathLike, name: str, file_hash: str, cache_subdir: str = "datasets") -> str:
    """The local path of the published file `name`, cached as `path`: a file name, or a path of the user's own."""
    folder, file_name = os.path.split(os.fspath(path))
    if not folder:
        return get_file(file_name, ADDRESS + name, file_hash=file_hash, cache_subdir=cache_subdir)
    base = None if not os.path.isabs(folder) else folder
    subdir = "" if base else os.path.join(cache_subdir, folder)
    return get_file(file_name, ADDRESS + name, file_hash=file_hash, cache_dir=base, cache_subdir=subdir)


def check_test_split(test_split: float) -> float:
    """Raises: InvalidArgumentError unless 0 <= test_split < 1."""
    if not 0 <= test_split < 1:
        raise InvalidArgumentError(
            f"Invalid `test_split` argument: {test_split}. It must be between 0 and 1 (exclusive of 1)."
        )
    return test_split


def shuffled(seed: int | np.random.RandomState, *arrays: Any) -> tuple[Any, ...]:
    """The arrays, all in the same new order that `seed` decides."""
    state = seed if isinstance(seed, np.random.RandomState) else np.random.RandomState(seed)
    order = np.arange(len(arrays[0]))
    state.shuffle(order)
    return tuple(array[order] for array in arrays)


def divided(x: Any, y: Any, test_split: float) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """`(x_train, y_train), (x_test, y_test)`: the last part of the rows is for testing."""
    count = int(len(x) * (1 - test_split))
    return (np.array(x[:count]), np.array(y[:count])), (np.array(x[count:]), np.array(y[count:]))
