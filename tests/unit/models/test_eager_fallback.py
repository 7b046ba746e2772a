"""Models whose code asks for the values of tensors, and models frozen after they were compiled."""

import warnings

import numpy as np
import pytest

from cornu import GradientTape, Input, Model, Sequential, config, layers, ops


class Doubtful(Model):
    """Python `if` on a value, as AutoGraph would rewrite it."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1, kernel_initializer="ones")

    def call(self, x):
        y = self.dense(x)
        if ops.sum(y) > 0:
            return y * 2
        return y


@pytest.fixture
def model():
    model = Doubtful()
    model.compile("sgd", "mse", metrics=["mae"])
    return model


X = np.ones((8, 2), "float32")


@pytest.mark.parametrize("built", [False, True])
def test_fit_runs_eagerly_with_one_warning(model, built):
    if built:
        model(X)
    with pytest.warns(UserWarning, match="The model 'doubtful.*' cannot be compiled and runs eagerly, .*Python bool"):
        history = model.fit(X, X[:, :1], batch_size=4, verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(model.evaluate(X, X[:, :1], verbose=0)[0])
        assert model.predict(X, verbose=0).shape == model.predict(X, batch_size=3, verbose=0).shape == (8, 1)
    assert 4.5 < history.history["loss"][0] < 9.0  # the first batch's is (2 * 2 - 1)**2
    assert int(model.optimizer.iterations) == 2


def test_a_generator_loses_no_batch(model):
    seen = []

    def batches():
        for i in range(4):
            seen.append(i)
            yield X * (i + 1), X[:, :1]

    model(X)
    with pytest.warns(UserWarning, match="runs eagerly"):
        model.fit(batches(), steps_per_epoch=3, verbose=0)
    assert int(model.optimizer.iterations) == 3 and seen[:3] == [0, 1, 2]


def test_single_batches(model):
    with pytest.warns(UserWarning, match="runs eagerly"):
        logs = model.train_on_batch(X, X[:, :1], return_dict=True)
    assert logs["loss"] == pytest.approx(9.0) and model.predict_on_batch(X).shape == (8, 1)


def test_a_step_of_the_users_own():
    class Own(Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                loss = ops.mean(ops.square(self(x, training=True) - y))
            if float(loss) > 1e9:
                return {"loss": loss}
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"loss": loss}

    model = Own()
    model.compile("sgd")
    with pytest.warns(UserWarning, match="converted to a Python float"):
        history = model.fit(X, X[:, :1], epochs=3, verbose=0)
    losses = history.history["loss"]
    assert losses[0] > losses[1] > losses[2]


@pytest.mark.parametrize("style", ["tf2", "keras3"])
def test_a_discriminator_frozen_after_compile(style):
    config.set_style(style)
    try:
        critic = Sequential([Input((2,)), layers.Dense(1)])
        critic.compile("sgd", "mse")
        critic.trainable = False
        maker = Sequential([Input((3,)), layers.Dense(2)])
        z = Input((3,))
        gan = Model(z, critic(maker(z)))
        gan.compile("sgd", "mse")
        weights, made = critic.get_weights(), maker.get_weights()
        if style == "tf2":
            critic.train_on_batch(X, X[:, :1] * 9)
        else:
            with pytest.warns(UserWarning, match="no trainable weights"):
                critic.train_on_batch(X, X[:, :1] * 9)
        assert any((a != b).any() for a, b in zip(weights, critic.get_weights(), strict=True)) == (style == "tf2")
        assert not critic.trainable and not critic.trainable_variables
        weights = critic.get_weights()
        gan.train_on_batch(np.ones((4, 3)), np.ones((4, 1)) * 9)
        assert all((a == b).all() for a, b in zip(weights, critic.get_weights(), strict=True))
        assert any((a != b).any() for a, b in zip(made, maker.get_weights(), strict=True))
    finally:
        config.set_style("keras3")
