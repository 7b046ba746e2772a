"""Pickles of arrays are read; pickles of anything else are not run."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from cornu._base.errors import DataLossError, NotFoundError, UnsafeFileError
from cornu.io.pickled_arrays import load_npz, load_pickle


@pytest.mark.parametrize("protocol", range(2, 6))
def test_arrays_of_all_kinds(protocol):
    value = {
        b"data": np.arange(12, dtype=np.uint8).reshape(3, 4),
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "big": np.arange(3, dtype=">i2"),
        "text": np.array(["a", "bc"]),
        "rows": np.array([[1, 2], [3], []], dtype=object),
        "scalar": np.float32(1.5),
        "list": [1, (2, "x"), {"k": np.ones(2)}],
        "none": None,
    }
    found = load_pickle(io.BytesIO(pickle.dumps(value, protocol=protocol)))
    assert list(found) == list(value)
    for name in (b"data", "fortran", "big", "text"):
        assert found[name].dtype == value[name].dtype
        assert found[name].tolist() == value[name].tolist()
    assert found["rows"].tolist() == [[1, 2], [3], []]
    assert found["scalar"] == np.float32(1.5)
    assert found["list"][:2] == [1, (2, "x")]
    assert found["list"][2]["k"].tolist() == [1, 1]


class Runs:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "evil",
    [
        Runs(os.system, "touch ran"),
        Runs(eval, "1"),
        Runs(np.load, "x"),
        Runs(np.memmap, "x"),
        Runs(getattr, "x", "join"),
    ],
)
def test_code_is_refused(evil, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnsafeFileError, match="could run code"):
        load_pickle(io.BytesIO(pickle.dumps([np.ones(2), evil])))
    np.savez("evil.npz", x=np.array([evil, None], object))
    with pytest.raises(UnsafeFileError, match="could run code"):
        load_npz("evil.npz")
    assert os.listdir(tmp_path) == ["evil.npz"]


def test_structured_dtypes_are_refused():
    with pytest.raises(UnsafeFileError, match="structured"):
        load_pickle(io.BytesIO(pickle.dumps(np.zeros(2, [("a", "O")]))))


class Lies(np.ndarray):
    """An object array whose pickle gives raw bytes (pointers, to NumPy) as content."""

    def __reduce__(self):
        make, arguments, state = np.asarray(self).__reduce__()
        return make, arguments, (*state[:4], b"\x01" * 16)


def test_bytes_are_no_pointers():
    pickled = pickle.dumps(np.array([1, 2], object).view(Lies), protocol=2)
    with pytest.raises(DataLossError, match="the content differs"):
        load_pickle(io.BytesIO(pickled))


def test_npz(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, plain=np.arange(3), rows=np.array([[1], [2, 3]], dtype=object))
    found = load_npz(path)
    assert found["plain"].tolist() == [0, 1, 2]
    assert found["rows"].tolist() == [[1], [2, 3]]
    with pytest.raises(NotFoundError, match="there is none"):
        load_npz(tmp_path / "y.npz")


def test_damaged_files(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, rows=np.array([[1], [2, 3]], dtype=object))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataLossError, match="not a whole"):
        load_npz(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00nonsense")
    with pytest.raises(DataLossError, match="not a whole array"):
        load_npz(path)
    with pytest.raises(DataLossError, match="damaged"):
        load_pickle(io.BytesIO(pickle.dumps(np.arange(9))[:-20]))
