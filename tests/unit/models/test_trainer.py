"""Corners of compile, fit and evaluate."""

import numpy as np
import pytest

import cornu as keras
from cornu import layers

X, Y = np.ones((12, 3), "float32"), np.ones((12, 1), "float32")


def model(**options):
    made = keras.Sequential([layers.Dense(1, input_shape=(3,))])
    made.compile("sgd", "mse", **options)
    return made


def test_a_layer_taken_out_of_a_list_is_forgotten():
    class Blocks(layers.Layer):
        def __init__(self):
            super().__init__()
            self.blocks = [layers.Dense(2), layers.Dense(2), layers.Dense(2)]
            self.kept = self.blocks[2]
            self.named = {"a": layers.Dense(1)}

    owner = Blocks()
    self_and = owner._flatten_layers
    assert len(self_and()) == 5
    owner.blocks.pop(0)
    owner.blocks[0] = layers.Dense(4)
    owner.blocks.pop()  # still held by `kept`
    assert [layer.units for layer in self_and()[1:]] == [2, 1, 4]
    del owner.named["a"]
    del owner.blocks
    assert self_and()[1:] == [owner.kept]


def test_sizes_that_stand_for_unknown_ones_elsewhere_may_be_real():
    class Wide(keras.Model):
        def __init__(self):
            super().__init__()
            self.wide, self.out = layers.Dense(5040), layers.Dense(2)

        def call(self, x):
            return self.out(self.wide(x))

    wide = Wide()
    wide.build((None, 3))
    assert wide.wide.kernel.shape == (3, 5040)
    assert wide.out.kernel.shape == (5040, 2)


def test_metrics_and_loss_weights_by_position_in_either_order():
    both = keras.Sequential([layers.Dense(1, input_shape=(3,))])
    both.compile("sgd", "mse", [2.0], ["mae"])  # Keras 3: loss_weights, metrics
    assert sorted(both.evaluate(X, Y, verbose=0, return_dict=True)) == ["loss", "mae"]
    both.compile("sgd", "mse", ["mae"])
    assert sorted(both.evaluate(X, Y, verbose=0, return_dict=True)) == ["loss", "mae"]


def test_no_epochs_is_an_empty_history():
    trained = model()
    before = trained.get_weights()[0]
    assert trained.fit(X, Y, epochs=0, verbose=0).history == {}
    np.testing.assert_array_equal(trained.get_weights()[0], before)


def test_metrics_without_a_loss_can_be_evaluated_but_not_trained():
    plain = keras.Sequential([layers.Dense(1, input_shape=(3,))])
    plain.compile(metrics=["mae"])
    assert plain.evaluate(X, Y, verbose=0, return_dict=True)["loss"] == 0.0
    with pytest.raises(ValueError, match="no loss to minimise"):
        plain.fit(X, Y, verbose=0)


@pytest.mark.parametrize("as_stream", [False, True])
def test_steps_per_execution_groups_the_calls_of_batch_hooks(as_stream):
    heard = []
    listener = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: heard.append(batch))
    trained = model(steps_per_execution=2)
    if as_stream:
        trained.fit(((X[:4], Y[:4]) for _ in range(5)), verbose=0, callbacks=[listener])
    else:
        trained.fit(X, Y, batch_size=4, verbose=0, callbacks=[listener])
    assert heard == ([1, 3, 4] if as_stream else [1, 2])


def test_nothing_to_train_is_said():
    frozen = model()
    frozen.trainable = False
    with pytest.warns(UserWarning, match="no trainable weights"):
        frozen.fit(X, Y, verbose=0)


def test_freezing_a_normalization_without_weights_counts():
    trained = keras.Sequential(
        [layers.BatchNormalization(center=False, scale=False, input_shape=(3,)), layers.Dense(1)]
    )
    trained.compile("sgd", "mse")
    trained.fit(X, Y, verbose=0)
    trained.layers[0].trainable = False
    before = trained.layers[0].moving_mean.numpy()
    trained.fit(X + 5, Y, verbose=0)
    np.testing.assert_array_equal(trained.layers[0].moving_mean.numpy(), before)


def test_an_error_of_the_users_own_code_says_in_which_layer():
    class Broken(layers.Layer):
        def call(self, x):
            raise ValueError("no luck today")

    with pytest.raises(ValueError, match="no luck today") as caught:
        Broken(name="broken")(X)
    assert "In the layer 'broken'" in caught.value.__notes__[0]


def test_fit_leaves_pythons_random_alone():
    import random

    trained = model()
    random.seed(5)
    expected = random.random()
    random.seed(5)
    trained.fit(X, Y, verbose=0)
    assert random.random() == expected
