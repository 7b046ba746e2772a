"""Batches by number or one after the other, without end. Source: tf.keras.preprocessing.image.Iterator."""

import os
import threading
from collections.abc import Iterator as PythonIterator
from typing import Any

import numpy as np

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.preprocessing.image.conversion import array_to_img
from cornu.training.py_dataset import PyDataset

WHITE_LIST = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")  # extensions of pictures


class Iterator(PyDataset):
    """Base of what `ImageDataGenerator.flow*` return: define `_get_batches_of_transformed_samples(index_array)`.

    `it[i]` is batch `i` of the present order, `next(it)` the next one, and so on for ever.
    Args: `n`: samples; `batch_size`; `shuffle`: a new order each epoch; `seed`: makes every epoch the same for the same seed.
    """

    white_list_formats = WHITE_LIST

    def __init__(self, n: int, batch_size: int, shuffle: bool, seed: int | None):
        super().__init__()
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise InvalidArgumentError(f"Expected batch_size of 1 or more; received {batch_size!r}.")
        self.n, self.batch_size, self.shuffle, self.seed = n, batch_size, shuffle, seed
        self.batch_index = self.total_batches_seen = 0
        self.lock = threading.Lock()
        self.index_array: np.ndarray | None = None
        self.index_generator = self._flow_index()

    def __getstate__(self) -> dict[str, Any]:  # for worker processes
        return {name: value for name, value in vars(self).items() if name not in {"lock", "index_generator"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.lock = threading.Lock()
        self.index_generator = self._flow_index()

    def _set_index_array(self) -> None:
        self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def __len__(self) -> int:
        return -(-self.n // self.batch_size)

    def __getitem__(self, index: int) -> Any:
        if index >= len(self):
            raise InvalidArgumentError(f"Asked to retrieve element {index}, but the Sequence has length {len(self)}")
        if self.seed is not None:
            np.random.seed(self.seed + self.total_batches_seen)
        self.total_batches_seen += 1
        if self.index_array is None:
            self._set_index_array()
        assert self.index_array is not None
        rows = self.index_array[self.batch_size * index : self.batch_size * (index + 1)]
        return self._get_batches_of_transformed_samples(rows)

    def on_epoch_end(self) -> None:
        """Draw the order of the next epoch."""
        self._set_index_array()

    def reset(self) -> None:
        """Start `next` at the first batch."""
        self.batch_index = 0

    def _flow_index(self) -> PythonIterator[np.ndarray]:
        self.reset()
        while True:
            if self.seed is not None:
                np.random.seed(self.seed + self.total_batches_seen)
            if self.batch_index == 0:
                self._set_index_array()
            assert self.index_array is not None
            if self.n == 0:
                raise FailedPreconditionError("Expected pictures to iterate over; there are none.")
            start = (self.batch_index * self.batch_size) % self.n
            self.batch_index = 0 if self.n <= start + self.batch_size else self.batch_index + 1
            self.total_batches_seen += 1
            yield self.index_array[start : start + self.batch_size]

    def __iter__(self) -> "Iterator":
        return self

    def __next__(self) -> Any:
        with self.lock:
            rows = next(self.index_generator)
        return self._get_batches_of_transformed_samples(rows)

    next = __next__

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        """The batch of those samples."""
        raise FailedPreconditionError(f"Expected {type(self).__name__} to define _get_batches_of_transformed_samples.")


def subset_bounds(subset: str | None, validation_split: float) -> tuple[float, float]:
    """From which to which fraction of the samples a subset goes. Raises: InvalidArgumentError for unknown subsets."""
    if subset not in {None, "training", "validation"}:
        raise InvalidArgumentError(f'Invalid subset name: {subset}; expected "training" or "validation".')
    if subset is None:
        return 0, 1
    return (0, validation_split) if subset == "validation" else (validation_split, 1)


def save_pictures(
    batch: np.ndarray, index_array: np.ndarray, folder: str | os.PathLike, prefix: str, extension: str,
    data_format: Any, digits: int,
) -> None:  # fmt: skip
    """Write each picture of a batch as `PREFIX_INDEX_RANDOM.EXTENSION`."""
    for place, index in enumerate(index_array):
        name = f"{prefix}_{index}_{np.random.randint(10**digits)}.{extension}"
        array_to_img(batch[place], data_format, scale=True).save(os.path.join(folder, name))
