"""Pictures: files <-> Pillow images <-> arrays. Needs Pillow. Source: keras.utils (array_to_img, load_img, ...)."""

import io
import os
import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np

from cornu._base.errors import (
    DataLossError,
    FailedPreconditionError,
    InvalidArgumentError,
    InvalidTypeError,
    UnsafeFileError,
)
from cornu.core import config
from cornu.io.atomic import replacing

Layout = Literal["channels_first", "channels_last"]
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")
_EXPANSION, _FLOOR = 1100, 1 << 26  # deflate packs 1032 to 1 at best, and so does about every other method
COLOR_MODES = {"grayscale": 1, "rgb": 3, "rgba": 4}  # name -> channels


def pillow() -> Any:
    """The module `PIL.Image`. Raises: FailedPreconditionError if Pillow is not installed."""
    try:
        from PIL import Image
    except ImportError:
        raise FailedPreconditionError("Pictures need Pillow, which is not installed. Run: pip install pillow") from None
    return Image


def layout(data_format: str | None) -> Layout:
    """The place of the channels; None asks the settings. Raises: InvalidArgumentError for other names."""
    data_format = config.image_data_format() if data_format is None else data_format
    if data_format not in {"channels_first", "channels_last"}:
        raise InvalidArgumentError(f"Expected data_format channels_first or channels_last; received {data_format!r}.")
    return data_format  # type: ignore[return-value]


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None) -> Any:
    """A Pillow image of an array.

    Args: `scale`: map the least value to 0 and the largest to 255; `dtype`: in which to compute, default `floatx()`.
    Shape: (rows, columns, channels), or channels first; 1, 3 or 4 channels.
    Raises: InvalidArgumentError for other shapes. Source: keras.utils.array_to_img.
    """
    image = pillow()
    x = np.asarray(x, config.floatx() if dtype is None else dtype)
    data_format = layout(data_format)
    if x.ndim != 3:
        raise InvalidArgumentError(
            f"Expected image array to have rank 3 (single image). Got array with shape: {x.shape}. Index the batch first."
        )
    if data_format == "channels_first":
        x = np.transpose(x, (1, 2, 0))
    if scale:
        x = x - np.min(x)
        peak = np.max(x)
        if peak != 0:
            x /= peak
        x *= 255
    if x.shape[2] == 4:
        return image.fromarray(x.astype("uint8"))
    if x.shape[2] == 3:
        return image.fromarray(x.astype("uint8"))
    if x.shape[2] == 1:
        flat = x[:, :, 0]
        return image.fromarray(flat.astype("int32" if np.max(x) > 255 else "uint8"))  # 16-bit greys keep their range
    raise InvalidArgumentError(f"Unsupported channel number: {x.shape[2]}. Expected 1, 3 or 4 channels.")


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> np.ndarray:
    """The array of a Pillow image (or of an array with 2 or 3 axes, channels last), `floatx()` unless `dtype` says else.

    Shape: (rows, columns, channels), or channels first if `data_format` says so.
    Raises: InvalidArgumentError for other ranks. Source: keras.utils.img_to_array.
    """
    x = np.array(img, config.floatx() if dtype is None else dtype)
    data_format = layout(data_format)
    if x.ndim == 2:
        return x[None] if data_format == "channels_first" else x[..., None]
    if x.ndim != 3:
        raise InvalidArgumentError(f"Unsupported image shape: {x.shape}. Expected 2 or 3 axes.")
    return np.transpose(x, (2, 0, 1)) if data_format == "channels_first" else x


def load_img(
    path: str | bytes | os.PathLike | io.BytesIO,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | int | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
    *,
    grayscale: bool = False,
) -> Any:
    """A Pillow image from a file.

    Args:
        path: its name, or an open `io.BytesIO`.
        color_mode: what the picture is converted to. `grayscale=True` (Keras 2) is `color_mode="grayscale"`.
        target_size: (rows, columns); an int is both.
        interpolation: nearest, bilinear, bicubic, hamming, box or lanczos.
        keep_aspect_ratio: cut the middle out so that nothing is squeezed.
    Raises: InvalidArgumentError for other options; FileNotFoundError. Source: keras.utils.load_img.
    """
    image = pillow()
    if grayscale:
        color_mode = "grayscale"
    if color_mode not in COLOR_MODES:
        raise InvalidArgumentError(f'color_mode must be "grayscale", "rgb", or "rgba"; received {color_mode!r}.')
    if isinstance(path, io.BytesIO):
        found = image.open(path)
    elif isinstance(path, (str, bytes, os.PathLike)):
        with open(os.fsdecode(path), "rb") as file:
            data = file.read()
        found = image.open(io.BytesIO(data))
        check_size(found, len(data))
        if found.format == "EPS":  # a program, for which Pillow starts Ghostscript
            raise UnsafeFileError(f"Expected a picture of pixels; {path!r} is a PostScript program. Convert it to PNG.")
    else:
        raise InvalidTypeError(f"path should be path-like or io.BytesIO, not {type(path)}.")
    if color_mode == "grayscale":
        if found.mode not in {"L", "I;16", "I"}:  # 16 bits are kept
            found = found.convert("L")
    elif found.mode != color_mode.upper():
        found = found.convert(color_mode.upper())
    return _fitted(found, target_size, interpolation, keep_aspect_ratio)


def check_size(picture: Any, size: int, layers: int = 0) -> None:
    """Refuse a picture that claims more pixels than its `size` bytes can hold, before they are made.

    Args: layers: how many bytes a pixel takes; those of the picture's channels by default.
    Raises: DataLossError.
    """
    claimed = picture.width * picture.height * (layers or len(picture.getbands()))
    if claimed > _FLOOR + _EXPANSION * size:
        raise DataLossError(
            f"Expected a picture that fits its {size} bytes; it claims {picture.width} x {picture.height} pixels, "
            f"{claimed} bytes. Get the file again from its source."
        )


def _fitted(img: Any, target_size: Any, interpolation: str, keep_aspect_ratio: bool) -> Any:
    if target_size is None:
        return img
    rows, columns = (target_size, target_size) if isinstance(target_size, int) else target_size[:2]
    if img.size == (columns, rows):
        return img
    method = resampling(interpolation)
    if not keep_aspect_ratio:
        return img.resize((columns, rows), method)
    width, height = img.size
    cut_height = min(height, width * rows // columns)
    cut_width = min(width, height * columns // rows)
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return img.resize((columns, rows), method, box=(left, top, left + cut_width, top + cut_height))


def resampling(interpolation: str) -> Any:
    """Pillow's filter of that name. Raises: InvalidArgumentError for unknown names."""
    if interpolation not in INTERPOLATIONS:
        raise InvalidArgumentError(
            f"Invalid interpolation method {interpolation} specified. Supported methods are {', '.join(INTERPOLATIONS)}"
        )
    return getattr(pillow().Resampling, interpolation.upper())


def save_img(
    path: str | os.PathLike | io.BytesIO,
    x: Any,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Write an array as a picture; the file appears whole or not at all.

    Args: `file_format`: default by the name's extension; `scale`: as in `array_to_img`; `kwargs` go to Pillow's `save`.
    Source: keras.utils.save_img.
    """
    img = array_to_img(x, data_format=data_format, scale=scale)
    extension = file_format or (Path(path).suffix[1:] if isinstance(path, (str, os.PathLike)) else None)
    chosen = {"jpg": "jpeg", "tif": "tiff"}.get(str(extension).lower(), extension)
    if img.mode == "RGBA" and str(chosen).lower() == "jpeg":
        warnings.warn("The JPG format does not support RGBA images, converting to RGB.", stacklevel=2)
        img = img.convert("RGB")
    if not isinstance(path, (str, os.PathLike)):
        img.save(path, format=chosen, **kwargs)
        return
    if not chosen:
        raise InvalidArgumentError(
            f"Expected a name with an extension such as .png; received {path}. Pass file_format."
        )
    with replacing(path) as temporary:
        img.save(temporary, format=chosen, **kwargs)
