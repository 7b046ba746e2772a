"""Wrappers of recurrent cells; the numbers are those of TensorFlow 2.21 with tf-keras."""

import numpy as np
import pytest

import cornu.tf as tf
from cornu import layers

X, ZEROS = tf.ones((2, 3)), [tf.zeros((2, 3)), tf.zeros((2, 3))]
H, C = 0.7037754, 0.9478634


def cell(units=3):
    return layers.LSTMCell(units, kernel_initializer="ones", recurrent_initializer="ones")


def test_residual():
    wrapped = tf.nn.RNNCellResidualWrapper(cell())
    output, (h, c) = wrapped(X, ZEROS)
    np.testing.assert_allclose(output, np.full((2, 3), 1 + H), rtol=1e-6)
    np.testing.assert_allclose([h[0, 0], c[0, 0]], [H, C], rtol=1e-6)
    steps = layers.RNN(wrapped, return_sequences=True)(tf.ones((2, 4, 3)))
    np.testing.assert_allclose(steps[0, :, 0], [1.7037754, 1.953761, 1.9915447, 1.9966938], rtol=1e-6)
    product = tf.nn.RNNCellResidualWrapper(cell(), residual_fn=lambda x, y: 2 * x * y)
    np.testing.assert_allclose(product(X, ZEROS)[0], np.full((2, 3), 2 * H), rtol=1e-6)
    with pytest.raises(ValueError, match="shape of the cell's output"):
        tf.nn.RNNCellResidualWrapper(cell(4))(X, [tf.zeros((2, 4))] * 2)


def test_dropout():
    states = [tf.ones((2, 3))] * 2
    plain, (h, c) = cell()(X, states)
    dropped = tf.nn.RNNCellDropoutWrapper(cell(), output_keep_prob=0.5, state_keep_prob=0.5, seed=1)
    output, (new_h, new_c) = dropped(X, states, training=False)
    for values, expected in ((output, plain), (new_h, h), (new_c, c)):
        kept = values.numpy() != 0
        assert 0 < kept.sum() < 6
        np.testing.assert_allclose(values.numpy()[kept], 2 * expected.numpy()[kept], rtol=1e-6)
    all_dropped = tf.nn.RNNCellDropoutWrapper(cell(), input_keep_prob=0.0)
    np.testing.assert_allclose(all_dropped(X, ZEROS)[0], cell()(tf.zeros((2, 3)), ZEROS)[0], rtol=1e-6)
    with pytest.raises(ValueError, match="input_keep_prob from 0 to 1; received 2"):
        tf.nn.RNNCellDropoutWrapper(cell(), input_keep_prob=2.0)


def test_variational_dropout_is_the_same_at_every_step():
    wrapped = tf.nn.RNNCellDropoutWrapper(
        cell(16), output_keep_prob=0.5, variational_recurrent=True, dtype="float32", seed=3
    )
    steps = layers.RNN(wrapped, return_sequences=True)(tf.ones((2, 5, 3))).numpy()
    kept = steps != 0
    assert 0 < kept[0, 0].sum() < 16
    assert (kept == kept[0, 0]).all()
    with pytest.raises(ValueError, match="dtype together with variational_recurrent"):
        tf.nn.RNNCellDropoutWrapper(cell(), variational_recurrent=True)


def test_device_and_config():
    wrapped = tf.nn.RNNCellDeviceWrapper(cell(), "/cpu:0")
    np.testing.assert_allclose(wrapped(X, ZEROS)[0], np.full((2, 3), H), rtol=1e-6)
    twin = tf.nn.RNNCellDeviceWrapper.from_config(wrapped.get_config())
    assert (twin.device, twin.cell.units, twin.output_size) == ("/cpu:0", 3, 3)
