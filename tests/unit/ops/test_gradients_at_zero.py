"""Gradients where a formula has a kink: they are those of TensorFlow and torch, not the one-sided ones of `jnp.abs`."""

import numpy as np
import pytest

from cornu import GradientTape, Variable, losses, ops, regularizers

ZERO, ONE = np.zeros((2, 1), "float32"), np.array([[0.0], [1.0]], "float32")


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (ops.absolute, [0, 0]),
        (ops.fabs, [0, 0]),
        (regularizers.L1(1.0), [0, 0]),
        (lambda x: losses.mean_absolute_error(ZERO, x), [0, 0]),
        (lambda x: losses.huber(ZERO, x), [0, 0]),
        (lambda x: ops.binary_crossentropy(ONE, x, from_logits=True), [0.5, -0.5]),
        (ops.relu, [0, 0]),
    ],
    ids=["absolute", "fabs", "l1", "mae", "huber", "logits", "relu"],
)
def test_at_zero(function, expected):
    x = Variable(ZERO)
    with GradientTape() as tape:
        value = ops.sum(function(x))
    np.testing.assert_allclose(np.ravel(tape.gradient(value, x)), expected, atol=1e-7)


def test_the_absolute_value_of_special_numbers():
    given = np.array([np.inf, -np.inf, np.nan, -0.0, -3.5], "float32")
    np.testing.assert_array_equal(ops.absolute(given).numpy(), np.abs(given))
    assert not np.signbit(ops.absolute(given).numpy()[3])
