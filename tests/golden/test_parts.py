"""Initializers, regularizers and constraints against values recorded from Keras 3.15, see record_parts.py."""

import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from cases_parts import CONSTRAINTS, FIXED, RANDOM, REGULARIZERS, moments, weights

from cornu import constraints, initializers, regularizers
from cornu.core.tensor import Tensor, raw

HERE = pathlib.Path(__file__).parent
CONFIGS = json.loads((HERE / "parts.json").read_text())


@pytest.fixture(scope="module")
def golden():
    with np.load(HERE / "parts.npz") as arrays:
        return dict(arrays)


@pytest.mark.parametrize("case", FIXED)
def test_fixed_initializers_are_those_of_keras(case, golden):
    name, arguments, shape = FIXED[case]
    initializer = getattr(initializers, name)(**arguments)
    values = initializer(shape)
    assert values.dtype == "float32"
    np.testing.assert_allclose(
        values.numpy(), golden[f"initializer/{case}"], rtol=1e-5, atol=2e-6
    )  # Keras: float32 waves
    if case != "identity_gain":  # whose gain Keras forgets
        assert initializers.serialize(initializer) == CONFIGS[f"initializer/{case}"]


@pytest.mark.parametrize("case", RANDOM)
def test_random_initializers_have_the_moments_of_keras(case, golden):
    name, arguments, shape = RANDOM[case]
    initializer = getattr(initializers, name)(**arguments, seed=1)
    values = initializer(shape).numpy()
    assert values.shape == shape
    mean, deviation, least, greatest = moments(values)
    theirs = golden[f"initializer/{case}"]
    assert abs(mean - theirs[0]) < 6 * theirs[1] * np.sqrt(2 / values.size) + 1e-6
    np.testing.assert_allclose(deviation, theirs[1], rtol=0.03)
    is_bounded = (
        "normal" not in name.lower() or "Truncated" in name or name in ("GlorotNormal", "HeNormal", "LecunNormal")
    )
    is_bounded &= name != "Orthogonal" and arguments.get("distribution") != "untruncated_normal"
    np.testing.assert_allclose([least, greatest], theirs[2:], rtol=0.01 if is_bounded else 0.4)
    assert initializers.serialize(initializer) == CONFIGS[f"initializer/{case}"]


@pytest.mark.parametrize("case", REGULARIZERS)
def test_regularizers_are_those_of_keras(case, golden):
    name, arguments = REGULARIZERS[case]
    regularizer = getattr(regularizers, name)(**arguments)
    value, gradient = jax.value_and_grad(lambda w: raw(regularizer(Tensor(w))))(jnp.asarray(weights()[0]))
    np.testing.assert_allclose(value, golden[f"regularizer/{case}"], rtol=1e-5)
    np.testing.assert_allclose(gradient, golden[f"regularizer/{case}/gradient"], rtol=1e-5, atol=1e-6)
    assert value.dtype == gradient.dtype == np.float32
    assert regularizers.serialize(regularizer) == CONFIGS[f"regularizer/{case}"]
    assert regularizers.deserialize(CONFIGS[f"regularizer/{case}"]).get_config() == regularizer.get_config()


@pytest.mark.parametrize("case", CONSTRAINTS)
def test_constraints_are_those_of_keras(case, golden):
    name, arguments = CONSTRAINTS[case]
    constraint = getattr(constraints, name)(**arguments)
    x, mix = map(jnp.asarray, weights())
    np.testing.assert_allclose(constraint(x).numpy(), golden[f"constraint/{case}"], rtol=1e-5)
    gradient = jax.grad(lambda w: jnp.sum(raw(constraint(Tensor(w))) * mix))(x)
    np.testing.assert_allclose(gradient, golden[f"constraint/{case}/gradient"], rtol=1e-5, atol=1e-6)
    assert constraints.serialize(constraint) == CONFIGS[f"constraint/{case}"]
    assert constraints.deserialize(CONFIGS[f"constraint/{case}"]).get_config() == constraint.get_config()
