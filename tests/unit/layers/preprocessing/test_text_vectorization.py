"""TextVectorization: functions of the user, shapes, files."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core.tensor import Tensor
from cornu.data import Dataset

TEXTS = ["The cat, sat!", "a dog", ""]


@cornu.saving.register_keras_serializable(package="test")
def without_vowels(texts):
    return Tensor(np.array([text.translate(None, b"aeiou") for text in texts.numpy().reshape(-1)], object))


def by_commas(texts):
    return [text.split(b",") for text in texts.numpy().tolist()]


def test_functions_of_the_user():
    layer = layers.TextVectorization(vocabulary=["Th ct", " st!"], standardize=without_vowels, split=by_commas)
    assert layer(TEXTS).numpy().tolist() == [[2, 3], [1, 0], [0, 0]]


def test_registered_functions_come_back(tmp_path):
    layer = layers.TextVectorization(standardize=without_vowels, output_sequence_length=2)
    layer.adapt(TEXTS)
    model = cornu.Sequential([cornu.Input((1,), dtype="string"), layer])
    model.save(tmp_path / "model.keras")
    loaded = cornu.models.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].standardize is without_vowels
    np.testing.assert_array_equal(loaded.predict(np.array(TEXTS), verbose=0), model.predict(np.array(TEXTS), verbose=0))


@pytest.mark.parametrize(
    "data",
    [
        TEXTS,
        np.array(TEXTS)[:, None],
        Dataset.from_tensor_slices(np.array(TEXTS)),
        Dataset.from_tensor_slices(np.array(TEXTS)).batch(2),
    ],
    ids=["list", "column", "scalars", "batches"],
)
def test_adapts_to_anything(data):
    layer = layers.TextVectorization()
    layer.adapt(data)
    assert layer.get_vocabulary() == ["", "[UNK]", "the", "sat", "dog", "cat", "a"]
    assert layer.vocabulary_size() == 7


def test_lengths():
    layer = layers.TextVectorization(vocabulary=["cat"], output_sequence_length=2)
    assert layer(TEXTS).numpy().tolist() == [[1, 2], [1, 1], [0, 0]]
    assert tuple(layer(cornu.Input((1,), dtype="string")).shape) == (None, 2)
    free = layers.TextVectorization(vocabulary=["cat"])
    assert tuple(free(cornu.Input((), dtype="string")).shape) == (None, None)
    assert tuple(free(cornu.ops.convert_to_tensor("the cat")).shape) == (2,)


def test_one_hot_rows_are_filled_up_with_zeros():
    layer = layers.TextVectorization(vocabulary=["a", "dog"], output_mode="one_hot")
    found = layer(["a dog", "dog"])
    assert found.numpy().tolist() == [[[0, 1, 0], [0, 0, 1]], [[0, 0, 1], [0, 0, 0]]]
    assert tuple(layer(cornu.Input((1,), dtype="string")).shape) == (None, None, 3)


def test_only_ascii_has_cases():
    layer = layers.TextVectorization()
    layer.adapt(["ÀÉ Ab", "àé aB"])
    assert layer.get_vocabulary(include_special_tokens=False) == ["ab", "àé", "ÀÉ"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"standardize": "upper"}, "standardize as one of"),
        ({"split": "whitespaces"}, "split as one of 'whitespace' or 'character'"),
        ({"ngrams": "2"}, "ngrams as None, an integer or a tuple"),
        ({"output_mode": "count", "output_sequence_length": 3}, "output_sequence_length only with output_mode='int'"),
        ({"output_sequence_length": "3"}, "output_sequence_length as an integer"),
        ({"ragged": True}, "ragged=False for TextVectorization"),
        ({"sparse": True}, "sparse=False for TextVectorization"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        layers.TextVectorization(**arguments)


def test_bad_calls():
    with pytest.raises(InvalidArgumentError, match=r"shape \(batch,\) or \(batch, 1\) to split"):
        layers.TextVectorization(vocabulary=["a"])([["a", "b"]])
    with pytest.raises(FailedPreconditionError, match="has no vocabulary"):
        layers.TextVectorization()(["a"])
    with pytest.raises(FailedPreconditionError, match="was given, so it cannot adapt"):
        layers.TextVectorization(vocabulary=["a"]).adapt(["a"])
