"""Recurrent layers: states, masks, dropout, cells of one's own, bad input. Values are checked in tests/golden."""

import pickle

import jax
import numpy as np
import pytest

import cornu
from cornu import layers
from cornu.core.tape import GradientTape
from cornu.layers.recurrent.cell_scan import scan_steps

X = np.random.RandomState(0).normal(size=(2, 5, 3)).astype("float32")


class Minimal(layers.Layer):
    """A cell of a user's own."""

    def __init__(self, units, **common):
        super().__init__(**common)
        self.units = self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent")

    def call(self, inputs, states):
        output = cornu.ops.matmul(inputs, self.kernel) + cornu.ops.matmul(states[0], self.recurrent)
        return output, [output]


class Plain:
    """A cell that is no layer."""

    state_size = [3, 1]

    def call(self, inputs, states):
        total, count = states
        return inputs * 2, [total + inputs, count + 1]


def walk(cell, x, states):
    """The outputs of a cell called step by step."""
    outputs = []
    for t in range(x.shape[1]):
        output, states = cell(x[:, t], states)
        outputs.append(output.numpy())
    return np.stack(outputs, 1)


@pytest.mark.parametrize("cell", [layers.SimpleRNNCell, layers.LSTMCell, layers.GRUCell])
def test_layer_equals_its_cell_step_by_step(cell):
    own = cell(4)
    layer = layers.RNN(own, return_sequences=True)
    outputs = layer(X)
    np.testing.assert_allclose(outputs, walk(own, X, own.get_initial_state(2)), rtol=1e-5, atol=1e-6)


KNOWN = [layers.SimpleRNNCell(4), layers.LSTMCell(4, use_bias=False), layers.GRUCell(4)]


@pytest.mark.parametrize("cell", KNOWN, ids=lambda cell: cell.name)
def test_gradients_of_both_orders_are_those_of_single_steps(cell):
    layer, x = layers.RNN(cell, return_sequences=True), cornu.convert_to_tensor(X[:, :3])
    layer(x)

    def step_by_step():
        states, outputs = cell.get_initial_state(2), []
        for t in range(3):
            output, states = cell(x[:, t], states)
            outputs.append(output)
        return cornu.ops.stack(outputs, axis=1)

    def gradients(run):
        with GradientTape() as outer:
            outer.watch(x)
            with GradientTape() as inner:
                inner.watch(x)
                loss = cornu.ops.sum(run() ** 2)
            first = inner.gradient(loss, [x, *cell.trainable_weights])
            norm = sum(cornu.ops.sum(g**2) for g in first)
        return [*first, *outer.gradient(norm, [x, *cell.trainable_weights])]

    for got, expected in zip(gradients(lambda: layer(x)), gradients(step_by_step), strict=True):
        np.testing.assert_allclose(got, expected, rtol=2e-4, atol=2e-5)


def test_own_cell_and_its_gradients():
    cell = Minimal(4)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    x = cornu.convert_to_tensor(X)
    with GradientTape() as tape:
        outputs, state = layer(x)
        total = cornu.ops.sum(outputs**2)
    np.testing.assert_allclose(outputs, walk(cell, X, [np.zeros((2, 4), "float32")]), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(state, outputs[:, -1])
    with GradientTape() as slow:
        states, outputs = [cornu.ops.zeros((2, 4))], []
        for t in range(5):
            output, states = cell(x[:, t], states)
            outputs.append(output)
        expected = cornu.ops.sum(cornu.ops.stack(outputs) ** 2)
    for a, b in zip(
        tape.gradient(total, layer.trainable_variables), slow.gradient(expected, cell.weights), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_cell_that_is_no_layer():
    outputs, total, count = layers.RNN(Plain(), return_state=True)(X)
    np.testing.assert_array_equal(outputs, X[:, -1] * 2)
    np.testing.assert_allclose(total, X.sum(1), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(count, np.full((2, 1), 5))


def test_cell_with_state_of_its_own_counts_steps():
    class Counting(Minimal):
        def build(self, input_shape):
            super().build(input_shape)
            self.steps = self.add_weight(shape=(), initializer="zeros", trainable=False, name="steps")

        def call(self, inputs, states):
            self.steps.assign_add(1)
            return super().call(inputs, states)

    cell = Counting(2)
    layers.RNN(cell)(X)
    assert float(cell.steps.numpy()) == 5


def test_symbolic_initial_state_as_argument_and_as_list():
    x, h, c = layers.Input((None, 3)), layers.Input((4,)), layers.Input((4,))
    layer = layers.LSTM(4)
    as_argument = cornu.Model([x, h, c], layer(x, initial_state=[h, c]))
    as_list = cornu.Model([x, h, c], layer([x, h, c]))
    given = [X, np.ones((2, 4), "float32"), np.full((2, 4), 2, "float32")]
    expected = layer(X, initial_state=given[1:])
    np.testing.assert_allclose(as_argument(given), expected, rtol=1e-6)
    np.testing.assert_allclose(as_list(given), expected, rtol=1e-6)
    assert as_argument.output_shape == (None, 4)
    twin = cornu.Model.from_config(as_argument.get_config())
    twin.set_weights(as_argument.get_weights())
    np.testing.assert_allclose(twin(given), expected, rtol=1e-6)


def test_stateful_goes_on_where_it_stopped():
    layer = layers.GRU(4, stateful=True)
    whole = layers.GRU(4)
    whole(X)
    layer.build((2, 5, 3))
    layer.set_weights(whole.get_weights())
    first = layer(X).numpy()
    both = whole(np.concatenate([X, X], 1)).numpy()
    np.testing.assert_allclose(layer(X), both, rtol=1e-5, atol=1e-6)
    layer.reset_states()
    np.testing.assert_array_equal(layer.states[0], np.zeros((2, 4)))
    np.testing.assert_array_equal(layer(X), first)
    layer.reset_state([np.ones((2, 4))])
    np.testing.assert_array_equal(layer.states[0], np.ones((2, 4)))
    assert [len(each.weights) for each in (layer, whole)] == [3, 3]


def test_stateful_model_trains_and_predicts():
    model = cornu.Sequential(
        [layers.LSTM(3, stateful=True, batch_input_shape=(2, 5, 3)), layers.Dense(1, kernel_initializer="ones")]
    )
    model.compile("sgd", "mse")
    model.fit(X, np.ones((2, 1)), batch_size=2, epochs=2, verbose=0)
    model.layers[0].reset_states()
    first = model.predict(X, batch_size=2, verbose=0)
    second = model.predict(X, batch_size=2, verbose=0)
    assert not np.allclose(first, second)
    model.layers[0].reset_states()
    np.testing.assert_array_equal(model.predict(X, batch_size=2, verbose=0), first)


def test_mask_from_masking_reaches_the_layer():
    x = X.copy()
    x[:, 3:] = 0
    layer = layers.LSTM(4)
    masked = layer(layers.Masking()(x))
    np.testing.assert_allclose(masked, layer(x[:, :3]), rtol=1e-5, atol=1e-6)


def test_time_major_and_old_arguments():
    layer = layers.SimpleRNN(4, return_sequences=True, implementation=2)
    turned = layers.SimpleRNN(4, return_sequences=True, time_major=True)
    layer(X)
    turned(X.swapaxes(0, 1))
    turned.set_weights(layer.get_weights())
    np.testing.assert_allclose(turned(X.swapaxes(0, 1)), layer(X).numpy().swapaxes(0, 1), rtol=1e-6)
    assert turned.get_config()["time_major"] is True
    assert "time_major" not in layer.get_config()
    model = cornu.Sequential([layers.LSTM(4, input_dim=3, input_length=7)])
    assert model.input_shape == (None, 7, 3)
    assert layers.CuDNNLSTM is layers.LSTM
    first = layers.GRU(output_dim=2, inner_activation="hard_sigmoid", dropout_U=0.1, consume_less="gpu")  # Keras 1
    assert (first.units, first.recurrent_activation.__name__, first.recurrent_dropout) == (2, "hard_sigmoid", 0.1)
    assert layers.ConvLSTM2D(nb_filter=2, kernel_size=3, border_mode="same").padding == "same"


def test_dropout_is_the_same_in_all_steps():
    layer = layers.SimpleRNN(64, dropout=0.5, activation="linear", use_bias=False, return_sequences=True, seed=1)
    layer.build((1, 4, 64))
    layer.set_weights([np.eye(64), np.zeros((64, 64))])
    outputs = layer(np.ones((1, 4, 64), "float32"), training=True).numpy()[0]
    assert set(np.unique(outputs)) == {0.0, 2.0}
    np.testing.assert_array_equal(outputs, np.broadcast_to(outputs[:1], outputs.shape))
    again = layer(np.ones((1, 4, 64), "float32"), training=True).numpy()[0]
    assert not np.array_equal(again, outputs)
    np.testing.assert_array_equal(layer(np.ones((1, 4, 64), "float32")), np.ones((1, 4, 64)))


def test_masks_of_cells_are_kept_until_reset():
    cell = layers.LSTMCell(4, dropout=0.5, recurrent_dropout=0.5, seed=2)
    first = cell.get_dropout_mask(np.ones((8, 16), "float32")).numpy()
    np.testing.assert_array_equal(cell.get_dropout_mask(np.ones((8, 16), "float32")), first)
    cell.reset_dropout_mask()
    assert not np.array_equal(cell.get_dropout_mask(np.ones((8, 16), "float32")), first)
    assert set(np.unique(cell.get_recurrent_dropout_mask(np.ones((8, 4), "float32")))) <= {0.0, 2.0}
    cell.reset_recurrent_dropout_mask()
    assert layers.GRUCell(2).get_dropout_mask(np.ones((2, 2))) is None


def test_training_is_bit_equal_however_steps_are_grouped():
    def weights(steps):
        cornu.utils.set_random_seed(3)
        model = cornu.Sequential(
            [layers.Input((5, 3)), layers.LSTM(4, dropout=0.2, recurrent_dropout=0.2, return_sequences=True),
             layers.RNN(Minimal(2))]
        )  # fmt: skip
        model.compile("adam", "mse", steps_per_execution=steps)
        x = np.random.RandomState(1).normal(size=(12, 5, 3))
        model.fit(x, x[:, 0, :2], batch_size=2, verbose=0)
        return model.get_weights()

    for a, b in zip(weights(1), weights(4), strict=True):
        np.testing.assert_array_equal(a, b)


def test_unit_forget_bias_and_first_states():
    cell = layers.LSTMCell(2)
    cell.build((None, 3))
    np.testing.assert_array_equal(cell.bias, [0, 0, 1, 1, 0, 0, 0, 0])
    assert [tuple(s.shape) for s in cell.get_initial_state(3)] == [(3, 2), (3, 2)]
    assert (cell.state_size, layers.StackedRNNCells([cell, layers.GRUCell(4)]).state_size) == ([2, 2], [[2, 2], 4])


def test_second_derivative_goes_through_the_loop():
    layer = layers.LSTM(2)
    layer(X)
    x = cornu.convert_to_tensor(X)
    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            inner.watch(x)
            y = cornu.ops.sum(layer(x))
        norm = cornu.ops.sum(inner.gradient(y, x) ** 2)
    gradient = outer.gradient(norm, x).numpy()
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() > 0


def test_pickled_layer_keeps_values():
    layer = layers.GRU(3)
    expected = layer(X).numpy()
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(layer))(X), expected)


def test_zero_steps_and_plain_loop():
    outputs, states = scan_steps(lambda x, s: (x, s), np.zeros((0, 2, 3), "float32"), (), None, [], True, False, False)
    assert outputs.shape == (0, 2, 3)
    assert jax.tree.leaves(states) == []


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: layers.LSTM(0), ValueError, "Expected units as a positive integer; received units=0"),
        (lambda: layers.LSTM(2, dropout=1.5), ValueError, "Expected dropout as a number of at least 0 and at most 1"),
        (lambda: layers.LSTM(2, use_cudnn="no"), ValueError, "Expected use_cudnn as 'auto', True or False"),
        (lambda: layers.LSTM(2, unit=3), TypeError, "LSTM got the unknown argument 'unit'"),
        (lambda: layers.RNN(3), TypeError, "received 3, which has no `call`"),
        (lambda: layers.RNN([layers.Dense(2)]), TypeError, "which has no `state_size`"),
        (lambda: layers.LSTM(2)(X[0]), ValueError, r"expects an input with 3 dimensions; received shape \(5, 3\)"),
        (lambda: layers.LSTM(2)(X, initial_state=[np.zeros((2, 2))]), ValueError,
         r"Expected initial states of the shapes \(2, 2\), \(2, 2\) .* received \(2, 2\)"),
        (lambda: layers.GRU(2)(X, initial_state=np.zeros((2, 3))), ValueError, r"received \(2, 3\)"),
        (lambda: layers.GRU(2)(X, mask=np.ones((2, 4), bool)), ValueError, r"mask of shape \(batch, steps\), here \(2, 5\)"),
        (lambda: layers.GRU(2, stateful=True)(layers.Input((5, 3))), ValueError, "fixed batch size, because stateful=True"),
        (lambda: layers.GRU(2).reset_state(), RuntimeError, "was made without stateful=True"),
        (lambda: layers.ConvLSTM2D(2, 5)(np.zeros((1, 2, 3, 3, 1), "float32")), ValueError, "at least as long as the window"),
        (lambda: layers.ConvLSTM2D(2, 2)(layers.Input((2, 3, 3, None))), ValueError, "known number of channels"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_bad_cells_get_a_sentence():
    class Grows(Minimal):
        def call(self, inputs, states):
            return inputs, [cornu.ops.concatenate([states[0], states[0]], -1)]

    class Alone(Minimal):
        def call(self, inputs, states):
            return inputs

    class Adds(Minimal):
        def call(self, inputs, states):
            self.add_loss(cornu.ops.sum(inputs))
            return super().call(inputs, states)

    with pytest.raises(ValueError, match=r"states of the shapes it was given, \(2, 2\); it returned \(2, 4\)"):
        layers.RNN(Grows(2))(X)
    with pytest.raises(TypeError, match="call to return"):
        layers.RNN(Alone(2))(X)
    with pytest.raises(ValueError, match="adds a loss in every step"):
        layers.RNN(Adds(2))(X)


def test_stateful_batch_of_another_size_is_refused():
    layer = layers.GRU(2, stateful=True)
    layer(X)
    with pytest.raises(ValueError, match="Expected batches of 2 rows, because stateful=True .* received 1 rows"):
        layer(X[:1])
    with pytest.raises(ValueError, match="Expected 1 states for .* received 2"):
        layer.reset_state([1, 2])
