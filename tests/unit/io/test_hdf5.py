"""HDF5: what is written comes back; links, outside storage and empty claims are refused."""

import io
import struct

import h5py
import ml_dtypes
import numpy as np
import pytest

from cornu._base.errors import DataLossError, NotFoundError, UnsafeFileError
from cornu.io import hdf5


def test_round_trip(tmp_path):
    arrays = {
        "layers/dense/vars/0": np.arange(6, dtype="float32").reshape(2, 3),
        "layers/dense/vars/1": np.array([1, 2], ml_dtypes.bfloat16),
        "vars/0": np.array(7, "int64"),
        "vars/1": np.array([True, False]),
        "vars/2": np.array(["a", "bc"], object),
    }
    hdf5.write(tmp_path / "a.h5", arrays, {"layers/dense/vars": {"name": "d"}, "empty/vars": {"name": "e"}})
    with hdf5.reading(tmp_path / "a.h5") as file:
        assert sorted(file) == sorted(arrays)
        for path in list(arrays)[:4]:
            assert file[path].dtype == arrays[path].dtype
            np.testing.assert_array_equal(file[path], arrays[path])
            assert file.shape(path) == arrays[path].shape
        assert [text.decode() for text in file["vars/2"]] == ["a", "bc"]
        assert file.attributes("empty/vars") == {"name": "e"}
        assert file.attributes("nothing") == {}
        assert sorted(file.under("vars")) == ["0", "1", "2"]
        assert list(file.under("layers")) == []
        with pytest.raises(NotFoundError, match="no array 'x'"):
            file["x"]


def test_bfloat16_is_written_as_keras_does(tmp_path):
    hdf5.write(tmp_path / "a.h5", {"x": np.array([1.5], ml_dtypes.bfloat16)}, {})
    with h5py.File(tmp_path / "a.h5") as file:
        assert file["x"].dtype == np.dtype("V2")
        assert file["x"].attrs["dtype"] == "bfloat16"


def refused(path, match):
    with pytest.raises(UnsafeFileError, match=match), hdf5.reading(path):
        pass


def test_links_are_refused(tmp_path):
    hdf5.write(tmp_path / "other.h5", {"x": np.ones(2)}, {})
    for name, link in (("external", h5py.ExternalLink("other.h5", "x")), ("soft", h5py.SoftLink("/y"))):
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file["x"] = link
        refused(tmp_path / f"{name}.h5", "x of .* is a (External|Soft)Link")
    with h5py.File(tmp_path / "circle.h5", "w") as file:
        group = file.create_group("a")
        group["b"] = group
    refused(tmp_path / "circle.h5", "a/b of .* second name")


def test_outside_storage_is_refused(tmp_path):
    (tmp_path / "secret").write_bytes(bytes(80))
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("x", (10,), "float64", external=[(str(tmp_path / "secret"), 0, 80)])
    refused(tmp_path / "a.h5", "'x' of .* kept in other files")
    layout = h5py.VirtualLayout((2,), "float64")
    layout[:] = h5py.VirtualSource(str(tmp_path / "secret"), "x", (2,))
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file.create_virtual_dataset("x", layout)
    refused(tmp_path / "b.h5", "'x' of .* kept in other files")


def test_claims_without_bytes_are_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("x", (1 << 40,), "float32", chunks=(1024,), compression="gzip")
    refused(tmp_path / "a.h5", r"'x' of .* claims shape \(1099511627776,\)")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file.create_dataset("x", data=h5py.Empty("float32"))
    refused(tmp_path / "b.h5", "'x' of .* no shape")


def test_references_are_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file.create_group("g")
        file.create_dataset("x", data=[group.ref], dtype=h5py.ref_dtype)
    refused(tmp_path / "a.h5", "'x' of .* references or records")


def test_compressed_arrays_are_read(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("x", data=np.zeros((300, 1000), "float32"), compression="gzip", shuffle=True)
    with hdf5.reading(tmp_path / "a.h5") as file:
        np.testing.assert_array_equal(file["x"], np.zeros((300, 1000)))


def test_damage_and_absence(tmp_path):
    hdf5.write(tmp_path / "a.h5", {"x": np.arange(1000.0)}, {})
    whole = (tmp_path / "a.h5").read_bytes()
    for length in (0, 100, len(whole) // 2):
        (tmp_path / "a.h5").write_bytes(whole[:length])
        with pytest.raises(DataLossError, match="not a whole HDF5 file"), hdf5.reading(tmp_path / "a.h5"):
            pass
    with pytest.raises(NotFoundError, match="There is no file"), hdf5.reading(tmp_path / "no.h5"):
        pass
    (tmp_path / "text.h5").write_bytes(b"hello")
    assert not hdf5.is_hdf5(tmp_path / "text.h5")


def test_an_array_that_lies_nowhere_is_refused(tmp_path):
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("a", data=np.zeros(300_000))
        layout = b"\3\1" + file["a"].id.get_offset().to_bytes(8, "little")
    path.write_bytes(path.read_bytes().replace(layout, b"\3\1" + bytes(8)))
    with pytest.raises(DataLossError, match="does not say where its arrays lie"), hdf5.reading(path):
        pass


@pytest.mark.parametrize("as_file", [False, True])
def test_a_heap_that_leads_nowhere_is_refused(tmp_path, as_file):
    """The HDF5 library would walk on by 0 bytes for ever."""
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.attrs["text"] = "words"
        file.create_dataset("a", data=np.zeros(300_000))
    data = bytearray(path.read_bytes())
    start = data.index(b"GCOL")
    place = start + 16 + 16 + 8  # behind the header and the object "words"
    assert data[place : place + 2] == b"\0\0"  # free space
    data[place + 8 : place + 16] = bytes(8)
    path.write_bytes(data)
    with pytest.raises(DataLossError, match=f"an object of 0 bytes in its heap at byte {place}"):
        with hdf5.reading(io.BytesIO(bytes(data)) if as_file else path, "x.h5"):
            pass


@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize("text", ["attribute", "array"])
@pytest.mark.parametrize("leads", ["to it", "nowhere"])
def test_a_text_that_claims_more_than_it_has_is_refused(tmp_path, as_file, text, leads):
    path = tmp_path / "claim.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("numbers", data=np.arange(4096.0))
        file.attrs["backend"] = "x" * 50
        file.create_dataset("words", data=["y" * 60, "z"], dtype=h5py.string_dtype())
    data = path.read_bytes()
    length = 50 if text == "attribute" else 60
    at = next(
        at for at in range(len(data) - 16)
        if struct.unpack_from("<I", data, at)[0] == length and data[struct.unpack_from("<Q", data, at + 4)[0]:][:4] == b"GCOL"
    )  # fmt: skip
    address = data[at + 4 : at + 12] if leads == "to it" else b"class_na"
    path.write_bytes(data[:at] + struct.pack("<I", 10**9) + address + data[at + 12 :])
    source = io.BytesIO(path.read_bytes()) if as_file else path
    has = f"and has {length}" if leads == "to it" else f"; the file has {len(data)}"
    with pytest.raises(DataLossError, match=f"a text of it claims 1000000000 bytes ?{has}"):
        with hdf5.reading(source, "it"):
            pass
