"""What programs for Keras 1 and 2 call: generators, counts of samples, classes, `input=` and `output=`."""

import numpy as np
import pytest

import cornu as keras
from cornu import layers


@pytest.fixture
def model():
    made = keras.Sequential([keras.Input((2,)), layers.Dense(3, activation="softmax")])
    made.compile("sgd", "sparse_categorical_crossentropy")
    return made


def batches(rows, seen):
    while True:
        seen.append(rows)
        yield np.ones((rows, 2), "float32"), np.zeros(rows)


def test_counts_of_samples_are_counts_of_batches(model):
    history = model.fit_generator(
        batches(8, seen := []), samples_per_epoch=20, nb_epoch=2, validation_data=batches(4, []), nb_val_samples=8,
        verbose=0, max_q_size=3, nb_worker=1, pickle_safe=False,
    )  # fmt: skip
    assert len(history.history["loss"]) == len(history.history["val_loss"]) == 2
    assert len(seen) >= 6
    assert model.optimizer.iterations == 6  # 20 samples are three batches of 8


def test_generators_give_what_arrays_give(model):
    x, y = np.ones((12, 2), "float32"), np.zeros(12)
    np.testing.assert_allclose(
        model.evaluate_generator(batches(4, []), steps=3), model.evaluate(x, y, verbose=0), rtol=1e-5
    )
    np.testing.assert_allclose(
        model.evaluate_generator(batches(4, []), val_samples=12), model.evaluate(x, y, verbose=0), 1e-5
    )
    np.testing.assert_allclose(model.predict_generator(batches(4, []), steps=3), model.predict(x, verbose=0), rtol=1e-5)


def test_an_argument_of_another_method_is_refused(model):
    with pytest.raises(TypeError, match="fit_generator got the unknown argument 'val_samples'"):
        model.fit_generator(batches(4, []), val_samples=8)


def test_classes(model):
    x = np.random.default_rng(0).normal(size=(5, 2)).astype("float32")
    np.testing.assert_array_equal(model.predict_classes(x), model.predict(x, verbose=0).argmax(-1))
    one = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
    np.testing.assert_array_equal(one.predict_classes(x), one.predict_proba(x) > 0.5)
    assert one.predict_classes(x).shape == (5, 1)


def test_ends_of_a_graph_by_their_old_names():
    entry = keras.Input((2,))
    made = keras.Model(input=entry, output=layers.Dense(3)(entry))
    assert made.output_shape == (None, 3)


def test_predictions_may_be_written_to(model):
    x = np.ones((4, 2), "float32")
    for predicted in (model.predict(x, verbose=0), model.predict_on_batch(x), np.array(model(x))):
        predicted[0] = 7.0
        assert (predicted[0] == 7.0).all()


def test_custom_losses_outlive_the_scope_of_their_names(model):
    def twice(y_true, y_pred):
        return 2 * keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)

    made = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_initializer="ones")])
    with keras.saving.custom_object_scope({"twice": twice}):
        made.compile("sgd", loss="twice", metrics=["twice"])
    loss, metric = made.evaluate(np.ones((4, 2)), np.ones(4), verbose=0)
    assert loss == metric == 2.0


def test_functions_get_targets_and_predictions_of_one_rank():
    shapes = []

    def loss(y_true, y_pred):
        shapes.append((len(y_true.shape), len(y_pred.shape)))
        return keras.ops.square(y_true - y_pred)

    made = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_initializer="ones")])
    made.compile("sgd", loss, metrics=[loss])
    x = np.arange(8.0).reshape(4, 2)
    for y in (np.zeros(4), np.zeros((4, 1)), np.zeros((4, 1, 1))):
        np.testing.assert_allclose(made.evaluate(x, y, verbose=0), [(x.sum(1) ** 2).mean()] * 2, rtol=1e-6)
    assert set(shapes) == {(2, 2)}
