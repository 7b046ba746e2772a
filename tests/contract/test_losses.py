"""Checks that every exported loss passes. A loss without a row in `ROWS` fails."""

import json

import jax
import numpy as np
import pytest
from tests.contract.exported import classes

import cornu
from cornu import losses
from cornu.core.tape import GradientTape

rng = np.random.RandomState(3)
REAL = (rng.normal(size=(4, 3)), rng.normal(size=(4, 3)))
POSITIVE = (rng.uniform(0.2, 1, (4, 3)), rng.uniform(0.2, 1, (4, 3)))
BITS = (np.array([[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 0]]), rng.uniform(0.2, 0.8, (4, 3)))
SHARES = rng.uniform(0.2, 1, (4, 3))
HOT = (np.eye(3)[[0, 2, 1, 2]], SHARES / SHARES.sum(-1, keepdims=True))
CLASSES = (np.array([0, 2, 1, 2]), HOT[1])
SIGNS = (np.sign(REAL[0]), 0.5 * REAL[1])
SEQUENCES = (np.array([[1, 2], [2, 0]]), rng.normal(size=(2, 4, 3)))
UNIT_VECTORS = (np.array([0, 1, 0, 1]), REAL[1] / np.linalg.norm(REAL[1], axis=-1, keepdims=True))
# loss -> (arguments, (y_true, y_pred))
ROWS = {
    "BinaryCrossentropy": ({"label_smoothing": 0.1}, BITS),
    "BinaryFocalCrossentropy": ({"gamma": 1.5, "apply_class_balancing": True}, BITS),
    "CTC": ({}, SEQUENCES),
    "CategoricalCrossentropy": ({"from_logits": True}, (HOT[0], REAL[1])),
    "CategoricalFocalCrossentropy": ({"alpha": 0.3}, HOT),
    "CategoricalGeneralizedCrossEntropy": ({"q": 0.7}, CLASSES),
    "CategoricalHinge": ({}, (HOT[0], REAL[1])),
    "Circle": ({"margin": 0.3}, UNIT_VECTORS),
    "CosineSimilarity": ({}, REAL),
    "Dice": ({}, BITS),
    "Hinge": ({}, SIGNS),
    "Huber": ({"delta": 0.7}, REAL),
    "KLDivergence": ({}, (HOT[1], HOT[1][::-1])),
    "LogCosh": ({}, REAL),
    "MeanAbsoluteError": ({}, REAL),
    "MeanAbsolutePercentageError": ({}, POSITIVE),
    "MeanSquaredError": ({}, REAL),
    "MeanSquaredLogarithmicError": ({}, POSITIVE),
    "Poisson": ({}, POSITIVE),
    "SparseCategoricalCrossentropy": ({"from_logits": True}, CLASSES),
    "SquaredHinge": ({}, SIGNS),
    "Tversky": ({"alpha": 0.3, "beta": 0.7}, BITS),
}
BASES = {"Loss", "FunctionLoss"}


def made(kind, **more):
    """The loss of a row."""
    return getattr(losses, kind)(**{**ROWS[kind][0], **more})


def data(name):
    """y_true, and y_pred in double precision."""
    y_true, y_pred = ROWS[name][1]
    return y_true, np.asarray(y_pred, "float64")


def test_every_loss_has_a_row():
    assert classes(losses, losses.Loss).keys() - BASES == ROWS.keys()


@pytest.mark.parametrize("name", ROWS)
def test_config_round_trip(name):
    loss = made(name, name="mine", reduction="sum")
    stored = json.loads(json.dumps(losses.serialize(loss)))
    assert (stored["module"], stored["class_name"], stored["registered_name"]) == ("keras.losses", name, None)
    again = losses.deserialize(stored)
    assert type(again) is type(loss)
    assert (again.name, again.reduction) == ("mine", "sum")
    assert again.get_config() == loss.get_config()
    assert loss.get_config() | ROWS[name][0] == loss.get_config()
    np.testing.assert_array_equal(again(*data(name)), loss(*data(name)))


@pytest.mark.parametrize("name", ROWS)
def test_eager_and_compiled_agree(name):
    loss = made(name)
    y_true, y_pred = data(name)
    eager = loss(y_true, y_pred)
    assert tuple(eager.shape) == ()
    compiled = jax.jit(lambda t, p: loss(t, p)._value)(y_true, y_pred)
    np.testing.assert_allclose(compiled, eager.numpy(), rtol=1e-6)


@pytest.mark.parametrize("name", ROWS)
def test_gradient_is_numeric(name):
    loss = made(name, dtype="float64")
    y_true, y_pred = data(name)
    x = cornu.convert_to_tensor(y_pred)
    with GradientTape() as tape:
        tape.watch(x)
        value = loss(y_true, x)
    gradient = tape.gradient(value, x).numpy()
    for place in [(0,) * y_pred.ndim, tuple(n // 2 for n in y_pred.shape)]:
        step = np.zeros_like(y_pred)
        step[place] = 1e-6
        numeric = (float(loss(y_true, y_pred + step)) - float(loss(y_true, y_pred - step))) / 2e-6
        assert gradient[place] == pytest.approx(numeric, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("name", ROWS)
def test_reductions_and_weights_agree(name):
    y_true, y_pred = data(name)
    each = made(name, reduction="none")(y_true, y_pred).numpy()
    np.testing.assert_allclose(made(name, reduction="sum")(y_true, y_pred), each.sum(), rtol=1e-5)
    np.testing.assert_allclose(made(name)(y_true, y_pred), each.mean(), rtol=1e-5)
    if each.ndim:  # those of whole batches have no rows to weigh
        weights = np.arange(len(each), dtype="float32")
        weighted = made(name, reduction="none")(y_true, y_pred, sample_weight=weights).numpy()
        np.testing.assert_allclose(weighted, each * weights, rtol=1e-6)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_dtype_is_kept(name, dtype):
    loss = made(name, dtype=dtype)
    assert loss.dtype == dtype
    assert loss(*data(name)).dtype == dtype


@pytest.mark.parametrize("name", ROWS)
def test_repr_is_stable(name):
    assert repr(made(name, name="mine")) == repr(made(name, name="mine"))
    assert name in repr(made(name))


@pytest.mark.parametrize("name", ROWS)
def test_errors_name_the_argument(name):
    with pytest.raises(ValueError, match=r"reduction.*'summ'"):
        made(name, reduction="summ")
    with pytest.raises(TypeError, match="colour"):
        made(name, colour=1)
