"""Summaries equal what Keras 3.15 prints on a terminal of 80 characters (`tests/golden/record_summary.py`)."""

import importlib.util
import json

import numpy as np
import pytest

import cornu
from cornu import layers


def _cases(repository):
    place = repository / "tests" / "golden" / "cases_summary.py"
    spec = importlib.util.spec_from_file_location("cases_summary", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lines(text):
    return [line.rstrip() for line in text.rstrip().split("\n")]


@pytest.fixture(scope="module")
def golden():
    from pathlib import Path

    repository = Path(__file__).resolve().parents[3]
    texts = json.loads((repository / "tests" / "golden" / "summary.json").read_text(encoding="utf-8"))
    return _cases(repository), texts


@pytest.mark.parametrize(
    "name",
    [
        "sequential", "unbuilt", "built_later", "fixed_batch", "chain", "branches", "shared", "operators", "short_names",
        "frozen", "nested", "nested_expanded", "nested_deep", "subclass", "compiled", "trainable_column",
        "connected_trainable", "wide", "wide_connected", "wide_all", "narrow", "positions", "layer_range",
    ],
)  # fmt: skip
def test_text_is_that_of_keras(golden, name):
    cases, texts = golden
    printed = []
    cases.CASES[name](cornu).summary(print_fn=printed.append, **cases.OPTIONS.get(name, {}))
    found, expected = _lines("\n".join(printed)), _lines(texts[name])
    if name == "compiled":  # the total counts the weights of the model, not those of the optimizer
        assert " Total params: 16 (64.00 B)" in found and " Total params: 50 (200.00 B)" in expected
        found, expected = ([line for line in lines if "Total" not in line] for lines in (found, expected))
    assert found == expected


def test_every_recorded_case_is_compared(golden):
    cases, texts = golden
    assert set(cases.CASES) == set(texts) == set(test_text_is_that_of_keras.pytestmark[0].args[1])


def test_prints_by_default(capsys):
    cornu.Sequential([layers.Input((3,)), layers.Dense(1)]).summary()
    assert " Total params: 4 (16.00 B)" in capsys.readouterr().out


def test_after_fit_a_subclass_shows_an_unknown_batch_size(capsys):
    class Net(cornu.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(4)

        def call(self, x):
            return self.dense(x)

    model = Net()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3), np.float32), np.ones((4, 4), np.float32), verbose=0)
    model.summary()
    assert "│ dense (Dense)                   │ (None, 4)              │            16 │" in capsys.readouterr().out


def test_unknown_names_in_layer_range():
    model = cornu.Sequential([layers.Input((3,)), layers.Dense(1, name="a")])
    with pytest.raises(ValueError, match="layer_range names 'b', which is no layer of 'sequential'"):
        model.summary(layer_range=["a", "b"])


def test_number_of_positions():
    with pytest.raises(ValueError, match=r"Expected 3 positions for summary\(\); received 1"):
        cornu.Sequential([layers.Input((3,)), layers.Dense(1)]).summary(positions=[1.0])
