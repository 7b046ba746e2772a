"""Checks that every exported initializer, regularizer and constraint passes. One without a row in `ROWS` fails."""

import json

import jax
import numpy as np
import pytest
from tests.contract.exported import classes

from cornu import constraints, initializers, regularizers

SEEDED = {"seed": 3}
INITIALIZERS = {
    "Constant": {"value": 0.5},
    "GlorotNormal": SEEDED,
    "GlorotUniform": SEEDED,
    "HeNormal": SEEDED,
    "HeUniform": SEEDED,
    "Identity": {"gain": 2.0},
    "LecunNormal": SEEDED,
    "LecunUniform": SEEDED,
    "Ones": {},
    "Orthogonal": {"gain": 0.7, **SEEDED},
    "RandomNormal": {"mean": 1.0, "stddev": 0.2, **SEEDED},
    "RandomUniform": {"minval": -1.0, "maxval": 2.0, **SEEDED},
    "STFT": {"side": "imag", "window": "hann"},
    "TruncatedNormal": {"stddev": 0.3, **SEEDED},
    "VarianceScaling": {"scale": 2.0, "mode": "fan_avg", "distribution": "uniform", **SEEDED},
    "Zeros": {},
}
REGULARIZERS = {
    "L1": {"l1": 0.25},
    "L1L2": {"l1": 0.5, "l2": 0.125},
    "L2": {"l2": 0.5},
    "OrthogonalRegularizer": {"factor": 0.5, "mode": "columns"},
}
CONSTRAINTS = {
    "MaxNorm": {"max_value": 1.0, "axis": 1},
    "MinMaxNorm": {"min_value": 0.3, "max_value": 0.7, "rate": 0.5, "axis": 0},
    "NonNeg": {},
    "UnitNorm": {"axis": 1},
}
MODULES = {
    initializers: (initializers.Initializer, INITIALIZERS, {"Initializer", "RandomInitializer"}),
    regularizers: (regularizers.Regularizer, REGULARIZERS, {"Regularizer"}),
    constraints: (constraints.Constraint, CONSTRAINTS, {"Constraint"}),
}
ROWS = [(module, name) for module, (_, rows, _) in MODULES.items() for name in rows]
ON_WEIGHTS = [(module, name) for module, name in ROWS if module is not initializers]
each = pytest.mark.parametrize("module, name", ROWS, ids=[name for _, name in ROWS])
WEIGHTS = np.random.RandomState(1).normal(size=(4, 3)).astype("float32")


def shape_for(name):
    """A shape that the initializer can fill."""
    return (8, 1, 5) if name == "STFT" else (4, 3)


def made(module, kind, **more):
    """The object of a row."""
    return getattr(module, kind)(**{**MODULES[module][1][kind], **more})


def applied(module, name, thing):
    """What the object gives: first values, a penalty, or constrained weights."""
    return thing(shape_for(name)) if module is initializers else thing(WEIGHTS)


@pytest.mark.parametrize("module", MODULES)
def test_every_class_has_a_row(module):
    base, rows, bases = MODULES[module]
    assert classes(module, base).keys() - bases == rows.keys()


@each
def test_config_round_trip(module, name):
    thing = made(module, name)
    stored = json.loads(json.dumps(module.serialize(thing)))
    assert (stored["class_name"], stored["registered_name"]) == (name, None)
    assert stored["module"] == module.__name__.replace("cornu", "keras")
    again = module.deserialize(stored)
    assert type(again) is type(thing)
    assert again.get_config() == thing.get_config()
    assert thing.get_config() | MODULES[module][1][name] == thing.get_config()
    np.testing.assert_array_equal(applied(module, name, again), applied(module, name, thing))


@each
def test_found_by_name_and_class(module, name):
    if module is initializers or name in ("NonNeg", "UnitNorm", "L1", "L2", "L1L2"):
        assert type(module.get(name)) is getattr(module, name)
        assert type(module.get(getattr(module, name))) is getattr(module, name)
    thing = made(module, name)
    assert module.get(thing) is thing


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_initializer_keeps_shape_and_dtype(name, dtype):
    values = made(initializers, name)(shape_for(name), dtype=dtype)
    assert (tuple(values.shape), values.dtype) == (shape_for(name), dtype)


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if INITIALIZERS[name].get("seed")])
def test_seed_decides(name):
    first, same, other = (made(initializers, name, seed=seed)((5, 4)).numpy() for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_values_while_tracing_are_those_outside(name):
    inside = []
    jax.jit(lambda x: inside.append(made(initializers, name)(shape_for(name))) or x)(1.0)
    np.testing.assert_array_equal(inside[0].numpy(), made(initializers, name)(shape_for(name)).numpy())


@pytest.mark.parametrize("module, name", ON_WEIGHTS, ids=[name for _, name in ON_WEIGHTS])
def test_eager_and_compiled_agree(module, name):
    thing = made(module, name)
    eager = thing(WEIGHTS)
    compiled = jax.jit(lambda w: thing(w)._value)(WEIGHTS)
    np.testing.assert_allclose(compiled, eager.numpy(), rtol=1e-6)
    assert tuple(eager.shape) == (() if module is regularizers else WEIGHTS.shape)


@pytest.mark.parametrize("module, name", ON_WEIGHTS, ids=[name for _, name in ON_WEIGHTS])
def test_dtype_of_the_weights_is_kept(module, name):
    assert made(module, name)(WEIGHTS.astype("float64")).dtype == "float64"


@pytest.mark.parametrize("name", [name for name in CONSTRAINTS if name != "MinMaxNorm"])
def test_constraint_is_a_projection(name):  # MinMaxNorm with a rate below 1 goes only a part of the way
    once = made(constraints, name)(WEIGHTS).numpy()
    np.testing.assert_allclose(made(constraints, name)(once).numpy(), once, rtol=1e-5)
    assert not np.array_equal(once, WEIGHTS)


@each
def test_repr_is_stable(module, name):
    assert repr(made(module, name)) == repr(made(module, name))
    assert name in repr(made(module, name))
    assert " at 0x" not in repr(made(module, name))


@each
def test_unknown_argument_is_named(module, name):
    with pytest.raises(TypeError, match="colour|takes no arguments"):
        made(module, name, colour=1)


@pytest.mark.parametrize(
    "module, name, bad, expected",
    [
        (initializers, "VarianceScaling", {"mode": "fan"}, "mode.*'fan'"),
        (initializers, "VarianceScaling", {"distribution": "flat"}, "distribution.*'flat'"),
        (initializers, "VarianceScaling", {"scale": -1.0}, "scale.*-1"),
        (initializers, "RandomNormal", {"seed": "x"}, "seed.*'x'"),
        (initializers, "STFT", {"side": "left"}, "side.*'left'"),
        (regularizers, "L1", {"l1": "x"}, "l1.*'x'"),
        (regularizers, "L2", {"l2": float("nan")}, "l2.*nan"),
        (regularizers, "L1L2", {"l2": float("inf")}, "l2.*inf"),
        (regularizers, "OrthogonalRegularizer", {"mode": "cells"}, "mode.*'cells'"),
        (constraints, "MinMaxNorm", {"min_value": 2.0}, "min_value=2"),
    ],
)
def test_bad_argument_is_named(module, name, bad, expected):
    with pytest.raises(ValueError, match=expected):
        made(module, name, **bad)
