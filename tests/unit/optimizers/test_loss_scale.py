"""LossScaleOptimizer as programs for tf.keras 2 use it: they scale the loss and divide the gradients themselves."""

import numpy as np
import pytest

import cornu.tf as tf
from cornu import optimizers


@pytest.mark.parametrize("wrap", [lambda f: f, tf.function])
def test_scaled_losses_and_unscaled_gradients(wrap):
    w = tf.Variable([1.0, 2.0])
    optimizer = optimizers.LossScaleOptimizer(optimizers.SGD(0.1))
    assert optimizer.loss_scale.numpy() == 32768.0
    optimizer.build([w])

    @wrap
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(w * w)
            scaled = optimizer.get_scaled_loss(loss)
        grads = tape.gradient(scaled, [w])
        unscaled = optimizer.get_unscaled_gradients(grads)
        optimizer.apply_gradients(zip(unscaled, [w]))
        return scaled, grads[0], unscaled[0]

    scaled, gradient, unscaled = step()
    assert scaled.numpy() == 5 * 32768.0
    np.testing.assert_array_equal(gradient, [65536, 131072])
    np.testing.assert_array_equal(unscaled, [2, 4])
    np.testing.assert_allclose(w, [0.8, 1.6])
    step()
    np.testing.assert_allclose(w, [0.64, 1.28])


def test_a_step_with_an_infinite_gradient_is_skipped():
    w = tf.Variable([1.0, 2.0])
    optimizer = optimizers.LossScaleOptimizer(optimizers.SGD(0.1))
    assert optimizer.get_unscaled_gradients([None])[0] is None
    optimizer.apply_gradients([(tf.constant([np.inf, 1.0]), w)])
    np.testing.assert_array_equal(w, [1, 2])
    assert optimizer.loss_scale.numpy() == 16384.0
    optimizer.apply_gradients([(tf.constant([1.0, 1.0]), w)])
    np.testing.assert_allclose(w, [0.9, 1.9])


def test_the_loss_may_be_a_function():
    optimizer = optimizers.LossScaleOptimizer(optimizers.SGD(0.1), initial_scale=4.0)
    assert optimizer.get_scaled_loss(lambda: tf.constant(2.0))().numpy() == 8.0
    half = optimizer.get_unscaled_gradients([tf.constant([2.0], tf.float16)])[0]
    assert half.dtype == "float16"
    assert half.numpy() == [0.5]
