"""Optimizers and schedules against values recorded from Keras 3.15, see record_optimizers.py."""

import json
import pathlib

import numpy as np
import pytest
from cases_optimizers import OPTIMIZERS, SCHEDULE_STEPS, SCHEDULES, make, values_and_gradients

from cornu import optimizers
from cornu._base import names
from cornu.core.variable import Variable

HERE = pathlib.Path(__file__).parent
FACTS = json.loads((HERE / "optimizers.json").read_text())


@pytest.fixture(scope="module")
def golden():
    with np.load(HERE / "optimizers.npz") as arrays:
        return dict(arrays)


def fresh(case):
    names.reset()
    first, gradients = values_and_gradients()
    return make(OPTIMIZERS[case], optimizers), [Variable(v, name=n) for n, v in first.items()], gradients


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_every_step_and_the_final_state_are_those_of_keras(case, golden):
    optimizer, variables, gradients = fresh(case)
    optimizer.build(variables)
    for step, grads in enumerate(gradients):
        optimizer.apply([grads[v.name] for v in variables], variables)
        for v in variables:
            np.testing.assert_allclose(v.numpy(), golden[f"{case}/{step}/{v.name}"], rtol=1e-5, atol=1e-7)
    for k, v in enumerate(optimizer.variables):
        np.testing.assert_allclose(v.numpy(), golden[f"{case}/state/{k}"], rtol=2e-5, atol=1e-9, err_msg=v.path)


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_variables_and_config_are_those_of_keras(case, golden):
    optimizer, variables, _ = fresh(case)
    optimizer.build(variables)
    facts = FACTS["optimizers"][case]
    assert [v.dtype.name for v in optimizer.variables] == facts["dtypes"]
    # Keras leaves Nadam's product and Adafactor's rows and columns without names of their own
    unnamed = {"variable", "bias", "adafactor/kernel", "adafactor/cube"}
    ours = [
        v.path if path not in unnamed else path for v, path in zip(optimizer.variables, facts["paths"], strict=True)
    ]
    assert ours == facts["paths"]
    assert optimizers.serialize(optimizer) == facts["config"]
    again = optimizers.deserialize(facts["config"])
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()


@pytest.mark.parametrize("case", SCHEDULES)
def test_schedules_are_those_of_keras(case, golden):
    name, arguments = SCHEDULES[case]
    schedule = getattr(optimizers.schedules, name)(**arguments)
    ours = [float(schedule(step)) for step in SCHEDULE_STEPS]
    np.testing.assert_allclose(ours, golden[f"schedule/{case}"], rtol=1e-5, atol=1e-8)
    assert optimizers.schedules.serialize(schedule) == FACTS["schedules"][case]
    again = optimizers.schedules.deserialize(FACTS["schedules"][case])
    assert float(again(3)) == float(schedule(3))
