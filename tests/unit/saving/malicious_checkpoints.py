"""TensorFlow checkpoints that are damaged with right checksums: offsets, shapes, tables, compressed blocks, state files."""

import functools
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from malicious_configs import Case

from cornu.io import sorted_table, tensor_bundle
from cornu.io.checksum import masked_crc32c
from cornu.io.event_file import field, varint

Table = dict[bytes, bytes]
DATA = ".data-00000-of-00001"


def entry(
    dtype: int = 1, shape: tuple[int, ...] = (2,), shard: int = 0, offset: int = 0, size: int = 8, more: bytes = b""
) -> bytes:
    """What the index says of an array."""
    dims = b"".join(field(2, field(1, n)) for n in shape)
    return field(1, dtype) + field(2, dims) + field(3, shard) + field(4, offset) + field(5, size) + more


@functools.cache
def _written_once() -> dict[str, bytes]:
    """The files of a checkpoint of two arrays, by the ends of their names."""
    with tempfile.TemporaryDirectory() as folder:
        tensor_bundle.write(Path(folder, "x"), {"a": np.ones(2, "float32"), "b": np.arange(9)})
        return {suffix: Path(folder, f"x{suffix}").read_bytes() for suffix in (".index", DATA)}


def checkpoint(change: Callable[[Table], object]) -> Callable[[Path, Path], Path]:
    """A checkpoint of two arrays after a change of its index, whose checksums are right."""

    def make(folder: Path, canary: Path) -> Path:
        for suffix, content in _written_once().items():
            (folder / f"x{suffix}").write_bytes(content)
        table = sorted_table.read((folder / "x.index").read_bytes(), "x")
        change(table)
        (folder / "x.index").write_bytes(sorted_table.write(table))
        return folder / "x"

    return make


def index(data: bytes) -> Callable[[Path, Path], Path]:
    """A checkpoint with these bytes as its index."""

    def make(folder: Path, canary: Path) -> Path:
        checkpoint(lambda table: None)(folder, canary)
        (folder / "x.index").write_bytes(data)
        return folder / "x"

    return make


def table_of(*blocks: tuple[bytes, int], repeat: int = 1) -> bytes:
    """A table of raw blocks (bytes, compression) with right checksums, each of them named so many times."""
    out, handles = b"", []
    for block, kind in blocks:
        handles += [varint(len(out)) + varint(len(block))] * repeat
        out += block + bytes([kind]) + struct.pack("<I", masked_crc32c(block + bytes([kind])))
    places = b"".join(varint(0) + varint(1) + varint(len(h)) + b"k" + h for h in handles) + struct.pack("<II", 0, 1)
    start = len(out)
    out += places + b"\0" + struct.pack("<I", masked_crc32c(places + b"\0"))
    footer = (varint(start) + varint(len(places))) * 2
    return out + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


def block_of(*entries: bytes) -> bytes:
    """A block of entries as they stand in the file."""
    return b"".join(entries) + struct.pack("<II", 0, 1)


def state(text: str) -> Callable[[Path, Path], Path]:
    """A folder of checkpoints with this state file."""

    def make(folder: Path, canary: Path) -> Path:
        (folder / "checkpoint").write_text(text.replace("CANARY", str(canary)))
        (folder.parent / "canary.index").write_text("x")
        return folder

    return make


def damaged(suffix: str, at: int) -> Callable[[Path, Path], Path]:
    """A checkpoint with one bit of a file changed."""

    def make(folder: Path, canary: Path) -> Path:
        path = checkpoint(lambda table: None)(folder, canary)
        data = bytearray((folder / f"x{suffix}").read_bytes())
        data[at] ^= 1
        (folder / f"x{suffix}").write_bytes(data)
        return path

    return make


_BIG_KEY = varint(0) + varint(60_000) + varint(0) + b"k" * 60_000
_NEXT_KEY = varint(59_999) + varint(1) + varint(0) + b"k"
_SNAPPY_BOMB = varint(1 << 30) + b"\x00x" + b"\xfe\x01\x00" * 1000
_WHOLE_AXIS = field(7, field(1, b""))

_CHANGES: dict[str, tuple[Callable[[Table], object], str]] = {
    "offset behind the end": (
        lambda t: t.update(a=None) or t.pop("a") or t.update({b"a": entry(offset=1 << 40)}),
        "was cut",
    ),
    "size behind the end": (lambda t: t.update({b"a": entry(size=1 << 50)}), "was cut"),
    "shape of 8 PiB": (lambda t: t.update({b"a": entry(shape=(1 << 31, 1 << 20))}), "of shape .* has 8 bytes"),
    "shape beyond 64 bits": (lambda t: t.update({b"a": entry(shape=(1 << 62, 1 << 62))}), "of shape .* has 8 bytes"),
    "negative shape": (lambda t: t.update({b"a": entry(shape=(-2,))}), "damaged"),
    "a thousand axes": (lambda t: t.update({b"a": entry(shape=(1,) * 1000)}), "damaged"),
    "texts of 8 PiB": (lambda t: t.update({b"a": entry(dtype=7, shape=(1 << 50,))}), "has 8 bytes"),
    "a part of 8 PiB": (
        lambda t: t.update({b"a": entry(shape=(1 << 50,), more=field(7, field(1, field(2, 1 << 50))))}),
        "missing, or lies outside",
    ),
    "parts with other axes": (
        lambda t: t.update({b"a": entry(shape=(2, 2), more=_WHOLE_AXIS)}),
        "missing, or lies outside",
    ),
    "unknown dtype": (lambda t: t.update({b"a": entry(dtype=99)}), "dtype number 99"),
    "wrong checksum of values": (lambda t: t.update({b"a": entry()}), "checksum is wrong"),
    "name that is no text": (lambda t: t.update({b"\xff\xfe": entry()}), "is no name"),
    "other byte order": (lambda t: t.update({b"": field(1, 1) + field(2, 1)}), "other order"),
    "entry that is no message": (lambda t: t.update({b"a": b"\xff" * 9}), "damaged"),
}

CASES: dict[str, Case] = {
    **{
        f"bundle: {what}": Case(checkpoint(change), "bundle", "DataLossError", text)
        for what, (change, text) in _CHANGES.items()
    },
    "bundle: shard that is not there": Case(
        checkpoint(lambda t: t.update({b"a": entry(shard=1 << 40)})), "bundle", "NotFoundError", "does not exist"
    ),
    "bundle: bit flipped in the index": Case(damaged(".index", 5), "bundle", "DataLossError", "checksum of the block"),
    "bundle: bit flipped in the values": Case(damaged(DATA, 5), "bundle", "DataLossError", "checksum is wrong"),
    "bundle: empty index": Case(index(b""), "bundle", "DataLossError", "was cut"),
    "bundle: block behind the end": Case(
        index(table_of((block_of(), 0)).replace(varint(0) + varint(8), varint(0) + varint(100), 1)),
        "bundle",
        "DataLossError",
        "damaged|cut",
    ),
    "bundle: snappy bomb": Case(
        index(table_of((_SNAPPY_BOMB, 1))), "bundle", "DataLossError", "claim to be 1073741824"
    ),
    "bundle: snappy that copies from before its start": Case(
        index(table_of((varint(99) + b"\xfe\xff\xff", 1))), "bundle", "DataLossError", "copies from before"
    ),
    "bundle: unknown compression": Case(
        index(table_of((block_of(), 7))), "bundle", "DataLossError", "no compression 7"
    ),
    "bundle: one block named 10,000 times": Case(
        index(table_of((block_of(_BIG_KEY), 0), repeat=10_000)), "bundle", "DataLossError", "named twice"
    ),
    "bundle: names of 6 GB": Case(
        index(table_of((block_of(_BIG_KEY, *[_NEXT_KEY] * 100_000), 0))), "bundle", "DataLossError", "bytes of names"
    ),
    "bundle: a key longer than the one before": Case(
        index(table_of((block_of(varint(9) + varint(1) + varint(0) + b"k"), 0))),
        "bundle",
        "DataLossError",
        "does not fit",
    ),
    "bundle: more restarts than bytes": Case(
        index(table_of((struct.pack("<I", 1 << 31), 0))), "bundle", "DataLossError", "restarts"
    ),
    "model weights: graph of objects that names none": Case(
        checkpoint(lambda t: t.update({b"_CHECKPOINTABLE_OBJECT_GRAPH": entry(dtype=7, shape=(), size=0)})),
        "prefix weights",
        "DataLossError",
        "has 0 bytes",
    ),
    "model weights: graph of objects that is numbers": Case(
        checkpoint(lambda t: t.update({b"_CHECKPOINTABLE_OBJECT_GRAPH": t[b"b"]})),
        "prefix weights",
        "DataLossError",
        "graph of objects is int64",
    ),
    "model weights: names of variables only": Case(
        checkpoint(lambda t: None), "prefix weights", "InvalidArgumentError", "TensorFlow 1's Saver"
    ),
    "state file that names another folder": Case(
        state('model_checkpoint_path: "CANARY"\n'), "latest", "", "loaded None"
    ),
    "state file that climbs out": Case(state('model_checkpoint_path: "../canary"\n'), "latest", "", "loaded None"),
    "state file that is none": Case(state("x"), "latest", "DataLossError", "something else"),
}
