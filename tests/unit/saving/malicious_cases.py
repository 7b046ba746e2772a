"""Every malicious file, and the harmless ones that are loaded before."""

import contextlib
import pickle
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import malicious_archives
import malicious_checkpoints
import malicious_configs
import malicious_hdf5
import malicious_records
import numpy as np
from malicious_configs import Case, harmless, saved

from cornu import layers
from cornu.data.records import framed
from cornu.io import tensor_bundle
from cornu.io.example import Example
from cornu.io.state_file import write_state
from cornu.io.tensor_proto import write_tensor

CASES: dict[str, Case] = {}
for _module in (malicious_configs, malicious_archives, malicious_hdf5, malicious_checkpoints, malicious_records):
    assert not CASES.keys() & _module.CASES.keys()
    CASES |= _module.CASES
# What the watch has to notice: the file is trusted, so its code runs.
CONTROL = Case(malicious_configs.in_archive(malicious_configs.layer(malicious_configs.lambda_layer)), "unsafe", "", "")


def warm_up(folder: Path, load: Mapping[str, Callable[[Path], Any]]) -> None:
    """Load something harmless in every way, so that nothing has to be imported or compiled later."""
    place = folder / "0" / "harmless"
    place.mkdir()
    for name in ("a.keras", "a.h5"):
        load["model"](saved(place, name))
    words = layers.StringLookup(vocabulary=["a", "b"])
    words.save_assets(str(place))
    load["json"](place / "a.keras")
    load["registered"](place / "a.keras")
    load["weights"](saved(place, "a.weights.h5"))
    load["editor"](place / "a.weights.h5")
    load["editor"](place / "a.keras")
    harmless().save_weights(place / "a.ckpt")
    load["prefix weights"](place / "a.ckpt")
    tensor_bundle.write(place / "b", {"text": np.array([b"x"], object), "x": np.ones(2)})
    load["bundle"](place / "b")
    load["latest"](place)
    write_state(place / "state", {"x": np.ones(2), "list": [1]})
    load["state"](place / "state")
    np.savez_compressed(place / "x.npz", rows=np.array([[1], [2, 3]], object), x=np.ones(3))
    load["npz"](place / "x.npz")
    batch = {b"data": np.zeros((2, 3072), np.uint8), b"labels": [1, 2]}
    (place / "batch").write_bytes(pickle.dumps(batch, 2))
    load["cifar"](place / "batch")
    with tarfile.open(place / "a.tar.gz", "w:gz") as tar:
        tar.add(place / "batch", "batch")
    load["extract"](place / "a.tar.gz")
    with zipfile.ZipFile(place / "a.zip", "w") as archive:
        archive.writestr("x", b"1")
    load["extract"](place / "a.zip")
    (place / "records").write_bytes(framed(b"x"))
    load["records"](place / "records")
    load["tensors"](malicious_records.tensors(a=[[6], [0, 24]])(place, place))
    (place / "example").write_bytes(Example().SerializeToString())
    load["example"](place / "example")
    load["sequence"](place / "example")
    (place / "tensor").write_bytes(write_tensor(np.ones(2)))
    load["tensor"](place / "tensor")
    for kind in ("PNG", "JPEG", "GIF", "BMP"):
        (place / kind).write_bytes(malicious_records.picture(kind))
        load["picture"](place / kind)
    (place / "TIFF").write_bytes(malicious_records.picture("TIFF"))
    load["load_img"](place / "TIFF")
    for name in ("yaml", "model", "packed records", "picture"):  # also what an error needs
        with contextlib.suppress(Exception):
            load[name](place / "batch")
