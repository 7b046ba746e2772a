"""Ops in functional models: the config written here is Keras', and a config of Keras' gives the values of the ops."""

import gzip
import json
from pathlib import Path

import cases_graphs as cases
import numpy as np
import pytest
from test_files import differences

import cornu

with gzip.open(Path(__file__).parent / "graphs.json.gz") as file:
    RECORDED = json.loads(file.read())
EVERY = cases.every()

NOT_SYMBOLIC = ("ops.unique(", "ops.nonzero(", "ops.where(c)", "ops.segment_sum(k, k)")  # sizes depend on values
UNLIKE_KERAS = {
    "ops: ops.rearrange(t, 'a b c -> (b a) c')",  # an op of its own name here
    "ops: ops.rearrange(t, 'a b (c d) -> a c (d b)', d=2)",
    "ops.image.extract_patches(img, 2)",  # Keras writes the size of the patches once more
    "ops: ops.abs(ops.eig(s)[0])",  # Keras says float32, and computes complex numbers
}


def model_of(key):
    cornu.backend.clear_session(free_memory=False)
    return cases.graph(cornu, *EVERY[key])


def written(model):
    return json.loads(json.dumps(cornu.saving.serialize_keras_object(model)["config"]))


@pytest.mark.filterwarnings("ignore:The lambda")
def test_configs_are_those_of_keras():
    wrong = []
    for key, wanted in RECORDED.items():
        if key in UNLIKE_KERAS or any(name in key for name in NOT_SYMBOLIC):
            continue
        wrong += [f"{key} {line}" for line in differences(cases.entries(written(model_of(key))), wanted)]
    assert wrong == []


def leaves(nest):
    if isinstance(nest, (list, tuple)):
        return [leaf for item in nest for leaf in leaves(item)]
    return [np.asarray(nest)]


@pytest.mark.parametrize("key", [key for key in cases.EXPRESSIONS if key in RECORDED])
def test_models_of_keras_configs_compute_the_expression(key):
    expression, values = EVERY[key]
    config = written(model_of(key))
    inputs = [layer for layer in config["layers"] if layer["class_name"] == "InputLayer"]
    recorded = RECORDED[key]
    config |= {"layers": inputs + recorded["layers"], "output_layers": recorded["output_layers"]}
    model = cornu.Model.from_config(config)
    given = {name: values[name] for name in cases.names_in(expression, values)}
    wanted = eval(
        expression, {"ops": cornu.ops, "np": np, **{k: cornu.ops.convert_to_tensor(v) for k, v in given.items()}}
    )
    received = leaves(model(given))
    assert len(received) == len(leaves(wanted))
    for a, b in zip(received, leaves(wanted), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)
