"""TensorFlow's functions in graphs of Keras 2 become ops, with the same results."""

import json
from pathlib import Path

import numpy as np
import pytest

from cornu._base.errors import NotFoundError
from cornu.models import model_from_json

HERE = Path(__file__).parent
MODELS = json.loads((HERE / "keras2_operators.json").read_text())


@pytest.mark.parametrize("name", MODELS)
def test_results(name):
    with np.load(HERE / "keras2_operators.npz") as recorded:
        inputs, wanted = [recorded["a"], recorded["b"]], recorded[f"of {name}"]
    model = model_from_json(json.dumps(MODELS[name]))
    received = np.asarray(model(inputs))
    assert received.dtype == wanted.dtype and received.shape == wanted.shape
    np.testing.assert_allclose(received, wanted, rtol=1e-5, atol=1e-6)
    again = model_from_json(model.to_json())
    np.testing.assert_array_equal(np.asarray(again(inputs)), received)


@pytest.mark.parametrize(
    "change, said",
    [
        (
            {"function": "py_function"},
            r"'tf.__operators__.add' in the file calls tf\.py_function, which is not translated",
        ),
        ({"function": "math.reduce_mean"}, r"calls tf\.math\.reduce_mean with y, .*Build the model in code"),
    ],
)
def test_what_is_not_known_is_named(change, said):
    model = json.loads(json.dumps(MODELS["add"]))
    next(layer for layer in model["config"]["layers"] if layer["class_name"] == "TFOpLambda")["config"] |= change
    with pytest.raises(NotFoundError, match=said):
        model_from_json(json.dumps(model))
