"""Models as wholes: subclasses, precision, copies, memory."""

import copy
import gc
import pickle
import weakref

import jax
import numpy as np
import pytest

import cornu
from cornu import Model, Sequential, layers, ops

X = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)
Y = X.sum(axis=1, keepdims=True)


class Net(Model):
    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.stack = [layers.Dense(units, activation="relu"), layers.Dense(2)]
        self.named = {"last": layers.Dense(1)}

    def call(self, x, training=None):
        for layer in self.stack:
            x = layer(x)
        return self.named["last"](x)


def _stack():
    model = Sequential([layers.Input((3,)), layers.Dense(4, activation="relu"), layers.Dropout(0.1), layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model


def test_subclass():
    model = Net()
    assert not model.built and model(X).shape == (8, 1) and model.built
    assert [v.path for v in model.weights][::2] == ["net/dense/kernel", "net/dense_1/kernel", "net/dense_2/kernel"]
    assert [layer.name for layer in model.layers] == ["dense", "dense_1", "dense_2"]
    assert Net.from_config(model.get_config()).units == 3
    with pytest.raises(RuntimeError, match="has no symbolic inputs and outputs: it is not functional"):
        model.output


def test_subclass_built_by_shape():
    model = Net()
    model.build((None, 3))
    assert model.count_params() == 3 * 3 + 3 + 3 * 2 + 2 + 2 + 1


def test_subclass_without_call():
    class Empty(Model):
        pass

    with pytest.raises((TypeError, ValueError), match=r"The model Empty has no `call\(self, inputs\)` method"):
        Empty()(X)


def test_positional_arguments_are_refused():
    class Empty(Model):
        pass

    with pytest.raises(ValueError, match="Empty.__init__ got 1 arguments without names"):
        Empty(3)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_training(policy):
    cornu.config.set_dtype_policy(policy)
    try:
        model = Sequential([layers.Input((3,)), layers.Dense(16, activation="relu"), layers.Dense(1, dtype="float32")])
        model.compile(cornu.optimizers.Adam(0.05), "mse")
        before = model.evaluate(X, Y, verbose=0)
        model.fit(X, Y, epochs=30, verbose=0)
    finally:
        cornu.config.set_dtype_policy(None)
    assert [v.dtype.name for v in model.weights] == ["float32"] * 4
    assert model.layers[0].compute_dtype == policy.removeprefix("mixed_")
    assert model.layers[0](X).dtype == policy.removeprefix("mixed_") and model.predict(X, verbose=0).dtype == np.float32
    assert isinstance(model.optimizer, cornu.optimizers.LossScaleOptimizer) is (policy == "mixed_float16")
    assert model.evaluate(X, Y, verbose=0) < 0.2 * before


def test_stateless_call_of_a_model():
    model = Sequential([layers.Input((3,)), layers.BatchNormalization(), layers.Dense(1)])
    trainable = [v.value for v in model.trainable_variables]
    others = [v.value for v in model.non_trainable_variables]
    zeroed = [ops.zeros_like(v) for v in trainable]
    y, after = model.stateless_call(zeroed, others, X, training=True)
    np.testing.assert_array_equal(y, np.zeros((8, 1)))
    np.testing.assert_allclose(after[0], 0.01 * X.mean(axis=0), rtol=1e-4, atol=1e-7)
    assert model.non_trainable_variables[0].numpy().tolist() == [0.0] * 3
    same, _ = model.stateless_call(trainable, others, X)
    np.testing.assert_allclose(same, model(X), rtol=1e-6)


def test_stateless_call_can_be_differentiated_by_jax():
    model = Sequential([layers.Input((3,)), layers.Dense(1, use_bias=False)])

    def loss(values):
        y, _ = model.stateless_call([cornu.Tensor(v) for v in values], [], X)
        return ops.mean(y)._value

    (gradient,) = jax.grad(loss)([v.value._value for v in model.trainable_variables])
    np.testing.assert_allclose(gradient[:, 0], X.mean(axis=0), rtol=1e-5)


def test_gan_of_a_compiled_train_step():
    class Gan(Model):
        def __init__(self):
            super().__init__()
            self.generator = Sequential([layers.Input((2,)), layers.Dense(3)])
            self.critic = Sequential([layers.Input((3,)), layers.Dense(1)])
            self.tracker = cornu.metrics.Mean(name="g_loss")

        def compile(self, g, d):
            super().compile()
            self.g_optimizer, self.d_optimizer = g, d

        def train_step(self, real):
            noise = cornu.random.normal((ops.shape(real)[0], 2))
            with cornu.GradientTape() as g_tape, cornu.GradientTape() as d_tape:
                fake = self.generator(noise, training=True)
                g_loss = -ops.mean(self.critic(fake, training=True))
                d_loss = ops.mean(self.critic(fake, training=True)) - ops.mean(self.critic(real, training=True))
            g, d = self.generator.trainable_variables, self.critic.trainable_variables
            self.g_optimizer.apply_gradients(zip(g_tape.gradient(g_loss, g), g, strict=True))
            self.d_optimizer.apply_gradients(zip(d_tape.gradient(d_loss, d), d, strict=True))
            self.tracker.update_state(g_loss)
            return {"g_loss": self.tracker.result(), "d_loss": d_loss}

    model = Gan()
    model.compile(cornu.optimizers.SGD(0.1), cornu.optimizers.SGD(0.1))
    before = [v.numpy().copy() for v in model.weights]
    history = model.fit(X, batch_size=4, epochs=2, verbose=0).history
    assert len(history["g_loss"]) == 2 and np.isfinite(history["d_loss"]).all()
    moved = [not np.array_equal(a, v.numpy()) for a, v in zip(before, model.weights, strict=True)]
    assert moved == [True, True, True, False]  # the critic's bias has no gradient: it cancels
    assert int(model.g_optimizer.iterations) == 4


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
@pytest.mark.parametrize("kind", ["sequential", "functional", "subclass"])
def test_copies_are_independent_and_train_on(kind, twin_of):
    if kind == "functional":
        x = cornu.Input((3,))
        model = Model(x, layers.Dense(1)(ops.relu(layers.Dense(4)(x)) * 2.0))
        model.compile("adam", "mse", metrics=["mae"])
    elif kind == "sequential":
        model = _stack()
    else:
        model = Net()
        model.compile("adam", "mse", metrics=["mae"])
    model.fit(X, Y, verbose=0)
    before, weights = model.predict(X, verbose=0), model.get_weights()
    twin = twin_of(model)
    np.testing.assert_array_equal(twin.predict(X, verbose=0), before)
    assert [v.path for v in twin.weights] == [v.path for v in model.weights]
    assert int(twin.optimizer.iterations) == 1
    twin.fit(X, Y, verbose=0)
    assert int(twin.optimizer.iterations) == 2 and int(model.optimizer.iterations) == 1
    assert not np.array_equal(twin.get_weights()[0], weights[0])
    np.testing.assert_array_equal(model.get_weights()[0], weights[0])
    if kind != "subclass":
        assert twin.layers[-1] is not model.layers[-1]
        features = Model(twin.input, twin.layers[0].output)
        assert features.layers[-1] is twin.layers[0]


def test_copy_goes_on_growing():
    twin = pickle.loads(pickle.dumps(_stack()))
    twin.add(layers.Dense(5))
    assert twin.output_shape == (None, 5)
    twin.pop()
    assert twin.output_shape == (None, 1)
    subclass = copy.deepcopy(Net())
    subclass.stack.append(layers.Dense(2))
    assert subclass(X).shape == (8, 1) and len(subclass.weights) == 8


@pytest.mark.parametrize("use", ["fit", "tape", "predict"])
def test_model_is_freed(use):
    model = _stack()
    if use == "fit":
        model.fit(X, Y, validation_data=(X, Y), verbose=0)
    elif use == "predict":
        model.predict(X, verbose=0)
    else:
        with cornu.GradientTape() as tape:
            loss = ops.mean(model(X))
        tape.gradient(loss, model.trainable_variables)
        del tape, loss
    watch = [
        weakref.ref(model),
        weakref.ref(model.layers[0]),
        weakref.ref(model.weights[0]),
        weakref.ref(model.optimizer),
    ]
    del model
    gc.collect()
    assert [ref() for ref in watch] == [None] * 4


def test_many_fits_leave_no_arrays():
    def one():
        model = Sequential([layers.Input((3,)), layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(X, Y, verbose=0)

    one()
    gc.collect()
    before = len(jax.live_arrays())
    for _ in range(8):
        one()
    gc.collect()
    assert len(jax.live_arrays()) <= before


def test_fitting_on_and_on_leaves_memory_flat():
    model = _stack()
    model.fit(X, Y, verbose=0)
    gc.collect()
    arrays, objects = len(jax.live_arrays()), len(gc.get_objects())
    for _ in range(200):
        model.fit(X, Y, verbose=0)
    gc.collect()
    assert len(jax.live_arrays()) <= arrays and len(gc.get_objects()) <= objects + 100


def test_a_thousand_predictions_leave_memory_flat():
    model = _stack()
    model.predict(X, verbose=0)
    gc.collect()
    arrays, objects = len(jax.live_arrays()), len(gc.get_objects())
    for _ in range(1000):
        model.predict(X, verbose=0)
    gc.collect()
    assert len(jax.live_arrays()) <= arrays and len(gc.get_objects()) <= objects + 100


@pytest.mark.parametrize(
    "stop",
    [
        lambda model: setattr(model, "optimizer", cornu.optimizers.SGD(0.0)),
        lambda model: setattr(model.optimizer, "clipvalue", 1e-30),
        lambda model: setattr(
            model.optimizer, "learning_rate", cornu.optimizers.schedules.ExponentialDecay(0.0, 10, 0.9)
        ),
    ],
    ids=["another_optimizer", "clipvalue", "schedule"],
)
def test_training_follows_changes_of_the_optimizer(stop):
    x, y = np.ones((8, 2), np.float32), np.ones((8, 1), np.float32)
    model = cornu.Sequential([layers.Dense(1, input_dim=2)])
    model.compile(cornu.optimizers.SGD(0.1), "mse")
    model.fit(x, y, verbose=0)
    stop(model)
    before = model.get_weights()
    model.fit(x, y, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_batches_of_another_shape_may_touch_other_variables():
    smaller = cornu.Variable(0.0, trainable=False)

    class Counting(cornu.Model):
        def call(self, x):
            if x.shape[0] < 4:
                smaller.assign_add(1.0)
            return x

    model = Counting()
    model.predict(np.ones((6, 1)), batch_size=4, verbose=0)
    assert float(smaller) == 1.0


def test_labels_for_evaluation_are_checked():
    model = cornu.Sequential([layers.Dense(3, activation="softmax", input_dim=2)])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="Expected labels from 0 to 2"):
        model.evaluate(np.ones((4, 2)), np.array([0, 1, 2, 3]), verbose=0)
