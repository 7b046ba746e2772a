"""Resizing without squeezing. Source: keras.preprocessing.image.smart_resize."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import is_tensor
from cornu.ops.image import resize


def smart_resize(
    x: Any, size: tuple[int, int], interpolation: str = "bilinear", data_format: str = "channels_last"
) -> Any:
    """The largest part from the middle that has the shape of `size`, resized to `size` (rows, columns).

    Shape: ([n,] rows, columns, channels) -> ([n,] *size, channels); channels first likewise.
    Returns: a NumPy array, or a tensor for a tensor. Raises: InvalidArgumentError if `size` is not a pair, or for other ranks.
    """
    if np.shape(size) != (2,):
        raise InvalidArgumentError(f"Expected `size` to be a tuple of 2 integers, but got: {size}.")
    rank = len(x.shape)
    if rank not in {3, 4}:
        raise InvalidArgumentError(
            f"Expected an image array with shape `(height, width, channels)`, or `(batch_size, height, width, channels)`, but "
            f"got input with incorrect rank, of shape {tuple(x.shape)}."
        )
    found = resize(x, tuple(size), interpolation=interpolation, crop_to_aspect_ratio=True, data_format=data_format)
    return found if is_tensor(x) else np.asarray(found)
