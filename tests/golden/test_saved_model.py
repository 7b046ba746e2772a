"""SavedModel folders of Keras 2: whole models with their optimizer's state, and weights alone."""

from pathlib import Path

import numpy as np
import pytest
from cases_saved_model import CASES, input_of, own_classes

import cornu
from cornu import saving
from cornu._base.errors import InvalidArgumentError, NotFoundError

HERE = Path(__file__).parent
FOLDER = HERE / "files" / "saved_model"


@pytest.fixture(scope="module")
def recorded():
    with np.load(HERE / "saved_model.npz") as file:
        return dict(file)


def close(one, two, tolerance=1e-6):
    np.testing.assert_allclose(np.asarray(one), two, rtol=1e-5, atol=tolerance)


@pytest.mark.parametrize("name", CASES)
def test_a_model_predicts_and_trains_on(name, recorded):
    model = saving.load_model(FOLDER / name, own_classes(cornu))
    x = input_of(name)
    close(model.predict(x, verbose=0), recorded[f"{name}/prediction"])
    assert type(model.loss).__name__ == "MeanSquaredError" and int(model.optimizer.iterations) == 1
    if f"{name}/next" in recorded:
        model.train_on_batch(x, np.ones((len(x), model.predict(x, verbose=0).shape[-1]), "float32"))
        close(model.predict(x, verbose=0), recorded[f"{name}/next"], 1e-5)


@pytest.mark.parametrize("inside", ["", "variables/variables"])
@pytest.mark.parametrize("name", ["sequential", "functional", "subclassed"])
def test_weights_alone(name, inside, recorded):
    model, x = CASES[name](cornu), input_of(name)
    model(x)
    report = model.load_weights(FOLDER / name / inside)
    assert report.is_complete and not report.surprising
    close(model.predict(x, verbose=0), recorded[f"{name}/prediction"])


def test_weights_of_an_exported_model(recorded):
    model = CASES["sequential"](cornu)
    assert len(model.load_weights(FOLDER / "exported").matched) == 8
    close(model.predict(input_of("sequential"), verbose=0), recorded["exported/prediction"])
    with pytest.raises(NotFoundError, match="the file lists 8 variables, the model has 6"):
        CASES["functional"](cornu).load_weights(FOLDER / "exported")


def test_an_exported_model_says_what_to_do():
    with pytest.raises(
        InvalidArgumentError, match=r"TensorFlow's graphs only\. Build the model in code, .*load_weights"
    ):
        saving.load_model(FOLDER / "exported")


def test_unknown_classes_are_named():
    with pytest.raises(NotFoundError, match="the class 'Blocks', which is not known here"):
        saving.load_model(FOLDER / "subclassed")


def test_without_compiling():
    assert saving.load_model(FOLDER / "sequential", compile=False).optimizer is None
