"""A dataset of texts from a folder. Source: keras.utils.text_dataset_from_directory."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cornu.preprocessing.labelled_files import datasets


def text_dataset_from_directory(
    directory: str | os.PathLike,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Batches of texts (and labels) from `directory/CLASS/**/*.txt`; attributes `class_names`, `file_paths`.

    Args:
        labels: `"inferred"` from the folders, numbers in the order of the sorted files, or None.
        label_mode: `"int"`, `"categorical"` (one-hot), `"binary"` (0., 1.) or None.
        class_names: the folders to use, in the order of their numbers. batch_size: None for single texts.
        max_length: bytes to keep of each text.
        shuffle, seed: the order, new each epoch. validation_split, subset: `"training"`, `"validation"` or `"both"`.
    Shape: strings (batch,).
    Raises: InvalidArgumentError for bad options; NotFoundError if there are no texts; FileNotFoundError without the folder.
    """

    def read(path: str) -> bytes:
        return Path(path).read_bytes()[:max_length]

    return datasets(
        read, directory, (".txt",), "text", labels, label_mode, class_names, batch_size, shuffle, seed, validation_split,
        subset, follow_links, format, verbose,
    )  # fmt: skip
