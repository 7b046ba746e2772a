"""Rotation, shift, shear and zoom of pictures, with the interpolation of scipy.ndimage.affine_transform.

One formula serves single pictures (NumPy) and batches (the same lines compiled by XLA for the processor).
"""

import functools
import multiprocessing
from collections.abc import Callable, Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError

FILL_MODES = ("constant", "nearest", "reflect", "wrap")
Arrays = tuple[np.ndarray, np.ndarray]


def matrices(motion: Iterable[Any], rows: int, columns: int) -> Arrays:
    """From places in the result to places in the picture: `matrix @ (row, column) + offset`.

    Args: `motion`: theta, tx, ty, shear, zx, zy, each (n,); `rows`, `columns`: the size of the pictures.
    Rotate, shift, shear, zoom, in this order, around the middle. Angles in degrees, shifts in pixels. As in Keras 2, the first
    coordinate of these motions (`tx`, `zx`) runs along the columns, but its middle is that of the rows: pictures that are not
    square turn around a point beside their middle. Shape: (n, 2, 2), (n, 2).
    """
    theta, tx, ty, shear, zx, zy = motion
    theta, shear = np.deg2rad(theta), np.deg2rad(shear)
    one, zero = np.ones_like(theta), np.zeros_like(theta)

    def stack(*entries: Any) -> np.ndarray:
        return np.stack([np.broadcast_to(entry, theta.shape) for entry in entries], -1).reshape(-1, 3, 3)

    rotation = stack(np.cos(theta), -np.sin(theta), zero, np.sin(theta), np.cos(theta), zero, zero, zero, one)
    shift = stack(one, zero, tx, zero, one, ty, zero, zero, one)
    slant = stack(one, -np.sin(shear), zero, zero, np.cos(shear), zero, zero, zero, one)
    zoom = stack(zx, zero, zero, zero, zy, zero, zero, zero, one)
    to_middle = np.array([[1, 0, rows / 2 - 0.5], [0, 1, columns / 2 - 0.5], [0, 0, 1]])
    from_middle = np.array([[1, 0, 0.5 - rows / 2], [0, 1, 0.5 - columns / 2], [0, 0, 1]])
    found = to_middle @ (rotation @ shift @ slant @ zoom) @ from_middle
    return found[:, 1::-1, 1::-1], found[:, 1::-1, 2]


def warp(
    images: np.ndarray,
    matrix: np.ndarray,
    offset: np.ndarray,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
    flip_rows: np.ndarray | None = None,
    flip_columns: np.ndarray | None = None,
) -> np.ndarray:
    """Each picture read at `matrix @ (row, column) + offset`, then mirrored where the flips (n,) say so.

    Args: `fill_mode`: what lies outside; `order`: 0 nearest pixel, 1 linear, 2 to 5 splines (these need SciPy).
    Shape: (n, rows, columns, channels) -> the same; matrix (n, 2, 2); offset (n, 2).
    Raises: InvalidArgumentError for an unknown `fill_mode` or `order`.
    """
    if fill_mode not in FILL_MODES:
        raise InvalidArgumentError(f"Expected fill_mode in {', '.join(FILL_MODES)}; received {fill_mode!r}.")
    if order not in range(6):
        raise InvalidArgumentError(f"Expected an interpolation order of 0 to 5; received {order!r}.")
    if order > 1:
        return _splines(images, matrix, offset, fill_mode, cval, order, flip_rows, flip_columns)
    if images.dtype not in (np.float32, np.float64):
        wide = images.astype(np.float32 if images.dtype == np.float16 else np.float64)
        found = warp(wide, matrix, offset, fill_mode, cval, order, flip_rows, flip_columns)
        if images.dtype.kind in "iu":
            found = np.copysign(np.floor(np.abs(found) + 0.5), found)
        return found.astype(images.dtype)
    rows, columns = images.shape[1:3]
    # Sums of a part that depends on the row and one that depends on the column: every engine rounds them alike.
    by_row = offset[..., None] + matrix[..., 0, None] * np.arange(rows)  # (n, 2, rows)
    by_column = matrix[..., 1, None] * np.arange(columns)  # (n, 2, columns)
    if flip_rows is not None:
        by_row[flip_rows] = by_row[flip_rows, :, ::-1]
    if flip_columns is not None:
        by_column[flip_columns] = by_column[flip_columns, :, ::-1]
    filling = np.asarray(cval, images.dtype)
    if len(images) == 1 or multiprocessing.parent_process() is not None:  # workers leave the devices alone
        with np.errstate(invalid="ignore"):
            return _read(images, by_row, by_column, filling, fill_mode, order, np, _take, lambda x: x)
    with jax.default_device(jax.local_devices(backend="cpu")[0]):
        return np.array(_read_compiled(images, by_row, by_column, filling, fill_mode, order))


def _read(
    images: Any, by_row: Any, by_column: Any, cval: Any, fill_mode: str, order: int,
    xp: Any, take: Callable[[Any, Any], Any], settle: Callable[[Any], Any],
) -> Any:  # fmt: skip
    """The pictures at the places `by_row + by_column`. `take(table, places)` reads rows of a table."""
    count, rows, columns, channels = images.shape
    i, inside_i = _within(xp, by_row[:, 0, :, None] + by_column[:, 0, None, :], rows, fill_mode)
    j, inside_j = _within(xp, by_row[:, 1, :, None] + by_column[:, 1, None, :], columns, fill_mode)
    i, j = settle((i, j))  # the whole and the fractional part must come from the same bits
    if order == 0:
        i, j = xp.floor(i + 0.5), xp.floor(j + 0.5)
    top = xp.clip(xp.floor(i), 0, max(rows - 1 - order, 0)).astype(np.int32)
    left = xp.clip(xp.floor(j), 0, max(columns - 1 - order, 0)).astype(np.int32)
    start = xp.arange(count, dtype=np.int32)[:, None, None] * (rows * columns)
    place = start + top * columns + left  # (n, rows, columns)
    table = images.reshape(-1, channels)
    if order == 0:
        found = take(table, place)
    else:
        down, right = columns * (rows > 1), 1 * (columns > 1)
        a, b = ((x - x0).astype(images.dtype)[..., None] for x, x0 in ((i, top), (j, left)))
        above = take(table, place) * (1 - b) + take(table, place + right) * b
        below = take(table, place + down) * (1 - b) + take(table, place + down + right) * b
        found = above * (1 - a) + below * a
    return xp.where((inside_i & inside_j)[..., None], found, cval) if fill_mode == "constant" else found


def _within(xp: Any, c: Any, size: int, fill_mode: str) -> tuple[Any, Any]:
    """Coordinates brought into 0 .. size - 1, and which were inside before."""
    inside = (c >= 0) & (c <= size - 1)
    if fill_mode == "reflect":  # (d c b a | a b c d | d c b a)
        c = xp.mod(c + 0.5, 2 * size)
        c = xp.minimum(c, 2 * size - c) - 0.5
    elif fill_mode == "wrap" and size > 1:  # the last pixel lies on the first
        turn = size - 1
        c = xp.where(c < 0, c + turn * (xp.floor(-c / turn) + 1), xp.where(c > turn, c - turn * xp.floor(c / turn), c))
    return xp.clip(c, 0, size - 1), inside


def _take(table: np.ndarray, places: np.ndarray) -> np.ndarray:
    return np.take(table, places, axis=0)


@functools.partial(jax.jit, static_argnums=(4, 5))
def _read_compiled(images: Any, by_row: Any, by_column: Any, cval: Any, fill_mode: str, order: int) -> Any:
    def take(table: Any, places: Any) -> Any:
        return table.at[places].get(mode="promise_in_bounds")

    return _read(images, by_row, by_column, cval, fill_mode, order, jnp, take, jax.lax.optimization_barrier)


def _splines(
    images: np.ndarray, matrix: np.ndarray, offset: np.ndarray, fill_mode: str, cval: float, order: int,
    flip_rows: np.ndarray | None, flip_columns: np.ndarray | None,
) -> np.ndarray:  # fmt: skip
    """Higher orders: one channel at a time, by SciPy."""
    try:
        from scipy import ndimage
    except ImportError:
        raise FailedPreconditionError(
            f"Interpolation of order {order} needs SciPy, which is not installed. Run: pip install scipy; or use order 0 or 1."
        ) from None
    found = np.empty_like(images)
    for picture, source in enumerate(images):
        for channel in range(images.shape[-1]):
            found[picture, ..., channel] = ndimage.affine_transform(
                source[..., channel], matrix[picture], offset[picture], order=order, mode=fill_mode, cval=cval
            )
    if flip_rows is not None:
        found[flip_rows] = found[flip_rows, ::-1]
    if flip_columns is not None:
        found[flip_columns] = found[flip_columns, :, ::-1]
    return found
