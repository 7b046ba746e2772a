import jax
import numpy as np
import pytest

import cornu
from cornu import backend as K
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError


def test_every_name_is_offered_by_keras_backend():
    from cornu import keras2_backend

    assert set(keras2_backend.NAMES) <= set(dir(K))
    assert K.mean is cornu.ops.mean
    with pytest.raises(AttributeError, match="Did you mean 'sqrt'"):
        K.sqroot


def test_function_of_a_part_of_a_model():
    inputs = layers.Input((3,))
    hidden = layers.Dense(2, kernel_initializer="ones")(inputs)
    model = cornu.Model(inputs, layers.Dropout(0.5)(hidden))
    x = np.arange(6.0).reshape(2, 3)
    assert K.function([model.input], [hidden])([x])[0].tolist() == [[3, 3], [12, 12]]
    both = K.function([model.input, K.learning_phase()], [model.output])
    assert both([x, 0])[0].tolist() == [[3, 3], [12, 12]]
    assert 0 in both([np.ones((50, 3)), 1])[0]
    with pytest.raises(InvalidArgumentError, match="expected no updates"):
        K.function([model.input], [hidden], updates=[1])


@pytest.mark.parametrize(
    "shapes, axes, wanted",
    [(((2, 3, 4), (2, 4, 5)), None, (2, 3, 5)), (((2, 4), (2, 4)), None, (2, 1)), (((2, 3, 4), (2, 5, 4)), (2, 2), (2, 3, 5)),
     (((7, 20), (7, 30, 20)), (1, 2), (7, 30)), (((2, 3, 4), (2, 4)), (2, 1), (2, 3))],
)  # fmt: skip
def test_batch_dot(shapes, axes, wanted):
    x, y = (np.random.default_rng(0).normal(size=shape) for shape in shapes)
    found = K.batch_dot(x, y, axes)
    assert tuple(found.shape) == wanted
    first = np.tensordot(x[0], y[0], 1) if axes is None else np.tensordot(x[0], y[0], ((axes[0] - 1,), (axes[1] - 1,)))
    np.testing.assert_allclose(np.asarray(found)[0].reshape(np.shape(first)), first, rtol=1e-6)


def test_rnn_with_a_mask_and_backwards():
    x = np.arange(6.0, dtype="float32").reshape(1, 6, 1)
    step = lambda row, states: (row + states[0], [row + states[0]])
    last, outputs, states = K.rnn(step, x, [np.zeros((1, 1), "float32")])
    assert np.asarray(outputs).ravel().tolist() == [0, 1, 3, 6, 10, 15] and float(last) == float(states[0]) == 15
    mask = np.array([[True, True, False, True, False, False]])
    last, outputs, _ = K.rnn(step, x, [np.zeros((1, 1), "float32")], mask=mask)
    assert np.asarray(outputs).ravel().tolist() == [0, 1, 1, 4, 4, 4] and float(last) == 4
    last, outputs, _ = K.rnn(
        step, x, [np.zeros((1, 1), "float32")], go_backwards=True, mask=mask, zero_output_for_mask=True
    )
    assert np.asarray(outputs).ravel().tolist() == [0, 0, 3, 0, 4, 4]


def test_phases_and_choices():
    assert K.in_train_phase(1, 2, training=True) == 1 and K.in_test_phase(1, 2, training=True) == 2
    with K.learning_phase_scope(1):
        assert K.in_train_phase(lambda: 5, 6) == 5
    assert K.learning_phase() == 0
    with pytest.raises(InvalidArgumentError, match="0 or 1"):
        K.set_learning_phase(2)
    assert float(K.switch(np.array(True), lambda: K.constant(1.0), lambda: K.constant(2.0))) == 1
    assert K.switch(np.array([True, False]), K.ones((2, 2)), K.zeros((2, 2))).numpy().tolist() == [[1, 1], [0, 0]]


def test_values_and_updates():
    v = K.variable([1, 2], name="v")
    assert v.dtype == "float32"
    K.update_add(v, [1.0, 1.0])
    K.moving_average_update(v, np.zeros(2, "float32"), 0.5)
    assert K.get_value(v).tolist() == [1, 1.5] and K.eval(v).tolist() == [1, 1.5]
    K.batch_set_value([(v, [7, 8])])
    assert K.batch_get_value([v])[0].tolist() == [7, 8]
    assert K.count_params(v) == 2 and K.int_shape(K.placeholder((None, 3))) == (None, 3)
    assert K.cast_to_floatx([1]).dtype == "float32"


def test_shapes_and_sums():
    x = np.arange(24.0).reshape(2, 3, 4)
    assert tuple(K.batch_flatten(x).shape) == (2, 12) and tuple(K.permute_dimensions(x, (0, 2, 1)).shape) == (2, 4, 3)
    assert tuple(K.repeat(np.ones((2, 4)), 3).shape) == (2, 3, 4)
    assert K.arange(3).numpy().tolist() == [0, 1, 2]
    assert float(K.foldl(lambda total, row: total + row, np.arange(4.0))) == 6
    assert tuple(K.spatial_2d_padding(np.ones((1, 2, 2, 1)), ((1, 0), (0, 2))).shape) == (1, 3, 4, 1)
    assert tuple(K.resize_images(np.ones((1, 2, 2, 1), "float32"), 2, 3, "channels_last").shape) == (1, 4, 6, 1)
    np.testing.assert_allclose(K.l2_normalize(np.array([[3.0, 4.0]]), axis=1), [[0.6, 0.8]])
    assert K.sqrt(np.array([-1.0, 4.0])).numpy().tolist() == [0, 2]


def test_what_belongs_to_graphs():
    for call in (lambda: K.gradients(1, 2), K.get_session):
        with pytest.raises(FailedPreconditionError, match="ops run at once"):
            call()


def test_ctc():
    even = np.full((1, 4, 3), 1 / 3, "float32")
    found = K.ctc_batch_cost(np.array([[0, 1]]), even, np.array([[4]]), np.array([[2]]))
    np.testing.assert_allclose(found, [[1.686399]], rtol=1e-5)
    sure = np.eye(3, dtype="float32")[None, [0, 2, 1, 1]] * 0.98 + 0.01
    decoded, _ = K.ctc_decode(sure, np.array([4]))
    assert np.asarray(decoded[0])[0, :2].tolist() == [0, 1]


def test_print_tensor_shows_the_ends_of_long_axes(capfd):
    x = K.constant(np.arange(12.0).reshape(3, 4))
    K.print_tensor(x, "m:", summarize=1)
    K.print_tensor(x, "all", summarize=-1)
    cornu.function(lambda a: K.print_tensor(a, "in", summarize=1))(x)
    jax.effects_barrier()
    short = "[[0 ... 3]\n ...\n [8 ... 11]]\n"
    assert capfd.readouterr().err == f"m: {short}all [[0 1 2 3]\n [4 5 6 7]\n [8 9 10 11]]\nin {short}"


def test_rnn_unrolled_and_with_lengths_of_rows():
    inputs = np.random.default_rng(0).random((2, 5, 3), "float32")
    zeros = [np.zeros((2, 3), "float32")]
    calls = []

    def step(x, states):
        calls.append(1)
        return x + states[0], [x + states[0]]

    mask = np.array([[1, 1, 0, 1, 0], [1, 0, 0, 0, 0]], bool)
    for options in ({}, {"mask": mask}, {"mask": mask, "zero_output_for_mask": True}, {"go_backwards": True}):
        rolled = K.rnn(step, inputs, zeros, **options)
        calls.clear()
        unrolled = K.rnn(step, inputs, zeros, unroll=True, input_length=5, **options)
        assert len(calls) == 5
        for a, b in zip(jax.tree.leaves(rolled), jax.tree.leaves(unrolled), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6)
    lengths = K.constant([3, 2], "int32")
    for options in ({}, {"unroll": True}, {"go_backwards": True}):
        last, outputs, _ = K.rnn(step, inputs, zeros, input_length=lengths, **options)
        np.testing.assert_allclose(last, [inputs[0, :3].sum(0), inputs[1, :2].sum(0)], rtol=1e-6)
        assert outputs.shape == (2, 5, 3)


def test_the_learning_phase_reaches_layers_called_without_training():
    x = np.ones((4, 10), "float32")
    model = cornu.Sequential([cornu.layers.Input((10,)), cornu.layers.Dropout(0.5)])
    model.compile("sgd", "mse")
    layer = cornu.layers.Dropout(0.5)
    seen = []

    class Watching(cornu.layers.Layer):
        def call(self, inputs, training=None):
            seen.append(training)
            return inputs

    def dropped():
        Watching()(x)
        called = [layer(x), layer(x, training=False), layer(x, training=True), model(x), model.predict(x, verbose=0)]
        return [bool((np.asarray(y) == 0).any()) for y in called]

    try:
        assert dropped() == [False, False, True, False, False]
        K.set_learning_phase(1)
        assert dropped() == [True, False, True, True, False]
        K.set_learning_phase(0)
        assert dropped() == [False, False, True, False, False]
        with K.learning_phase_scope(1):
            assert dropped()[0]
        assert seen == [None, True, False, True]
        K.set_learning_phase(1)
    finally:
        K.clear_session()
    assert not dropped()[0]
