"""HDF5 files whose arrays lie elsewhere, are not there, or are far larger than the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from malicious_configs import Case, saved

ARRAY = "layers/dense/vars/0"
Change = Callable[[h5py.File, Path], Any]


def weights(change: Change, name: str = "a.weights.h5") -> Callable[[Path, Path], Path]:
    """Harmless weights after a change."""

    def make(folder: Path, canary: Path) -> Path:
        path = saved(folder, name)
        with h5py.File(path, "a") as file:
            change(file, canary)
        return path

    return make


def instead(make: Callable[[h5py.Group, str, Path], Any], path: str = ARRAY) -> Change:
    """Something else in the place of an array or group."""

    def change(file: h5py.File, canary: Path) -> None:
        del file[path]
        group, _, name = path.rpartition("/")
        make(file[group] if group else file, name, canary)

    return change


def link(kind: Callable[[Path], Any]) -> Callable[[h5py.Group, str, Path], None]:
    """A link."""
    return lambda group, name, canary: group.__setitem__(name, kind(canary))


def external(group: h5py.Group, name: str, canary: Path) -> None:
    """An array whose bytes lie in another file."""
    group.create_dataset(name, (4, 3), "float32", external=[(str(canary), 0, 48)])


def virtual(group: h5py.Group, name: str, canary: Path) -> None:
    """An array that is part of another file."""
    layout = h5py.VirtualLayout((4, 3), "float32")
    layout[:] = h5py.VirtualSource(str(canary), "x", (4, 3))
    group.create_virtual_dataset(name, layout)


def huge(group: h5py.Group, name: str, canary: Path) -> None:
    """8 PiB of the fill value, none of which is stored."""
    group.create_dataset(name, (1 << 31, 1 << 20), "float32", chunks=(64, 64), fillvalue=1.0)


def huge_in_one_piece(group: h5py.Group, name: str, canary: Path) -> None:
    """The same without chunks."""
    space = h5py.h5s.create_simple((1 << 31, 1 << 20))
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F32LE, space, properties)


def many(file: h5py.File, canary: Path) -> None:
    """A thousand arrays of just under a megabyte each, of which nothing is stored."""
    for i in range(1000):
        file.create_dataset(f"layers/more/{i}", ((1 << 18) - 1,), "float32", chunks=(1024,))


def packed(file: h5py.File, canary: Path) -> None:
    """200 MB of zeros in a few hundred kilobytes."""
    for i in range(2):
        file.create_dataset(
            f"layers/more/{i}", data=np.zeros(25 << 20, "float32"), chunks=(1 << 20,), compression="gzip"
        )


def texts(folder: Path, canary: Path) -> Path:
    """Two thousand texts that are one text of a megabyte."""
    path = saved(folder, "a.weights.h5")
    with h5py.File(path, "a") as file:
        dataset = file.create_dataset("layers/text/vars/0", (2000,), h5py.string_dtype())
        dataset[0] = "x" * 1_000_000
        start = dataset.id.get_offset()
    data = bytearray(path.read_bytes())
    data[start : start + 32_000] = data[start : start + 16] * 2000
    path.write_bytes(data)
    return path


def plugin(group: h5py.Group, name: str, canary: Path) -> None:
    """An array packed by a filter that HDF5 would load from disk."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((4, 3))
    properties.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((4, 3)), properties)


def references(group: h5py.Group, name: str, canary: Path) -> None:
    """References to objects instead of numbers."""
    group.create_dataset(name, data=[group.ref] * 2, dtype=h5py.ref_dtype)


def attribute(path: str, name: str, value: Any) -> Change:
    """An attribute."""
    return lambda file, canary: file[path].attrs.__setitem__(name, value)


ELSEWHERE, NO_BYTES = "kept in other files", "claims? (shape|.* bytes together)"
_LINKS: dict[str, Callable[[Path], Any]] = {
    "external": lambda canary: h5py.ExternalLink(str(canary), "x"),
    "soft": lambda canary: h5py.SoftLink("/layers/dense_1/vars/0"),
    "dangling soft": lambda canary: h5py.SoftLink("/../../x"),
}
_CHANGES: dict[str, tuple[Change, str]] = {
    **{f"{name} link": (instead(link(kind)), "is an? .*Link") for name, kind in _LINKS.items()},
    **{
        f"{name} link on the way": (instead(link(kind), "layers/dense"), "is an? .*Link")
        for name, kind in _LINKS.items()
    },
    **{f"{name} link at the root": (instead(link(kind), "layers"), "is an? .*Link") for name, kind in _LINKS.items()},
    "hard link in a circle": (lambda file, _: file["layers/dense"].__setitem__("up", file["layers"]), "second name"),
    "external storage": (instead(external), ELSEWHERE),
    "external storage of a system file": (
        instead(lambda g, name, _: external(g, name, Path("/etc/passwd"))),
        ELSEWHERE,
    ),
    "virtual array": (instead(virtual), ELSEWHERE),
    "array of 8 PiB with a fill value": (instead(huge), NO_BYTES),
    "array of 8 PiB in one piece": (instead(huge_in_one_piece), NO_BYTES),
    "many arrays just under the limit": (many, NO_BYTES),
    "arrays of zeros": (packed, NO_BYTES),
    "filter from a plug-in": (instead(plugin), "plug-ins"),
    "references": (instead(references), "references or records"),
    "records": (instead(lambda g, name, _: g.create_dataset(name, data=np.zeros(2, "f4,i4"))), "references or records"),
    "no shape": (instead(lambda g, name, _: g.create_dataset(name, data=h5py.Empty("f4"))), "no shape"),
    "a reference as an attribute": (
        lambda file, _: file["layers"].attrs.__setitem__("x", file["layers"].ref),
        "references or records",
    ),
}

_OLD = "model_weights/dense/dense"


def old(change: Change) -> Callable[[Path, Path], Path]:
    """The same for a whole model in `.h5`."""
    return weights(change, "a.h5")


def renamed(name: str) -> Change:
    """A layer's name, in the list of layers and that of its arrays, that would lead elsewhere if it were a path."""

    def change(file: h5py.File, canary: Path) -> None:
        group = file["model_weights"]
        name_ = name.replace("CANARY", str(canary))
        group.attrs["layer_names"] = np.array([name_.encode()])
        inner = group.require_group(name_)
        inner.attrs["weight_names"] = np.array([f"{name_}/kernel".encode()])

    return change


CASES: dict[str, Case] = {
    **{
        f"weights: {what}": Case(weights(change), "weights", "UnsafeFileError", text)
        for what, (change, text) in _CHANGES.items()
    },
    **{
        f"editor: {what}": Case(weights(change), "editor", "UnsafeFileError", text)
        for what, (change, text) in _CHANGES.items()
    },
    "editor: texts that share their bytes": Case(texts, "editor", "UnsafeFileError", "texts of .* take more than"),
    **{
        f".h5: {name} link{where}": Case(old(instead(link(kind), path)), "model", "UnsafeFileError", "is an? .*Link")
        for name, kind in _LINKS.items()
        for where, path in ((" on the way", "model_weights/dense"), (" at the root", "model_weights"))
    },
    ".h5: external storage": Case(
        old(lambda file, canary: external(file, "x", canary)), "model", "UnsafeFileError", ELSEWHERE
    ),
    **{
        f".h5: layer named {name}": Case(old(renamed(name)), "model", "DataLossError", "names the array")
        for name in ("../x", "../../etc/passwd", "a/../../b")
    },
    ".h5: names that are numbers": Case(
        old(attribute("model_weights", "layer_names", [1, 2])), "model", "DataLossError", "as text"
    ),
    ".h5: config that is no text": Case(old(attribute("/", "model_config", 7)), "model", "DataLossError", "no JSON"),
    ".h5: config of YAML": Case(
        old(attribute("/", "model_config", "!!python/object/apply:os.system ['true']")),
        "model",
        "DataLossError",
        "no JSON",
    ),
    ".h5: training config that is a list": Case(
        old(attribute("/", "training_config", "[]")), "model", "DataLossError", "no JSON object"
    ),
}
