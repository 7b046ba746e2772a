"""Numbers of a state: the same from NumPy, from compiled programs and inside of compiled code; right distributions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cornu.core import draws, philox, rejection

STATE = philox.state_of(3, 5 << 64)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("name", ["uniform", "normal", "truncated_normal"])
def test_all_ways_give_the_same_numbers(name, dtype):
    draw = getattr(draws, name)
    small = draw(STATE, (3, 7), dtype)
    assert small.dtype.name == dtype
    traced = jax.jit(lambda state: draw(state, (3, 7), dtype))(jnp.asarray(STATE))
    assert np.array_equal(np.asarray(traced), small)
    large = draw(STATE, (draws._LARGE + 3,), dtype)
    assert np.array_equal(large[:21], small.reshape(-1))


def test_distributions():
    x = draws.uniform(STATE, (100_000,), "float32")
    assert 0 <= x.min() < 1e-4 and 1 - 1e-4 < x.max() < 1 and abs(x.mean() - 0.5) < 0.005
    x = draws.normal(STATE, (100_000,), "float32")
    assert abs(x.mean()) < 0.01 and abs(x.std() - 1) < 0.01
    x = draws.truncated_normal(STATE, (100_000,), "float32")
    assert np.abs(x).max() < 2 and abs(x.std() - 0.8796) < 0.01
    assert np.bincount(draws.integers(STATE, (70_000,), -3, 4, "int32") + 3).min() > 9_600


def test_integers_over_their_whole_range():
    x = draws.integers(STATE, (1000,), -(2**31), 2**31 - 1, "int32")
    assert x.min() < -(2**30) and x.max() > 2**30
    traced = jax.jit(lambda s, low: draws.integers(s, (1000,), low, 90, "int64"))(jnp.asarray(STATE), -7)
    assert np.array_equal(np.asarray(traced), draws.integers(STATE, (1000,), -7, 90, "int64"))


@pytest.mark.parametrize("alpha", [0.3, 1.0, 4.0])
def test_gamma_moments(alpha):
    x = rejection.gamma(STATE, np.array([alpha]), 20_000)
    assert x.shape == (20_000, 1)
    assert abs(x.mean() - alpha) < 0.05 and abs(x.var() - alpha) < 0.25


@pytest.mark.parametrize("rate", [0.5, 9.0, 40.0])
def test_poisson_moments(rate):
    x = rejection.poisson(STATE, np.array([rate, -1.0, np.inf]), 20_000)
    assert abs(x[:, 0].mean() - rate) < 0.15 and abs(x[:, 0].var() - rate) < rate / 20
    assert np.isnan(x[:, 1:]).all()


@pytest.mark.parametrize("n, p", [(9, 0.2), (200, 0.3), (200, 0.9)])
def test_binomial_moments(n, p):
    x = rejection.binomial(STATE, np.array([n, n, 0, n, -1.0]), np.array([p, 0.0, 0.5, 1.0, 0.5]), 20_000)
    assert abs(x[:, 0].mean() - n * p) < 0.2 and abs(x[:, 0].var() - n * p * (1 - p)) < 0.05 * n * p
    assert (x[:, 1:4] == [0, 0, n]).all() and np.isnan(x[:, 4]).all()
