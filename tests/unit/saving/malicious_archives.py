"""Archives that reach outside of themselves or unpack to far more than they are: .keras, .npz, data sets, backups."""

import io
import pickle
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from malicious_configs import Case, saved

Maker = Callable[[Path, Path], Path]


def appended(*members: tuple[Any, bytes], method: int = zipfile.ZIP_STORED) -> Maker:
    """A whole `.keras` archive with more members."""

    def make(folder: Path, canary: Path) -> Path:
        path = saved(folder, "model.keras")
        _append(path, members, canary, method)
        return path

    return make


def _append(path: Path, members: Any, canary: Path, method: int) -> None:
    with zipfile.ZipFile(path, "a", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name(canary) if callable(name) else name, content)


def replaced(name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> Maker:
    """A `.keras` archive with one member replaced, packed by that method."""

    def make(folder: Path, canary: Path) -> Path:
        path = saved(folder, "model.keras")
        with zipfile.ZipFile(path) as archive:
            contents = {member: archive.read(member) for member in archive.namelist()} | {name: content}
        with zipfile.ZipFile(path, "w", method) as archive:
            for member, data in contents.items():
                archive.writestr(member, data)
        return path

    return make


def special(kind: int, name: str = "assets/link") -> zipfile.ZipInfo:
    """A member that is no plain file."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info


def lying(name: str = "config.json") -> Maker:
    """A member whose header claims 100 bytes, and that unpacks to 64 MB."""

    def make(folder: Path, canary: Path) -> Path:
        path = replaced(name, b" " * (64 << 20))(folder, canary)
        data = bytearray(path.read_bytes())
        at = data.rindex(b"PK\x01\x02" + data[data.rindex(name.encode()) - 42 : data.rindex(name.encode())][:0])
        while data[at + 46 : at + 46 + len(name)] != name.encode():
            at = data.rindex(b"PK\x01\x02", 0, at)
        data[at + 24 : at + 28] = struct.pack("<I", 100)
        path.write_bytes(data)
        return path

    return make


def npz(**members: bytes) -> Maker:
    """An `.npz` file of these members."""

    def make(folder: Path, canary: Path) -> Path:
        with zipfile.ZipFile(folder / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(f"{name}.npy", content)
        return folder / "x.npz"

    return make


def npy(shape: str, descr: str = "<f4", content: bytes = b"") -> bytes:
    """An `.npy` file whose header says anything."""
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


class Runs:
    """Its pickle calls a function."""

    def __init__(self, name: str, *arguments: Any):
        self.call = name, arguments

    def pickled(self) -> bytes:
        """The pickle, in text."""
        module, _, name = self.call[0].rpartition(".")
        arguments = b"".join(pickle.dumps(a, 0)[:-1] for a in self.call[1])
        return b"(lp0\nc%s\n%s\n(%stR." % (module.encode(), name.encode(), arguments)


def pickled(data: bytes) -> Maker:
    """A file that is this pickle."""
    return lambda folder, canary: _written(folder / "data_batch_1", data.replace(b"CANARY", str(canary).encode()))


def tar(*members: tuple) -> Maker:
    """A `.tar.gz` of (name, content) and (name, kind, goal)."""

    def make(folder: Path, canary: Path) -> Path:
        with tarfile.open(folder / "a.tar.gz", "w:gz") as archive:
            for name, *rest in members:
                info = tarfile.TarInfo(name.replace("CANARY", str(canary)))
                if len(rest) == 1:
                    info.size = len(rest[0])
                    archive.addfile(info, io.BytesIO(rest[0]))
                else:
                    info.type, info.linkname = rest[0], rest[1].replace("CANARY", str(canary))
                    archive.addfile(info)
        return folder / "a.tar.gz"

    return make


def plain_zip(*members: tuple[Any, bytes]) -> Maker:
    """A `.zip` file."""

    def make(folder: Path, canary: Path) -> Path:
        _append(folder / "a.zip", members, canary, zipfile.ZIP_DEFLATED)
        return folder / "a.zip"

    return make


def cut(part: float, name: str = "model.keras") -> Maker:
    """A saved model without its end."""

    def make(folder: Path, canary: Path) -> Path:
        path = saved(folder, name)
        data = path.read_bytes()
        path.write_bytes(data[: int(part * len(data))])
        return path

    return make


def flipped(name: str, mark: bytes, distance: int = 40) -> Maker:
    """A saved model with one bit changed, so many bytes behind a mark."""

    def make(folder: Path, canary: Path) -> Path:
        path = saved(folder, name)
        data = bytearray(path.read_bytes())
        data[data.index(mark) + distance] ^= 4
        path.write_bytes(data)
        return path

    return make


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


_SLIPS = ("../out", "assets/../../out", "/tmp/out", "assets\\..\\..\\out", "C:/out")
_LONG = "assets/" + "x" * 300
_SHARED = b"(lp0\n" + b"".join(b"(lp%d\ng%d\nag%d\na" % (i, i - 1, i - 1) for i in range(1, 40))  # 2^40 items
_GROWS = "claims? to grow from"

CASES: dict[str, Case] = {
    **{
        f"zip slip {name}": Case(appended((name, b"x")), "model", "UnsafeFileError", "outside of the archive")
        for name in _SLIPS
    },
    "zip slip to the canary": Case(appended((str, b"x")), "model", "UnsafeFileError", "outside of the archive"),
    "zip symbolic link": Case(
        appended((special(0o120000), b"/etc/passwd")), "model", "UnsafeFileError", "symbolic link"
    ),
    "zip device": Case(appended((special(0o020000), b"")), "model", "UnsafeFileError", "a device"),
    "zip pipe": Case(appended((special(0o010000), b"")), "model", "UnsafeFileError", "a device"),
    "zip long name": Case(appended((_LONG, b"x")), "model", "UnsafeFileError", "too long"),
    "zip very long name": Case(appended(("assets/" + "x/" * 30_000, b"x")), "model", "UnsafeFileError", "too long"),
    "zip the same twice": Case(appended(("config.json", b"{}")), "model", "UnsafeFileError", "twice"),
    "zip two spellings": Case(appended(("a/x", b"1"), ("a/./x", b"2")), "model", "UnsafeFileError", "two spellings"),
    "zip file as a folder": Case(appended(("a", b"1"), ("a/x", b"2")), "model", "UnsafeFileError", "which is a file"),
    "bomb in the config": Case(replaced("config.json", b" " * (32 << 20)), "model", "UnsafeFileError", _GROWS),
    "bomb in the weights": Case(replaced("model.weights.h5", bytes(32 << 20)), "model", "UnsafeFileError", _GROWS),
    "bomb in the weights, weights alone": Case(
        replaced("model.weights.h5", bytes(32 << 20)), "weights", "UnsafeFileError", _GROWS
    ),
    "bomb in an asset": Case(replaced("assets/x", bytes(32 << 20)), "model", "UnsafeFileError", _GROWS),
    "bomb of many small assets": Case(
        appended(*((f"assets/{i}", bytes(900_000)) for i in range(40)), method=zipfile.ZIP_DEFLATED),
        "model",
        "UnsafeFileError",
        _GROWS,
    ),
    "config of a million empty lists": Case(
        replaced("config.json", b"[" + b"[]," * 4_000_000 + b"[]]"),
        "model",
        "UnsafeFileError",
        "are read at once|claims? to grow",
    ),
    "config of many empty lists, packed less well": Case(
        replaced(
            "config.json",
            b'["' + np.random.default_rng(0).bytes(40_000).hex().encode() + b'",' + b"[]," * 4_000_000 + b"[]]",
        ),
        "model",
        "UnsafeFileError",
        "are read at once",
    ),
    "bomb packed by bzip2": Case(
        replaced("config.json", b" " * 99, zipfile.ZIP_BZIP2), "model", "UnsafeFileError", "method 12"
    ),
    "bomb packed by lzma": Case(
        replaced("config.json", b" " * 99, zipfile.ZIP_LZMA), "model", "UnsafeFileError", "method 14"
    ),
    "bomb that claims to be small": Case(lying(), "model", "DataLossError", "config.json in .* is damaged"),
    "bomb in the metadata, editor": Case(
        replaced("metadata.json", b" " * (32 << 20)), "editor", "UnsafeFileError", _GROWS
    ),
    "metadata that is no JSON, editor": Case(replaced("metadata.json", b"{"), "editor", "DataLossError", "no JSON"),
    "empty .keras": Case(cut(0), "model", "DataLossError", "not a whole zip archive"),
    "half of a .keras": Case(cut(0.5), "model", "DataLossError", "not a whole zip archive"),
    "empty .h5": Case(cut(0, "model.h5"), "model", "DataLossError", "not a whole"),
    "half of an .h5": Case(cut(0.5, "model.h5"), "model", "DataLossError", "not a whole HDF5 file"),
    "bit flipped in the config": Case(
        flipped("model.keras", b'{"module"'), "model", "DataLossError", "config.json in .* damaged"
    ),
    "bit flipped in the weights": Case(
        flipped("model.keras", b"\x89HDF"), "model", "DataLossError", "checksum differs"
    ),
    "npz header of 8 PiB": Case(npz(x=npy("(1125899906842624, 2)")), "npz", "DataLossError", "claims shape"),
    "npz header with a negative size": Case(npz(x=npy("(-1,)")), "npz", "DataLossError", "its header is"),
    "npz header that computes": Case(npz(x=npy("(9**9**9,)")), "npz", "DataLossError", "not a whole array"),
    "npz bomb": Case(npz(x=npy("(8000000,)", content=bytes(32 << 20))), "npz", "UnsafeFileError", _GROWS),
    "npz objects": Case(
        npz(x=npy("(1,)", "|O", Runs("os.system", "touch x").pickled())),
        "npz",
        "UnsafeFileError",
        "os.system, which could run code",
    ),
    "npz records with objects": Case(
        npz(x=npy("(1,)", "|V8", bytes(8)), y=npy("(1,)", [("a", "O")])), "npz", "DataLossError", "claims|its header is"
    ),
    "npz slip": Case(
        lambda folder, canary: plain_zip(("../x.npy", npy("(0,)")))(folder, canary),
        "npz",
        "UnsafeFileError",
        "outside of the archive",
    ),
    **{
        f"cifar batch calls {name}": Case(
            pickled(Runs(name, "CANARY").pickled()), "cifar", "UnsafeFileError", "could run code"
        )
        for name in (
            "os.system",
            "builtins.eval",
            "builtins.open",
            "numpy.load",
            "numpy.memmap",
            "subprocess.Popen",
            "importlib.import_module",
            "builtins.getattr",
            "numpy.core.multiarray.fromfile",
        )
    },
    "cifar batch with a memo of 34 GB": Case(
        pickled(b"\x80\x02Nr\xff\xff\xff\x7f."), "cifar", "DataLossError", "it asks for"
    ),
    "cifar batch with a text of 8 EB": Case(
        pickled(b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f."), "cifar", "DataLossError", "it asks for"
    ),
    "cifar batch of the running program's objects": Case(
        pickled(b"\x82\x01."), "cifar", "UnsafeFileError", "running program"
    ),
    "cifar batch that changes its reader": Case(
        pickled(b"c_codecs\nencode\n(N}S'__defaults__'\n(I1\ntstb."), "cifar", "UnsafeFileError", "changes the program"
    ),
    "cifar batch of shared lists": Case(pickled(_SHARED + b"."), "cifar", "DataLossError", "Expected b'data'"),
    "cifar batch with persistent ids": Case(pickled(b"Px\n."), "cifar", "UnsafeFileError", "outside of itself"),
    **{
        f"tar slip {name}": Case(tar(("good", b"1"), (name, b"x")), "extract", "UnsafeFileError", "land outside")
        for name in ("../out2", "/tmp/out2", "a/../../out2", "a\\..\\out2", "CANARY")
    },
    **{
        f"tar symbolic link to {goal}": Case(
            tar(("link", tarfile.SYMTYPE, goal), ("link/x", b"1")),
            "extract",
            "UnsafeFileError",
            "out of it|through a link",
        )
        for goal in ("/etc", "..", "CANARY", "inner")
    },
    "tar hard link outside": Case(
        tar(("link", tarfile.LNKTYPE, "CANARY")), "extract", "DataLossError", "damaged|to nothing"
    ),
    "tar hard link through a link": Case(
        tar(("a", tarfile.SYMTYPE, "/etc"), ("b", tarfile.LNKTYPE, "a/passwd")),
        "extract",
        "UnsafeFileError",
        "out of it",
    ),
    "tar device": Case(tar(("null", tarfile.CHRTYPE, "")), "extract", "UnsafeFileError", "a device"),
    "tar pipe": Case(tar(("pipe", tarfile.FIFOTYPE, "")), "extract", "UnsafeFileError", "a device"),
    "tar long name": Case(tar(("x" * 300, b"1")), "extract", "UnsafeFileError", "names a member by 300"),
    "tar file as a folder": Case(tar(("a", b"1"), ("a/x", b"1")), "extract", "DataLossError", "damaged"),
    "tar bomb of hard links": Case(
        tar(("a", bytes(1 << 20)), *((f"b{i}", tarfile.LNKTYPE, "a") for i in range(200))),
        "extract",
        "UnsafeFileError",
        "claims more than",
    ),
    "zip data set slip": Case(plain_zip(("../x", b"1")), "extract", "UnsafeFileError", "land outside"),
    "zip data set link": Case(
        plain_zip((special(0o120000, "a"), b"/etc/passwd")), "extract", "UnsafeFileError", "a link"
    ),
    "zip data set device": Case(plain_zip((special(0o060000, "a"), b"")), "extract", "UnsafeFileError", "a device"),
    "no archive": Case(
        lambda folder, _: _written(folder / "a", zlib.compress(b"x")), "extract", "InvalidArgumentError", "no archive"
    ),
    "backup whose arrays share their bytes": Case(
        plain_zip(
            (
                "state.json",
                b'{"format": "cornu state 1", "state": [%s]}'
                % b", ".join([b'{"__array__": ["int8", [1000000], 0]}'] * 99),
            ),
            ("arrays", np.random.default_rng(0).bytes(1_000_000)),
        ),
        "state",
        "DataLossError",
        "claim more than",
    ),
    "backup with an array of 8 PiB": Case(
        plain_zip(
            ("state.json", b'{"format": "cornu state 1", "state": {"__array__": ["int8", [9007199254740992], 0]}}'),
            ("arrays", b""),
        ),
        "state",
        "DataLossError",
        "claims shape",
    ),
}
