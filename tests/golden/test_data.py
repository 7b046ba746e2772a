"""Pipelines give TensorFlow's elements, in its order, with its specs and sizes."""

import base64
import json
import pathlib

import pytest
from cases_data import CASES, RECORDS, SEED, SEEDED, observed

from cornu import data
from cornu.core.global_seed import set_global_seed

RECORDED = json.loads((pathlib.Path(__file__).parent / "data.json").read_text())


@pytest.fixture(autouse=True)
def _no_global_seed():
    set_global_seed(None)
    yield
    set_global_seed(None)


def check(found, recorded):
    found = json.loads(json.dumps(found))
    assert found["passes"] == recorded["passes"]
    assert found["spec"] == recorded["spec"]
    assert found["cardinality"] == recorded["cardinality"]


@pytest.mark.parametrize("name", [name for name in CASES if name != "global seed"])
def test_as_tensorflow(name):
    check(observed(CASES[name](data)), RECORDED[name])


@pytest.mark.parametrize("name", SEEDED)
def test_under_a_global_seed(name):
    set_global_seed(SEED)
    check(observed(CASES[name](data)), RECORDED[f"{name}, seeded"])


def test_two_shuffles_under_one_seed():
    set_global_seed(SEED)
    pair = [CASES["global seed"](data) for _ in range(2)]
    assert [observed(each)["passes"] for each in pair] == RECORDED["two under one seed"]


@pytest.mark.parametrize("kind", ["", "GZIP", "ZLIB"])
def test_reads_the_records_that_tensorflow_wrote(kind, tmp_path):
    path = tmp_path / "records"
    path.write_bytes(base64.b64decode(RECORDED["records"][kind]))
    assert list(data.TFRecordDataset(str(path), kind).as_numpy_iterator()) == RECORDS


def test_writes_the_bytes_that_tensorflow_wrote(tmp_path):
    with data.TFRecordWriter(tmp_path / "records") as writer:
        for record in RECORDS:
            writer.write(record)
    assert (tmp_path / "records").read_bytes() == base64.b64decode(RECORDED["records"][""])
