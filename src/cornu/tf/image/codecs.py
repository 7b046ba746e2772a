"""Pictures from and to the bytes of files, on the host. Needs Pillow, but for writing PNG. Source: tf.io, tf.image."""

import io
import struct
import zlib
from typing import Any

import numpy as np

from cornu._base.errors import CornuError, InvalidArgumentError
from cornu.core import dtypes
from cornu.core.tensor import Tensor
from cornu.io.png import is_deep, read_deep_png, write_png
from cornu.preprocessing.image.conversion import check_size, pillow
from cornu.tf.host_values import host, tensor, text_of
from cornu.tf.image.conversion import converted

_MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF", b"BM": "BMP", b"RIFF": "WebP"}
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
# What Pillow says of broken bytes.
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    IndexError,
    KeyError,
    OverflowError,
    struct.error,
    zlib.error,
)
_XMP = b"http://ns.adobe.com/xap/1.0/\0"


def decode_image(contents, channels=None, dtype="uint8", name=None, expand_animations=True):
    """The pixels of a JPEG, PNG, GIF, BMP or WebP file.

    Args: channels: 0 (as in the file), 1, 3 or 4. dtype: uint8, uint16 or float32 in [0, 1].
        expand_animations: a GIF gives all its frames, else the first.
    Shape: (h, w, channels); of a GIF (frames, h, w, 3) with `expand_animations`.
    Raises: InvalidArgumentError on what is no such file. Source: tf.io.decode_image.
    """
    data = text_of(contents, "contents")
    kind = _kind(data)
    if kind == "GIF":
        frames = _frames(data)
        pixels = frames if expand_animations else frames[0]
        if channels not in (None, 0, 3):
            raise InvalidArgumentError(f"channels must be 0 or 3 for GIF files; received {channels}.")
    else:
        pixels = _decoded(data, kind, channels or 0, dtypes.as_dtype(dtype) != "uint8")
    return tensor(converted(pixels, dtype))


def decode_jpeg(
    contents, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False, acceptable_fraction=1,
    dct_method="", name=None,
):  # fmt: skip
    """The pixels of a JPEG file (or of another known one).

    Args: channels: 0, 1 or 3. ratio: 1, 2, 4 or 8, shrink while reading. try_recover_truncated: fill what is missing in a
        cut file. dct_method: "INTEGER_ACCURATE" is always used; TensorFlow's default differs from it by a few levels.
    Shape: (h, w, channels), uint8. Raises: InvalidArgumentError. Source: tf.io.decode_jpeg.
    """
    if dct_method not in ("", "INTEGER_FAST", "INTEGER_ACCURATE"):
        raise InvalidArgumentError(
            f"Expected dct_method '', INTEGER_FAST or INTEGER_ACCURATE; received {dct_method!r}."
        )
    if not fancy_upscaling:
        raise InvalidArgumentError("decode_jpeg smooths colours (fancy_upscaling=True); False is not available.")
    if ratio not in (1, 2, 4, 8):
        raise InvalidArgumentError(f"ratio must be 1, 2, 4, or 8; received {ratio}.")
    data = text_of(contents, "contents")
    recover = bool(try_recover_truncated) or acceptable_fraction < 1
    return tensor(_decoded(data, _kind(data), channels, ratio=ratio, recover=recover))


def decode_png(contents, channels=0, dtype="uint8", name=None):
    """The pixels of a PNG file (or of another known one).

    Args: channels: 0, 1, 3 or 4. dtype: uint8, or uint16.
    Shape: (h, w, channels). Raises: InvalidArgumentError. Source: tf.io.decode_png.
    """
    wanted = dtypes.as_dtype(dtype)
    if wanted not in ("uint8", "uint16"):
        raise InvalidArgumentError(f"decode_png: expected dtype uint8 or uint16; received {wanted.name}.")
    data = text_of(contents, "contents")
    pixels = _decoded(data, _kind(data), channels, wanted == "uint16")
    return tensor(pixels if wanted == pixels.dtype.name else pixels * np.uint16(257))


def decode_bmp(contents, channels=0, name=None):
    """The pixels of a BMP file. Shape: (h, w, channels), uint8. Source: tf.io.decode_bmp."""
    data = text_of(contents, "contents")
    return tensor(_decoded(data, _kind(data), channels))


def decode_webp(contents, channels=0, dtype="uint8", name=None):
    """The pixels of a WebP file. Shape: (h, w, channels), uint8. Source: tf.io.decode_webp."""
    if dtypes.as_dtype(dtype) != "uint8":
        raise InvalidArgumentError(f"decode_webp: expected dtype uint8; received {dtypes.as_dtype(dtype).name}.")
    data = text_of(contents, "contents")
    return tensor(_decoded(data, _kind(data), channels))


def decode_gif(contents, name=None):
    """All frames of a GIF file. Shape: (frames, h, w, 3), uint8. Source: tf.io.decode_gif."""
    data = text_of(contents, "contents")
    return tensor(_frames(data) if _kind(data) == "GIF" else _decoded(data, _kind(data), 3)[None])


def decode_and_crop_jpeg(
    contents, crop_window, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False,
    acceptable_fraction=1, dct_method="", name=None,
):  # fmt: skip
    """A window [top, left, height, width] of a JPEG file's pixels. Source: tf.io.decode_and_crop_jpeg."""
    pixels = decode_jpeg(
        contents, channels, ratio, fancy_upscaling, try_recover_truncated, acceptable_fraction, dct_method
    ).host()
    top, left, height, width = (int(n) for n in host(crop_window).reshape(-1))
    if (
        min(top, left) < 0
        or min(height, width) <= 0
        or top + height > pixels.shape[0]
        or left + width > pixels.shape[1]
    ):
        raise InvalidArgumentError(
            f"Invalid JPEG data or crop window: {[top, left, height, width]} is not inside of {pixels.shape[:2]}."
        )
    return tensor(pixels[top : top + height, left : left + width])


def is_jpeg(contents, name=None):
    """Whether the bytes are a JPEG file's. Source: tf.io.is_jpeg."""
    return tensor(np.bool_(text_of(contents, "contents")[:3] == b"\xff\xd8\xff"))


def extract_jpeg_shape(contents, output_type="int32", name=None):
    """[height, width, channels] of a JPEG file, without reading the pixels. Source: tf.io.extract_jpeg_shape."""
    picture = _open(text_of(contents, "contents"))
    return tensor(np.array([picture.height, picture.width, len(picture.getbands())], dtypes.as_dtype(output_type).name))


def encode_png(image, compression=-1, name=None):
    """Pictures as PNG files; no pixel is lost.

    Shape: ([n,] h, w, 1 to 4), uint8 or uint16 -> ([n]) of text. Source: tf.io.encode_png.
    """
    return _encoded(lambda pixels: write_png(pixels, int(compression)), image)


def encode_jpeg(
    image, format="", quality=95, progressive=False, optimize_size=False, chroma_downsampling=True, density_unit="in",
    x_density=300, y_density=300, xmp_metadata="", name=None,
):  # fmt: skip
    """A picture as a JPEG file.

    Args:
        format: "", "grayscale" or "rgb". quality: 0 to 100.
        chroma_downsampling: keep colours at half the resolution.
        density_unit: of `x_density` and `y_density`, "in" or "cm".
    Shape: (h, w, 1 or 3), uint8 -> (), text. Source: tf.io.encode_jpeg.
    """
    if not 0 <= int(quality) <= 100:
        raise InvalidArgumentError(f"quality must be in [0,100], got {quality}.")
    if density_unit not in ("in", "cm"):
        raise InvalidArgumentError(f"Expected density_unit 'in' or 'cm'; received {density_unit!r}.")
    channels = {"grayscale": (1,), "rgb": (3,), "": (1, 3)}.get(format)
    pixels = host(image)
    if channels is None or pixels.ndim != 3 or pixels.shape[2] not in channels or pixels.dtype != np.uint8:
        raise InvalidArgumentError(
            f"encode_jpeg: expected uint8 (height, width, 1 or 3) fitting to format {format!r} ('', 'grayscale', 'rgb'); "
            f"received shape {pixels.shape}, dtype {pixels.dtype}."
        )
    options: dict[str, Any] = {"progressive": bool(progressive), "optimize": bool(optimize_size)}
    if pixels.shape[2] == 3:
        options["subsampling"] = 2 if chroma_downsampling else 0  # 4:2:0 or 4:4:4
    out = io.BytesIO()
    _picture(pixels).save(out, "JPEG", quality=max(int(quality), 1), dpi=(300, 300), **options)
    unit = 1 if density_unit == "in" else 2
    data = out.getvalue()
    data = (
        data[:13] + struct.pack(">BHH", unit, x_density, y_density) + data[18:]
    )  # in the header that JFIF begins with
    if xmp_metadata:
        note = _XMP + text_of(xmp_metadata)
        data = data[:20] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + data[20:]
    return tensor(np.array(data, object))


def adjust_jpeg_quality(image, jpeg_quality, dct_method="", name=None):
    """A picture as JPEG of that quality (0 to 100) would leave it.

    Shape: (h, w, 1 or 3), unchanged. Returns: the dtype of `image`. Source: tf.image.adjust_jpeg_quality.
    """
    pixels = host(image)
    small = converted(pixels, "uint8", saturate=True)
    decoded = decode_jpeg(encode_jpeg(small, quality=int(jpeg_quality)), small.shape[-1], dct_method=dct_method)
    return tensor(converted(decoded.host(), pixels.dtype, saturate=True))


def _encoded(encode: Any, image: Any) -> Tensor:
    pixels = host(image)
    found = np.empty(pixels.shape[:-3], object)
    for index in np.ndindex(found.shape):
        found[index] = encode(pixels[index])
    return tensor(found)


def _picture(pixels: np.ndarray) -> Any:
    return pillow().fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)


def _kind(data: bytes) -> str:
    if not data:
        raise InvalidArgumentError("Input is empty. Expected the bytes of an image file; read it with tf.io.read_file.")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    raise InvalidArgumentError(
        f"Unknown image file format. One of JPEG, PNG, GIF, BMP, WebP required; the bytes begin with {data[:8]!r}."
    )


def _open(data: bytes) -> Any:
    try:
        picture = pillow().open(io.BytesIO(data), formats=[_kind(data)])
    except (OSError, ValueError, SyntaxError, pillow().DecompressionBombError) as error:
        raise InvalidArgumentError(f"Invalid {_kind(data)} data, size {len(data)}: {error}.") from None
    check_size(picture, len(data))
    return picture


def _frames(data: bytes) -> np.ndarray:
    picture = _open(data)
    found = []
    try:
        frames = getattr(picture, "n_frames", 1)
        check_size(picture, len(data), 3 * frames)
        for number in range(frames):
            picture.seek(number)
            found.append(np.asarray(picture.convert("RGB")))
    except _DAMAGE as error:
        raise InvalidArgumentError(f"Invalid GIF data, size {len(data)}: {error}.") from None
    return np.stack(found)


def _decoded(
    data: bytes, kind: str, channels: int, deep: bool = False, ratio: int = 1, recover: bool = False
) -> np.ndarray:
    """The pixels; uint16 where the file has 16 bits and `deep` asks for them. Shape: (h, w, channels)."""
    if channels not in (0, 1, 3, 4):
        raise InvalidArgumentError(f"channels must be 0, 1, 3 or 4; received {channels}.")
    if channels == 4 and kind == "JPEG":
        raise InvalidArgumentError("JPEG does not support 4 channels. Use channels=3.")
    if kind == "PNG" and is_deep(data):
        pixels = _with_channels(read_deep_png(data), channels)
        return pixels if deep else (pixels >> 8).astype(np.uint8)
    picture = _open(data)
    try:
        if getattr(picture, "n_frames", 1) > 1:
            raise InvalidArgumentError(
                f"Got {picture.n_frames} frames, but animated gifs can only be decoded by tf.io.decode_gif or tf.io.decode_image."
            )
        if kind == "JPEG":
            picture = _drafted(picture, channels, ratio)
        pixels = _pixels(picture, recover)
    except CornuError:
        raise
    except _DAMAGE as error:
        raise InvalidArgumentError(f"Invalid {kind} data, size {len(data)}: {error}.") from None
    return _with_channels(pixels, channels)


def _drafted(picture: Any, channels: int, ratio: int) -> Any:
    """The JPEG as its decoder shrinks it, or gives its brightness alone."""
    size = tuple(-(-n // ratio) for n in picture.size)
    picture.draft("L" if channels == 1 else picture.mode, size if ratio > 1 else picture.size)
    if picture.mode == "CMYK":
        return picture.convert("RGB")
    return picture


def _pixels(picture: Any, recover: bool) -> np.ndarray:
    if recover:
        from PIL import ImageFile

        ImageFile.LOAD_TRUNCATED_IMAGES, before = True, ImageFile.LOAD_TRUNCATED_IMAGES
        try:
            picture.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode.startswith("I"):  # 16 bits, interlaced
        return (np.array(picture) >> 8).astype(np.uint8)[..., None]
    elif picture.mode not in _MODES.values():
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    pixels = np.array(picture)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _with_channels(pixels: np.ndarray, channels: int) -> np.ndarray:
    """The pixels with that many channels (0: as they are): brightness, copies, an opaque alpha."""
    have = pixels.shape[2]
    if channels in (0, have):
        return pixels
    colours, alpha = (pixels[..., :-1], pixels[..., -1:]) if have in (2, 4) else (pixels, None)
    if channels == 1 and colours.shape[2] == 3:
        mixed = colours.astype(np.int64) @ np.array([9797, 19234, 3737])  # libpng's 0.299, 0.587, 0.114 in 15 bits
        colours = (mixed >> 15).astype(pixels.dtype)[..., None]
    if channels in (3, 4) and colours.shape[2] == 1:
        colours = np.repeat(colours, 3, 2)
    if channels in (1, 3):
        return colours
    opaque = np.full(pixels.shape[:2] + (1,), np.iinfo(pixels.dtype).max, pixels.dtype)
    return np.concatenate([colours, opaque if alpha is None else alpha], 2)
