"""Images seen through a change of coordinates: affine, perspective, elastic, arbitrary."""

import jax
import jax.numpy as jnp
import jax.scipy.ndimage
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core import random_state
from cornu.core.dispatch import op
from cornu.ops._checks import choice, image_axes
from cornu.ops.image.filters import blur_kernel, blur_same
from cornu.ops.image.resize import saturate

_MODES = ("constant", "nearest", "wrap", "reflect")
_INTERPOLATIONS = ("nearest", "bilinear")


@op(static="order")
def map_coordinates(inputs, coordinates, order, fill_mode="constant", fill_value=0):
    """Values of an array at fractional coordinates, nearest (`order` 0) or multilinear (1).

    Shape: (d1, ..., dr), coordinates (r, ...) -> (...).
    Raises: InvalidArgumentError on another order or mode, or if the coordinates have not one row per axis.
    Source: scipy.ndimage.map_coordinates; keras.ops.image.map_coordinates.
    """
    mode = choice("map_coordinates", "fill_mode", fill_mode, (*_MODES, "mirror"))
    if order not in (0, 1):
        raise InvalidArgumentError(f"map_coordinates: expected order 0 (nearest) or 1 (linear); received {order!r}.")
    if coordinates.ndim < 2 or coordinates.shape[0] != inputs.ndim:
        raise InvalidArgumentError(
            f"map_coordinates: expected coordinates with {inputs.ndim} rows and rank 2 or more for inputs {inputs.shape}; "
            f"received {coordinates.shape}."
        )
    return jax.scipy.ndimage.map_coordinates(inputs, list(coordinates), order, mode, fill_value)


@op
def affine_transform(images, transform, interpolation="bilinear", fill_mode="constant", fill_value=0, data_format=None):
    """Images whose pixel (x, y) is the input's at `((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)`, `k = c0 x + c1 y + 1`.

    Args:
        transform: the 8 numbers a0, a1, a2, b0, b1, b2, c0, c1, for all images or for each. No gradient flows to them.
        interpolation: nearest or bilinear. fill_mode: constant, nearest, wrap or reflect.
    Shape: ([n,] h, w, c), transform (8,) or (n, 8) -> like images; channels_first likewise.
    Raises: InvalidArgumentError on ranks, shapes or options that do not fit.
    Source: tf.raw_ops.ImageProjectiveTransformV3; keras.ops.image.affine_transform.
    """
    interpolation = choice("affine_transform", "interpolation", interpolation, _INTERPOLATIONS)
    mode = choice("affine_transform", "fill_mode", fill_mode, _MODES)
    *_, channels = image_axes("affine_transform", images.shape, data_format)
    batch = jnp.moveaxis(images, channels, -1)
    batch = batch if images.ndim == 4 else batch[None]
    rows = jnp.atleast_2d(transform)
    if rows.ndim != 2 or rows.shape[1] != 8 or rows.shape[0] not in (1, batch.shape[0]):
        raise InvalidArgumentError(
            f"affine_transform: expected transform of shape (8,) or ({batch.shape[0]}, 8) for images {images.shape}; "
            f"received {transform.shape}."
        )
    dtype = images.dtype if jnp.issubdtype(images.dtype, jnp.floating) else jnp.dtype("float32")
    rows = lax.stop_gradient(jnp.broadcast_to(rows, (batch.shape[0], 8))).astype(jnp.promote_types(dtype, "float32"))

    def one(image: jax.Array, row: jax.Array) -> jax.Array:
        return _project(image.astype(dtype), row, interpolation, mode, jnp.asarray(fill_value, dtype))

    moved = saturate(jax.vmap(one)(batch, rows), images.dtype)
    return jnp.moveaxis(moved if images.ndim == 4 else moved[0], -1, channels)


@op
def perspective_transform(images, start_points, end_points, interpolation="bilinear", fill_value=0, data_format=None):
    """Images seen in another perspective: the four start points move to the four end points.

    Shape: ([n,] h, w, c), points (4, 2) or (n, 4, 2) as (x, y) -> like images; channels_first likewise.
    Raises: InvalidArgumentError on ranks, shapes or options that do not fit.
    Source: keras.ops.image.perspective_transform.
    """
    for name, points in (("start_points", start_points), ("end_points", end_points)):
        if points.ndim not in (2, 3) or points.shape[-2:] != (4, 2):
            raise InvalidArgumentError(
                f"perspective_transform: expected {name} of shape (4, 2) or (n, 4, 2); received {points.shape}."
            )
    if start_points.shape != end_points.shape:
        raise InvalidArgumentError(
            f"perspective_transform: expected as many start as end points; received {start_points.shape} and {end_points.shape}."
        )
    starts, ends = (p.reshape(-1, 4, 2).astype("float32") for p in (start_points, end_points))
    transform = jax.vmap(_perspective)(starts, ends)
    return affine_transform.raw(images, transform, interpolation, "constant", fill_value, data_format)


def elastic_transform(
    images,
    alpha=20.0,
    sigma=5.0,
    interpolation="bilinear",
    fill_mode="reflect",
    fill_value=0.0,
    seed=None,
    data_format=None,
):
    """Images with every pixel moved by a smooth random field: noise blurred with width `sigma`, times `alpha` pixels.

    Args: `seed`, None, an integer or a SeedGenerator.
    Shape: ([n,] h, w, c) -> the same; channels_first likewise.
    Raises: InvalidArgumentError on ranks or options that do not fit.
    Source: Simard et al. 2003; keras.ops.image.elastic_transform.
    """
    bits = jax.random.key_data(random_state.key(seed))
    return _elastic(images, bits, alpha, sigma, interpolation, fill_mode, fill_value, data_format)


@op
def _elastic(
    images, bits, alpha=20.0, sigma=5.0, interpolation="bilinear", fill_mode="reflect", fill_value=0.0, data_format=None
):
    order = _INTERPOLATIONS.index(choice("elastic_transform", "interpolation", interpolation, _INTERPOLATIONS))
    mode = choice("elastic_transform", "fill_mode", fill_mode, _MODES)
    *_, channels = image_axes("elastic_transform", images.shape, data_format)
    batch = jnp.moveaxis(images, channels, -1)
    batch = batch if images.ndim == 4 else batch[None]
    count, height, width, _ = batch.shape
    noise = jax.random.uniform(jax.random.wrap_key_data(bits), (count, height, width, 2), "float32", -1, 1)
    extent = int(6 * sigma) | 1  # three widths to each side, an odd number of pixels
    window = blur_kernel(extent, sigma, "float32")
    moves = alpha * blur_same(noise, window, window)
    y, x = jnp.meshgrid(jnp.arange(height, dtype="float32"), jnp.arange(width, dtype="float32"), indexing="ij")

    def one(image: jax.Array, move: jax.Array) -> jax.Array:
        places = [y + move[..., 0], x + move[..., 1]]
        plane = lambda p: jax.scipy.ndimage.map_coordinates(p, places, order, mode, fill_value)
        return jax.vmap(plane, -1, -1)(image)

    moved = jax.vmap(one)(batch, moves)
    return jnp.moveaxis(moved if images.ndim == 4 else moved[0], -1, channels)


def _perspective(start: jax.Array, end: jax.Array) -> jax.Array:
    """The 8 numbers that take each end point to its start point: two linear equations per point."""
    (x, y), (u, v) = end.T, start.T
    one, zero = jnp.ones_like(x), jnp.zeros_like(x)
    first = jnp.stack([x, y, one, zero, zero, zero, -u * x, -u * y], 1)
    second = jnp.stack([zero, zero, zero, x, y, one, -v * x, -v * y], 1)
    return jnp.linalg.solve(jnp.concatenate([first, second]), jnp.concatenate([u, v]))


def _project(image: jax.Array, row: jax.Array, interpolation: str, mode: str, fill: jax.Array) -> jax.Array:
    height, width, _ = image.shape
    y, x = jnp.meshgrid(jnp.arange(height, dtype=row.dtype), jnp.arange(width, dtype=row.dtype), indexing="ij")
    a0, a1, a2, b0, b1, b2, c0, c1 = row
    scale = c0 * x + c1 * y + 1
    seen = scale != 0
    scale = jnp.where(seen, scale, 1)
    u = _inside((a0 * x + a1 * y + a2) / scale, width, mode)
    v = _inside((b0 * x + b1 * y + b2) / scale, height, mode)

    def pixel(row_number: jax.Array, column: jax.Array) -> jax.Array:
        exists = (row_number >= 0) & (row_number < height) & (column >= 0) & (column < width)
        i = jnp.clip(row_number, 0, height - 1).astype("int32")
        j = jnp.clip(column, 0, width - 1).astype("int32")
        return jnp.where(exists[..., None], image[i, j], fill)

    if interpolation == "nearest":
        value = pixel(_round(v), _round(u))
    else:
        top, left = jnp.floor(v), jnp.floor(u)
        down, right = (v - top)[..., None].astype(image.dtype), (u - left)[..., None].astype(image.dtype)
        upper = (1 - right) * pixel(top, left) + right * pixel(top, left + 1)
        lower = (1 - right) * pixel(top + 1, left) + right * pixel(top + 1, left + 1)
        value = (1 - down) * upper + down * lower
    return jnp.where(seen[..., None], value, fill)


def _round(x: jax.Array) -> jax.Array:
    return jnp.sign(x) * jnp.floor(jnp.abs(x) + 0.5)  # halves go away from zero


def _inside(place: jax.Array, length: int, mode: str) -> jax.Array:
    """Coordinates brought into the image as TensorFlow's projective transform does; `constant` leaves them outside."""
    if mode == "constant":
        return place
    last = length - 1
    if mode == "reflect":
        place = jnp.mod(place, 2 * length)
        place = jnp.where(place >= length, 2 * length - 1 - place, place)
    elif mode == "wrap" and last > 0:
        back = place - length * jnp.floor(place / last)
        forth = place + length * (jnp.floor(-place / last) + 1)
        place = jnp.where(place < 0, forth, jnp.where(place > last, back, place))
    return jnp.clip(place, 0, last)
