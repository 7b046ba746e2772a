"""What `fit` promises: one compilation per shape, results that do not depend on how steps are grouped, caps, clean failures."""

import warnings

import jax
import numpy as np
import pytest

import cornu as keras
from cornu import layers


@pytest.fixture
def data(rng):
    x = rng.normal(size=(100, 6)).astype("float32")
    return x, (x.sum(1) > 0).astype("int32")


def small_model(**compile_options):
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            layers.Dense(8, activation="relu", input_shape=(6,)),
            layers.BatchNormalization(),
            layers.Dropout(0.3),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], **compile_options)
    return model


class Compilations:
    """Counts programs given to XLA."""

    def __init__(self):
        self.count = 0
        jax.monitoring.register_event_duration_secs_listener(self._note)

    def _note(self, name, seconds, **_):
        self.count += name == "/jax/core/compile/backend_compile_duration"

    def during(self, call):
        before = self.count
        call()
        return self.count - before


compilations = Compilations()


def test_nothing_is_compiled_twice(data):
    x, y = data
    model = small_model()
    arguments = {"batch_size": 25, "verbose": 0, "validation_data": (x[:50], y[:50])}
    assert compilations.during(lambda: model.fit(x, y, epochs=2, **arguments)) > 0
    assert compilations.during(lambda: model.fit(x, y, epochs=3, **arguments)) == 0
    model.evaluate(x, y, batch_size=25, verbose=0)
    assert compilations.during(lambda: model.evaluate(x, y, batch_size=25, verbose=0)) == 0
    model.predict(x[:7], verbose=0)
    assert compilations.during(lambda: model.predict(x[7:14], verbose=0)) == 0
    assert compilations.during(lambda: model.fit(x, y, epochs=1, **arguments)) == 0


def test_the_program_is_the_same_however_many_steps_are_fused(data):
    x, y = data
    model = small_model(steps_per_execution=1)
    model.fit(x, y, batch_size=10, verbose=0)
    model.steps_per_execution = 5
    assert compilations.during(lambda: model.fit(x, y, batch_size=10, verbose=0)) == 0
    model.steps_per_execution = 10
    assert compilations.during(lambda: model.fit(x, y, batch_size=10, verbose=0)) == 0


class EveryBatch(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.losses = []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(logs["loss"])


def weights_after(data, callbacks=None, **compile_options):
    x, y = data
    model = small_model(**compile_options)
    history = model.fit(x, y, batch_size=8, epochs=3, verbose=0, validation_split=0.2, callbacks=callbacks)
    return model.get_weights(), history.history


@pytest.mark.parametrize(
    "options", [{"steps_per_execution": 1}, {"steps_per_execution": 7}, {}], ids=["1", "7", "auto"]
)
@pytest.mark.parametrize("listening", [False, True])
def test_results_are_bit_equal(data, options, listening):
    expected, expected_history = weights_after(data, steps_per_execution=3)
    callbacks = [EveryBatch()] if listening else None
    weights, history = weights_after(data, callbacks, **options)
    assert history == expected_history
    for a, b in zip(weights, expected, strict=True):
        np.testing.assert_array_equal(a, b)
    if listening:
        assert len(callbacks[0].losses) == 30 or options


def test_two_runs_with_one_seed_are_equal_and_other_seeds_differ(data):
    first, second = weights_after(data)[0], weights_after(data)[0]
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    x, y = data
    other = small_model()
    keras.utils.set_random_seed(8)
    other.fit(x, y, batch_size=8, epochs=3, verbose=0, validation_split=0.2)
    assert any(np.any(a != b) for a, b in zip(first, other.get_weights(), strict=True))


def test_the_last_partial_batch_is_exact(rng):
    x = rng.normal(3.0, 2.0, size=(10, 2)).astype("float32")
    model = keras.Sequential([layers.BatchNormalization(momentum=0.0, input_shape=(2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, x[:, :1], batch_size=8, shuffle=False, verbose=0)
    np.testing.assert_allclose(model.layers[0].moving_mean.numpy(), x[8:].mean(0), rtol=1e-5)


def test_caps_from_the_environment(data, monkeypatch):
    x, y = data
    monkeypatch.setenv("KERAS_MAX_EPOCHS", "2")
    monkeypatch.setenv("KERAS_MAX_STEPS_PER_EPOCH", "3")
    batches = EveryBatch()
    history = small_model().fit(x, y, epochs=50, batch_size=10, verbose=0, callbacks=[batches])
    assert history.epoch == [0, 1]
    assert len(batches.losses) == 6


class Interrupt(keras.callbacks.Callback):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def on_train_batch_end(self, batch, logs=None):
        if batch == 4:
            raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("boom")], ids=["ctrl-c", "error"])
def test_an_interrupted_fit_leaves_the_last_finished_step(data, error):
    x, y = data
    model = small_model()
    with pytest.raises(type(error)):
        model.fit(x, y, batch_size=10, verbose=0, shuffle=False, callbacks=[Interrupt(error)])
    assert int(model.optimizer.iterations.numpy()) == 5
    assert np.isfinite(model.evaluate(x, y, verbose=0)).all()
    model.fit(x, y, batch_size=10, verbose=0)
    assert int(model.optimizer.iterations.numpy()) == 15


def test_a_counter_assigned_in_call_and_add_loss_are_carried(data):
    x, y = data

    class Counting(layers.Layer):
        def __init__(self):
            super().__init__()
            self.calls = keras.Variable(0, trainable=False, dtype="int32")

        def call(self, inputs):
            self.calls.assign_add(1)
            self.add_loss(keras.ops.mean(inputs) * 0.0 + 2.0)
            return inputs

    counting = Counting()
    elsewhere = keras.Variable(0.0, trainable=False)

    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.counting, self.out = counting, layers.Dense(2)

        def call(self, inputs):
            elsewhere_then = elsewhere.value
            elsewhere.assign_add(1.0)
            return self.out(self.counting(inputs)) + 0.0 * elsewhere_then

    model = Model()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    before = counting.calls.numpy()
    history = model.fit(x, y, batch_size=10, epochs=2, verbose=0)
    assert counting.calls.numpy() - before == 20
    assert elsewhere.numpy() == 20
    assert history.history["loss"][0] > 2.0


def test_a_train_step_written_with_a_tape_equals_the_built_in_one(data):
    x, y = data

    class Own(keras.Sequential):
        def train_step(self, batch):
            inputs, targets = batch
            with keras.GradientTape() as tape:
                outputs = self(inputs, training=True)
                loss = self.compute_loss(y=targets, y_pred=outputs)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(targets, outputs)
            return {metric.name: metric.result() for metric in self.metrics}

    def run(cls):
        keras.utils.set_random_seed(3)
        model = cls(
            [layers.Dense(5, activation="tanh", input_shape=(6,)), layers.BatchNormalization(), layers.Dense(2)]
        )
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
        history = model.fit(x, y, batch_size=20, epochs=3, verbose=0)
        return model.get_weights(), history.history

    (own, own_history), (built_in, history) = run(Own), run(keras.Sequential)
    for a, b in zip(own, built_in, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(own_history["accuracy"], history["accuracy"])


def test_eager_equals_compiled(data):
    x, y = data
    results = []
    for eager in (False, True):
        keras.utils.set_random_seed(3)
        model = keras.Sequential(
            [layers.Dense(4, activation="relu", input_shape=(6,)), layers.Dense(2, activation="softmax")]
        )
        model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=eager)
        history = model.fit(x, y, batch_size=30, epochs=2, verbose=0)
        results.append((model.get_weights(), history.history["loss"], model.predict(x, verbose=0)))
    for a, b in zip(jax.tree.leaves(results[0]), jax.tree.leaves(results[1]), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6)


def test_a_generator_that_ends_early_warns_and_keeps_what_was_trained(data):
    x, y = data
    model = small_model()

    def three():
        for start in (0, 10, 20):
            yield x[start : start + 10], y[start : start + 10]

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = model.fit(three(), steps_per_epoch=5, epochs=2, verbose=0)
    assert any("ran out" in str(w.message) for w in caught)
    assert len(history.history["loss"]) == 1
    assert int(model.optimizer.iterations.numpy()) == 3


def test_predict_is_thread_safe(data):
    import threading

    x, _ = data
    model = small_model()
    expected = {n: model.predict(x[:n], verbose=0) for n in (1, 3)}
    fresh = small_model()
    wrong = []

    def work(n):
        for _ in range(20):
            if not np.allclose(fresh.predict(x[:n], verbose=0), expected[n], atol=1e-6):
                wrong.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in (1, 3, 1, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_freezing_after_compile_is_respected(data):
    x, y = data
    model = small_model()
    model.fit(x, y, verbose=0)
    model.layers[0].trainable = False
    before = model.layers[0].get_weights()
    model.fit(x, y, verbose=0)
    for a, b in zip(before, model.layers[0].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
