"""Models that read text: what runs on the host, what is compiled, and that both mean what the layers mean."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu.data import Dataset
from cornu.models.host_part import host_part

TEXTS = np.array(["the cat sat", "a dog is good", "cat dog", "the the mat", "good cat"] * 6)
LABELS = np.array([0, 1, 1, 0, 1] * 6, "float32")


def classifier():
    vectorization = layers.TextVectorization(output_mode="multi_hot")
    vectorization.adapt(TEXTS)
    model = cornu.Sequential([cornu.Input((1,), dtype="string"), vectorization, layers.Dense(1, activation="sigmoid")])
    model.compile(cornu.optimizers.SGD(1.0), "binary_crossentropy", metrics=["accuracy"])
    return model


def test_text_in_fit_evaluate_and_predict():
    model = classifier()
    history = model.fit(TEXTS, LABELS, epochs=20, batch_size=10, verbose=0)
    assert history.history["accuracy"][-1] == 1.0
    assert not model.run_eagerly
    predictions = model.predict(TEXTS, batch_size=10, verbose=0)
    np.testing.assert_allclose(predictions, model(TEXTS).numpy(), rtol=1e-6)
    np.testing.assert_array_equal(predictions[:, 0] > 0.5, LABELS > 0.5)
    assert model.evaluate(TEXTS, LABELS, batch_size=10, verbose=0)[1] == 1.0
    assert model.test_on_batch(TEXTS[:10], LABELS[:10])[1] == 1.0
    before = model.get_weights()
    model.train_on_batch(TEXTS[:10], LABELS[:10])
    assert any(not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    np.testing.assert_allclose(model.predict_on_batch(TEXTS[:10]), model(TEXTS[:10]).numpy(), rtol=1e-6)


def test_datasets_of_text():
    model = classifier()
    batches = Dataset.from_tensor_slices((TEXTS, LABELS)).batch(10)
    history = model.fit(batches, epochs=20, verbose=0, validation_data=batches)
    assert history.history["val_accuracy"][-1] == 1.0
    found = model.predict(Dataset.from_tensor_slices(TEXTS).batch(10), verbose=0)
    np.testing.assert_allclose(found, model(TEXTS).numpy(), rtol=1e-6)


def test_training_on_text_is_training_on_its_indices():
    lookup, stack = layers.TextVectorization(output_sequence_length=3), [layers.Embedding(12, 2), layers.Flatten()]
    lookup.adapt(TEXTS)
    model = cornu.Sequential([cornu.Input((1,), dtype="string"), lookup, *stack])
    numbers = cornu.Sequential([cornu.Input((3,), dtype="int64"), layers.Embedding(12, 2), layers.Flatten()])
    numbers.set_weights(model.get_weights())
    for each, data in ((model, TEXTS), (numbers, lookup(TEXTS).numpy())):
        each.compile("sgd", "mse")
        each.fit(data, np.ones((30, 6)), epochs=2, batch_size=10, shuffle=False, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], numbers.get_weights()[0], rtol=1e-5, atol=1e-6)


def test_every_batch_is_as_long_as_its_longest_text():
    lookup = layers.TextVectorization(vocabulary=["the", "cat"])
    model = cornu.Sequential(
        [cornu.Input((1,), dtype="string"), lookup, layers.Embedding(4, 2), layers.GlobalMaxPooling1D()]
    )
    found = model.predict(TEXTS[:4], batch_size=2, verbose=0)
    expected = np.concatenate([model(TEXTS[:2]).numpy(), model(TEXTS[2:4]).numpy()])
    np.testing.assert_array_equal(found, expected)
    assert lookup(TEXTS[:2]).shape[1] != lookup(TEXTS[2:4]).shape[1]


def test_an_unbuilt_sequential_model_builds_on_text():
    model = cornu.Sequential(
        [layers.TextVectorization(vocabulary=["the", "cat"], output_mode="count"), layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    model.fit(TEXTS, LABELS, verbose=0)
    assert model.layers[1].kernel.shape == (3, 1)
    assert model.predict(TEXTS[:3], verbose=0).shape == (3, 1)


def mixed_model():
    word, number = cornu.Input((1,), dtype="string", name="word"), cornu.Input((1,), dtype="int64", name="number")
    size = cornu.Input((2,), name="size")
    parts = [
        layers.StringLookup(vocabulary=["x", "y"], output_mode="one_hot")(word),
        layers.IntegerLookup(vocabulary=[5, 6], output_mode="one_hot")(number),
        layers.HashedCrossing(4, output_mode="one_hot")([word, number]),
        size,
    ]
    return cornu.Model([word, number, size], layers.Dense(1)(layers.Concatenate()(parts)))


def test_text_and_numbers_together():
    model = mixed_model()
    data = {"word": np.array(["x", "y", "z"]), "number": np.array([5, 6, 7]), "size": np.ones((3, 2), "float32")}
    model.compile("sgd", "mse")
    model.fit(data, np.ones((3, 1)), verbose=0)
    np.testing.assert_allclose(model.predict(data, verbose=0), model(data).numpy(), rtol=1e-6)
    part = host_part(model._graph)
    assert {layer.name for layer in part.before.layers} >= {"word", "number"}
    assert not any(isinstance(layer, layers.Dense) for layer in part.before.layers)
    assert [tensor.dtype.name for tensor in part.after.flat_inputs].count("string") == 0


def test_a_vocabulary_set_later_counts():
    model = cornu.Sequential([cornu.Input((1,), dtype="int64"), layers.IntegerLookup(vocabulary=[5, 6])])
    data = np.array([[5], [6], [7]])
    assert model.predict(data, verbose=0).ravel().tolist() == [1, 2, 0]
    model.layers[0].set_vocabulary([7, 5])
    assert model.predict(data, verbose=0).ravel().tolist() == [2, 0, 1]


def test_nested_models():
    words = np.array(["x", "y", "z"])
    lookup = cornu.Sequential([cornu.Input((1,), dtype="string"), layers.StringLookup(vocabulary=["x", "y"])])
    outer = cornu.Sequential([cornu.Input((1,), dtype="string"), lookup, layers.Embedding(3, 2), layers.Flatten()])
    assert tuple(outer.output.shape) == (None, 2)
    np.testing.assert_array_equal(outer.predict(words, verbose=0), outer(words).numpy())


def test_weights_behind_text_in_a_nested_model_are_trained():
    inner = cornu.Sequential(
        [cornu.Input((1,), dtype="string"), layers.StringLookup(vocabulary=["x", "y"]), layers.Embedding(3, 2)]
    )
    outer = cornu.Sequential([cornu.Input((1,), dtype="string"), inner, layers.Flatten(), layers.Dense(1)])
    outer.compile("sgd", "mse")
    before = inner.get_weights()[0]
    with pytest.warns(UserWarning, match="runs eagerly"):
        outer.fit(np.array(["x", "y", "z"]), np.ones((3, 1)), verbose=0)
    assert np.abs(before - inner.get_weights()[0]).min() > 0


class Words(cornu.Model):
    def __init__(self):
        super().__init__()
        self.lookup, self.vectors = layers.StringLookup(vocabulary=["x", "y"]), layers.Embedding(3, 2)
        self.out = layers.Dense(1)

    def call(self, inputs):
        return self.out(self.vectors(self.lookup(inputs)))


def test_a_subclass_runs_eagerly():
    model, data = Words(), np.array(["x", "y", "z"])
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="looks text up inside of its `call`"):
        model.fit(data, np.ones((3, 1)), verbose=0)
    before = model.get_weights()
    model.fit(data, np.ones((3, 1)), verbose=0)
    assert all(not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    np.testing.assert_allclose(model.predict(data, verbose=0), model(data).numpy(), rtol=1e-6)


def test_text_as_output():
    word = cornu.Input((1,), dtype="string")
    indices = layers.StringLookup(vocabulary=["x", "y"])(word)
    model = cornu.Model(word, layers.StringLookup(vocabulary=["x", "y"], invert=True)(indices))
    with pytest.warns(UserWarning, match="runs eagerly"):
        found = model.predict(np.array(["x", "q"]), verbose=0)
    assert found.tolist() == [[b"x"], [b"[UNK]"]]


def test_other_models_still_refuse_text():
    model = cornu.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(TypeError, match="received text: 'a' at row 0"):
        model.fit(np.array(["a", "b"]), np.ones(2))
