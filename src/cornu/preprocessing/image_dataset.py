"""A dataset of pictures from a folder. Source: keras.utils.image_dataset_from_directory."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.preprocessing.image.conversion import COLOR_MODES, layout, load_img
from cornu.preprocessing.labelled_files import datasets
from cornu.preprocessing.resampling import check_interpolation, resample

EXTENSIONS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")


def image_dataset_from_directory(
    directory: str | os.PathLike,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Batches of pictures (and labels) from `directory/CLASS/**`; attributes `class_names`, `file_paths`.

    Args:
        labels: `"inferred"` from the folders, numbers in the order of the sorted files, or None.
        label_mode: `"int"`, `"categorical"` (one-hot), `"binary"` (0., 1.) or None.
        class_names: the folders to use, in the order of their numbers. color_mode: rgb, rgba or grayscale.
        batch_size: None for single pictures. image_size: (rows, columns) that every picture gets, by `interpolation`.
        shuffle, seed: the order, new each epoch. validation_split, subset: `"training"`, `"validation"` or `"both"`.
        crop_to_aspect_ratio, pad_to_aspect_ratio: cut off, or add black, so that nothing is squeezed.
    Shape: float32 (batch, rows, columns, channels), or channels first.
    Raises: InvalidArgumentError for bad options; NotFoundError if there are no pictures; FileNotFoundError without the folder.
    """
    if color_mode not in COLOR_MODES:
        raise InvalidArgumentError(
            f'`color_mode` must be one of {{"rgb", "rgba", "grayscale"}}. Received: color_mode={color_mode}'
        )
    if np.shape(image_size) != (2,):
        raise InvalidArgumentError(f"Expected image_size (rows, columns); received {image_size!r}.")
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise InvalidArgumentError("Only one of `pad_to_aspect_ratio` and `crop_to_aspect_ratio` can be True.")
    check_interpolation(interpolation)
    first = layout(data_format) == "channels_first"
    rows, columns = (int(size) for size in image_size)

    def read(path: str) -> np.ndarray:
        x = np.asarray(load_img(path, color_mode="rgba" if color_mode == "rgba" else "rgb"))
        x = _grey(x) if color_mode == "grayscale" else x
        if crop_to_aspect_ratio:
            x = _cropped(x, rows, columns)
        if pad_to_aspect_ratio:
            x = _padded(x, rows, columns)
        x = resample(x, (rows, columns), interpolation)
        return np.transpose(x, (2, 0, 1)) if first else x

    return datasets(
        read, directory, EXTENSIONS, "image", labels, label_mode, class_names, batch_size, shuffle, seed, validation_split,
        subset, follow_links, format, verbose,
    )  # fmt: skip


def _grey(x: np.ndarray) -> np.ndarray:
    """Brightness, rounded down as libpng does. Shape: (..., 3) -> (..., 1)."""
    return ((x.astype(np.int32) @ np.array([9797, 19234, 3737], np.int32)) >> 15).astype(np.uint8)[..., None]


def _cropped(x: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The largest part from the middle with the shape of the target."""
    height, width = x.shape[:2]
    h, w = min(height, int(width * rows / columns)), min(width, int(height * columns / rows))
    top, left = int((height - h) / 2), int((width - w) / 2)
    return x[top : top + h, left : left + w]


def _padded(x: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Black bars on two sides, to the shape of the target."""
    height, width = x.shape[:2]
    h, w = max(height, int(width * rows / columns)), max(width, int(height * columns / rows))
    top, left = int((h - height) / 2), int((w - width) / 2)
    return np.pad(x, ((top, h - height - top), (left, w - width - left), (0, 0)))
