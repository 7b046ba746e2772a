"""A dataset of windows of a series. Source: keras.utils.timeseries_dataset_from_array."""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import convert_to_tensor
from cornu.data import AUTOTUNE, Dataset
from cornu.preprocessing.labelled_files import check_format


def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
    format: str = "tf",
) -> Dataset:
    """Batches of windows (and of the target with the number of each window's first row).

    Args:
        data: rows in the order of time. targets: None for windows only.
        sequence_length: rows in a window. sequence_stride: rows from one window to the next.
        sampling_rate: take every so-many-th row. batch_size: None for single windows.
        shuffle, seed: the order. start_index, end_index: use the rows from here to there (exclusive).
    Shape: data (n, ...) -> (batch, sequence_length, ...).
    Raises: InvalidArgumentError for bad sizes.
    """
    length = len(data)
    for name, value in (("sequence_length", sequence_length), ("sampling_rate", sampling_rate),
                        ("sequence_stride", sequence_stride)):  # fmt: skip
        if value <= 0:
            raise InvalidArgumentError(f"`{name}` must be higher than 0. Received: {name}={value}")
    if sampling_rate >= length:
        raise InvalidArgumentError(
            "`sampling_rate` must be lower than the length of the data. "
            f"Received: sampling_rate={sampling_rate}, for data of length {length}"
        )
    _check_bounds(start_index, end_index, length)
    check_format(format)
    start, end = start_index or 0, length if end_index is None else end_index
    count = end - start - (sequence_length - 1) * sampling_rate
    if targets is not None:
        count = min(count, len(targets))
    first_rows = np.arange(0, max(count, 0), sequence_stride)
    if shuffle:
        seed = int(np.random.randint(1_000_000)) if seed is None else seed
        np.random.RandomState(seed).shuffle(first_rows)
    rows = convert_to_tensor(np.asarray(data)[start:end])
    labels = None if targets is None else convert_to_tensor(np.asarray(targets)[start:end])
    offsets = np.arange(sequence_length) * sampling_rate

    def window(first: Any) -> Any:
        found = ops.take(rows, first + offsets, axis=0)
        return found if labels is None else (found, ops.take(labels, first, axis=0))

    made = Dataset.from_tensor_slices(first_rows)
    if shuffle:
        made = made.shuffle(buffer_size=1024 if batch_size is None else batch_size * 8, seed=seed)
    made = made.map(window)
    return made.prefetch(AUTOTUNE) if batch_size is None else made.batch(batch_size)


def _check_bounds(start_index: int | None, end_index: int | None, length: int) -> None:
    for name, value in (("start_index", start_index), ("end_index", end_index)):
        if value is not None and value < 0:
            raise InvalidArgumentError(f"`{name}` must be 0 or greater. Received: {name}={value}")
    if start_index and start_index >= length:
        raise InvalidArgumentError(
            "`start_index` must be lower than the length of the data. "
            f"Received: start_index={start_index}, for data of length {length}"
        )
    if end_index and end_index > length:
        raise InvalidArgumentError(
            "`end_index` must be lower than the length of the data. "
            f"Received: end_index={end_index}, for data of length {length}"
        )
    if start_index and end_index is not None and end_index <= start_index:
        raise InvalidArgumentError(
            f"`end_index` must be higher than `start_index`. Received: start_index={start_index}, and end_index={end_index}"
        )
