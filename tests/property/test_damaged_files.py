"""Files with random bytes changed or cut off either load or raise one of Cornu's errors; nothing hangs or crashes."""

from pathlib import Path

import numpy as np
import pytest

from cornu._base.errors import CornuError
from cornu.io import hdf5
from cornu.io.archive import Archive

FILES = Path(__file__).parent.parent / "golden" / "files"


def damaged(data: bytes, rng: np.random.Generator) -> bytes:
    """`data` with a few bytes changed, most of them where the structure is, or without its end."""
    changed = bytearray(data)
    for _ in range(rng.integers(1, 8)):
        end = len(changed) if rng.random() < 0.5 else min(3000, len(changed))
        changed[int(rng.integers(0, end))] = int(rng.integers(0, 256))
    return bytes(changed[: int(rng.integers(1, len(changed)))] if rng.random() < 0.2 else changed)


def read_weights(path):
    with hdf5.reading(path) as arrays:
        return {name: arrays[name] for name in arrays}


def read_archive(path):
    with Archive(path) as archive:
        for name in archive:
            archive.read(name)
        with archive.open("model.weights.h5") as file, hdf5.reading(file, "weights") as arrays:
            return {name: arrays[name] for name in arrays}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("name", "read"), [("subclassed.weights.h5", read_weights), ("half.keras", read_archive)])
def test_damage_gives_our_errors(tmp_path, name, read, seed):
    rng = np.random.default_rng(seed)
    data = (FILES / name).read_bytes()
    outcomes = set()
    for _ in range(30):
        (tmp_path / "x").write_bytes(damaged(data, rng))
        try:
            read(tmp_path / "x")
            outcomes.add("read")
        except CornuError:
            outcomes.add("refused")
    assert "refused" in outcomes


def test_the_undamaged_files_load():
    assert len(read_weights(FILES / "subclassed.weights.h5")) == 62
    assert read_archive(FILES / "half.keras")["layers/dense/vars/0"].dtype.name == "bfloat16"
