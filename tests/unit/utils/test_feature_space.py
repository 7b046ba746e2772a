"""FeatureSpace: what it refuses, datasets, models, files."""

import json

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.data import Dataset
from cornu.utils import FeatureSpace

DATA = {"age": np.array([20.0, 30.0, 40.0], "float32"), "city": np.array(["Rome", "Oslo", "Rome"])}


def space(**options):
    made = FeatureSpace({"age": "float_normalized", "city": "string_categorical"}, **options)
    made.adapt(Dataset.from_tensor_slices(DATA))
    return made


def test_one_vector_of_everything():
    made = space()
    found = made(DATA).numpy()
    np.testing.assert_allclose(found[:, 0], [-1.2247449, 0, 1.2247449], atol=1e-6)
    assert found[:, 1:].tolist() == [[0, 1, 0], [0, 0, 1], [0, 1, 0]]
    assert made({"age": 30.0, "city": "Paris"}).numpy().tolist() == [0, 1, 0, 0]
    assert tuple(made.get_encoded_features().shape) == (None, 4)


@pytest.mark.parametrize("data", [DATA, Dataset.from_tensor_slices(DATA).batch(2)], ids=["arrays", "batches"])
def test_adapts_to_anything(data):
    made = FeatureSpace({"age": "float_normalized", "city": "string_categorical"})
    made.adapt(data)
    np.testing.assert_array_equal(made(DATA).numpy(), space()(DATA).numpy())


def test_datasets_are_mapped():
    made = space(output_mode="dict")
    batches = list(Dataset.from_tensor_slices(DATA).batch(2).map(made))
    assert [batch["city"].numpy().tolist() for batch in batches] == [[[0, 1, 0], [0, 0, 1]], [[0, 1, 0]]]


def test_models_take_raw_columns_or_vectors():
    made = space()
    encoded = made.get_encoded_features()
    outputs = layers.Dense(1)(encoded)
    raw, ready = cornu.Model(made.get_inputs(), outputs), cornu.Model(encoded, outputs)
    raw.compile("sgd", "mse")
    raw.fit(DATA, np.ones((3, 1)), verbose=0)
    found = raw.predict(DATA, verbose=0)
    np.testing.assert_allclose(found, ready.predict(made(DATA), verbose=0), rtol=1e-5)
    assert found.shape == (3, 1)


def test_own_layers():
    made = FeatureSpace(
        {
            "age": FeatureSpace.feature("float32", layers.Rescaling(0.5), "float"),
            "city": FeatureSpace.feature("string", layers.StringLookup(vocabulary=["Oslo", "Rome"]), "one_hot"),
        }
    )
    assert made(DATA).numpy().tolist() == [[10, 0, 0, 1], [15, 0, 1, 0], [20, 0, 0, 1]]


def test_given_boundaries():
    kind = FeatureSpace.float_discretized(None, bin_boundaries=[25.0, 35.0])
    assert FeatureSpace({"age": kind})({"age": DATA["age"]}).numpy().tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_files(tmp_path):
    made = space()
    made.save(tmp_path / "space.keras")
    loaded = cornu.models.load_model(tmp_path / "space.keras")
    assert isinstance(loaded, FeatureSpace)
    np.testing.assert_array_equal(loaded(DATA).numpy(), made(DATA).numpy())
    assert loaded.preprocessors["city"].get_vocabulary() == ["[UNK]", "Rome", "Oslo"]


def test_a_config_makes_a_space_that_is_to_adapt():
    made = FeatureSpace.from_config(json.loads(json.dumps(space(crosses=[("city", "city")]).get_config())))
    with pytest.raises(FailedPreconditionError, match=r"Call adapt\(dataset\)"):
        made(DATA)
    made.adapt(DATA)
    assert made(DATA).shape == (3, 36)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"features": {}}, "features as a dict of columns; received none"),
        ({"features": {"a": "floats"}}, "the kind of the feature 'a' as one of"),
        ({"features": {"a": "float"}, "crosses": [("a", "b")]}, "received the unknown 'b'"),
        ({"features": {"a": "float"}, "output_mode": "list"}, "output_mode as one of 'concat' or 'dict'"),
        ({"features": {"a": "float"}, "crossing_dim": 0}, "crossing_dim as a positive integer"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        FeatureSpace(**arguments)


def test_bad_calls():
    made = space()
    with pytest.raises(InvalidArgumentError, match="Expected the column 'city'"):
        made({"age": [1.0]})
    with pytest.raises(InvalidTypeError, match="a dict of columns"):
        made([1.0])
    with pytest.raises(FailedPreconditionError, match=r"\['age'\] learn from data"):
        FeatureSpace({"age": "float_normalized"}).get_inputs()
    with pytest.raises(InvalidTypeError, match="a dataset of dicts of columns; it gave HostTensor"):
        FeatureSpace({"age": "float_normalized"}).adapt(Dataset.from_tensor_slices([1.0, 2.0]))
    whole = FeatureSpace({"city": FeatureSpace.string_categorical(output_mode="int")})
    with pytest.raises(InvalidArgumentError, match="the feature 'city' gives int64"):
        whole.adapt(DATA)
    with pytest.raises(InvalidArgumentError, match="output_mode as one of 'int', 'one_hot', 'float'"):
        FeatureSpace.string_categorical(output_mode="count")
