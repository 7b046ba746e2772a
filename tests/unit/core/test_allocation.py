"""Variables of a model that is being loaded count against what its file may ask for."""

import numpy as np
import pytest

import cornu
from cornu._base.errors import UnsafeFileError
from cornu.core import allocation


def test_variables_share_one_budget():
    with allocation.at_most(1000, "Do that."):
        allocation.claim((100,), np.dtype("f4"))
        allocation.claim((100, None), np.dtype("f4"))
        with pytest.raises(UnsafeFileError, match=r"shape \(151,\), far beyond the weights it holds\. Do that\."):
            allocation.claim((151,), np.dtype("f4"))
    allocation.claim((1 << 60,), np.dtype("f4"))  # outside of a load there is no limit


def test_nothing_is_made_beyond_it():
    made = []

    def initializer(shape, dtype):
        made.append(shape)
        return np.zeros(shape, "float32")

    with allocation.at_most(100, ""):
        cornu.Variable(initializer, shape=(5,), dtype="float32")
        with pytest.raises(UnsafeFileError, match="far beyond"):
            cornu.Variable(initializer, shape=(1 << 40,), dtype="float32")
    assert made == [(5,)]


def test_a_model_that_outgrows_its_file_is_refused_unless_trusted(tmp_path, monkeypatch):
    cornu.Sequential([cornu.Input((4,)), cornu.layers.Dense(3)]).save(tmp_path / "a.keras")
    monkeypatch.setattr(cornu.saving.from_file, "_FLOOR", 10)
    monkeypatch.setattr(cornu.saving.from_file, "_TIMES", 0)
    with pytest.raises(UnsafeFileError, match="holds 60 bytes of weights. If you trust"):
        cornu.saving.load_model(tmp_path / "a.keras")
    assert cornu.saving.load_model(tmp_path / "a.keras", safe_mode=False).count_params() == 15
