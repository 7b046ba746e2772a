"""Batches of pictures from a folder with one folder per class. Source: tf.keras.preprocessing.image.DirectoryIterator."""

import os
from collections.abc import Iterator as PythonIterator
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.preprocessing.image.file_batches import FileBatches
from cornu.preprocessing.image.iterator import WHITE_LIST
from cornu.training.progress import say

CLASS_MODES = ("categorical", "binary", "sparse", "input", None)


class DirectoryIterator(FileBatches):
    """Batches from `directory/CLASS/**/*.png` (jpg, jpeg, bmp, ppm, tif, tiff).

    Args:
        directory: holds one folder per class. image_data_generator: changes and standardizes.
        classes: the folders to use, in the order of their numbers; default all, sorted.
        class_mode: targets: `"categorical"` one-hot rows, `"binary"` and `"sparse"` numbers, `"input"` the pictures
            themselves, None no targets.
        batch_size, shuffle, seed: as in `Iterator`. follow_links: into linked folders. The others: as in `FileBatches`.
    Attributes: `class_indices` (name -> number), `classes` (number of each file), `filenames`, `samples`.
    Raises: InvalidArgumentError for unknown options; FileNotFoundError if there is no such folder.
    """

    def __init__(
        self, directory: str | os.PathLike, image_data_generator: Any, target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb", classes: list[str] | None = None, class_mode: str | None = "categorical",
        batch_size: int = 32, shuffle: bool = True, seed: int | None = None, data_format: str | None = None,
        save_to_dir: str | os.PathLike | None = None, save_prefix: str = "", save_format: str = "png",
        follow_links: bool = False, subset: str | None = None, interpolation: str = "nearest",
        keep_aspect_ratio: bool = False, dtype: Any = None,
    ):  # fmt: skip
        self.set_processing_attrs(
            image_data_generator, target_size, color_mode, data_format, save_to_dir, save_prefix, save_format, subset,
            interpolation, keep_aspect_ratio, dtype,
        )  # fmt: skip
        if class_mode not in CLASS_MODES:
            raise InvalidArgumentError(f"Invalid class_mode: {class_mode}; expected one of: {CLASS_MODES}")
        self.directory, self.class_mode = os.fspath(directory), class_mode
        names = list(classes) if classes else sorted(
            name for name in os.listdir(self.directory) if os.path.isdir(os.path.join(self.directory, name))
        )  # fmt: skip
        self.num_classes = len(names)
        self.class_indices = {name: number for number, name in enumerate(names)}
        self.filenames: list[str] = []
        numbers: list[int] = []
        for number, name in enumerate(names):
            files = list(self._files(name, follow_links))
            if self.split is not None:
                files = files[int(self.split[0] * len(files)) : int(self.split[1] * len(files))]
            self.filenames += files
            numbers += [number] * len(files)
        self.classes = np.array(numbers, np.int32)
        self.samples = len(self.filenames)
        say(f"Found {self.samples} images belonging to {self.num_classes} classes.")
        self._filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _files(self, name: str, follow_links: bool) -> PythonIterator[str]:
        """The pictures of a class, from the class's folder on, in Keras' order."""
        top = os.path.join(self.directory, name)
        for root, _, files in sorted(os.walk(top, followlinks=follow_links)):
            for file in sorted(files):
                if file.lower().endswith(tuple(f".{extension}" for extension in WHITE_LIST)):
                    yield os.path.join(name, os.path.relpath(os.path.join(root, file), top))

    @property
    def filepaths(self) -> list[str]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The files, with their folder."""
        return self._filepaths

    @property
    def labels(self) -> np.ndarray:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The class number of each file."""
        return self.classes
