"""Checks that every exported optimizer and schedule passes. One without a row in `ROWS` or `SCHEDULES` fails."""

import json

import jax
import numpy as np
import pytest
from tests.contract.exported import classes

import cornu
from cornu import optimizers
from cornu.optimizers import legacy, schedules

FAST = {"learning_rate": 0.05}
# optimizer -> arguments; those that wrap others as functions, so that each call makes its own
ROWS = {
    "SGD": {**FAST, "momentum": 0.9, "nesterov": True},
    "RMSprop": {**FAST, "momentum": 0.5, "centered": True},
    "Adam": {**FAST, "amsgrad": True},
    "AdamW": {**FAST, "weight_decay": 0.1},
    "Adadelta": {"learning_rate": 1.0},
    "Adafactor": {**FAST, "relative_step": False},
    "Adagrad": FAST,
    "Adamax": FAST,
    "Nadam": FAST,
    "Ftrl": {**FAST, "l2_regularization_strength": 0.01},
    "Lamb": FAST,
    "Lion": FAST,
    "Muon": {**FAST, "adam_lr_ratio": 0.5},
    "ScheduleFreeAdamW": {**FAST, "warmup_steps": 2},
    "LossScaleOptimizer": lambda: {"inner_optimizer": optimizers.Adam(0.05), "initial_scale": 8.0},
    "MultiOptimizer": lambda: {
        "optimizer_map": optimizers.OptimizerMap(optimizers.SGD(0.05), {".*kernel": optimizers.Adam(0.05)})
    },
    **{f"legacy.{name}": FAST for name in legacy.OPTIMIZERS},
}
SCHEDULES = {
    "CosineDecay": {
        "initial_learning_rate": 0.1,
        "decay_steps": 10,
        "alpha": 0.1,
        "warmup_target": 0.2,
        "warmup_steps": 3,
    },
    "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 4, "t_mul": 1.5, "m_mul": 0.8},
    "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5, "staircase": True},
    "InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5},
    "PiecewiseConstantDecay": {"boundaries": [2, 5], "values": [0.1, 0.05, 0.01]},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 4, "power": 2.0, "cycle": True},
}
BASES = {"Optimizer", "LearningRateSchedule"}
WRAPPERS = {"LossScaleOptimizer", "MultiOptimizer"}  # without a learning rate, clipping or decay of their own


def made(kind, **more):
    """The optimizer of a row."""
    arguments = ROWS[kind]() if callable(ROWS[kind]) else ROWS[kind]
    module, _, name = kind.rpartition(".")
    return getattr(legacy if module else optimizers, name)(**{**arguments, **more})


def weights(dtype="float32"):
    """A matrix and a vector to be optimized, always the same."""
    rng = np.random.RandomState(2)
    return [
        cornu.Variable(rng.normal(size=shape), dtype=dtype, name=name)
        for shape, name in (((4, 3), "kernel"), ((3,), "bias"))
    ]


def gradients(step, dtype="float32"):
    """The gradients of a step."""
    rng = np.random.RandomState(10 + step)
    return [rng.normal(size=shape).astype(dtype) for shape in ((4, 3), (3,))]


def run(optimizer, variables, steps, first=0):
    """The values of the variables after some steps."""
    for step in range(first, first + steps):
        optimizer.apply_gradients(zip(gradients(step), variables))
    return [variable.numpy() for variable in variables]


def test_every_optimizer_has_a_row():
    own = classes(optimizers, optimizers.Optimizer).keys() - BASES
    old = {f"legacy.{name}" for name in classes(legacy, optimizers.Optimizer)} - {"legacy.Optimizer"}
    assert own | old == ROWS.keys()
    assert classes(schedules, schedules.LearningRateSchedule).keys() - BASES == SCHEDULES.keys()


@pytest.mark.parametrize("name", ROWS)
def test_config_round_trip(name):
    optimizer = made(name, name="mine")
    stored = json.loads(json.dumps(optimizers.serialize(optimizer)))
    home = "keras.optimizers.legacy" if "." in name else "keras.optimizers"
    assert (stored["module"], stored["class_name"], stored["registered_name"]) == (home, name.split(".")[-1], None)
    again = optimizers.deserialize(stored)
    assert type(again) is type(optimizer)
    assert json.loads(json.dumps(optimizers.serialize(again))) == stored
    for one, other in zip(run(again, weights(), 2), run(optimizer, weights(), 2), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ROWS)
def test_variables_round_trip(name):
    optimizer, variables = made(name), weights()
    run(optimizer, variables, 2)
    twin, copies = made(name), weights()
    twin.build(copies)
    for copy, variable in zip([*copies, *twin.variables], [*variables, *optimizer.variables], strict=True):
        assert tuple(copy.shape) == tuple(variable.shape)
        copy.assign(variable)
    for one, other in zip(run(twin, copies, 2, 2), run(optimizer, variables, 2, 2), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ROWS)
def test_eager_and_pure_agree(name):
    optimizer, variables = made(name), weights()
    optimizer.build(variables)
    state = [v._read() for v in optimizer.variables]
    values = [v._read() for v in variables]

    @jax.jit
    def step(state, grads, values):
        values, state = optimizer.stateless_apply(state, grads, values)
        return [v._value for v in state], [v._value for v in values]

    for i in range(3):
        state, values = step(state, gradients(i), values)
    assert step._cache_size() == 1
    np.testing.assert_array_equal(variables[0].numpy(), weights()[0].numpy())  # nothing was assigned
    for pure, eager in zip(values, run(optimizer, variables, 3), strict=True):
        np.testing.assert_allclose(pure, eager, rtol=1e-5, atol=1e-6)
    for pure, variable in zip(state, optimizer.variables, strict=True):
        np.testing.assert_allclose(pure, variable.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ROWS)
def test_second_step_compiles_nothing(name, monkeypatch):
    optimizer, variables = made(name), weights()
    run(optimizer, variables, 1)
    before = [variable.numpy() for variable in variables]
    traced = []
    monkeypatch.setattr(type(optimizer), "_apply_pure", lambda *_: traced.append(name))
    after = run(optimizer, variables, 2, 1)
    assert traced == []
    assert not any(np.array_equal(one, other) for one, other in zip(before, after))
    assert int(optimizer.iterations) == 3


@pytest.mark.parametrize("name", ROWS)
def test_dtype_is_kept(name):
    optimizer, variables = made(name), weights("float64")
    optimizer.apply_gradients(zip(gradients(0, "float64"), variables))
    assert all(variable.dtype == "float64" for variable in variables)
    slots = [v for v in optimizer.variables if v.shape]
    assert all(slot.dtype == "float64" for slot in slots)


@pytest.mark.parametrize("name", ROWS)
def test_repr_is_stable(name):
    assert repr(made(name, name="mine")) == repr(made(name, name="mine"))
    assert name.split(".")[-1] in repr(made(name))


@pytest.mark.parametrize("name", ROWS)
def test_errors_name_the_argument(name):
    with pytest.raises((TypeError, ValueError), match="colour"):
        made(name, colour=1)
    if name not in WRAPPERS:
        with pytest.raises(ValueError, match="learning_rate.*'fast'"):
            made(name, learning_rate="fast")
        with pytest.raises(ValueError, match="clipnorm=1.0, clipvalue=2.0"):
            made(name, clipnorm=1.0, clipvalue=2.0)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule_round_trip(name):
    schedule = getattr(schedules, name)(**SCHEDULES[name])
    stored = json.loads(json.dumps(schedules.serialize(schedule)))
    assert (stored["module"], stored["class_name"]) == ("keras.optimizers.schedules", name)
    again = schedules.deserialize(stored)
    assert again.get_config() == schedule.get_config()
    assert [float(again(step)) for step in range(9)] == [float(schedule(step)) for step in range(9)]


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule_is_the_same_compiled(name):
    schedule = getattr(schedules, name)(**SCHEDULES[name])
    compiled = jax.jit(lambda step: schedule(step)._value)
    for step in (0, 1, 3, 6, 12):
        np.testing.assert_allclose(compiled(np.int32(step)), float(schedule(step)), rtol=1e-5)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule_moves_the_rate(name):
    optimizer = optimizers.SGD(getattr(schedules, name)(**SCHEDULES[name]))
    variables, rates = weights(), []
    for step in range(4):
        before = variables[0].numpy()
        rates.append(float(optimizer.learning_rate))
        run(optimizer, variables, 1, step)
        np.testing.assert_allclose(before - variables[0].numpy(), rates[-1] * gradients(step)[0], rtol=1e-3, atol=1e-6)
    assert len(set(rates)) > 1


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule_error_names_the_argument(name):
    with pytest.raises(TypeError, match="colour"):
        getattr(schedules, name)(**SCHEDULES[name], colour=1)
