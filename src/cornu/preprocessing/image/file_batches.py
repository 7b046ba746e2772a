"""Batches of pictures that are read from files: what DirectoryIterator and DataFrameIterator share."""

import os
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.preprocessing.image.conversion import COLOR_MODES, img_to_array, load_img
from cornu.preprocessing.image.iterator import Iterator, save_pictures, subset_bounds


class FileBatches(Iterator):
    """Reads files, has the generator change them, and adds targets. Subclasses set `filepaths`, `labels`, `class_mode`.

    Args:
        target_size: (rows, columns) that every picture gets; interpolation: how. keep_aspect_ratio: cut the middle out.
        color_mode: `"rgb"`, `"rgba"` or `"grayscale"`.
        save_to_dir, save_prefix, save_format: write what is generated.
        subset: `"training"` or `"validation"` (the first part), by the generator's `validation_split`.
    """

    filepaths: Any
    labels: Any
    sample_weight: Any = None
    class_mode: str | None
    num_classes: int

    def set_processing_attrs(
        self, image_data_generator: Any, target_size: tuple[int, int], color_mode: str, data_format: str | None,
        save_to_dir: str | os.PathLike | None, save_prefix: str, save_format: str, subset: str | None,
        interpolation: str, keep_aspect_ratio: bool, dtype: Any = None,
    ) -> None:  # fmt: skip
        """Keep what reading and saving need. Raises: InvalidArgumentError for an unknown `color_mode` or `subset`."""
        if color_mode not in COLOR_MODES:
            raise InvalidArgumentError(f'Invalid color mode: {color_mode!r}; expected "rgb", "rgba", or "grayscale".')
        self.image_data_generator, self.interpolation = image_data_generator, interpolation
        self.target_size = (target_size[0], target_size[1])
        self.keep_aspect_ratio = keep_aspect_ratio
        self.color_mode = color_mode
        self.data_format = config.image_data_format() if data_format is None else data_format
        channels = COLOR_MODES[color_mode]
        first = self.data_format == "channels_first"
        self.image_shape = (channels, *self.target_size) if first else (*self.target_size, channels)
        self.save_to_dir, self.save_prefix, self.save_format = save_to_dir, save_prefix, save_format
        self.split = None if subset is None else subset_bounds(subset, image_data_generator._validation_split)
        self.subset = subset
        self.dtype = config.floatx() if dtype is None else dtype

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        paths = self.filepaths
        batch = np.stack([self._read(paths[index]) for index in index_array])
        if self.image_data_generator is not None:
            batch = self.image_data_generator._prepared(batch)
        batch = batch.astype(self.dtype, copy=False)
        if self.save_to_dir:
            extension = self.save_format
            save_pictures(batch, index_array, self.save_to_dir, self.save_prefix, extension, self.data_format, digits=7)
        if self.class_mode is None:
            return batch
        targets = self._targets(batch, index_array)
        if self.sample_weight is None:
            return batch, targets
        return batch, targets, self.sample_weight[index_array]

    def _read(self, path: str) -> np.ndarray:
        picture = load_img(
            path, color_mode=self.color_mode, target_size=self.target_size, interpolation=self.interpolation,
            keep_aspect_ratio=self.keep_aspect_ratio,
        )  # fmt: skip
        return img_to_array(picture, data_format=self.data_format)

    def _targets(self, batch: np.ndarray, index_array: np.ndarray) -> Any:
        if self.class_mode == "input":
            return batch.copy()
        labels = np.asarray(self.labels)[index_array]
        if self.class_mode in {"binary", "sparse"}:
            return labels.astype(self.dtype)
        if self.class_mode == "categorical":
            return np.eye(self.num_classes, dtype=self.dtype)[labels]
        return labels  # raw
