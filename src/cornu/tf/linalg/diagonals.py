"""Diagonals and bands of `tf.linalg`. Leading axes are batches. Source: tf.linalg.

`k`: one diagonal (0 the main one, positive above), or the lowest and highest of several, which then stand in lines, the highest
first. `align` says at which end of its line a shorter diagonal stands: "RIGHT_LEFT" means those above at the right, those below
at the left.
"""

import math
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import is_tensor
from cornu.ops import matrices
from cornu.tf.creation import eye as eye


def diag(
    diagonal: Any,
    name: str = "diag",
    k: Any = 0,
    num_rows: int = -1,
    num_cols: int = -1,
    padding_value: Any = 0,
    align: str = "RIGHT_LEFT",
) -> Any:
    """Matrices with these diagonals, `padding_value` elsewhere. Shape: (..., n) or (..., diagonals, n) -> (..., rows, columns).

    The smallest such matrix unless `num_rows` or `num_cols` is given.
    Raises: InvalidArgumentError if the sizes do not fit. Source: tf.linalg.diag.
    """
    diagonal = ops.convert_to_tensor(diagonal)
    low, high = _bands(k)
    length = diagonal.shape[-1]
    lead = tuple(diagonal.shape[:-1] if low == high else diagonal.shape[:-2])
    if low != high and diagonal.shape[-2] != high - low + 1:
        raise InvalidArgumentError(
            f"diag: expected {high - low + 1} diagonals for k={k}; received {diagonal.shape[-2]}."
        )
    rows, columns = length - min(high, 0), length + max(low, 0)
    if num_rows == -1 and num_cols == -1:
        rows = columns = max(rows, columns)
    else:
        rows, columns = (rows if num_rows == -1 else num_rows), (columns if num_cols == -1 else num_cols)
        if min(rows + min(high, 0), columns - max(low, 0)) != length:
            raise InvalidArgumentError(
                f"diag: a matrix of {rows} rows and {columns} columns has no diagonal k={k} of length {length}."
            )
    empty = ops.full((*lead, rows, columns), padding_value, diagonal.dtype)
    return matrices.with_diagonals(empty, diagonal, bands=(low, high), align=align)


def diag_part(
    input: Any, name: str = "diag_part", k: Any = 0, padding_value: Any = 0, align: str = "RIGHT_LEFT"
) -> Any:
    """The diagonals of matrices, shorter ones filled up with `padding_value`. Shape: (..., n, m) -> (..., [diagonals,] longest).

    Raises: InvalidArgumentError if there is no such diagonal. Source: tf.linalg.diag_part.
    """
    x = ops.convert_to_tensor(input)
    return matrices.band_diagonals(x, ops.convert_to_tensor(padding_value, x.dtype), bands=_bands(k), align=align)


def set_diag(input: Any, diagonal: Any, name: str = "set_diag", k: Any = 0, align: str = "RIGHT_LEFT") -> Any:
    """The matrices with other diagonals. Shape: (..., n, m), kept. Raises: InvalidArgumentError if sizes do not fit.

    Source: tf.linalg.set_diag.
    """
    x = ops.convert_to_tensor(input)
    return matrices.with_diagonals(x, ops.convert_to_tensor(diagonal, x.dtype), bands=_bands(k), align=align)


def band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Any:
    """The entries up to `num_lower` places below and `num_upper` above the main diagonal, 0 elsewhere; negative means all.

    Shape: (..., n, m), kept. Source: tf.linalg.band_part.
    """
    return matrices.band_part(input, int(num_lower), int(num_upper))


def tensor_diag(diagonal: Any, name: str | None = None) -> Any:
    """The entry at (i..., i...) is that at (i...), 0 elsewhere. Shape: s -> (*s, *s). Source: tf.linalg.tensor_diag."""
    diagonal = ops.convert_to_tensor(diagonal)
    return ops.reshape(ops.diag(ops.reshape(diagonal, (-1,))), (*diagonal.shape, *diagonal.shape))


def tensor_diag_part(input: Any, name: str | None = None) -> Any:
    """The entries at (i..., i...). Shape: (*s, *s) -> s.

    Raises: InvalidArgumentError unless the shape is twice the same. Source: tf.linalg.tensor_diag_part.
    """
    x = ops.convert_to_tensor(input)
    half = len(x.shape) // 2
    shape = tuple(x.shape[:half])
    if shape != tuple(x.shape[half:]):
        raise InvalidArgumentError(
            f"tensor_diag_part: expected a shape that is twice the same; received {tuple(x.shape)}."
        )
    size = math.prod(shape)
    return ops.reshape(ops.diagonal(ops.reshape(x, (size, size))), shape)


def _bands(k: Any) -> tuple[int, int]:
    values = ops.convert_to_numpy(k).tolist() if is_tensor(k) or hasattr(k, "__array__") else k
    if isinstance(values, (list, tuple)):
        return int(values[0]), int(values[-1])
    return int(values), int(values)
