"""Shapes and dtypes of tensors, and what changes them. Source: tf.keras.backend."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import config, dtypes
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import convert_to_tensor


def ndim(x: Any) -> int:
    """Number of dimensions."""
    return len(x.shape)


def int_shape(x: Any) -> tuple[int | None, ...]:
    """The shape, None where a size is unknown."""
    return tuple(x.shape)


def shape(x: Any) -> Any:
    """The shape as a tensor; of a symbolic tensor, a tuple of its sizes."""
    return ops.shape(x) if isinstance(x, KerasTensor) else convert_to_tensor(np.asarray(x.shape, np.int32))


def dtype(x: Any) -> str:
    """The dtype's name."""
    return dtypes.name(x.dtype)


def reshape(x: Any, shape: Any) -> Any:
    """The same values in another shape."""
    return ops.reshape(x, tuple(int(size) for size in shape))


def flatten(x: Any) -> Any:
    """All values in one dimension."""
    return ops.reshape(x, (-1,))


def batch_flatten(x: Any) -> Any:
    """The values of each row in one dimension. Shape: (rows, ...) -> (rows, n)."""
    return ops.reshape(x, (-1, int(np.prod(tuple(x.shape)[1:]))))


def expand_dims(x: Any, axis: int = -1) -> Any:
    """With another axis of size 1."""
    return ops.expand_dims(x, axis)


def permute_dimensions(x: Any, pattern: Sequence[int]) -> Any:
    """The axes in another order."""
    return ops.transpose(x, tuple(pattern))


def concatenate(tensors: Sequence[Any], axis: int = -1) -> Any:
    """Tensors one after the other along an axis."""
    return ops.concatenate(list(tensors), axis)


def repeat(x: Any, n: int) -> Any:
    """Every row `n` times. Shape: (rows, k) -> (rows, n, k). Raises: InvalidArgumentError unless `x` has two dimensions."""
    if len(x.shape) != 2:
        raise InvalidArgumentError(f"repeat: expected two dimensions; received shape {tuple(x.shape)}.")
    return ops.repeat(ops.expand_dims(x, 1), int(n), 1)


def repeat_elements(x: Any, rep: int, axis: int) -> Any:
    """Every entry of an axis `rep` times."""
    return ops.repeat(x, int(rep), axis)


def tile(x: Any, n: Any) -> Any:
    """The tensor repeated so many times along each axis."""
    return ops.tile(x, (n,) if isinstance(n, int) else tuple(n))


def reverse(x: Any, axes: Any) -> Any:
    """Backwards along the axes."""
    return ops.flip(x, axes if isinstance(axes, int) else tuple(axes))


def gather(reference: Any, indices: Any) -> Any:
    """The rows that `indices` names."""
    return ops.take(reference, indices, axis=0)


def one_hot(indices: Any, num_classes: int) -> Any:
    """A one at the place of each index."""
    return ops.one_hot(indices, int(num_classes))


def temporal_padding(x: Any, padding: tuple[int, int] = (1, 1)) -> Any:
    """Zeros before and after the time axis. Shape: (rows, time, k) -> (rows, time + both, k)."""
    return ops.pad(x, ((0, 0), tuple(padding), (0, 0)))


def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Zeros around images."""
    return _padded(x, padding, data_format)


def spatial_3d_padding(x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Zeros around volumes."""
    return _padded(x, padding, data_format)


def _padded(x: Any, padding: Any, data_format: str | None) -> Any:
    width = tuple(tuple(pair) for pair in padding)
    last = (data_format or config.image_data_format()) == "channels_last"
    return ops.pad(x, ((0, 0), *width, (0, 0)) if last else ((0, 0), (0, 0), *width))
