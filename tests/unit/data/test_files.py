"""Datasets of files: lines, records, comma-separated values."""

import gzip
import zlib

import numpy as np
import pytest

from cornu import data

Dataset, experimental = data.Dataset, data.experimental


def values(dataset):
    return list(dataset.as_numpy_iterator())


def test_lines(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\n\nlast")
    (tmp_path / "b.txt").write_bytes("drei ä\n".encode())
    names = [str(tmp_path / "a.txt"), tmp_path / "b.txt"]
    assert values(data.TextLineDataset(names)) == [b"one", b"two", b"", b"last", "drei ä".encode()]
    assert values(data.TextLineDataset(Dataset.from_tensor_slices([str(names[0])])).take(1)) == [b"one"]
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"x\ny\n"))
    assert values(data.TextLineDataset(str(tmp_path / "c.gz"), "GZIP")) == [b"x", b"y"]
    (tmp_path / "c.z").write_bytes(zlib.compress(b"x\ny\n"))
    assert values(data.TextLineDataset(str(tmp_path / "c.z"), "ZLIB")) == [b"x", b"y"]
    in_turn = data.TextLineDataset([str(name) for name in names], num_parallel_reads=2)
    assert values(in_turn) == [b"one", "drei ä".encode(), b"two", b"", b"last"]
    assert data.TextLineDataset(names).element_spec == data.TensorSpec((), "string")
    assert isinstance(data.TextLineDataset(names), Dataset)
    with pytest.raises(ValueError, match="there is none at"):
        values(data.TextLineDataset(str(tmp_path / "nothing")))
    with pytest.raises(ValueError, match="compression_type"):
        data.TextLineDataset(names, "BZIP")


def test_damaged_records(tmp_path):
    path = tmp_path / "records"
    with data.TFRecordWriter(path) as writer:
        for text in ("first", b"second"):
            writer.write(text)
    whole = path.read_bytes()
    assert values(data.TFRecordDataset(str(path))) == [b"first", b"second"]
    for damaged, message in (
        (whole[:-1], "Record 1 .*ends inside"),
        (whole[:30], "Record 1 .*length"),
        (whole[:13] + b"X" + whole[14:], "Record 0 .*checksum"),
        (b"\xff" + whole[1:], "Record 0 .*length"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=message):
            values(data.TFRecordDataset(str(path)))
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="cannot be read"):
        values(data.TFRecordDataset(str(path), "GZIP"))
    with pytest.raises(ValueError, match="as bytes"):
        data.TFRecordWriter(path).write(5)


def test_fixed_length_records(tmp_path):
    path = tmp_path / "binary"
    path.write_bytes(b"HEAD" + bytes(range(9)) + b"F")
    found = values(data.FixedLengthRecordDataset(str(path), 3, header_bytes=4, footer_bytes=1))
    assert found == [b"\0\1\2", b"\3\4\5", b"\6\7\x08"]
    with pytest.raises(ValueError, match="left over"):
        values(data.FixedLengthRecordDataset(str(path), 4, header_bytes=4))


def test_list_files(tmp_path):
    for name in ("b.txt", "a.txt", "c.csv"):
        (tmp_path / name).write_text("x")
    expected = [str(tmp_path / name).encode() for name in ("a.txt", "b.txt")]
    assert values(Dataset.list_files(str(tmp_path / "*.txt"), shuffle=False)) == expected
    assert sorted(values(Dataset.list_files(str(tmp_path / "*.txt"), seed=1))) == expected
    with pytest.raises(ValueError, match="there are none"):
        Dataset.list_files(str(tmp_path / "*.png"))


def test_csv_rows(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('a,b,c\n1,2.5,"x,y"\n\n3,,z\n')
    rows = experimental.CsvDataset(str(path), ["int32", 7.0, "string"], header=True)
    assert values(rows) == [(1, 2.5, b"x,y"), (3, 7.0, b"z")]
    chosen = experimental.CsvDataset(str(path), ["string", "int32"], header=True, select_cols=[0, 2])
    with pytest.raises(ValueError, match=r"line 2: expected a number of dtype int32; received 'x,y'"):
        values(chosen)
    with pytest.raises(ValueError, match="expected 2 fields; received 3"):
        values(experimental.CsvDataset(str(path), ["int32", "float32"], header=True))
    with pytest.raises(ValueError, match="no default"):
        values(experimental.CsvDataset(str(path), ["int32", "float32", "string"], header=True))


def test_csv_batches(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("age,height,name\n" + "".join(f"{i},{i / 2},n{i}\n" for i in range(5)))
    made = experimental.make_csv_dataset(str(path), 2, label_name="age", num_epochs=1, shuffle=False)
    features, label = next(made.as_numpy_iterator())
    assert label.tolist() == [0, 1]
    assert label.dtype == np.int32
    np.testing.assert_equal(features, {"height": np.array([0, 0.5], "f4"), "name": np.array([b"n0", b"n1"], object)})
    assert len(values(made)) == 3
    with pytest.raises(ValueError, match="label_name"):
        experimental.make_csv_dataset(str(path), 2, label_name="agee")
    with pytest.raises(ValueError, match="select_columns"):
        experimental.make_csv_dataset(str(path), 2, select_columns=["agee"])
