"""StringLookup and IntegerLookup: where vocabularies come from, what is refused, files and configs."""

import copy
import json
import pickle
import zipfile

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    InvalidTypeError,
    NotFoundError,
    UnsafeFileError,
)
from cornu.data import Dataset

WORDS = [["b", "a"], ["b", "c"], ["b", "a"]]


@pytest.mark.parametrize(
    "data",
    [
        WORDS,
        np.array(WORDS),
        cornu.ops.convert_to_tensor(WORDS),
        Dataset.from_tensor_slices(np.array(WORDS)),
        Dataset.from_tensor_slices(np.array(WORDS)).batch(2),
        Dataset.from_tensor_slices(np.array(WORDS).reshape(-1)),
        (np.array(row) for row in WORDS),
    ],
    ids=["list", "array", "tensor", "rows", "batches", "scalars", "generator"],
)
def test_adapts_to_anything(data):
    layer = layers.StringLookup()
    layer.adapt(data)
    assert layer.get_vocabulary() == ["[UNK]", "b", "a", "c"]
    assert layer(["c", "?"]).numpy().tolist() == [3, 0]


def test_steps_end_adapting():
    layer = layers.IntegerLookup()
    layer.adapt(Dataset.from_tensor_slices([7, 7, 8, 9]).batch(2), steps=1)
    assert layer.get_vocabulary() == [-1, 7]


def test_adapting_again_starts_over():
    layer = layers.IntegerLookup()
    layer.adapt([1, 1, 2])
    layer.adapt([5])
    assert layer.get_vocabulary() == [-1, 5]


def test_states_can_be_updated_by_hand():
    layer = layers.StringLookup()
    layer.reset_state()
    for row in WORDS:
        layer.update_state(np.array(row))
    layer.finalize_state()
    assert layer.get_vocabulary(include_special_tokens=False) == ["b", "a", "c"]


def test_a_vocabulary_may_be_a_file(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("x\nyé\n", encoding="utf-8")
    for layer in (layers.StringLookup(vocabulary=path), layers.StringLookup(vocabulary=str(path))):
        assert layer(["yé", "q"]).numpy().tolist() == [2, 0]
        assert layer.get_config()["vocabulary"] is None
    with pytest.raises(NotFoundError, match="there is no file"):
        layers.StringLookup(vocabulary=tmp_path / "none.txt")


@pytest.mark.parametrize("kind", ["StringLookup", "IntegerLookup", "TextVectorization"])
def test_a_config_opens_no_file(kind, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("1\n2")
    config = {**getattr(layers, kind)().get_config(), "vocabulary": str(secret)}
    with pytest.raises(UnsafeFileError, match="which is not opened"):
        getattr(layers, kind).from_config(config)
    model = cornu.Sequential([cornu.Input((1,), dtype="string"), getattr(layers, kind)(vocabulary=["3"])])
    model.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as old, zipfile.ZipFile(tmp_path / "bad.keras", "w") as new:
        for name in old.namelist():
            content = old.read(name).decode(errors="ignore") if name.endswith("json") else old.read(name)
            if name == "config.json":
                data = json.loads(content)
                data["config"]["layers"][1]["config"]["vocabulary"] = str(secret)
                content = json.dumps(data)
            new.writestr(name, content)
    for safe_mode in (True, False):
        with pytest.raises(UnsafeFileError, match="which is not opened"):
            cornu.models.load_model(tmp_path / "bad.keras", safe_mode=safe_mode)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"vocabulary": ["a", "a"]}, r"every token once in the vocabulary; received several of \['a'\]"),
        ({"vocabulary": []}, "at least one token"),
        ({"vocabulary": ["", "a"], "mask_token": ""}, "the mask token '' not in the vocabulary"),
        ({"vocabulary": ["a", "[UNK]"]}, r"the OOV token '\[UNK\]' not in the vocabulary"),
        ({"vocabulary": ["a", "b"], "max_tokens": 2}, "at most max_tokens=2"),
        ({"max_tokens": 1}, "max_tokens as an integer of 2 or more"),
        ({"output_mode": "multihot"}, "[Dd]id you mean 'multi_hot'"),
        ({"invert": True, "output_mode": "count"}, "output_mode='int' with invert=True"),
        ({"pad_to_max_tokens": True}, "max_tokens with pad_to_max_tokens=True"),
        ({"sparse": True, "output_mode": "count"}, "tensors are dense here"),
        ({"idf_weights": [1.0]}, "idf_weights only with output_mode='tf_idf'"),
        ({"vocabulary": ["a"], "output_mode": "tf_idf"}, "idf_weights along with a vocabulary"),
        ({"vocabulary": ["a"], "output_mode": "tf_idf", "idf_weights": [1, 2]}, "one number for each of the 1 tokens"),
        ({"num_oov_indices": -1}, "num_oov_indices as an integer of 0 or more"),
        ({"salt": "a"}, "salt as an integer or two"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(
        InvalidArgumentError, match=message.replace("did", "(?i)did", 1) if "did you" in message else message
    ):
        layers.StringLookup(**arguments)


def test_bad_calls():
    with pytest.raises(FailedPreconditionError, match=r"has no vocabulary. Give it one, or call adapt"):
        layers.StringLookup()(["a"])
    with pytest.raises(InvalidArgumentError, match=r"as num_oov_indices=0; received \['zz'\]"):
        layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(["a", "zz"])
    with pytest.raises(InvalidTypeError, match="Expected text; received numbers of dtype int32"):
        layers.StringLookup(vocabulary=["a"])([1])
    with pytest.raises(InvalidTypeError, match="received dtype float32"):
        layers.IntegerLookup(vocabulary=[1])([1.5])
    with pytest.raises(InvalidArgumentError, match="vocabulary of integers; received 'a'"):
        layers.IntegerLookup(vocabulary=["a"])
    with pytest.raises(InvalidArgumentError, match="vocabulary_dtype='int64'; received 'int32'"):
        layers.IntegerLookup(vocabulary_dtype="int32")
    with pytest.raises(InvalidArgumentError, match="salt only with oov_method='farmhash'"):
        layers.IntegerLookup(salt=3)
    with pytest.raises(FailedPreconditionError, match="was given, so it cannot adapt"):
        layers.StringLookup(vocabulary=["a"]).adapt(["b"])
    with pytest.raises(InvalidArgumentError, match="received none"):
        layers.StringLookup().adapt(np.array([], object))
    with pytest.raises(InvalidArgumentError, match="batches of one array each"):
        layers.StringLookup().adapt(Dataset.from_tensor_slices((np.array(["a"]), [1])))


def test_set_vocabulary():
    layer = layers.StringLookup(output_mode="tf_idf")
    with pytest.raises(InvalidArgumentError, match="idf_weights along with a vocabulary"):
        layer.set_vocabulary(["a", "b"])
    layer.set_vocabulary(["a", "b"], idf_weights=[1.0, 3.0])
    assert layer([["a", "q", "b", "b"]]).numpy().tolist() == [[2.0, 1.0, 6.0]]
    with pytest.raises(InvalidArgumentError, match="idf_weights only for output_mode='tf_idf'"):
        layers.StringLookup().set_vocabulary(["a"], idf_weights=[1.0])


def test_vectors_are_padded_and_symbolic_shapes_agree():
    layer = layers.StringLookup(vocabulary=["a", "b"], output_mode="count", max_tokens=5, pad_to_max_tokens=True)
    assert layer([["a", "a"], ["b", "z"]]).numpy().tolist() == [[0, 2, 0, 0, 0], [1, 0, 1, 0, 0]]
    symbol = layer(cornu.Input((2,), dtype="string"))
    assert tuple(symbol.shape) == (None, 5)
    assert symbol.dtype == layer([["a"]]).dtype == "int64"
    assert tuple(layers.StringLookup(output_mode="count")(cornu.Input((2,), dtype="string")).shape) == (None, None)


def test_inverted_text_is_bytes():
    layer = layers.StringLookup(vocabulary=["é"], invert=True)
    found = layer([[0, 1, 7]])
    assert found.dtype == "string"
    assert found.numpy().tolist() == [[b"[UNK]", "é".encode(), b"[UNK]"]]


def test_copies_look_up_the_same():
    layer = layers.StringLookup(output_mode="tf_idf")
    layer.adapt(WORDS)
    expected = layer(WORDS).numpy()
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        np.testing.assert_array_equal(twin(WORDS).numpy(), expected)


@pytest.mark.parametrize("mode", ["int", "tf_idf"])
def test_saved_vocabularies_come_back(mode, tmp_path):
    layer = layers.StringLookup(output_mode=mode, mask_token="c", num_oov_indices=2)
    layer.adapt(WORDS)
    model = cornu.Sequential([cornu.Input((2,), dtype="string"), layer])
    model.save(tmp_path / "model.keras")
    loaded = cornu.models.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].get_vocabulary() == layer.get_vocabulary()
    data = np.array([*WORDS, ["?", "!"]])
    np.testing.assert_array_equal(loaded.predict(data, verbose=0), model.predict(data, verbose=0))


def test_datasets_and_compiled_functions():
    integers = layers.IntegerLookup(vocabulary=[5, 6], num_oov_indices=2)
    mapped = Dataset.from_tensor_slices([5, 6, 9]).map(lambda x: integers(x) * 2)
    assert [int(x) for x in mapped] == [4, 6, 2]
    compiled = cornu.function(lambda x: integers(x) + 1)
    assert compiled(cornu.ops.convert_to_tensor([[6], [8]])).numpy().tolist() == [[4], [1]]
    words = layers.StringLookup(vocabulary=["a"])
    mapped = Dataset.from_tensor_slices((np.array(["a", "b"]), [3, 4])).map(lambda x, y: (words(x), y))
    assert [(int(x), int(y)) for x, y in mapped] == [(1, 3), (0, 4)]
