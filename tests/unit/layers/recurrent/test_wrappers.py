"""Bidirectional, TimeDistributed, Wrapper. Values are checked in tests/golden."""

import numpy as np
import pytest

import cornu
from cornu import layers

X = np.random.RandomState(0).normal(size=(2, 5, 3)).astype("float32")


def test_bidirectional_makes_two_copies():
    inner = layers.LSTM(4, name="words", dropout=0.1)
    both = layers.Bidirectional(inner, name="both")
    assert (both.forward_layer.name, both.backward_layer.name) == ("forward_words", "backward_words")
    assert (both.forward_layer.go_backwards, both.backward_layer.go_backwards) == (False, True)
    both(X)
    assert not inner.built
    assert [w.path for w in both.weights[::3]] == [
        "both/forward_words/lstm_cell/kernel", "both/backward_words/lstm_cell/kernel",
    ]  # fmt: skip
    twin = layers.Bidirectional.from_config(both.get_config())
    assert twin.forward_layer.name == "forward_words"


def test_bidirectional_over_a_cell_of_ones_own():
    class Sum(layers.Layer):
        state_size = 3

        def call(self, inputs, states):
            return inputs + states[0], [inputs + states[0]]

        def get_config(self):
            return {"name": self.name}

    outputs = layers.Bidirectional(layers.RNN(Sum(), return_sequences=True), merge_mode=None)(X)
    np.testing.assert_allclose(outputs[0], X.cumsum(1), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(outputs[1], X[:, ::-1].cumsum(1)[:, ::-1], rtol=1e-5, atol=1e-5)


def test_bidirectional_weights_and_states():
    weights = [np.full(shape, i / 10, "float32") for i, shape in enumerate([(3, 2), (2, 2), (2,)] * 2)]
    both = layers.Bidirectional(layers.SimpleRNN(2, stateful=True), weights=weights)
    first = both(X).numpy()
    for given, own in zip(weights, both.get_weights(), strict=True):
        np.testing.assert_array_equal(own, given)
    assert not np.allclose(both(X), first)
    both.reset_states()
    np.testing.assert_array_equal(both(X), first)
    assert len(both.states) == 2


def test_time_distributed_is_the_layer_on_every_step():
    inner = layers.Dense(2, activation="tanh")
    outputs = layers.TimeDistributed(inner)(X)
    np.testing.assert_allclose(outputs, np.stack([inner(X[:, t]).numpy() for t in range(5)], 1), rtol=1e-6)
    assert layers.TimeDistributed(inner)(layers.Input((None, 3))).shape == (None, None, 2)


def test_time_distributed_model_of_images():
    model = cornu.Sequential([layers.Input((4, 4, 1)), layers.Conv2D(2, 3), layers.Flatten()])
    x = np.random.RandomState(1).normal(size=(2, 3, 4, 4, 1)).astype("float32")
    outputs = layers.TimeDistributed(model)(x)
    np.testing.assert_allclose(outputs[:, 1], model(x[:, 1]), rtol=1e-5, atol=1e-6)


def test_time_distributed_own_layer_sees_one_step_after_the_other():
    class BatchSum(layers.Layer):
        def call(self, inputs):
            return cornu.ops.sum(inputs, axis=0, keepdims=True) + 0 * inputs

    outputs = layers.TimeDistributed(BatchSum())(X)
    np.testing.assert_allclose(outputs[0], X.sum(0), rtol=1e-5, atol=1e-6)


def test_time_distributed_passes_inner_masks():
    embedded = layers.TimeDistributed(layers.LSTM(2))
    x = np.random.RandomState(1).normal(size=(2, 3, 4, 3)).astype("float32")
    mask = np.ones((2, 3, 4), bool)
    mask[..., 2:] = False
    masked = embedded(x, mask=cornu.convert_to_tensor(mask))
    np.testing.assert_allclose(masked, embedded(x[:, :, :2]), rtol=1e-5, atol=1e-6)
    assert embedded.compute_mask(x, cornu.convert_to_tensor(mask)).shape == (2, 3)


def test_wrapper_passes_on():
    inner = layers.Dense(2)
    wrapper = layers.Wrapper(inner, name="around")
    np.testing.assert_array_equal(wrapper(X), inner(X))
    assert [w.path for w in wrapper.weights] == [f"around/{inner.name}/kernel", f"around/{inner.name}/bias"]
    assert layers.Wrapper.from_config(wrapper.get_config()).layer.units == 2


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: layers.Bidirectional(3), TypeError, "Expected a recurrent layer for Bidirectional; received 3"),
        (lambda: layers.Bidirectional(layers.Dense(2)), TypeError, "received Dense, which has no `go_backwards`"),
        (lambda: layers.Bidirectional(layers.GRU(2), merge_mode="max"), ValueError, "merge_mode as one of .* received 'max'"),
        (lambda: layers.Bidirectional(layers.GRU(2), backward_layer=layers.GRU(2)), ValueError, "go opposite ways"),
        (lambda: layers.Bidirectional(layers.GRU(2), backward_layer=layers.GRU(2, go_backwards=True, return_state=True)),
         ValueError, "Expected the same return_state for both layers"),
        (lambda: layers.Bidirectional(layers.GRU(2))(X, initial_state=[np.zeros((2, 2))]), ValueError, "even number"),
        (lambda: layers.TimeDistributed("dense"), TypeError, "Expected a layer for TimeDistributed; received 'dense'"),
        (lambda: layers.TimeDistributed(layers.Dense(2))(X[0]), ValueError, "at least 3 axes for TimeDistributed"),
        (lambda: layers.Wrapper(None), TypeError, "Expected a layer for Wrapper; received None"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(make, error, words):
    with pytest.raises(error, match=words):
        make()
