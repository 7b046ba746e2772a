"""Windows of a series as batches. Source: tf.keras.preprocessing.sequence.TimeseriesGenerator."""

import json
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.training.py_dataset import PyDataset


class TimeseriesGenerator(PyDataset):
    """Batches of (window of `data`, the target that follows it).

    Args:
        data: the series. targets: as long as `data`; the target of rows t - length .. t - 1 is number t.
        length: rows in a window. sampling_rate: take every so-many-th of them.
        stride: rows between the starts of two windows.
        start_index, end_index: the first and the last row to use.
        shuffle: draw windows at random (`np.random`) instead of taking them in order.
        reverse: windows run backwards. batch_size: windows in a batch.
    Raises: InvalidArgumentError if lengths differ or there is room for no window.
    """

    def __init__(
        self, data: Any, targets: Any, length: int, sampling_rate: int = 1, stride: int = 1, start_index: int = 0,
        end_index: int | None = None, shuffle: bool = False, reverse: bool = False, batch_size: int = 128,
    ):  # fmt: skip
        super().__init__()
        if len(data) != len(targets):
            raise InvalidArgumentError(
                f"Data and targets have to be of same length. Data length is {len(data)} while target length is {len(targets)}"
            )
        self.data, self.targets, self.length = data, targets, length
        self.sampling_rate, self.stride = sampling_rate, stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle, self.reverse, self.batch_size = shuffle, reverse, batch_size
        if self.start_index > self.end_index:
            raise InvalidArgumentError(
                f"`start_index+length={self.start_index} > end_index={self.end_index}` is disallowed, as no part of the "
                "sequence would be left to be used as current step."
            )

    def __len__(self) -> int:
        step = self.batch_size * self.stride
        return (self.end_index - self.start_index + step) // step

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        if self.shuffle:
            rows = np.random.randint(self.start_index, self.end_index + 1, size=self.batch_size)
        else:
            start = self.start_index + self.batch_size * self.stride * index
            rows = np.arange(start, min(start + self.batch_size * self.stride, self.end_index + 1), self.stride)
        samples = np.array([self.data[row - self.length : row : self.sampling_rate] for row in rows])
        targets = np.array([self.targets[row] for row in rows])
        return (samples[:, ::-1, ...] if self.reverse else samples), targets

    def get_config(self) -> dict[str, Any]:
        """The arguments; data and targets as JSON texts."""
        names = (
            "length", "sampling_rate", "stride", "start_index", "end_index", "shuffle", "reverse", "batch_size",
        )  # fmt: skip
        config = {"data": _as_json("Data", self.data), "targets": _as_json("Targets", self.targets)}
        return {**config, **{name: getattr(self, name) for name in names}}

    def to_json(self, **kwargs: Any) -> str:
        """The generator as JSON. Args: `kwargs` go to `json.dumps`."""
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


def _as_json(name: str, values: Any) -> str:
    try:
        return json.dumps(values.tolist() if isinstance(values, np.ndarray) else values)
    except TypeError:
        raise InvalidArgumentError(
            f"{name} not JSON Serializable: {type(values).__name__}. Pass lists or arrays."
        ) from None
