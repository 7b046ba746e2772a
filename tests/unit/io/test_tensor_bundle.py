import os
import pathlib

import numpy as np
import pytest

from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError
from cornu.io import sorted_table, tensor_bundle

ARRAYS = {
    "a/kernel": np.arange(6.0, dtype=np.float32).reshape(2, 3),
    "b": np.array([b"x", b"", b"yyy" * 100], object),
    "c": np.float16(2.5),
    "empty": np.zeros((0, 3), np.int64),
    "text": b"hello",
    "flags": np.array([True, False]),
    "z": np.array([1 + 2j]),
}


def test_what_is_written_is_read(tmp_path):
    tensor_bundle.write(tmp_path / "x.ckpt", ARRAYS)
    bundle = tensor_bundle.Bundle(tmp_path / "x.ckpt")
    assert list(bundle) == sorted(ARRAYS)
    for name, values in ARRAYS.items():
        wanted = np.asarray(values, object) if isinstance(values, bytes) else np.asarray(values)
        np.testing.assert_array_equal(bundle[name], wanted)
        assert bundle[name].dtype == wanted.dtype and bundle.shape(name) == wanted.shape
    assert bundle.dtype("b") == "string" and bundle.dtype("c") == "float16"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.ckpt.data-00000-of-00001", "x.ckpt.index"]


def test_asking_for_a_name_reads_no_array(tmp_path):
    tensor_bundle.write(tmp_path / "x.ckpt", ARRAYS)
    (tmp_path / "x.ckpt.data-00000-of-00001").unlink()
    bundle = tensor_bundle.Bundle(tmp_path / "x.ckpt")
    assert "b" in bundle and "x" not in bundle


def test_damage_is_noticed(tmp_path):
    prefix = tmp_path / "x"
    tensor_bundle.write(prefix, ARRAYS)
    index, data = tmp_path / "x.index", tmp_path / "x.data-00000-of-00001"
    whole = data.read_bytes()
    data.write_bytes(whole[:4] + bytes([whole[4] ^ 1]) + whole[5:])
    with pytest.raises(DataLossError, match="'a/kernel' is damaged: its checksum is wrong"):
        tensor_bundle.Bundle(prefix)["a/kernel"]
    data.write_bytes(whole[:20])
    with pytest.raises(DataLossError, match="was cut"):
        tensor_bundle.Bundle(prefix)["z"]
    data.unlink()
    with pytest.raises(NotFoundError, match="x.data-00000-of-00001 does not exist"):
        tensor_bundle.Bundle(prefix)["c"]
    table = index.read_bytes()
    index.write_bytes(table[:30] + bytes([table[30] ^ 255]) + table[31:])
    with pytest.raises(DataLossError, match="checksum of the block"):
        tensor_bundle.Bundle(prefix)
    index.write_bytes(table[:-3])
    with pytest.raises(DataLossError, match="Expected the index of a checkpoint"):
        tensor_bundle.Bundle(prefix)
    with pytest.raises(NotFoundError, match=r"no checkpoint .*nothing"):
        tensor_bundle.Bundle(tmp_path / "nothing")


def test_every_flipped_bit_of_the_index_is_noticed_or_harmless(tmp_path):
    tensor_bundle.write(tmp_path / "x", {"a": np.arange(3), "b": b"t"})
    index = tmp_path / "x.index"
    whole = index.read_bytes()
    for place in range(len(whole)):
        index.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            bundle = tensor_bundle.Bundle(tmp_path / "x")
            assert [bundle[name].tolist() for name in bundle] in ([[0, 1, 2], b"t"], [])
        except DataLossError:
            pass


def test_only_numbers_and_text_are_written(tmp_path):
    with pytest.raises(InvalidArgumentError, match="received dtype datetime64"):
        tensor_bundle.write(tmp_path / "x", {"a": np.array(["2020"], "datetime64[Y]")})
    assert not list(tmp_path.iterdir())


def test_a_large_table_has_several_blocks():
    entries = {f"layer-{i}/kernel".encode(): bytes(100) for i in range(5000)}
    assert sorted_table.read(sorted_table.write(entries), "here") == entries


def test_snappy():
    packed = bytes([8, 7 << 2]) + b"abcdefgh"
    assert sorted_table._unsnap(packed, "here") == b"abcdefgh"
    packed = bytes([9, 2 << 2]) + b"abc" + bytes([(6 - 4) << 2 | 1, 3])
    assert sorted_table._unsnap(packed, "here") == b"abcabcabc"
    with pytest.raises(DataLossError, match="copies from before its start"):
        sorted_table._unsnap(bytes([9, 2 << 2]) + b"abc" + bytes([(6 - 4) << 2 | 1, 30]), "here")
    with pytest.raises(DataLossError, match="claim to be"):
        sorted_table._unsnap(b"\xff\xff\xff\x7f" + b"abc", "here")


@pytest.mark.parametrize("stopped_after", ["data", "index"])
def test_a_stopped_save_leaves_the_old_or_the_new_one(tmp_path, monkeypatch, stopped_after):
    prefix = tmp_path / "x"
    tensor_bundle.write(prefix, {"a": np.zeros(3)})

    real_unlink, real = pathlib.Path.unlink, os.replace
    done = []

    def stop(self, missing_ok=False):
        if ".previous" in self.name and self.name.endswith((".index", "00001")):
            raise KeyboardInterrupt
        real_unlink(self, missing_ok)

    def replace(source, target):
        if done == ["stop"]:
            raise KeyboardInterrupt
        real(source, target)
        ending = {"data": ".data-00000-of-00001", "index": ".index"}[stopped_after]
        if str(target).endswith(ending) and ".previous" not in str(target):
            done.append("stop")

    monkeypatch.setattr("os.replace", replace)
    if stopped_after == "index":
        monkeypatch.setattr("pathlib.Path.unlink", stop)
    with pytest.raises(KeyboardInterrupt):
        tensor_bundle.write(prefix, {"a": np.ones(3)})
    monkeypatch.undo()
    wanted = 0 if stopped_after == "data" else 1
    assert tensor_bundle.Bundle(prefix)["a"].tolist() == [wanted] * 3
    tensor_bundle.write(prefix, {"a": np.full(3, 2.0)})
    assert tensor_bundle.Bundle(prefix)["a"].tolist() == [2, 2, 2]
    assert not list(tmp_path.glob(".x.previous*"))
