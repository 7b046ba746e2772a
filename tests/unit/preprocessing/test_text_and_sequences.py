"""Texts and sequences: options that the recorded cases leave out, and errors."""

import json

import numpy as np
import pytest

from cornu import utils
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.preprocessing import sequence, text


def test_tokenizer_again_and_again():
    tokenizer = text.Tokenizer(oov_token="?")
    tokenizer.fit_on_texts(["a b b"])
    assert tokenizer.word_index == {"?": 1, "b": 2, "a": 3}
    tokenizer.fit_on_texts(["a a c"])
    assert tokenizer.word_index == {"?": 1, "a": 2, "b": 3, "c": 4}
    assert tokenizer.texts_to_sequences(["c x a"]) == [[4, 1, 2]]
    assert tokenizer.sequences_to_texts([[4, 99, 2]]) == ["c ? a"]
    assert text.tokenizer_from_json(tokenizer.to_json(indent=1)).get_config() == tokenizer.get_config()


def test_tokenizer_with_an_analyzer():
    tokenizer = text.Tokenizer(analyzer=lambda line: line.split("|"))
    tokenizer.fit_on_texts(["A b|c", "c"])
    assert tokenizer.word_index == {"c": 1, "A b": 2}


def test_tokenizer_on_sequences():
    tokenizer = text.Tokenizer(num_words=4)
    tokenizer.fit_on_sequences([[1, 2, 2], [2, 3]])
    found = tokenizer.sequences_to_matrix([[2, 2]], mode="tfidf")
    np.testing.assert_allclose(found[0, 2], (1 + np.log(2)) * np.log(1 + 2 / 3))


def test_old_names_and_errors():
    with pytest.warns(UserWarning, match="renamed `num_words`"):
        assert text.Tokenizer(nb_words=3).num_words == 3
    with pytest.raises(InvalidTypeError, match="Unrecognized keyword"):
        text.Tokenizer(words=3)
    with pytest.raises(FailedPreconditionError, match="Specify a dimension"):
        text.Tokenizer().sequences_to_matrix([[1]])
    with pytest.raises(FailedPreconditionError, match="before using tfidf"):
        text.Tokenizer(num_words=3).sequences_to_matrix([[1]], mode="tfidf")
    with pytest.raises(InvalidArgumentError, match="Expected mode binary"):
        text.Tokenizer(num_words=3).sequences_to_matrix([[1]], mode="other")
    with pytest.raises(InvalidArgumentError, match=r"Expected the text of Tokenizer\.to_json"):
        text.tokenizer_from_json("{}")
    with pytest.raises(InvalidArgumentError, match="hash_function"):
        text.hashing_trick("a", 5, "sha")
    with pytest.raises(AttributeError, match="did you mean 'Tokenizer'|Did you mean 'Tokenizer'"):
        text.Tokeniser


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([[1]], {"padding": "left"}, 'Padding type "left" not understood'),
        ([[1]], {"truncating": "left"}, 'Truncating type "left" not understood'),
        ([1, 2], {}, "Found non-iterable: 1"),
        (3, {}, "must be iterable"),
        ([["a"]], {"value": "x"}, "not compatible with `value`"),
        ([[[1, 2]], [[1, 2, 3]]], {}, "different from expected shape"),
    ],
)
def test_bad_padding(rows, options, message):
    with pytest.raises(InvalidArgumentError, match=message):
        utils.pad_sequences(rows, **options)


def test_padding_edges():
    assert sequence.pad_sequences([]).shape == (0, 0)
    assert sequence.pad_sequences([[1, 2]], maxlen=0).shape == (1, 0)
    assert sequence.pad_sequences([np.array([1, 2, 3])], maxlen=2).tolist() == [[2, 3]]


def test_series_generator():
    generator = sequence.TimeseriesGenerator([[1], [2], [3]], [1, 2, 3], length=2)
    assert generator[0][0].tolist() == [[[1], [2]]]
    assert generator[0][1].tolist() == [3]
    assert json.loads(generator.to_json())["config"]["length"] == 2
    with pytest.raises(InvalidArgumentError, match="have to be of same length"):
        sequence.TimeseriesGenerator([1, 2], [1], length=1)
    with pytest.raises(InvalidArgumentError, match="is disallowed"):
        sequence.TimeseriesGenerator([1, 2], [1, 2], length=2)
    with pytest.raises(InvalidArgumentError, match="not JSON Serializable"):
        sequence.TimeseriesGenerator([1j, 2, 3], [1, 2, 3], length=1).to_json()


def test_skipgrams_repeat_with_a_seed():
    first = sequence.skipgrams([1, 2, 3], 4, negative_samples=0, seed=2)
    assert first == sequence.skipgrams([1, 2, 3], 4, negative_samples=0, seed=2)
    assert sorted(first[0]) == [[1, 2], [1, 3], [2, 1], [2, 3], [3, 1], [3, 2]]
    assert sequence.skipgrams([0], 4) == ([], [])
