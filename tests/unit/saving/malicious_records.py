"""Records, messages and pictures that claim more than their bytes."""

import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from malicious_configs import Case
from PIL import Image

from cornu.data.records import framed
from cornu.io.checksum import masked_crc32c
from cornu.io.event_file import field, varint


def file(data: bytes) -> Callable[[Path, Path], Path]:
    """A file of these bytes."""

    def make(folder: Path, canary: Path) -> Path:
        (folder / "x").write_bytes(data)
        return folder / "x"

    return make


def long_record(length: int) -> bytes:
    """A record that claims a length, with the right checksum of it."""
    head = struct.pack("<Q", length)
    return head + struct.pack("<I", masked_crc32c(head)) + b"x" * 100


def png(width: int, height: int, depth: int = 8, packed: bytes = b"") -> bytes:
    """A PNG file whose header says anything."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    packed = packed or zlib.compress(bytes(100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def picture(kind: str, width: int = 8, height: int = 8, **options: object) -> bytes:
    """A small picture in a format of Pillow."""
    out = io.BytesIO()
    Image.fromarray(np.zeros((height, width, 3), np.uint8)).save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int, height: int) -> bytes:
    """A JPEG file whose header says anything."""
    data = picture("JPEG")
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def gif(width: int, height: int) -> bytes:
    """A GIF file whose screen has any size."""
    data = picture("GIF")
    return data[:6] + struct.pack("<HH", width, height) + data[10:]


def bmp(width: int, height: int) -> bytes:
    """A BMP file whose header says anything."""
    data = picture("BMP")
    return data[:18] + struct.pack("<ii", width, height) + data[26:]


def tensors(size: int | None = None, **entries: list) -> Callable[[Path, Path], Path]:
    """A safetensors file of 24 bytes with any header: shape and offsets by name."""
    header = json.dumps(
        {name: {"dtype": "F32", "shape": shape, "data_offsets": offsets} for name, (shape, offsets) in entries.items()}
    ).encode()
    return file(struct.pack("<Q", len(header) if size is None else size) + header + bytes(24))


_TENSOR = field(1, 1) + field(2, field(2, field(1, 1 << 40)))
_ENDLESS = b"\xff" * 20
_NESTED = field(1, field(1, field(1, b"name") + field(2, field(3, field(1, b"\xff" * 9)))))
FITS, CUT = "fits its .* bytes|exceeds limit|cannot hold", "damaged|cut|inside of it|another form"
ALL = "(DataLoss|InvalidArgument)Error"

CASES: dict[str, Case] = {
    "safetensors header of 8 EiB": Case(tensors(1 << 63, a=[[1], [0, 4]]), "tensors", "DataLossError", "header|cut"),
    "safetensors header of 64 GiB": Case(tensors(1 << 36, a=[[1], [0, 4]]), "tensors", "DataLossError", "header|cut"),
    "safetensors array of 8 PiB": Case(tensors(a=[[1 << 51], [0, 24]]), "tensors", "DataLossError", "has 24 bytes"),
    "safetensors array behind the end": Case(tensors(a=[[8], [0, 32]]), "tensors", "DataLossError", ""),
    "safetensors negative offset": Case(tensors(a=[[6], [-24, 0]]), "tensors", "DataLossError", "damaged"),
    "safetensors arrays that overlap": Case(
        tensors(a=[[6], [0, 24]], b=[[6], [0, 24]]), "tensors", "DataLossError", "overlap|damaged|bytes"
    ),
    "safetensors shape that multiplies to nothing": Case(
        tensors(a=[[1 << 62, 1 << 62, 0], [0, 24]]), "tensors", "DataLossError", "damaged|has 24 bytes"
    ),
    "record of 8 EiB": Case(file(long_record(1 << 63)), "records", "DataLossError", "ends inside of it"),
    "record of 8 GiB": Case(
        file(framed(b"1") + long_record(1 << 33)), "records", "DataLossError", "Record 1 .* inside of it"
    ),
    "record with a wrong checksum": Case(
        file(framed(b"12345")[:-1] + b"\0"), "records", "DataLossError", "checksum is wrong"
    ),
    "record that is cut": Case(file(framed(b"12345")[:-5]), "records", "DataLossError", "inside of it"),
    "record file that is no gzip": Case(
        file(b"\x1f\x8b" + bytes(50)), "packed records", "DataLossError", "cannot be read"
    ),
    "example whose number does not end": Case(file(_ENDLESS), "example", "DataLossError", "does not end"),
    "example longer than its bytes": Case(
        file(varint(10) + varint(1 << 60)), "example", "DataLossError", "does not end"
    ),
    "example of damaged integers": Case(file(_NESTED), "example", "DataLossError", CUT),
    "sequence example whose number does not end": Case(file(_ENDLESS), "sequence", "DataLossError", "does not end"),
    "tensor of 4 TiB from 12 bytes": Case(file(_TENSOR), "tensor", "DataLossError", "values of float32"),
    "tensor with too few bytes": Case(file(_TENSOR + field(4, bytes(8))), "tensor", "DataLossError", "it has 8 bytes"),
    "tensor of negative size": Case(
        file(field(1, 1) + field(2, field(2, field(1, -5)))), "tensor", "DataLossError", "values of float32"
    ),
    **{
        f"{name} of {width} x {height}": Case(file(make(width, height)), "picture", ALL, FITS)
        for name, make in {"PNG": png, "JPEG": jpeg, "GIF": gif, "BMP": bmp}.items()
        for width, height in ((13_000, 13_000), (65_000, 60_000))
    },
    "PNG of 2 billion columns": Case(file(png(2**31 - 1, 2**31 - 1)), "picture", ALL, FITS),
    "PNG of 16 bits, 2 billion columns": Case(file(png(2**31 - 1, 2**31 - 1, 16)), "picture", ALL, FITS),
    "PNG that is cut": Case(file(picture("PNG")[:30]), "picture", ALL, "Invalid PNG data|damaged"),
    "picture that is none": Case(
        file(b"%!PS-Adobe-3.0 EPSF-3.0"), "picture", "InvalidArgumentError", "Unknown image file format"
    ),
    "PostScript program in a folder": Case(
        file(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n%%EndProlog\n9 9 moveto\n%%EOF\n"),
        "load_img",
        "UnsafeFileError",
        "PostScript program",
    ),
    "PNG of 13,000 x 13,000 from a folder": Case(file(png(13_000, 13_000)), "load_img", ALL, FITS),
}
