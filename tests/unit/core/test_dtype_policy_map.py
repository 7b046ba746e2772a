"""Dtype policies by path, and the dtype that several have together."""

import json

import numpy as np
import pytest

import cornu as keras
from cornu.backend import result_type
from cornu.dtype_policies import DTypePolicy, DTypePolicyMap, deserialize, get, serialize


def policies():
    return DTypePolicyMap("float32", {"encoder/query": DTypePolicy("bfloat16"), "encoder/.*": "float16"})


def test_paths_patterns_and_the_default():
    policy_map = policies()
    assert [policy_map[path].name for path in ("encoder/query", "encoder/key", "encoder", "other")] == [
        "bfloat16", "float16", "float32", "float32",
    ]  # fmt: skip
    assert (len(policy_map), list(policy_map)) == (2, ["encoder/query", "encoder/.*"])
    assert (policy_map.name, policy_map.compute_dtype, policy_map.variable_dtype) == (
        "map_float32",
        "float32",
        "float32",
    )
    assert ("encoder/.*" in policy_map, "encoder/key" in policy_map) == (True, False)
    policy_map["encoder/k.*"] = "float64"
    with pytest.raises(ValueError, match=r"at most one key that matches the path 'encoder/key'.*encoder/k"):
        policy_map["encoder/key"]
    del policy_map["encoder/k.*"]
    assert policy_map["encoder/key"].name == "float16"


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda m: m.__setitem__("encoder/.*", "float32"), "'encoder/.*' has the policy .*float16.* already"),
        (lambda m: m.__setitem__("(", "float32"), r"path or a regular expression; received '\('"),
        (lambda m: m.__setitem__("x", "flat"), "received 'flat'"),
        (lambda m: m.__setitem__("x", policies()), "received another map"),
        (lambda m: DTypePolicyMap(policy_map=3), "policy_map as a dict.*received 3 of type int"),
    ],
)
def test_bad_input(change, expected):
    with pytest.raises((ValueError, TypeError), match=expected):
        change(policies())


def test_round_trip():
    stored = json.loads(json.dumps(serialize(policies())))
    assert (stored["module"], stored["class_name"]) == ("keras.dtype_policies", "DTypePolicyMap")
    for again in (deserialize(stored), get(stored)):
        assert dict(again.items()) == dict(policies().items())
        assert again.default_policy == DTypePolicy("float32")
    assert deserialize(serialize(DTypePolicy("mixed_bfloat16"))) == DTypePolicy("mixed_bfloat16")


def test_the_default_follows_the_global_policy():
    keras.config.set_dtype_policy("bfloat16")
    try:
        assert DTypePolicyMap()["x"].name == "bfloat16"
    finally:
        keras.config.set_dtype_policy(None)


def test_layers_take_what_matches_their_path(tmp_path):
    policy_map = DTypePolicyMap("float32", {"net/low": "mixed_bfloat16"})
    dense = [keras.layers.Dense(2, name=name, dtype=policy_map) for name in ("low", "high")]
    model = keras.Sequential([keras.Input((3,)), *dense], name="net")
    assert [layer.path for layer in dense] == ["net/low", "net/high"]
    assert [layer.compute_dtype for layer in dense] == ["bfloat16", "float32"]
    assert [layer.kernel.dtype for layer in dense] == ["float32", "float32"]
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    assert [layer.compute_dtype for layer in again.layers] == ["bfloat16", "float32"]
    x = np.ones((1, 3), "float32")
    np.testing.assert_array_equal(again(x).numpy(), model(x).numpy())


def test_sublayers_look_themselves_up():
    policy_map = DTypePolicyMap("float32", {".*/query": "mixed_bfloat16"})
    attention = keras.layers.MultiHeadAttention(2, 2, dtype=policy_map, name="attention")
    attention(np.ones((1, 3, 4), "float32"), np.ones((1, 3, 4), "float32"))
    assert attention._query_dense.compute_dtype == "bfloat16"
    assert attention._key_dense.compute_dtype == "float32"


@pytest.mark.parametrize(
    "dtypes, expected",
    [
        ((), "float32"),
        ((int,), "int32"),
        ((float, int), "float32"),
        (("bool", int), "int32"),
        (("int8", float), "float32"),
        (("int64", float), "float32"),
        (("bfloat16", int), "bfloat16"),
        (("bfloat16", "float16"), "float32"),
        (("uint8", "int8"), "int16"),
        (("int64", "float16"), "float16"),
        (("int8", "float16", int), "float16"),
        (("float64", float), "float64"),
    ],
)
def test_result_type(dtypes, expected):
    assert result_type(*dtypes) == expected
