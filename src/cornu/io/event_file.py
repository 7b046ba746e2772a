"""Event files, as TensorBoard reads them: records of length, checksum and a serialized `Event`. Nothing but writing.

Source: tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto (numbers of fields), the TFRecord format.
"""

import os
import socket
import struct
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cornu.io.checksum import masked_crc32c
from cornu.io.png import write_png

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types
_FLOAT, _DOUBLE, _STRING = 1, 2, 7  # tensorflow.DataType
_opened = 0


def varint(value: int) -> bytes:
    """An integer in groups of seven bits, the lowest first; negative ones as 64-bit two's complement."""
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def field(number: int, value: int | float | bytes | str, is_double: bool = False) -> bytes:
    """One field of a message: integers as varint, floats as 32 bits (64 if `is_double`), text and messages by length."""
    if isinstance(value, int):
        return varint(number << 3 | _VARINT) + varint(value)
    if isinstance(value, float):
        kind, code = (_FIXED64, "<d") if is_double else (_FIXED32, "<f")
        return varint(number << 3 | kind) + struct.pack(code, value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | _BYTES) + varint(len(data)) + data


def _tensor(dtype: int, shape: Sequence[int], content: bytes) -> bytes:
    """A TensorProto; `content` is its serialized field of values."""
    dims = b"".join(field(2, field(1, size)) for size in shape)
    return field(1, dtype) + field(2, dims) + content


def _value(tag: str, plugin: str, tensor: bytes, content: bytes = b"", description: str | None = None) -> bytes:
    """A Summary.Value: tag, tensor, which plug-in of TensorBoard shows it, and what it says beside it."""
    plugin_data = field(1, plugin) + (field(2, content) if content else b"")
    metadata = field(1, plugin_data) + (field(3, description) if description else b"")
    return field(1, field(1, tag) + field(8, tensor) + field(9, metadata))


def scalar(tag: str, value: float, description: str | None = None) -> bytes:
    """A number, as `tf.summary.scalar` writes it."""
    tensor = _tensor(_FLOAT, (), field(4, np.float32(value).tobytes()))
    return _value(tag, "scalars", tensor, description=description)


def histogram(tag: str, values: np.ndarray, buckets: int = 30, description: str | None = None) -> bytes:
    """How the finite values are spread over `buckets`, as `tf.summary.histogram` writes it. Shape: any."""
    table = _spread(np.asarray(values, np.float64).reshape(-1), max(buckets, 0))
    tensor = _tensor(_DOUBLE, table.shape, field(4, table.astype("<f8").tobytes()))
    return _value(tag, "histograms", tensor, description=description)


def _spread(values: np.ndarray, buckets: int) -> np.ndarray:
    """Left edge, right edge and count of every bucket. Equal values stand in the last one; none give zeros."""
    values = values[np.isfinite(values)]
    if not values.size or not buckets:
        return np.zeros((buckets, 3))
    if values.min() == values.max():
        table = np.full((buckets, 3), values[0])
        table[:, 2] = [0] * (buckets - 1) + [values.size]
        return table
    counts, edges = np.histogram(values, buckets)
    return np.stack([edges[:-1], edges[1:], counts], axis=1)


def images(tag: str, pixels: np.ndarray, description: str | None = None) -> bytes:
    """Pictures. Shape: (pictures, height, width) or (pictures, height, width, 1 to 4 channels), uint8."""
    pixels = pixels if pixels.ndim == 4 else pixels[..., None]
    _, height, width, _ = pixels.shape
    parts = [str(width).encode(), str(height).encode(), *map(write_png, pixels)]
    tensor = _tensor(_STRING, (len(parts),), b"".join(field(8, part) for part in parts))
    return _value(tag, "images", tensor, description=description)


def text(tag: str, content: bytes, description: str | None = None) -> bytes:
    """Text, which TensorBoard reads as Markdown."""
    return _value(tag, "text", _tensor(_STRING, (), field(8, content)), description=description)


def keras_graph(config: str) -> bytes:
    """The model's JSON, from which TensorBoard draws the conceptual graph (the tag `keras`)."""
    return _value("keras", "graph_keras_model", _tensor(_STRING, (), field(8, config)), b"1")


class EventFile:
    """A new event file in `folder`, which is made. `write` appends; `flush` lets a running TensorBoard see it.

    `suffix` is the end of the file's name.
    """

    def __init__(self, folder: str | os.PathLike[str], suffix: str = ".v2"):
        global _opened
        Path(folder).mkdir(parents=True, exist_ok=True)
        host = socket.gethostname().split(".")[0]
        name = f"events.out.tfevents.{int(time.time())}.{host}.{os.getpid()}.{_opened}{suffix}"
        _opened += 1
        self.path = Path(folder) / name
        self._file = open(self.path, "ab")  # noqa: SIM115  # closed by `close`
        self._record(field(1, time.time(), is_double=True) + field(3, "brain.Event:2"))

    def write(self, summary: bytes, step: int) -> None:
        """Append a summary: one of the values above, or several joined."""
        self._record(field(1, time.time(), is_double=True) + field(2, step) + field(5, summary))

    def _record(self, event: bytes) -> None:
        length = struct.pack("<Q", len(event))
        checks = (struct.pack("<I", masked_crc32c(part)) for part in (length, event))
        self._file.write(length + next(checks) + event + next(checks))

    def flush(self) -> None:
        """Give what was written to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Write everything and close the file."""
        self._file.close()

    def __enter__(self) -> "EventFile":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()
