"""Data sets made of files and arrays have the elements, in the order, that those of Keras 3.15 had."""

import json
import pathlib

import numpy as np
import pytest
from cases_dataset_utils import NAMES, parts_of, results, write_files

from cornu import utils

pytest.importorskip("PIL")
HERE = pathlib.Path(__file__).parent
RECORDED = np.load(HERE / "dataset_utils.npz")
NOTES = json.loads((HERE / "dataset_utils.json").read_text())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write_files(folder, utils.save_img)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_dataset(name, files):
    made = results(utils, files)[name]()
    parts = parts_of(made)
    for d, e, p, array in parts:
        expected = RECORDED[f"{name}_{d}_{e}_{p}"]
        assert array.shape == expected.shape
        if not name.startswith("split"):  # Keras makes int32 of a vector of int64; here the dtype stays
            assert array.dtype == expected.dtype
        if array.dtype.kind == "S":
            assert array.tolist() == expected.tolist()
        else:
            np.testing.assert_allclose(array, expected, rtol=1e-5, atol=2e-3)
    assert [len(parts), getattr(made, "class_names", None)] == NOTES[name]
