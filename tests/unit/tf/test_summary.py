"""tf.summary: what stands in the event file, as TensorFlow 2.21 with TensorBoard writes it."""

import numpy as np

import cornu.tf as tf
from cornu.io.protobuf import read_fields


def fields(message):
    """The last value of every field of a message."""
    return {number: value for number, _, value in read_fields(message)}


def values(folder):
    """(tag, description, numbers) of every value in the folder's only event file."""
    (path,) = folder.iterdir()
    for record in tf.data.TFRecordDataset([str(path)]):
        event = fields(record.numpy())
        if 5 in event:  # a summary
            value = fields(fields(event[5])[1])
            metadata, tensor = fields(value[9]), fields(value[8])
            yield (
                value[1].decode(),
                metadata.get(3, b"").decode(),
                np.frombuffer(tensor.get(4, b"") if metadata[1] == b"\n\nhistograms" else b""),
            )


def test_buckets_and_descriptions(tmp_path):
    with tf.summary.create_file_writer(str(tmp_path), filename_suffix=".foo").as_default(step=1):
        tf.summary.histogram("h", np.arange(10.0), buckets=4, description="hist")
        tf.summary.histogram("none", np.arange(10.0), buckets=0)
        tf.summary.histogram("equal", np.ones(10), buckets=2)
        tf.summary.histogram("empty", np.ones(0), buckets=2)
        tf.summary.scalar("a", 1.5, description="Hello *x*")
        tf.summary.image("i", np.ones((1, 2, 2, 3)), description="img")
        tf.summary.text("t", "txt", description="text")
    assert next(tmp_path.iterdir()).suffix == ".foo"
    found = list(values(tmp_path))
    assert [(tag, description) for tag, description, _ in found] == [
        ("h", "hist"), ("none", ""), ("equal", ""), ("empty", ""), ("a", "Hello *x*"), ("i", "img"), ("t", "text")
    ]  # fmt: skip
    assert found[0][2].tolist() == [0, 2.25, 3, 2.25, 4.5, 2, 4.5, 6.75, 2, 6.75, 9, 3]
    assert found[1][2].size == 0
    assert found[2][2].tolist() == [1, 1, 0, 1, 1, 10]
    assert found[3][2].tolist() == [0] * 6


def test_the_usual_name_and_buckets(tmp_path):
    with tf.summary.create_file_writer(str(tmp_path)).as_default(step=1):
        tf.summary.histogram("h", np.arange(10.0))
    assert next(tmp_path.iterdir()).suffix == ".v2"
    assert next(values(tmp_path))[2].size == 30 * 3
