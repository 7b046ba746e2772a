# TensorFlow 2.0: tf.train.Example records written, parsed in a pipeline, and trained on.
import numpy as np
import tensorflow as tf


def _bytes_feature(value):
    if isinstance(value, type(tf.constant(0))):
        value = value.numpy()
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def _float_feature(values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def _int64_feature(value):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))


rng = np.random.RandomState(0)
rows = rng.randn(60, 3).astype("float32")
labels = (rows[:, 0] > 0).astype("int64")
names = np.array([b"cat", b"dog"])[labels]


def serialize_example(row, label, name):
    feature = {"row": _float_feature(row), "label": _int64_feature(label), "name": _bytes_feature(name)}
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


one = serialize_example(rows[0], int(labels[0]), names[0])
proto = tf.train.Example.FromString(one)
assert proto.features.feature["label"].int64_list.value[0] == labels[0]
np.testing.assert_allclose(proto.features.feature["row"].float_list.value, rows[0], rtol=1e-6)
for filename, options in (("rows.tfrecord", None), ("rows.gz", tf.io.TFRecordOptions(compression_type="GZIP"))):
    with tf.io.TFRecordWriter(filename, options) as writer:
        for row, label, name in zip(rows, labels, names):
            writer.write(serialize_example(row, int(label), name))

description = {
    "row": tf.io.FixedLenFeature([3], tf.float32),
    "label": tf.io.FixedLenFeature([], tf.int64, default_value=0),
    "name": tf.io.FixedLenFeature([], tf.string, default_value=""),
    "missing": tf.io.FixedLenFeature([], tf.float32, default_value=-1.0),
}


def parse(example_proto):
    return tf.io.parse_single_example(example_proto, description)


raw_dataset = tf.data.TFRecordDataset(["rows.tfrecord"])
for i, record in enumerate(raw_dataset.map(parse).take(5)):
    np.testing.assert_allclose(record["row"], rows[i], rtol=1e-6)
    assert int(record["label"]) == labels[i]
    assert record["name"].numpy() == names[i]
    assert float(record["missing"]) == -1.0
sparse = tf.io.parse_single_example(
    one, {"label": tf.io.VarLenFeature(tf.int64), "none": tf.io.VarLenFeature(tf.float32)}
)
assert tf.sparse.to_dense(sparse["label"]).numpy().tolist() == [labels[0]]
assert tf.sparse.to_dense(sparse["none"]).shape == (0,)
assert sum(1 for _ in tf.data.TFRecordDataset("rows.gz", compression_type="GZIP")) == 60

batches = raw_dataset.map(parse).map(lambda r: (r["row"], r["label"])).shuffle(60).batch(20)
model = tf.keras.Sequential([tf.keras.layers.Dense(1, activation="sigmoid", input_shape=(3,))])
model.compile(tf.keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
history = model.fit(batches, epochs=20, verbose=0)
assert history.history["accuracy"][-1] > 0.95
assert [len(b) for b in tf.data.TFRecordDataset("rows.tfrecord").batch(50)] == [50, 10]
