"""Ways to damage files: blind ones on bytes, and ones that know JSON, zip archives, HDF5, tables, records and pictures."""

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

from cornu.data.records import framed
from cornu.io import sorted_table
from cornu.io.checksum import masked_crc32c
from cornu.io.event_file import varint
from cornu.io.protobuf import read_fields

Files = dict[str, bytes]  # the files of a case by the ends of their names
_NUMBERS = (
    0,
    1,
    2,
    7,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    1 << 40,
    (1 << 63) - 1,
    (1 << 64) - 1,
)
_VALUES = (
    None, True, False, 0, -1, 1, 2.5, 1 << 31, 1 << 40, 10**30, float("nan"), float("inf"), "", "x", "../x", "relu", "float16",
    "same", "channels_first", [], {}, [None], [1, 2, 3], [[]], {"class_name": "Dense"}, ["x", 0, 0], [None, 4], [1 << 33, 4],
    {"class_name": "__lambda__", "config": {}}, {"class_name": "function", "config": "relu"}, "é\u0000",
    {"module": "keras.layers", "class_name": "LSTM", "config": {"units": 3}},
    {"class_name": "__tensor__", "config": {"value": [1.0], "dtype": "float32"}},
)  # fmt: skip


def blind(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, moved, doubled, put in or left out; most changes lie where there is structure, at both ends."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if not changed:
            break
        at = _place(len(changed), chance)
        kind = chance.randrange(8)
        if kind <= 1:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            changed[at] = chance.randrange(256)
        elif kind <= 4:
            width = chance.choice((1, 2, 4, 8))
            number = chance.choice(_NUMBERS) & ((1 << 8 * width) - 1)
            changed[at : at + width] = number.to_bytes(width, chance.choice(("little", "little", "big")))
        elif kind == 5:
            del changed[at : at + chance.choice((1, 4, 8, 64))]
        elif kind == 6:
            other = _place(len(changed), chance)
            part = changed[other : other + chance.choice((1, 8, 32, 512))]
            changed[at : at + chance.choice((0, len(part)))] = part
        else:
            changed[at:at] = chance.randbytes(chance.choice((1, 4, 16)))
    if chance.random() < 0.1:
        del changed[chance.randrange(len(changed) + 1) :]
    return bytes(changed)


def _place(size: int, chance: random.Random) -> int:
    near = min(size, 2048)
    where = chance.random()
    return (
        chance.randrange(near)
        if where < 0.4
        else size - 1 - chance.randrange(near)
        if where < 0.55
        else chance.randrange(size)
    )


def tree(value: Any, chance: random.Random) -> Any:
    """A few places of a JSON value changed."""
    value = json.loads(json.dumps(value))
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = [*_places(value)]
        if not places:
            return chance.choice(_VALUES)
        holder, key = chance.choice(places)
        kind = chance.randrange(6)
        if kind <= 2:
            holder[key] = chance.choice(_VALUES)
        elif kind == 3:
            other, name = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[name]))
        elif kind == 4:
            del holder[key]
        elif isinstance(holder[key], (int, float)) and not isinstance(holder[key], bool):
            holder[key] = chance.choice(
                (holder[key] + 1, -holder[key], holder[key] * 1000, str(holder[key]), [holder[key]])
            )
        elif isinstance(holder[key], str):
            holder[key] = blind(holder[key].encode(), chance).decode("utf-8", "replace")
        else:
            holder[key] = [holder[key]]
    return value


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from _places(item)


def json_text(data: bytes, chance: random.Random) -> bytes:
    """JSON text that is still JSON, mostly."""
    return blind(data, chance) if chance.random() < 0.1 else json.dumps(tree(json.loads(data), chance)).encode()


def archive(change: dict[str, Callable[[bytes, random.Random], bytes]]) -> Callable[[bytes, random.Random], bytes]:
    """A whole zip archive with one member changed, by what its name ends in."""

    def mutate(data: bytes, chance: random.Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            contents = {name: members.read(name) for name in members.namelist()}
        name = chance.choice([name for name in contents if any(name.endswith(end) for end in change)])
        contents[name] = next(mutate for end, mutate in change.items() if name.endswith(end))(contents[name], chance)
        if chance.random() < 0.05:
            del contents[chance.choice([*contents])]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as members:
            for name, content in contents.items():
                members.writestr(name, content)
        return out.getvalue()

    return mutate


def hdf5_text(*names: str) -> Callable[[bytes, random.Random], bytes]:
    """A whole HDF5 file with the JSON text of one attribute of its root changed."""

    def mutate(data: bytes, chance: random.Random) -> bytes:
        file = io.BytesIO(data)
        with h5py.File(file, "a") as tree_:
            name = chance.choice([name for name in names if name in tree_.attrs])
            tree_.attrs[name] = json_text(tree_.attrs[name].encode(), chance).decode("utf-8", "replace")
        return file.getvalue()

    return mutate


def hdf5_tree(data: bytes, chance: random.Random) -> bytes:
    """A whole HDF5 file with an array, group or attribute changed."""
    file = io.BytesIO(data)
    with h5py.File(file, "a") as root:
        names: list[str] = []
        root.visit(names.append)
        name = chance.choice(names)
        kind = chance.randrange(6)
        if kind == 0:
            del root[name]
        elif kind == 1:
            values = chance.choice(
                (np.zeros(3), np.zeros((4, 3), "int8"), "text", np.array([b"a", b"bc"]), np.zeros((0, 2)), 1 << 40)
            )
            del root[name]
            root[name] = values
        elif kind == 2:
            root.move(name, chance.choice(("x", f"{name}_", "layers/x/vars/0", "optimizer/vars/9")))
        elif kind == 3:
            root.copy(chance.choice(names), f"copy/{name}")
        elif kind == 4:
            attributes = root[chance.choice(names)].attrs
            attributes[chance.choice(("name", "layer_names", "weight_names", "dtype", *attributes))] = chance.choice(
                (1, "x", b"x", [b"a", b"b"], np.zeros((2, 2)), "bfloat16", ["dense", "é"])
            )
        else:
            values = root[name]
            if isinstance(values, h5py.Dataset):
                shape, dtype = (
                    chance.choice(((2, 5), (1,), (), (1 << 20,))),
                    chance.choice(("f2", "f8", "i8", "S3", "?", "c8", "V2")),
                )
                del root[name]
                root.create_dataset(name, shape, dtype)
    return file.getvalue()


def protobuf(data: bytes, chance: random.Random) -> bytes:
    """A protocol buffer with one field changed, at any depth, and right lengths around it."""
    try:
        fields = [*read_fields(data)]
    except ValueError:
        fields = []
    if not fields or chance.random() < 0.2:
        return blind(data, chance)
    at, out = chance.randrange(len(fields)), []
    for place, (number, kind, value) in enumerate(fields):
        if place == at and isinstance(value, bytes):
            value = protobuf(value, chance)
        elif place == at:
            value = chance.choice(_NUMBERS)
        if place == at and chance.random() < 0.1:
            continue
        out.append(varint(number << 3 | kind))
        if kind == 0:
            out.append(varint(value))
        else:
            out.append((varint(len(value)) if kind == 2 else b"") + bytes(value))
    return b"".join(out)


def bundle(files: Files, chance: random.Random) -> Files:
    """A checkpoint whose index has entries changed and right checksums."""
    table = sorted_table.read(files[".index"], "seed")
    for _ in range(chance.choice((1, 1, 2))):
        key = chance.choice([*table])
        kind = chance.randrange(5)
        if kind == 0:
            table[blind(key, chance)] = table[key]
        elif kind == 1 and len(table) > 1:
            del table[key]
        elif kind == 2:
            table[key] = table[chance.choice([*table])]
        else:
            table[key] = protobuf(table[key], chance)
    return {**files, ".index": sorted_table.write(table)}


def graph_of_objects(files: Files, chance: random.Random) -> Files:
    """A checkpoint whose graph of objects is changed, at the end of the values, with right checksums."""
    from cornu.io import tensor_bundle  # the writer's own parts

    table = sorted_table.read(files[".index"], "seed")
    key = b"_CHECKPOINTABLE_OBJECT_GRAPH"
    entry = tensor_bundle._entry(table[key], "seed")
    name = next(name for name in files if name.startswith(".data"))
    old = files[name][entry.offset : entry.offset + entry.size]
    text = protobuf(bytes(tensor_bundle._texts(old, entry, "seed").item()), chance)
    values = io.BytesIO()
    values.seek(len(files[name]))
    table[key] = tensor_bundle._put(values, "graph", np.array(text, object))
    return {**files, ".index": sorted_table.write(table), name: files[name] + values.getvalue()[len(files[name]) :]}


def table_blocks(files: Files, chance: random.Random) -> Files:
    """A checkpoint whose index has a block changed and a right checksum of it."""
    data = bytearray(files[".index"])
    start, size, _ = sorted_table._handle(bytes(data[-48:]), sorted_table._handle(bytes(data[-48:]), 0)[2])
    if chance.random() < 0.5:
        start, size = 0, start // 2
    block = blind(bytes(data[start : start + size]), chance)[:size].ljust(size, b"\0")
    kind = bytes([chance.choice((0, 0, 1))])
    data[start : start + size + 5] = block + kind + struct.pack("<I", masked_crc32c(block + kind))
    return {**files, ".index": bytes(data)}


def records(data: bytes, chance: random.Random) -> bytes:
    """Records with one changed and right checksums."""
    parts, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        parts.append(data[at + 12 : at + 12 + length])
        at += length + 16
    place = chance.randrange(len(parts))
    parts[place] = protobuf(parts[place], chance)
    return b"".join(map(framed, parts))


def png_chunks(data: bytes, chance: random.Random) -> bytes:
    """A PNG file with one chunk changed and a right checksum; packed pixels are changed unpacked, too."""
    chunks, at = [], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += length + 12
    place = chance.randrange(len(chunks))
    kind, content = chunks[place]
    if kind == b"IDAT" and chance.random() < 0.7:
        content = zlib.compress(blind(zlib.decompress(content), chance))
    else:
        content = blind(content, chance)
    chunks[place] = kind, content
    packed = (struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in chunks)
    return data[:8] + b"".join(packed)


def safetensors(data: bytes, chance: random.Random) -> bytes:
    """A safetensors file with a changed header of the right length."""
    (size,) = struct.unpack_from("<Q", data)
    header = json_text(data[8 : 8 + size], chance)
    return struct.pack("<Q", len(header)) + header + data[8 + size :]


def npy(data: bytes, chance: random.Random) -> bytes:
    """An `.npy` file with a changed header of the right length, or changed content."""
    (size,) = struct.unpack_from("<H", data, 8)
    header, content = data[10 : 10 + size], data[10 + size :]
    if chance.random() < 0.5:
        header = blind(header, chance)
    else:
        content = blind(content, chance)
    return data[:8] + struct.pack("<H", len(header)) + header + content
