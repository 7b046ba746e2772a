"""A model of Keras 2's CuDNN layers becomes one of LSTM and GRU that predicts the same; its weights fit a model of those."""

import gzip
from pathlib import Path

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import InvalidArgumentError

HERE = Path(__file__).parent


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "cudnn.h5"
    found.write_bytes(gzip.decompress((HERE / "files" / "h5" / "cudnn.h5.gz").read_bytes()))
    return found


@pytest.fixture(scope="module")
def recorded():
    with np.load(HERE / "cudnn.npz") as file:
        return dict(file)


def test_a_whole_model(path, recorded):
    with pytest.warns(UserWarning, match="says nothing about training"):
        model = cornu.models.load_model(path)
    assert [type(layer).__name__ for layer in model.layers] == ["LSTM", "Bidirectional", "GRU", "Dense"]
    np.testing.assert_allclose(model.predict(recorded["x"], verbose=0), recorded["prediction"], rtol=0, atol=1e-6)


def test_weights_alone(path, recorded):
    model = cornu.Sequential(
        [
            cornu.Input((5, 3)),
            layers.LSTM(4, return_sequences=True),
            layers.Bidirectional(layers.LSTM(2, return_sequences=True)),
            layers.GRU(3),
            layers.Dense(1),
        ]
    )
    model.load_weights(path)
    for place, weight in enumerate(model.get_weights()):
        np.testing.assert_array_equal(weight, recorded[f"weight/{place}"])


def test_other_shapes_are_still_refused(path):
    model = cornu.Sequential([cornu.Input((5, 3)), layers.LSTM(3), layers.Dense(1), layers.Dense(1), layers.Dense(1)])
    with pytest.raises(InvalidArgumentError, match=r"one/.*kernel.*\(3, 12\).*\(3, 16\)"):
        model.load_weights(path)
