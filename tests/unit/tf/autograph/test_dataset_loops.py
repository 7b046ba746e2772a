"""`for` over a dataset in a compiled function: the body is compiled once for each kind of element, without a warning."""

import warnings

import numpy as np
import pytest

import cornu.tf as tf
from cornu.tf import keras

XS = np.linspace(-1, 1, 20).astype("float32")


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def rows(size=6):
    return tf.data.Dataset.from_tensor_slices((XS, 3 * XS + 1)).batch(size)


def test_the_body_is_traced_once_for_each_kind_of_element():
    traced = []

    @tf.function
    def total(dataset, scale):
        sum_, count = 0.0, 0
        for x, y in dataset:
            traced.append(x.shape[0])
            last = tf.reduce_sum(x * y) * scale
            sum_ += last
            count += 1
        return sum_, count, last

    dataset = rows()
    for scale in (1.0, 2.0, 3.0):
        sum_, count, last = total(dataset, tf.constant(scale))
        np.testing.assert_allclose(sum_, scale * np.sum(XS * (3 * XS + 1)), rtol=1e-5)
        np.testing.assert_allclose(last, scale * np.sum(XS[18:] * (3 * XS[18:] + 1)), rtol=1e-5)
        assert count.numpy() == 4
    assert traced == [6, 2]


def test_break_continue_and_return():
    @tf.function
    def first_above(dataset, limit):
        seen = 0
        for x in dataset:
            if x < 0:
                continue
            if x > 10 * limit:
                break
            seen += 1
            if x > limit:
                return x, seen
        return tf.constant(-1.0), seen

    dataset = tf.data.Dataset.from_tensor_slices(XS)
    found, seen = first_above(dataset, tf.constant(0.5))
    assert found.numpy() == XS[XS > 0.5][0]
    assert seen.numpy() == np.sum((XS >= 0) & (XS <= 0.5)) + 1
    found, seen = first_above(dataset, tf.constant(0.02))
    assert (found.numpy(), seen.numpy()) == (XS[XS > 0.02][0], 1)


def test_training_with_an_optimizer_equals_the_eager_loop():
    def train(model, optimizer, total, dataset):
        step = 0
        for _ in range(2):
            for step, (x, y) in enumerate(dataset):  # noqa: B007
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean((model(x[:, None], training=True)[:, 0] - y) ** 2)
                by = tape.gradient(loss, model.trainable_variables)
                optimizer.apply_gradients(zip(by, model.trainable_variables))
                total.update_state(loss)
        return total.result(), step

    def trained(wrap):
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
        model.build((None, 1))
        mean, step = wrap(train)(model, keras.optimizers.Adam(0.01), keras.metrics.Mean(), rows())
        return [*model.get_weights(), mean, step]

    for eager, compiled in zip(trained(lambda f: f), trained(tf.function), strict=True):
        np.testing.assert_allclose(compiled, eager, rtol=2e-5, atol=1e-6)


def test_enumerate_and_zip_are_those_of_datasets():
    @tf.function
    def total(a, b):
        sum_ = tf.constant(0, tf.int64)
        for number, (x, y) in enumerate(zip(a, b), 1):
            sum_ += number * x * y
        return sum_, number

    dataset = tf.data.Dataset.range(4)
    assert [x.numpy() for x in total(dataset, dataset)] == [1 * 2 + 4 * 3 + 9 * 4, 4]


def test_lists_grow_and_text_passes():
    @tf.function
    def collected(dataset):
        found = []
        for x in dataset:
            found.append(x * 2)
        return found

    assert [x.numpy() for x in collected(tf.data.Dataset.range(3))] == [0, 2, 4]

    @tf.function
    def joined(dataset):
        text = tf.constant("")
        for word in dataset:
            text = text + word
        return text

    assert joined(tf.data.Dataset.from_tensor_slices(["a", "b"])).numpy() == b"ab"


def test_elements_of_an_iterator_are_taken_at_every_call():
    @tf.function
    def two(iterator):
        return next(iterator) + iterator.get_next()

    iterator = iter(tf.data.Dataset.range(10))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert [two(iterator).numpy() for _ in range(3)] == [1, 5, 9]
    assert len(caught) == 1
    assert "takes elements from an iterator" in str(caught[0].message)


def test_a_gradient_through_the_loop():
    w = tf.Variable(2.0)

    @tf.function
    def total(dataset):
        sum_ = 0.0
        for x in dataset:
            sum_ += w * w * x
        return sum_

    with tf.GradientTape() as tape:
        y = total(tf.data.Dataset.from_tensor_slices([1.0, 2.0, 3.0]))
    assert tape.gradient(y, w).numpy() == 24.0


def test_a_function_that_calls_one_with_a_loop():
    calls = []

    @tf.function
    def inner(dataset, v):
        for x in dataset:
            calls.append(1)
            v.assign_add(x)

    @tf.function
    def outer(dataset, v):
        for _ in range(2):
            inner(dataset, v)
        return v + 1

    v = tf.Variable(0, dtype="int64")
    assert outer(tf.data.Dataset.range(4), v).numpy() == 13
    assert len(calls) == 1
