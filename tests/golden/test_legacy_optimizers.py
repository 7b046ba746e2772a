"""Legacy optimizers against values recorded from tf.keras 2, see record_legacy_optimizers.py."""

import json
import pathlib

import numpy as np
import pytest
from cases_legacy_optimizers import OPTIMIZERS
from cases_optimizers import values_and_gradients

from cornu import optimizers
from cornu.core.variable import Variable

HERE = pathlib.Path(__file__).parent
ARRAYS = np.load(HERE / "legacy_optimizers.npz")
FACTS = json.loads((HERE / "legacy_optimizers.json").read_text())


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_steps_weights_names_and_config_are_those_of_keras_2(case):
    name, arguments = OPTIMIZERS[case]
    first, gradients = values_and_gradients()
    variables = [Variable(value, name=key) for key, value in first.items()]
    optimizer = getattr(optimizers.legacy, name)(**arguments)
    for step, grads in enumerate(gradients):
        optimizer.apply_gradients([(grads[v.name], v) for v in variables])
        for v in variables:
            np.testing.assert_allclose(v.numpy(), ARRAYS[f"{case}/{step}/{v.name}"], rtol=2e-5, atol=1e-6)
    assert [v.path for v in optimizer.variables()] == FACTS[case]["paths"]
    for k, value in enumerate(optimizer.get_weights()):
        np.testing.assert_allclose(value, ARRAYS[f"{case}/state/{k}"], rtol=1e-4, atol=1e-6)
    stored = json.loads(json.dumps(optimizers.serialize(optimizer)))
    recorded = FACTS[case]["config"]
    assert (stored["module"], stored["class_name"]) == (recorded["module"], recorded["class_name"])
    assert stored["config"].keys() == recorded["config"].keys()
    for key, value in recorded["config"].items():
        assert stored["config"][key] == (pytest.approx(value) if isinstance(value, float) else value), key
    assert type(optimizers.deserialize(recorded)) is type(optimizer)
    again = optimizers.deserialize(stored)
    assert again.get_config() == optimizer.get_config()
