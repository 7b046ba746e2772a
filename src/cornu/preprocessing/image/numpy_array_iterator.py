"""Batches of pictures that are in memory. Source: tf.keras.preprocessing.image.NumpyArrayIterator."""

import os
import warnings
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.preprocessing.image.iterator import Iterator, save_pictures, subset_bounds


class NumpyArrayIterator(Iterator):
    """Batches from arrays, changed by an `ImageDataGenerator`.

    Args:
        x: pictures, or (pictures, other inputs with as many rows). y: targets. sample_weight: weights.
        image_data_generator: changes and standardizes.
        batch_size, shuffle, seed: as in `Iterator`.
        save_to_dir: write what is generated there, as `save_prefix`, with the extension `save_format`.
        subset: `"training"` or `"validation"`, by the generator's `validation_split` (validation comes first).
        ignore_class_split: allow subsets with different classes.
    Shape: x (n, rows, columns, channels), or channels first.
    Raises: InvalidArgumentError if lengths differ, the rank is not 4, or the subsets have different classes.
    """

    def __init__(
        self, x: Any, y: Any, image_data_generator: Any, batch_size: int = 32, shuffle: bool = False,
        sample_weight: Any = None, seed: int | None = None, data_format: str | None = None,
        save_to_dir: str | os.PathLike | None = None, save_prefix: str = "", save_format: str = "png",
        subset: str | None = None, ignore_class_split: bool = False, dtype: Any = None,
    ):  # fmt: skip
        self.dtype = config.floatx() if dtype is None else dtype
        data_format = config.image_data_format() if data_format is None else data_format
        x, misc = self._inputs(x)
        y = None if y is None else np.asarray(y)
        weight = None if sample_weight is None else np.asarray(sample_weight)
        for name, label, other in (("y", "`y` (labels)", y), ("sample_weight", "`sample_weight`", weight)):
            if other is not None and len(other) != len(x):
                raise InvalidArgumentError(
                    f"`x` (images tensor) and {label} should have the same length. "
                    f"Found: x.shape = {x.shape}, {name}.shape = {other.shape}"
                )
        low, high = subset_bounds(subset, getattr(image_data_generator, "_validation_split", 0.0))
        if subset is not None:
            cut = int(len(x) * (high if subset == "validation" else low))
            self._check_classes(y, cut, ignore_class_split)
            rows = slice(None, cut) if subset == "validation" else slice(cut, None)
            x, misc = x[rows], [other[rows] for other in misc]
            y, weight = (None if other is None else other[rows] for other in (y, weight))
        self.x = np.asarray(x, self.dtype)
        self.x_misc, self.y, self.sample_weight = misc, y, weight
        if self.x.ndim != 4:
            raise InvalidArgumentError(
                "Input data in `NumpyArrayIterator` should have rank 4. "
                f"You passed an array with shape {self.x.shape}. Add the axis of the channels, or of the pictures."
            )
        axis = 3 if data_format == "channels_last" else 1
        if (channels := self.x.shape[axis]) not in {1, 3, 4}:
            warnings.warn(
                f'NumpyArrayIterator is set to use the data format convention "{data_format}" (channels on axis {axis}), '
                f"i.e. expected either 1, 3, or 4 channels on axis {axis}. However, it was passed an array with shape "
                f"{self.x.shape} ({channels} channels).",
                stacklevel=3,
            )
        self.image_data_generator, self.data_format = image_data_generator, data_format
        self.save_to_dir, self.save_prefix, self.save_format = save_to_dir, save_prefix, save_format
        super().__init__(len(self.x), batch_size, shuffle, seed)

    @staticmethod
    def _inputs(x: Any) -> tuple[np.ndarray, list[np.ndarray]]:
        """The pictures and the other inputs."""
        if not isinstance(x, (tuple, list)):
            return np.asarray(x), []
        if len(x) == 2 and isinstance(x[1], list):
            x = [x[0], *x[1]]
        pictures, *misc = map(np.asarray, x)
        for other in misc:
            if len(other) != len(pictures):
                raise InvalidArgumentError(
                    "All of the arrays in `x` should have the same length. "
                    f"Found a pair with: len(x[0]) = {len(pictures)}, len(x[?]) = {len(other)}"
                )
        return pictures, misc

    @staticmethod
    def _check_classes(y: np.ndarray | None, cut: int, ignore: bool) -> None:
        if y is not None and not ignore and not np.array_equal(np.unique(y[:cut]), np.unique(y[cut:])):
            raise InvalidArgumentError(
                "Training and validation subsets have different number of classes after the split. If your numpy arrays are "
                "sorted by the label, you might want to shuffle them."
            )

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        batch = self.image_data_generator._prepared(self.x[index_array])
        if self.save_to_dir:
            extension = self.save_format
            save_pictures(batch, index_array, self.save_to_dir, self.save_prefix, extension, self.data_format, digits=4)
        inputs = [batch, *(other[index_array] for other in self.x_misc)] if self.x_misc else batch
        extra = [other[index_array] for other in (self.y, self.sample_weight) if other is not None]
        if self.y is None:
            return inputs  # without targets there is nothing to weigh
        return (inputs, *extra)
