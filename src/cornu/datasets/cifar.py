"""What CIFAR-10 and CIFAR-100 share: where the batches lie, and their format (pickles of Python 2)."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError
from cornu.datasets.get_file import cache_folder, get_file
from cornu.io.pickled_arrays import load_pickle


def find_folder(name: str, origin: str, md5: str) -> Path:
    """The unpacked folder `name`: what Keras 2 or 3 has unpacked is used, else the archive is fetched and unpacked."""
    target = f"{name}-target"
    for place in (os.path.join(target, name), name):
        folder = cache_folder(None, "datasets", place) / place
        if folder.is_dir():
            return folder
    return Path(get_file(target, origin, extract=True, file_hash=md5, hash_algorithm="md5")) / name


def read_batch(path: Path, label_key: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and labels of one batch. Shape: uint8 (n, 32, 32, 3), (n,).

    Raises: DataLossError if the file is missing or holds something else; UnsafeFileError if its pickle names code.
    """
    if not path.is_file():
        raise DataLossError(f"Expected the file {path}; it is missing. Delete its folder and load the data again.")
    with path.open("rb") as file:
        batch: Any = load_pickle(file, encoding="bytes")
    pixels = batch.get(b"data") if isinstance(batch, dict) else None
    if not isinstance(pixels, np.ndarray) or pixels.shape[1:] != (3072,) or label_key not in batch:
        raise DataLossError(f"Expected b'data' (n, 3072) and {label_key!r} in {path}. Get the archive again.")
    labels = np.asarray(batch[label_key])
    return pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels.reshape(-1)
