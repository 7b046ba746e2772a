"""Sharded weights are cut where Keras cuts them, and those that Keras wrote are read."""

import json
from pathlib import Path

import numpy as np
import pytest
from cases_shards import CASES, KEPT, built

import cornu

HERE = Path(__file__).parent
INDEXES = json.loads((HERE / "shards.json").read_text())


@pytest.mark.parametrize("make", sorted({make for make, _ in CASES.values()}, key=lambda make: make.__name__))
def test_the_cuts_are_those_of_keras(tmp_path, make):
    model, _ = built(cornu, make)
    for name in (name for name, case in CASES.items() if case[0] is make):
        path = tmp_path / f"shards_{name}.weights.json"
        model.save_weights(path, max_shard_size=CASES[name][1] / 1024**3)
        index = json.loads(path.read_text())
        assert index["weight_map"] == INDEXES[name]["weight_map"], name
        assert (
            index["metadata"]["total_size"] + 4 == INDEXES[name]["metadata"]["total_size"]
        )  # TensorFlow's step is int64
        shards = {name for files in INDEXES[name]["weight_map"].values() for name in files}
        assert {other.name for other in tmp_path.glob(f"shards_{name}_*.h5")} == shards


@pytest.mark.parametrize("name", KEPT)
def test_shards_of_keras_are_read(name):
    model, x = built(cornu, CASES[name][0])
    report = model.load_weights(HERE / "files" / f"shards_{name}.weights.json")
    assert report.is_complete and not report.unexpected and not report.left_out
    with np.load(HERE / "shards.npz") as recorded:
        np.testing.assert_allclose(np.asarray(model(x)), recorded[name], rtol=1e-5, atol=1e-6)
