"""Loads malicious files in a process whose every act is watched, and prints what happened to each as one JSON text.

`python audited_child.py FOLDER`: hooks cannot be removed, so this is no part of the tests' own process.
"""

import ctypes
import importlib
import io
import json
import os
import re
import resource
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

import cornu
from cornu import layers, saving
from cornu.core import keras_modules
from cornu.data.records import read_records
from cornu.datasets.cifar import read_batch
from cornu.io import safetensors, state_file, tensor_bundle
from cornu.io.example import read_example, read_sequence_example
from cornu.io.extraction import extract
from cornu.io.pickled_arrays import load_npz, load_pickle
from cornu.io.tensor_proto import read_tensor
from cornu.preprocessing.image.conversion import load_img
from cornu.saving import tf_checkpoint
from cornu.tf.image.codecs import decode_image

ROOM = 1 << 30  # bytes of address space on top of what a harmless load needs
# What reading a model never does. The names are those of `sys.audit`; `open` and `import` are looked at one by one.
FORBIDDEN = re.compile(
    r"socket\.|subprocess\.|os\.(system|exec|spawn|posix_spawn|fork|kill|link|chown|putenv)|"
    r"marshal\.|compile$|exec$|code\.__new__|function\.__new__|ctypes\.|pty\.|urllib\.|http\.|webbrowser\.|shutil\.(copy|move)"
)
# Events with the path that they touch: which argument it is.
TOUCHES = {"open": 0, "os.remove": 0, "os.rename": 1, "os.symlink": 1, "os.chmod": 0, "os.mkdir": 0, "os.rmdir": 0}
_IN_OPEN = 0x20  # inotify


class Watch:
    """Collects what happens while a file is loaded, by Python or, for the canary, by any library."""

    def __init__(self, canary: Path):
        self.is_on, self.acts, self.place = False, [], ""
        self._canary, self._libc = canary, ctypes.CDLL(None)
        self._inotify = self._libc.inotify_init1(os.O_NONBLOCK) if hasattr(self._libc, "inotify_init1") else -1
        if self._inotify >= 0:
            self._libc.inotify_add_watch(self._inotify, os.fsencode(canary), _IN_OPEN)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple) -> None:
        if not self.is_on:
            return
        if event in TOUCHES:
            path = arguments[TOUCHES[event]]
            is_relative = arguments[-1] != -1 and event != "open"  # to an open folder, which was looked at itself
            if isinstance(path, (str, bytes, os.PathLike)) and not is_relative:
                whole = os.path.abspath(os.fsdecode(path))
                if not whole.startswith((self.place, os.path.join(tempfile.gettempdir(), "cornu-assets-"))):
                    self.acts.append(f"{event} {whole}")
        elif event == "import":
            self.acts.append(f"import {arguments[0]}")
        elif FORBIDDEN.match(event):
            self.acts.append(f"{event} {str(arguments)[:100]}")

    def opened_canary(self) -> bool:
        """Whether anybody opened the canary since the last call."""
        try:
            return self._inotify >= 0 and bool(os.read(self._inotify, 4096))
        except BlockingIOError:
            return False


class Spoofed(layers.Layer):
    """A class that a program has registered."""

    def __init__(self, path: Any = None, **common: Any):
        super().__init__(**{name: value for name, value in common.items() if name in ("name", "dtype", "trainable")})


def called(path: Any = None) -> None:
    """A function that a program has registered, and no file may call."""
    open(path).close()


def small() -> Any:
    """The model that the weights of the cases belong to."""
    return cornu.Sequential([cornu.Input((4,)), layers.Dense(3), layers.Dense(2)])


def every_array(path: Path) -> list:
    """All arrays of a checkpoint."""
    bundle = tensor_bundle.Bundle(path)
    return [bundle[name] for name in bundle]


def every_tensor(path: Path) -> list:
    """All arrays of a safetensors file."""
    with safetensors.reading(path) as file:
        return [file[name] for name in file]


def from_registry(path: Path) -> Any:
    """A model, in a program that has registered objects of its own."""
    return saving.load_model(path, custom_objects={"tests>Spoofed": Spoofed, "tests>called": called})


def from_json(path: Path) -> Any:
    """The model of the JSON text in an archive."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        text = archive.read("config.json").decode()
    return cornu.models.model_from_json(text)


def from_yaml(path: Path) -> Any:
    """The model of a YAML text."""
    import keras

    return keras.models.model_from_yaml(path.read_text())


LOADERS = {
    "model": lambda path: saving.load_model(path),
    "weights": lambda path: small().load_weights(path),
    "editor": saving.KerasFileEditor,
    "prefix weights": lambda path: small().load_weights(path),
    "registered": from_registry,
    "json": from_json,
    "yaml": from_yaml,
    "bundle": every_array,
    "latest": tf_checkpoint.latest_checkpoint,
    "state": state_file.read_state,
    "npz": load_npz,
    "pickle": lambda path: load_pickle(io.BytesIO(path.read_bytes())),
    "cifar": lambda path: read_batch(path, b"labels"),
    "tensors": every_tensor,
    "records": lambda path: list(read_records(str(path))),
    "packed records": lambda path: list(read_records(str(path), "GZIP")),
    "example": lambda path: read_example(path.read_bytes()),
    "sequence": lambda path: read_sequence_example(path.read_bytes()),
    "tensor": lambda path: read_tensor(path.read_bytes()),
    "picture": lambda path: decode_image(path.read_bytes()),
    "load_img": load_img,
    "unsafe": lambda path: saving.load_model(path, safe_mode=False)(np.ones((1, 4), "float32")),
    "extract": lambda path: extract(path, path.parent / "out"),
}


def watched(case: Any, path: Path, watch: Watch) -> dict:
    """What a load raised and did."""
    watch.acts, watch.place = [], str(path.parent)
    watch.opened_canary()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: dict = {"error": "", "text": "", "classes": []}
    watch.is_on = True
    try:
        found["text"] = f"loaded {LOADERS[case.load](path)!r:.100}"
    except BaseException as error:
        watch.is_on = False
        found = {
            "error": type(error).__name__,
            "text": str(error)[:1000],
            "classes": [c.__name__ for c in type(error).__mro__],
        }
    watch.is_on = False
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {**found, "acts": watch.acts, "canary": watch.opened_canary(), "kilobytes": grown}


def main(folder: Path) -> None:
    """Make the files, load harmless ones so that everything lazy is there, then the malicious ones."""
    from malicious_cases import CASES, CONTROL, warm_up

    warnings.simplefilter("ignore")
    canary = folder / "canary"
    canary.write_text("secret\n" * 8)
    cornu.install()
    for module in keras_modules.PARTS:
        keras_modules.load(module)
    for module in ("cornu.io.pickle_check", "cornu.preprocessing.image.conversion", "keras.models"):
        importlib.import_module(module)
    paths = {}
    for number, (name, case) in enumerate(CASES.items()):
        place = folder / str(number)
        place.mkdir()
        paths[name] = case.make(place, canary)
    warm_up(folder, LOADERS)
    watch = Watch(canary)
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if os.path.exists("/proc/self/statm") else 0
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, resource.RLIM_INFINITY))
    control = watched(CONTROL, CONTROL.make(folder / "0", canary), watch)
    results = {name: watched(case, paths[name], watch) for name, case in CASES.items()}
    outside = sorted(str(path.relative_to(folder)) for path in folder.iterdir() if not path.name.isdigit())
    print(json.dumps({"results": results, "control": control, "beside": outside, "canary": canary.read_text()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
