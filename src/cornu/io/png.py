"""PNG files of 8 and 16 bits, one to four channels, with the standard library and NumPy alone. Source: ISO/IEC 15948."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels -> grey, grey with alpha, rgb, rgb with alpha


def write_png(pixels: np.ndarray, compression: int = -1) -> bytes:
    """A picture as a PNG file. Shape: (height, width, channels), uint8 or uint16.

    Args: compression: zlib's level, -1 (its default) to 9.
    Raises: InvalidArgumentError on other shapes and dtypes.
    """
    if pixels.ndim != 3 or pixels.shape[2] not in _COLOR_TYPES or pixels.dtype not in (np.uint8, np.uint16):
        raise InvalidArgumentError(
            "Expected a picture (height, width, 1 to 4 channels) of uint8 or uint16 to write as PNG; received shape "
            f"{pixels.shape}, dtype {pixels.dtype}."
        )
    height, width, channels = pixels.shape
    rows = pixels.astype(f">u{pixels.itemsize}").reshape(height, -1).view(np.uint8)
    # Every row says how it is filtered: differences to the row above (2) pack better than plain values.
    above = np.concatenate([np.zeros_like(rows[:1]), rows[:-1]])
    packed = zlib.compress(np.insert(rows - above, 0, 2, axis=1).tobytes(), compression)
    header = struct.pack(">IIBBBBB", width, height, 8 * pixels.itemsize, _COLOR_TYPES[channels], 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def is_deep(data: bytes) -> bool:
    """True for PNG files of 16 bits that `read_deep_png` reads."""
    return data[:8] == _SIGNATURE and len(data) > 28 and data[24] == 16 and data[28] == 0


def read_deep_png(data: bytes) -> np.ndarray:
    """The pixels of a PNG file of 16 bits, not interlaced; Pillow would keep 8 of them.

    Shape: (height, width, channels), uint16. Raises: DataLossError on a damaged file.
    """
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise DataLossError("The PNG file is damaged: it has no header.")
    width, height, _, color = struct.unpack(">IIBB", chunks[0][1][:10])
    channels = {kind: count for count, kind in _COLOR_TYPES.items()}.get(color)
    if channels is None:
        raise DataLossError(f"The PNG file is damaged: 16 bits do not go with the colour type {color}.")
    pixel, stride = 2 * channels, 2 * channels * width
    packed = sum(len(part) for kind, part in chunks if kind == b"IDAT")
    if not height * width > 0 or height * (stride + 1) > 1100 * (packed + 64):  # deflate packs 1032 to 1 at best
        raise DataLossError(f"The PNG file is damaged: {packed} packed bytes cannot hold {width} x {height} pixels.")
    unpack = zlib.decompressobj()
    try:  # a damaged file must not unpack to more than its header says
        plain = unpack.decompress(b"".join(part for kind, part in chunks if kind == b"IDAT"), height * (stride + 1))
    except zlib.error as error:
        raise DataLossError(f"The PNG file is damaged: {error}.") from None
    if len(plain) != height * (stride + 1):
        raise DataLossError("The PNG file is damaged: pixels are missing.")
    rows = np.frombuffer(plain, np.uint8).reshape(height, stride + 1)
    found = np.zeros((height + 1, stride), np.uint8)  # the row above the first is 0
    for y, row in enumerate(rows):
        found[y + 1] = _unfiltered(int(row[0]), row[1:], found[y], pixel)
    return found[1:].copy().view(">u2").astype(np.uint16).reshape(height, width, channels)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += length + 12


def _unfiltered(kind: int, row: np.ndarray, above: np.ndarray, pixel: int) -> np.ndarray:
    """A row of bytes from its differences to what lies left, above, or both."""
    if kind == 0:
        return row
    if kind == 1:
        return np.cumsum(row.reshape(-1, pixel), axis=0, dtype=np.uint8).reshape(-1)
    if kind == 2:
        return row + above
    if kind not in (3, 4):
        raise DataLossError(f"The PNG file is damaged: there is no row filter {kind}.")
    found, over, differences = [0] * pixel, [0] * pixel + above.tolist(), row.tolist()
    for i, difference in enumerate(differences):
        left, up = found[i], over[i + pixel]
        guess = (left + up) // 2 if kind == 3 else _paeth(left, up, over[i])
        found.append((difference + guess) & 0xFF)
    return np.array(found[pixel:], np.uint8)


def _paeth(left: int, up: int, corner: int) -> int:
    """Whichever of the three is nearest to `left + up - corner`."""
    by_left, by_up, by_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if by_left <= by_up and by_left <= by_corner:
        return left
    return up if by_up <= by_corner else corner
