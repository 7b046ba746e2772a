"""States go through a file unchanged; damaged files say so."""

import json
import math

import ml_dtypes
import numpy as np
import pytest

from cornu._base.errors import CornuError, DataLossError, InvalidTypeError, NotFoundError
from cornu.io import archive
from cornu.io.state_file import read_state, write_state

STATE = {
    "text": "é\n", "none": None, "true": True, "large": 2**70, "float": 0.1 + 0.2, "list": [1, [2.5, "x"], {}], "": {"deep": []},
}  # fmt: skip
ARRAYS = [
    np.arange(6, dtype="float32").reshape(2, 3),
    np.array(3, "int64"),
    np.zeros((0, 4), "uint8"),
    np.array([True, False]),
    np.array([1.5, 2.5], ml_dtypes.bfloat16),
    np.arange(8.0).reshape(4, 2).T,
]


def test_round_trip(tmp_path):
    write_state(tmp_path / "s", {**STATE, "arrays": ARRAYS, "nan": math.nan, "scalar": np.float32(0.1), "pair": (1, 2)})
    found = read_state(tmp_path / "s")
    arrays = found.pop("arrays")
    assert math.isnan(found.pop("nan"))
    assert found.pop("scalar") == float(np.float32(0.1))
    assert found.pop("pair") == [1, 2]
    assert found == STATE
    for a, b in zip(arrays, ARRAYS, strict=True):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        np.testing.assert_array_equal(a, b)
        a[...] = 0  # whoever restores them may write to them
    assert len(list(tmp_path.iterdir())) == 1


def test_text_arrays_become_lists(tmp_path):
    write_state(tmp_path / "s", {"words": np.array([["a", "b"]])})
    assert read_state(tmp_path / "s") == {"words": [["a", "b"]]}


@pytest.mark.parametrize("value", [object(), {1: 2}, [lambda: 0]])
def test_other_things_are_refused_and_the_file_stays(value, tmp_path):
    write_state(tmp_path / "s", {"x": 1})
    with pytest.raises(InvalidTypeError, match=r"received state\['x'\].* of type (object|dict|function)"):
        write_state(tmp_path / "s", {"x": value})
    assert read_state(tmp_path / "s") == {"x": 1}


def test_every_damage_is_noticed(tmp_path, rng):
    write_state(tmp_path / "s", {"a": ARRAYS[0], "b": 1})
    whole = (tmp_path / "s").read_bytes()
    for _ in range(150):
        data = bytearray(whole)
        place = rng.integers(len(data))
        data[place] ^= 1 << rng.integers(8)
        (tmp_path / "s").write_bytes(bytes(data))
        try:
            found = read_state(tmp_path / "s")
        except (CornuError, FileNotFoundError):
            continue
        assert found["b"] == 1  # a bit that means nothing, such as a date
        np.testing.assert_array_equal(found["a"], ARRAYS[0])
    for size in (0, 10, len(whole) // 2, len(whole) - 1):
        (tmp_path / "s").write_bytes(whole[:size])
        with pytest.raises(DataLossError, match="is not a whole zip archive"):
            read_state(tmp_path / "s")


@pytest.mark.parametrize("shape", [[2**40, [3]], [10**9, "long text"], [-1, -6], "6", None])
def test_shapes_that_are_none_are_refused(tmp_path, shape):
    """A text or a list times a number would be as long as that."""
    with open(tmp_path / "s", "wb") as file:
        tree = {"format": "cornu state 1", "state": {"a": {"__array__": ["float32", shape, 0]}}}
        archive.write_archive(file, [("state.json", json.dumps(tree).encode()), ("arrays", bytes(24))])
    with pytest.raises(DataLossError, match="is damaged"):
        read_state(tmp_path / "s")


def test_no_file(tmp_path):
    with pytest.raises((NotFoundError, FileNotFoundError), match="none"):
        read_state(tmp_path / "none")
