"""Changes of single pictures, fixed or drawn from NumPy's global generator. Source: tf.keras.preprocessing.image."""

import numpy as np

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.preprocessing.image import affine
from cornu.preprocessing.image.conversion import array_to_img, img_to_array


def apply_affine_transform(
    x: np.ndarray, theta: float = 0, tx: float = 0, ty: float = 0, shear: float = 0, zx: float = 1, zy: float = 1,
    row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, order: int = 1,
) -> np.ndarray:  # fmt: skip
    """Rotate by `theta` degrees, shift by `tx` columns and `ty` rows, shear by `shear` degrees, zoom by `zx` and `zy`.

    Shape: a picture of three axes, which `row_axis`, `col_axis`, `channel_axis` name; unchanged.
    Raises: InvalidArgumentError if the axes are not three different ones. Source: tf.keras.preprocessing.image.
    """
    x = np.asarray(x)
    axes = [axis % 3 for axis in (row_axis, col_axis, channel_axis)]
    if x.ndim != 3 or sorted(axes) != [0, 1, 2]:
        raise InvalidArgumentError(
            f"Expected a picture of three axes and row_axis, col_axis, channel_axis to be 0, 1 and 2 in some order; received "
            f"shape {x.shape} and {row_axis}, {col_axis}, {channel_axis}."
        )
    if (theta, tx, ty, shear, zx, zy) == (0, 0, 0, 0, 1, 1):
        return x
    picture = np.ascontiguousarray(x.transpose(axes))[None]
    values = (np.full(1, value, np.float64) for value in (theta, tx, ty, shear, zx, zy))
    found = affine.warp(picture, *affine.matrices(values, *picture.shape[1:3]), fill_mode, cval, order)
    return found[0].transpose(np.argsort(axes))


def random_rotation(
    x: np.ndarray, rg: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1,
) -> np.ndarray:  # fmt: skip
    """Rotate by an angle drawn from -`rg` to `rg` degrees. Shape: unchanged."""
    theta = np.random.uniform(-rg, rg)
    where = {"row_axis": row_axis, "col_axis": col_axis, "channel_axis": channel_axis}
    return apply_affine_transform(x, theta=theta, **where, fill_mode=fill_mode, cval=cval, order=interpolation_order)


def random_shift(
    x: np.ndarray, wrg: float, hrg: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1,
) -> np.ndarray:  # fmt: skip
    """Shift by fractions drawn from -`hrg` to `hrg` (along the columns) and -`wrg` to `wrg` (along the rows), as Keras 2 does.

    Shape: unchanged.
    """
    tx = np.random.uniform(-hrg, hrg) * x.shape[row_axis]
    ty = np.random.uniform(-wrg, wrg) * x.shape[col_axis]
    where = {"row_axis": row_axis, "col_axis": col_axis, "channel_axis": channel_axis}
    return apply_affine_transform(x, tx=tx, ty=ty, **where, fill_mode=fill_mode, cval=cval, order=interpolation_order)


def random_shear(
    x: np.ndarray, intensity: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1,
) -> np.ndarray:  # fmt: skip
    """Shear by an angle drawn from -`intensity` to `intensity` degrees. Shape: unchanged."""
    shear = np.random.uniform(-intensity, intensity)
    where = {"row_axis": row_axis, "col_axis": col_axis, "channel_axis": channel_axis}
    return apply_affine_transform(x, shear=shear, **where, fill_mode=fill_mode, cval=cval, order=interpolation_order)


def random_zoom(
    x: np.ndarray, zoom_range: tuple[float, float], row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1,
) -> np.ndarray:  # fmt: skip
    """Zoom rows and columns by factors drawn from `zoom_range`; above 1 shows more. Shape: unchanged.

    Raises: InvalidArgumentError if `zoom_range` is not a pair.
    """
    if np.ndim(zoom_range) != 1 or len(zoom_range) != 2:
        raise InvalidArgumentError(f"`zoom_range` should be a tuple or list of two floats. Received: {zoom_range}")
    zx, zy = (1, 1) if tuple(zoom_range) == (1, 1) else np.random.uniform(zoom_range[0], zoom_range[1], 2)
    where = {"row_axis": row_axis, "col_axis": col_axis, "channel_axis": channel_axis}
    return apply_affine_transform(x, zx=zx, zy=zy, **where, fill_mode=fill_mode, cval=cval, order=interpolation_order)


def apply_channel_shift(x: np.ndarray, intensity: float, channel_axis: int = 0) -> np.ndarray:
    """Add `intensity` to every value, within the picture's own least and largest. Shape: unchanged."""
    # The order in which the channels are visited does not matter, so `channel_axis` only has to exist.
    if not -x.ndim <= channel_axis < x.ndim:
        raise InvalidArgumentError(f"Expected channel_axis within {x.ndim} axes; received {channel_axis}.")
    return np.clip(x + intensity, np.min(x), np.max(x))


def random_channel_shift(x: np.ndarray, intensity_range: float, channel_axis: int = 0) -> np.ndarray:
    """Add a number drawn from -`intensity_range` to `intensity_range`, as `apply_channel_shift`. Shape: unchanged."""
    return apply_channel_shift(x, np.random.uniform(-intensity_range, intensity_range), channel_axis)


def apply_brightness_shift(x: np.ndarray, brightness: float, scale: bool = True) -> np.ndarray:
    """Multiply the brightness by `brightness`, as Pillow's ImageEnhance does on 8 bits.

    Args: `scale`: spread the values over 0..255 first (done in any case, and undone, for values outside of it).
    Shape: (rows, columns, channels), unchanged. Raises: FailedPreconditionError without Pillow.
    """
    try:
        from PIL import ImageEnhance
    except ImportError:
        raise FailedPreconditionError(
            "Brightness needs Pillow, which is not installed. Run: pip install pillow"
        ) from None
    least, largest = np.min(x), np.max(x)
    outside = bool(least < 0 or largest > 255)
    picture = ImageEnhance.Brightness(array_to_img(x, "channels_last", scale=outside or scale)).enhance(brightness)
    found = img_to_array(picture, "channels_last")
    return found / 255 * (largest - least) + least if outside and not scale else found


def random_brightness(x: np.ndarray, brightness_range: tuple[float, float], scale: bool = True) -> np.ndarray:
    """Multiply the brightness by a factor drawn from `brightness_range`. Shape: unchanged.

    Raises: InvalidArgumentError if `brightness_range` is not a pair.
    """
    if np.ndim(brightness_range) != 1 or len(brightness_range) != 2:
        raise InvalidArgumentError(
            f"`brightness_range should be tuple or list of two floats. Received: {brightness_range}"
        )
    return apply_brightness_shift(x, np.random.uniform(brightness_range[0], brightness_range[1]), scale)


def flip_axis(x: np.ndarray, axis: int) -> np.ndarray:
    """The picture mirrored along `axis`."""
    return np.flip(x, axis)
