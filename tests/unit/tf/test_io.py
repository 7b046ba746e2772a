"""Files, records, examples and raw texts."""

import gzip
import zlib

import numpy as np
import pytest

import cornu.tf as tf
from cornu._base.errors import (
    DataLossError,
    FailedPreconditionError,
    InvalidArgumentError,
    InvalidTypeError,
    NotFoundError,
)
from cornu.data.records import read_records
from cornu.io.protobuf import read_fields


def example(**values):
    feature = tf.train.Features()
    for name, items in values.items():
        kind = {bytes: "bytes_list", float: "float_list", int: "int64_list"}[type(items[0])]
        getattr(feature.feature[name], kind).value.extend(items)
    return tf.train.Example(features=feature)


def test_file_round_trip_makes_folders(tmp_path):
    path = tmp_path / "a" / "b.txt"
    tf.io.write_file(str(path), b"hi\xff")
    assert path.read_bytes() == b"hi\xff"
    assert tf.io.read_file(str(path)).numpy() == b"hi\xff"
    assert tf.io.matching_files([str(tmp_path / "*" / "*.txt")]).numpy().tolist() == [str(path).encode()]
    with pytest.raises(NotFoundError, match="No such file"):
        tf.io.read_file(str(tmp_path / "none"))


def test_gfile(tmp_path):
    gfile, name = tf.io.gfile, str(tmp_path / "x" / "file.txt")
    gfile.makedirs(str(tmp_path / "x"))
    with gfile.GFile(name, "w") as file:
        file.write("one\ntwo\n")
        assert file.size() == 8
    with gfile.GFile(name) as file:
        assert (file.readline(), file.tell(), list(file)) == ("one\n", 4, ["two\n"])
    assert gfile.GFile(name, "rb").read(3) == b"one"
    assert gfile.exists(name) and gfile.isdir(str(tmp_path / "x")) and not gfile.isdir(name)
    assert gfile.listdir(str(tmp_path)) == ["x"]
    assert (gfile.stat(name).length, gfile.stat(name).is_directory) == (8, False)
    gfile.copy(name, name + "2")
    with pytest.raises(InvalidArgumentError, match="overwrite"):
        gfile.copy(name, name + "2")
    with pytest.raises(FailedPreconditionError, match="overwrite"):
        gfile.rename(name, name + "2")
    gfile.rename(name, name + "2", overwrite=True)
    assert gfile.glob(str(tmp_path / "x" / "*")) == [name + "2"]
    assert list(gfile.walk(str(tmp_path))) == [(str(tmp_path), ["x"], []), (str(tmp_path / "x"), [], ["file.txt2"])]
    gfile.remove(name + "2")
    gfile.rmtree(str(tmp_path / "x"))
    assert not gfile.exists(str(tmp_path / "x"))
    for call in (gfile.remove, gfile.rmtree, gfile.stat, lambda path: gfile.GFile(path).read()):
        with pytest.raises(NotFoundError, match="No such file"):
            call(name)
    with pytest.raises(InvalidArgumentError, match="mode"):
        gfile.GFile(name, "q")


@pytest.mark.parametrize("kind", [None, "GZIP", "ZLIB"])
def test_records_round_trip(tmp_path, kind):
    path = str(tmp_path / "r")
    with tf.io.TFRecordWriter(path, tf.io.TFRecordOptions(kind)) as file:
        file.write(b"one")
        file.write(example(a=[1]).SerializeToString())
    assert list(read_records(path, kind or "")) == [b"one", b"\n\x0c\n\n\n\x01a\x12\x05\x1a\x03\n\x01\x01"]
    with pytest.raises(InvalidArgumentError, match="compression_type"):
        tf.io.TFRecordOptions("LZ4")


@pytest.mark.parametrize("kind", ["GZIP", "ZLIB"])
def test_settings_of_zlib_reach_the_file(tmp_path, kind):
    sizes = {}
    for level in (None, 0, 1, 9):
        path = tmp_path / f"level{level}"
        options = tf.io.TFRecordOptions(
            kind, compression_level=level, window_bits=12, mem_level=9, compression_strategy=0
        )
        with tf.io.TFRecordWriter(str(path), options) as file:
            for i in range(200):
                file.write(b"%d squared is %d" % (i, i * i))
        assert list(read_records(str(path), kind))[7] == b"7 squared is 49"
        sizes[level] = path.stat().st_size
    assert sizes[9] < sizes[1] < sizes[0] and sizes[None] < sizes[1]
    with pytest.raises(InvalidArgumentError, match="compression_level -1 to 9.*received.*12"):
        tf.io.TFRecordWriter(str(tmp_path / "bad"), tf.io.TFRecordOptions(kind, compression_level=12))
    assert not (tmp_path / "bad").exists()
    with pytest.raises(InvalidArgumentError, match="compression_method 8; received 7"):
        tf.io.TFRecordOptions(kind, compression_method=7)


def test_example_is_a_message():
    made = example(a=[1, -2], b=[b"x\xff"], c=[0.5])
    features = made.features.feature
    assert features["a"].int64_list.value == [1, -2]
    assert features["a"].WhichOneof("kind") == "int64_list"
    assert features["b"].HasField("bytes_list") and not features["b"].HasField("float_list")
    assert tf.train.Example.FromString(made.SerializeToString()) == made
    features["a"].float_list.value.append(2)
    assert features["a"].WhichOneof("kind") == "float_list" and features["a"].int64_list.value == []
    assert str(features["a"]) == "float_list {\n  value: 2\n}\n"
    assert features["new"].WhichOneof("kind") is None and "new" in features
    other = tf.train.Example()
    assert other.ParseFromString(made.SerializeToString()) == made.ByteSize()
    other.ClearField("features")
    assert not other.HasField("features") and other.SerializeToString() == b""
    other.CopyFrom(made)
    assert other == made and other is not made


def test_example_text():
    assert str(example(b=[b'hi\xff"'], a=[1e10, 0.1])) == (
        'features {\n  feature {\n    key: "a"\n    value {\n      float_list {\n        value: 1e+10\n        value: 0.1\n'
        '      }\n    }\n  }\n  feature {\n    key: "b"\n    value {\n      bytes_list {\n        value: "hi\\377\\""\n'
        "      }\n    }\n  }\n}\n"
    )


@pytest.mark.parametrize("make, sentence", [
    (lambda t: t.Int64List(value=["a"]), "interpreted as an integer"),
    (lambda t: t.Int64List(value=[1.5]), "interpreted as an integer"),
    (lambda t: t.Int64List(value=3), "list of values"),
    (lambda t: t.BytesList(value=["abc"]), "expected bytes, str found"),
    (lambda t: t.FloatList(value=["x"]), "real number"),
    (lambda t: t.Feature(int64_list=[1]), "Int64List"),
    (lambda t: t.Feature(floats=1), "no field 'floats'"),
])  # fmt: skip
def test_example_refuses(make, sentence):
    with pytest.raises((InvalidTypeError, InvalidArgumentError), match=sentence):
        make(tf.train)


@pytest.mark.parametrize("data", [b"\x0a\xff", b"\x0a\x05ab", b"\x0b", b"\xff" * 20])
def test_damaged_example(data):
    with pytest.raises(DataLossError, match="damaged"):
        tf.train.Example.FromString(data)
    with pytest.raises(DataLossError, match="damaged"):
        tf.io.parse_single_example(data, {"a": tf.io.FixedLenFeature([], tf.int64)})


def test_wire_fields():
    assert list(read_fields(b"\x08\x96\x01\x12\x02hi\x1d\x00\x00\x80\x3f")) == [
        (1, 0, 150),
        (2, 2, b"hi"),
        (3, 5, b"\x00\x00\x80\x3f"),
    ]


@pytest.mark.parametrize("feature, sentence", [
    (lambda io: {"q": io.FixedLenFeature([], tf.int64)}, "required but could not be found"),
    (lambda io: {"a": io.FixedLenFeature([3], tf.int64)}, "expected 3 values"),
    (lambda io: {"a": io.FixedLenFeature([2], tf.float32)}, "Data types don't match"),
    (lambda io: {"a": io.FixedLenFeature([2], tf.int32)}, "then cast"),
    (lambda io: {"a": io.FixedLenFeature([2], tf.int64, [1, 2, 3])}, "default_value"),
    (lambda io: {"a": io.FixedLenSequenceFeature([], tf.int64)}, "allow_missing"),
    (lambda io: {"a": 3}, "Invalid feature"),
    (lambda io: {}, "cannot be empty"),
])  # fmt: skip
def test_parse_refuses(feature, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        tf.io.parse_single_example(example(a=[1, 2]).SerializeToString(), feature(tf.io))


def test_sparse_feature():
    data = example(i=[3, 1], v=[1.0, 2.0]).SerializeToString()
    found = tf.io.parse_single_example(data, {"s": tf.io.SparseFeature("i", "v", tf.float32, 5)})["s"]
    assert tf.sparse.to_dense(found).numpy().tolist() == [0, 2, 0, 1, 0]


def test_sequence_example():
    steps = [tf.train.Feature(float_list=tf.train.FloatList(value=row)) for row in ([1.0, 2.0], [3.0, 4.0])]
    made = tf.train.SequenceExample(
        context=tf.train.Features(feature={"n": tf.train.Feature(int64_list=tf.train.Int64List(value=[7]))}),
        feature_lists=tf.train.FeatureLists(feature_list={"t": tf.train.FeatureList(feature=steps)}),
    )
    features = {"n": tf.io.FixedLenFeature([], tf.int64)}, {"t": tf.io.FixedLenSequenceFeature([2], tf.float32)}
    context, sequences = tf.io.parse_single_sequence_example(made.SerializeToString(), *features)
    assert context["n"].numpy() == 7
    assert sequences["t"].numpy().tolist() == [[1, 2], [3, 4]]
    short = tf.train.SequenceExample(context=made.context)
    short.feature_lists.feature_list["t"].feature.add().float_list.value.extend([9, 8])
    many = [made.SerializeToString(), short.SerializeToString()]
    _, sequences, lengths = tf.io.parse_sequence_example(many, *features)
    assert sequences["t"].numpy().tolist() == [[[1, 2], [3, 4]], [[9, 8], [0, 0]]]
    assert lengths["t"].numpy().tolist() == [2, 1]
    sparse = tf.io.parse_sequence_example(many, sequence_features={"t": tf.io.VarLenFeature(tf.float32)})[1]["t"]
    assert tf.sparse.to_dense(sparse).numpy().tolist() == [[[1, 2], [3, 4]], [[9, 8], [0, 0]]]


def test_pipeline_over_records(tmp_path):
    path = str(tmp_path / "r")
    with tf.io.TFRecordWriter(path) as file:
        for n in range(4):
            file.write(example(x=[float(n), 1.0], y=[n]).SerializeToString())
    features = {"x": tf.io.FixedLenFeature([2], tf.float32), "y": tf.io.FixedLenFeature([], tf.int64)}
    data = tf.data.TFRecordDataset(path).map(lambda record: tf.io.parse_single_example(record, features)).batch(4)
    (batch,) = data
    assert batch["x"].numpy().tolist() == [[0, 1], [1, 1], [2, 1], [3, 1]]
    assert batch["y"].numpy().tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "value", [3, 2.5, [[1, 2], [3, 4]], [True, False], ["a", "bc"], np.zeros((0, 3)), np.array(1 + 2j)]
)
def test_tensors_as_text(value):
    tensor = tf.constant(value)
    found = tf.io.parse_tensor(tf.io.serialize_tensor(tensor), tensor.dtype)
    assert found.dtype == tensor.dtype and found.shape == tensor.shape
    np.testing.assert_array_equal(found.numpy(), tensor.numpy())


def test_damaged_tensor():
    data = tf.io.serialize_tensor(tf.constant([1.0, 2.0])).numpy()
    with pytest.raises(DataLossError, match="bytes"):
        tf.io.parse_tensor(data[:-3] + b"", tf.float32)
    with pytest.raises(InvalidArgumentError, match="Type mismatch"):
        tf.io.parse_tensor(data, tf.int32)


def test_decode_compressed():
    texts = [zlib.compress(b"abc"), zlib.compress(b"")]
    assert tf.io.decode_compressed(texts, "ZLIB").numpy().tolist() == [b"abc", b""]
    assert tf.io.decode_compressed(gzip.compress(b"x"), "GZIP").numpy() == b"x"
    with pytest.raises(DataLossError, match="damaged"):
        tf.io.decode_compressed(b"abc", "ZLIB")


@pytest.mark.parametrize("call, sentence", [
    (lambda io: io.decode_csv("1,2", [[0]]), "Expect 1 fields but have 2"),
    (lambda io: io.decode_csv("a", [[0]]), "not a valid int32: a"),
    (lambda io: io.decode_csv(",1", [np.zeros(0, np.int32), [0]]), "required but missing"),
    (lambda io: io.decode_raw(b"abc", tf.int16), "multiple of 2"),
    (lambda io: io.decode_raw([b"ab", b"abcd"], tf.int16), "same size"),
    (lambda io: io.decode_base64(b"a$b"), "Invalid character"),
])  # fmt: skip
def test_raw_refuses(call, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        call(tf.io)
