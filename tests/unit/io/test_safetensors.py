import json
import struct

import ml_dtypes
import numpy as np
import pytest

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.io import safetensors

ARRAYS = {
    "model/dense/kernel": np.arange(6.0, dtype=np.float32).reshape(2, 3),
    "flag": np.array([True, False, True]),
    "count": np.array(7, np.int64),
    "empty": np.zeros((0, 3), np.float16),
    "brain": np.array([1.5, -2.0], ml_dtypes.bfloat16),
    "small": np.array([0.5, 448.0], ml_dtypes.float8_e4m3fn),
    "range": np.array([0.5, 57344.0], ml_dtypes.float8_e5m2),
    "scale": np.array([0.5, 2.0], ml_dtypes.float8_e8m0fnu),
    "wave": np.array([1 + 2j], np.complex64),
    "ümlaut": np.arange(10, dtype=np.uint16)[::3],
    "bytes": np.frombuffer(b"\x00\xff", np.int8),
}


def file_of(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "x.safetensors"
    safetensors.write(path, ARRAYS, {"format": "cornu"})
    assert safetensors.is_safetensors(path)
    with safetensors.reading(path) as file:
        assert list(file) == list(ARRAYS) and file.metadata == {"format": "cornu"}
        for name, values in ARRAYS.items():
            np.testing.assert_array_equal(file[name], values)
            assert file[name].dtype == values.dtype and file.shape(name) == values.shape
        assert file.dtype("brain") == "bfloat16" and file.dtype("small") == "float8_e4m3fn"
        with pytest.raises(NotFoundError, match="no array 'other'"):
            file["other"]


def test_every_array_is_aligned(tmp_path):
    safetensors.write(tmp_path / "x", ARRAYS)
    with safetensors.reading(tmp_path / "x") as file:
        for name, entry in file.entries.items():
            assert (file._first + entry.start) % ARRAYS[name].dtype.itemsize == 0


def test_the_original_reads_ours_and_we_read_its_files(tmp_path):
    original = pytest.importorskip("safetensors.numpy")
    known = {name: values for name, values in ARRAYS.items() if values.dtype.isbuiltin == 1}
    safetensors.write(tmp_path / "ours", known)
    theirs = original.load_file(tmp_path / "ours")
    assert set(theirs) == set(known)
    for name, values in known.items():
        np.testing.assert_array_equal(theirs[name], values)
    original.save_file({name: np.ascontiguousarray(v) for name, v in known.items()}, tmp_path / "theirs", {"by": "it"})
    with safetensors.reading(tmp_path / "theirs") as file:
        assert file.metadata == {"by": "it"} and set(file) == set(known)
        for name, values in known.items():
            np.testing.assert_array_equal(file[name], values)


def test_the_original_reads_every_dtype(tmp_path):
    original = pytest.importorskip("safetensors")
    safetensors.write(tmp_path / "x", ARRAYS)
    read = dict(original.deserialize((tmp_path / "x").read_bytes()))
    for name, values in ARRAYS.items():
        assert read[name]["shape"] == list(values.shape)
        assert bytes(read[name]["data"]) == np.ascontiguousarray(values).tobytes()


FOUR = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


@pytest.mark.parametrize(
    "header, data, said",
    [
        ({"a": FOUR | {"data_offsets": [0, 8]}}, bytes(8), "F32 of shape .1,. has 8 bytes"),
        ({"a": FOUR}, bytes(3), "take 4 bytes, but 3 are there"),
        ({"a": FOUR}, bytes(5), "take 4 bytes, but 5 are there"),
        ({"a": FOUR, "b": FOUR}, bytes(4), "overlap before 'b'"),
        ({"a": FOUR, "b": FOUR | {"data_offsets": [8, 12]}}, bytes(12), "leave a gap before 'b'"),
        ({"a": FOUR | {"data_offsets": [4, 0]}}, bytes(4), "has -4 bytes"),
        ({"a": FOUR | {"data_offsets": [-4, 0]}}, bytes(4), "a shape and two offsets"),
        ({"a": FOUR | {"shape": [2**60, 2**60]}}, bytes(4), "has 4 bytes"),
        ({"a": FOUR | {"shape": [0, 2**62, 2], "data_offsets": [0, 0]}}, b"", "has 0 bytes"),
        ({"a": FOUR | {"shape": [1] * 65}}, bytes(4), "a shape and two offsets"),
        ({"a": FOUR | {"shape": [True]}}, bytes(4), "a shape and two offsets"),
        ({"a": FOUR | {"shape": 1}}, bytes(4), "a shape and two offsets"),
        ({"a": FOUR | {"dtype": "F128"}}, bytes(4), "the dtype 'F128', which is not known"),
        ({"a": FOUR | {"dtype": ["F32"]}}, bytes(4), "which is not known"),
        ({"a": None}, b"", "a shape and two offsets"),
        ({"__metadata__": {"format": 1}}, b"", "Expected texts by name"),
        ({"__metadata__": "pt"}, b"", "Expected texts by name"),
        ([], b"", "no JSON object but list"),
        (b"{", b"", "no JSON text"),
        (b"\xff\xfe", b"", "no JSON text"),
        (b"[" * 100_000, b"", "no JSON text"),
        (b'{"a":1,"a":2}', b"", "names something twice"),
    ],
)
def test_damaged_headers_are_refused(tmp_path, header, data, said):
    with pytest.raises(DataLossError, match=said):
        with safetensors.reading(file_of(tmp_path / "x", header, data)):
            pass


@pytest.mark.parametrize("content", [b"", b"1234567", struct.pack("<Q", 1 << 62) + b"{}", struct.pack("<Q", 3) + b"{}"])
def test_cut_files_are_refused_before_anything_is_allocated(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    assert safetensors.is_safetensors(tmp_path / "x") == content.startswith(b"\3")
    with pytest.raises(DataLossError, match="Expected a safetensors file"):
        with safetensors.reading(tmp_path / "x"):
            pass


def test_packed_numbers_are_listed_but_not_read(tmp_path):
    entry = {"dtype": "F4", "shape": [2, 2], "data_offsets": [0, 2]}
    with safetensors.reading(file_of(tmp_path / "x", {"a": entry}, bytes(2))) as file:
        assert file.dtype("a") == "F4" and file.shape("a") == (2, 2)
        with pytest.raises(InvalidArgumentError, match="'a' of .* is F4"):
            file["a"]


def test_what_the_format_lacks_is_not_written(tmp_path):
    with pytest.raises(InvalidArgumentError, match="Expected a dtype of the safetensors format; 'a' is complex128"):
        safetensors.write(tmp_path / "x", {"a": np.zeros(1, np.complex128)})
    with pytest.raises(InvalidArgumentError, match="'a' is <U2"):
        safetensors.write(tmp_path / "x", {"a": np.array(["ab"])})
    with pytest.raises(InvalidArgumentError, match="which the format keeps for itself"):
        safetensors.write(tmp_path / "x", {"__metadata__": np.zeros(1)})
    with pytest.raises(NotFoundError, match="There is no file"):
        with safetensors.reading(tmp_path / "x"):
            pass
