# TensorFlow 2.0: tf.data in many ways, every result checked exactly.
import numpy as np
import tensorflow as tf

ds = tf.data.Dataset.range(10)
assert [int(x) for x in ds.filter(lambda x: x % 2 == 0).map(lambda x: x * x)] == [0, 4, 16, 36, 64]
assert [list(b.numpy()) for b in ds.batch(4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
assert [b.shape.as_list() for b in ds.batch(4, drop_remainder=True)] == [[4], [4]]
assert list(ds.skip(3).take(3).repeat(2).as_numpy_iterator()) == [3, 4, 5, 3, 4, 5]
assert int(ds.reduce(np.int64(0), lambda state, value: state + value)) == 45
windows = ds.window(4, shift=2, drop_remainder=True).flat_map(lambda w: w.batch(4))
assert [w.numpy().tolist() for w in windows] == [[0, 1, 2, 3], [2, 3, 4, 5], [4, 5, 6, 7], [6, 7, 8, 9]]
zipped = tf.data.Dataset.zip((ds, ds.map(lambda x: -x)))
assert [(int(a), int(b)) for a, b in zipped.take(2)] == [(0, 0), (1, -1)]
assert [int(x) for x in ds.take(2).concatenate(ds.skip(8))] == [0, 1, 8, 9]
assert [(int(i), int(x)) for i, x in ds.skip(7).enumerate(start=5)] == [(5, 7), (6, 8), (7, 9)]
assert [int(x) for x in ds.interleave(lambda x: tf.data.Dataset.from_tensors(x).repeat(2), cycle_length=5).take(6)] == [
    0, 1, 2, 3, 4, 0,
]  # fmt: skip

shuffled = ds.shuffle(10, seed=4, reshuffle_each_iteration=False)
first, second = list(shuffled.as_numpy_iterator()), list(shuffled.as_numpy_iterator())
assert first == second != list(range(10))
assert sorted(first) == list(range(10))


def gen():
    for i in range(1, 4):
        yield i, [1.0] * i


from_generator = tf.data.Dataset.from_generator(
    gen, output_types=(tf.int64, tf.float32), output_shapes=(tf.TensorShape([]), tf.TensorShape([None]))
)
padded = from_generator.padded_batch(3, padded_shapes=([], [None]))
for number, rows in padded:
    assert number.numpy().tolist() == [1, 2, 3]
    assert rows.numpy().tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]

features = {"a": np.arange(6), "b": np.arange(6) * 0.5}
dicts = tf.data.Dataset.from_tensor_slices((features, np.arange(6) % 2)).batch(3)
for feature_batch, label_batch in dicts.take(1):
    assert sorted(feature_batch) == ["a", "b"]
    assert feature_batch["b"].numpy().tolist() == [0.0, 0.5, 1.0]
    assert label_batch.numpy().tolist() == [0, 1, 0]
assert dicts.element_spec[0]["a"].dtype == tf.int64


def slow_square(x):
    return np.square(x).astype(np.float32)


def with_numpy(x):
    y = tf.py_function(lambda v: slow_square(v.numpy()), [x], tf.float32)
    y.set_shape([])
    return y


assert [float(x) for x in ds.take(4).map(with_numpy, num_parallel_calls=tf.data.experimental.AUTOTUNE)] == [0, 1, 4, 9]
words = tf.data.Dataset.from_tensor_slices(["red fox", "blue", "a b c"]).map(lambda s: tf.size(tf.strings.split(s)))
assert [int(n) for n in words] == [2, 1, 3]
assert tf.data.experimental.cardinality(ds.batch(3)).numpy() == 4

rng = np.random.RandomState(0)
x = rng.rand(64, 3).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(3,))])
model.compile(tf.keras.optimizers.SGD(0.2), "mse")
pairs = (
    tf.data.Dataset.from_tensor_slices((x, x.sum(1)))
    .shuffle(64)
    .repeat()
    .batch(16)
    .prefetch(tf.data.experimental.AUTOTUNE)
)
history = model.fit(pairs, epochs=15, steps_per_epoch=8, verbose=0)
assert history.history["loss"][-1] < 0.1
assert model.predict(tf.data.Dataset.from_tensor_slices(x).batch(10)).shape == (64, 1)
