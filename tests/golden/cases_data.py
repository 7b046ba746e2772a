"""Pipelines that both TensorFlow and Cornu run: name -> function of (data, np), where `data` is tf.data or cornu.data."""

import numpy as np

VECTOR = np.arange(12, dtype="float32").reshape(6, 2)


def _ragged(data):
    return data.Dataset.range(1, 8).map(lambda x: x).flat_map(lambda n: data.Dataset.from_tensors(n).repeat(n)).window(
        3, shift=2, stride=1
    )  # fmt: skip


def _sequences(data):
    def generate():
        for n in (3, 1, 4, 1, 5, 2, 6, 2):
            yield np.arange(n, dtype="int32"), n

    specs = ((None,), ())
    return data.Dataset.from_generator(generate, output_types=("int32", "int32"), output_shapes=specs)


def _words():
    return ["b", "a", "c", "a"]


CASES = {
    "slices": lambda data: data.Dataset.from_tensor_slices(VECTOR),
    "slices of a tuple": lambda data: data.Dataset.from_tensor_slices((VECTOR, [1, 2, 3, 4, 5, 6])),
    "slices of a dict": lambda data: data.Dataset.from_tensor_slices({"b": VECTOR, "a": ([1.0] * 6, ["x"] * 6)}),
    "slices of a list": lambda data: data.Dataset.from_tensor_slices([[1, 2], [3, 4]]),
    "slices of text": lambda data: data.Dataset.from_tensor_slices(_words()),
    "tensors": lambda data: data.Dataset.from_tensors((VECTOR, 5)),
    "range 3": lambda data: data.Dataset.range(2, 11, 3),
    "range down": lambda data: data.Dataset.range(5, 0, -2),
    "range float": lambda data: data.Dataset.range(3, output_type="float32"),
    "batch": lambda data: data.Dataset.range(7).batch(3),
    "batch drop": lambda data: data.Dataset.range(7).batch(3, drop_remainder=True),
    "batch twice": lambda data: data.Dataset.range(8).batch(2).batch(2),
    "batch repeat": lambda data: data.Dataset.range(5).batch(3).repeat(2),
    "repeat batch": lambda data: data.Dataset.range(5).repeat(2).batch(3),
    "take repeat": lambda data: data.Dataset.range(5).repeat().take(12),
    "take all": lambda data: data.Dataset.range(3).take(-1),
    "skip": lambda data: data.Dataset.range(5).skip(2),
    "skip all": lambda data: data.Dataset.range(5).skip(-1),
    "skip batches": lambda data: data.Dataset.range(9).batch(2).skip(1).take(2),
    "shard": lambda data: data.Dataset.range(10).shard(3, 1),
    "shard batches": lambda data: data.Dataset.range(10).batch(2).shard(2, 1),
    "shard repeat": lambda data: data.Dataset.range(5).repeat(2).shard(3, 2),
    "concatenate": lambda data: data.Dataset.range(3).concatenate(data.Dataset.range(10, 12)),
    "concatenate shapes": lambda data: data.Dataset.from_tensors(VECTOR).concatenate(
        data.Dataset.from_tensors(VECTOR[:2])
    ),
    "zip": lambda data: data.Dataset.zip((data.Dataset.range(4), data.Dataset.from_tensor_slices(VECTOR))),
    "zip dict": lambda data: data.Dataset.zip({"a": data.Dataset.range(4), "b": data.Dataset.range(3)}),
    "zip arguments": lambda data: data.Dataset.zip(data.Dataset.range(2), data.Dataset.range(5).batch(2)),
    "enumerate": lambda data: data.Dataset.range(3).map(lambda x: x * 2).enumerate(start=5),
    "map": lambda data: data.Dataset.range(5).map(lambda x: (x, x * 2)),
    "map parallel": lambda data: data.Dataset.range(9).map(lambda x: x + 1, num_parallel_calls=data.AUTOTUNE),
    "map batches": lambda data: data.Dataset.range(5).batch(2).map(lambda x: x[::-1] * 2),
    "map dict": lambda data: data.Dataset.from_tensor_slices({"a": [1, 2]}).map(lambda d: {"b": d["a"] + 1}),
    "map to nested list": lambda data: data.Dataset.range(3).map(lambda x: (x, [x, x])),
    "map to numbers": lambda data: data.Dataset.range(2).map(lambda x: (1, 2.5, True)),
    "map to list": lambda data: data.Dataset.range(3).map(lambda x: [x, x]),
    "filter": lambda data: data.Dataset.range(10).filter(lambda x: x % 3 == 1),
    "filter batch": lambda data: data.Dataset.range(20).filter(lambda x: x % 3 == 1).batch(4).repeat(2),
    "take while": lambda data: data.Dataset.range(10).take_while(lambda x: x < 4),
    "flat map": lambda data: data.Dataset.range(4).flat_map(lambda x: data.Dataset.range(x)),
    "unbatch": lambda data: data.Dataset.from_tensors((VECTOR, [1, 2, 3, 4, 5, 6])).unbatch(),
    "batch unbatch": lambda data: data.Dataset.range(7).batch(3).unbatch(),
    "rebatch": lambda data: data.Dataset.range(10).batch(4).rebatch(3),
    "rebatch drop": lambda data: data.Dataset.range(10).batch(5, drop_remainder=True).rebatch(3, drop_remainder=True),
    "rebatch list": lambda data: data.Dataset.range(10).batch(4).rebatch([1, 2]),
    "window": lambda data: data.Dataset.range(7).window(3).flat_map(lambda w: w.batch(3)),
    "window shift": lambda data: data.Dataset.range(7).window(3, 1).flat_map(lambda w: w.batch(3)),
    "window drop": lambda data: data.Dataset.range(7).window(3, 1, drop_remainder=True).flat_map(lambda w: w.batch(3)),
    "window stride": lambda data: data.Dataset.range(9).window(3, 2, 2).flat_map(lambda w: w.batch(3)),
    "window stride drop": lambda data: data.Dataset.range(9).window(3, 2, 2, True).flat_map(lambda w: w.batch(3)),
    "window far": lambda data: data.Dataset.range(11).window(2, 4).flat_map(lambda w: w.batch(2)),
    "window zip": lambda data: (
        data.Dataset.from_tensor_slices(([1, 2, 3], [4, 5, 6]))
        .window(2, 1, 1, True)
        .flat_map(lambda a, b: data.Dataset.zip((a.batch(2), b)))
    ),
    "windows of a repeat": lambda data: _ragged(data).flat_map(lambda w: w.batch(3)),
    "padded": lambda data: _sequences(data).padded_batch(3, padded_shapes=((None,), ())),
    "padded default": lambda data: _sequences(data).padded_batch(3),
    "padded fixed": lambda data: _sequences(data).padded_batch(
        4, padded_shapes=([7], []), padding_values=(np.int32(-1), np.int32(0)), drop_remainder=True
    ),
    "buckets": lambda data: _sequences(data).bucket_by_sequence_length(lambda x, n: n, [2, 4], [2, 2, 3]),
    "buckets to boundary": lambda data: _sequences(data).bucket_by_sequence_length(
        lambda x, n: n, [3, 7], [2, 2, 2], pad_to_bucket_boundary=True
    ),
    "buckets drop": lambda data: _sequences(data).bucket_by_sequence_length(
        lambda x, n: n, [2, 4], [2, 2, 3], drop_remainder=True
    ),
    "groups": lambda data: data.Dataset.range(10).group_by_window(
        lambda x: x % 2, lambda k, w: w.batch(3), window_size=3
    ),
    "interleave": lambda data: data.Dataset.range(1, 6).interleave(
        lambda x: data.Dataset.from_tensors(x).repeat(6), cycle_length=2, block_length=4
    ),
    "interleave uneven": lambda data: data.Dataset.range(1, 8).interleave(
        lambda x: data.Dataset.from_tensors(x).repeat(x), cycle_length=3, block_length=2
    ),
    "interleave uneven 1": lambda data: data.Dataset.range(1, 8).interleave(
        lambda x: data.Dataset.from_tensors(x).repeat(x), cycle_length=3
    ),
    "interleave empty": lambda data: data.Dataset.range(8).interleave(
        lambda x: data.Dataset.range(x % 3), cycle_length=3, block_length=1
    ),
    "interleave down": lambda data: data.Dataset.range(7, 0, -1).interleave(
        lambda x: data.Dataset.from_tensors(x).repeat(x % 4), cycle_length=2, block_length=2
    ),
    "interleave parallel": lambda data: data.Dataset.range(1, 8).interleave(
        lambda x: data.Dataset.from_tensors(x).repeat(x),
        cycle_length=3,
        block_length=2,
        num_parallel_calls=2,
        deterministic=True,
    ),
    "choose": lambda data: data.Dataset.choose_from_datasets(
        [data.Dataset.range(3), data.Dataset.range(10, 14)],
        data.Dataset.from_tensor_slices(np.array([0, 1, 1, 0, 0, 0, 1])),
    ),
    "choose on": lambda data: data.Dataset.choose_from_datasets(
        [data.Dataset.range(3), data.Dataset.range(10, 14)],
        data.Dataset.from_tensor_slices(np.array([0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1])),
        stop_on_empty_dataset=False,
    ),
    "unique": lambda data: data.Dataset.from_tensor_slices([1, 2, 1, 3, 2]).unique(),
    "unique text": lambda data: data.Dataset.from_tensor_slices(_words()).unique(),
    "scan": lambda data: data.Dataset.range(5).scan(np.int64(10), lambda s, x: (s + x, s * x)),
    "counter": lambda data: data.Dataset.counter(start=5, step=2).take(3),
    "random": lambda data: data.Dataset.random(seed=4).take(6),
    "random anew": lambda data: data.Dataset.random(seed=4, rerandomize_each_iteration=True).take(6),
    "cache": lambda data: data.Dataset.range(5).map(lambda x: x + 1).cache().repeat(2),
    "cache shuffled": lambda data: data.Dataset.range(9).shuffle(9, seed=3).cache(),
    "prefetch": lambda data: data.Dataset.range(5).prefetch(2),
    "generator": lambda data: _sequences(data),
    "generator scalars": lambda data: data.Dataset.from_generator(lambda: range(3), output_types="int64"),
    "generator args": lambda data: data.Dataset.from_generator(
        lambda n: (float(i) for i in range(n)), output_types="float32", output_shapes=(), args=(4,)
    ),
    "shuffle": lambda data: data.Dataset.range(20).shuffle(20, seed=1),
    "shuffle small": lambda data: data.Dataset.range(20).shuffle(3, seed=7),
    "shuffle large": lambda data: data.Dataset.range(20).shuffle(1000, seed=2**40 + 5),
    "shuffle once": lambda data: data.Dataset.range(20).shuffle(8, seed=-3, reshuffle_each_iteration=False),
    "shuffle zero": lambda data: data.Dataset.range(20).shuffle(8, seed=0),
    "shuffle batch repeat": lambda data: data.Dataset.range(10).shuffle(4, seed=5).batch(4).repeat(2),
    "repeat shuffle": lambda data: data.Dataset.range(6).repeat(3).shuffle(4, seed=5).batch(4),
    "batch shuffle": lambda data: data.Dataset.range(10).batch(2).shuffle(3, seed=5),
    "shuffle map": lambda data: data.Dataset.range(10).shuffle(5, seed=9).map(lambda x: x * x).batch(3),
    "shuffle repeat once": lambda data: data.Dataset.range(6).shuffle(6, seed=2).repeat(1),
    "shuffle repeat take": lambda data: data.Dataset.range(6).shuffle(6, seed=2).repeat(2).take(12),
    "shuffle repeat twice": lambda data: data.Dataset.range(6).shuffle(6, seed=2).repeat(2).repeat(2),
    "shuffle repeat forever": lambda data: data.Dataset.range(4).shuffle(6, seed=2).repeat().take(10),
    "shuffle concatenate": lambda data: data.Dataset.range(6).shuffle(6, seed=2).concatenate(data.Dataset.range(2)),
    "shuffle twice": lambda data: data.Dataset.range(10).shuffle(5, seed=9).shuffle(4, seed=2),
    "shuffle all": lambda data: data.Dataset.range(20).shuffle(data.UNKNOWN_CARDINALITY, seed=9),
    "shuffle one": lambda data: data.Dataset.range(5).shuffle(1, seed=9),
    "shuffle filter": lambda data: data.Dataset.range(20).filter(lambda x: x % 2 == 0).shuffle(4, seed=9),
    "shuffle stream": lambda data: _sequences(data).shuffle(4, seed=9).map(lambda x, n: n),
    "global seed": lambda data: data.Dataset.range(10).shuffle(10),  # recorded under the global seed SEED
}
SEED = 5
SEEDED = ("shuffle small", "global seed", "random anew", "batch shuffle")  # also recorded under the global seed
PASSES = 3
RECORDS = [b"first", b"", bytes(range(256)) * 3]


def plain(value):
    """An element as JSON holds it."""
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in value}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    value = value.tolist() if hasattr(value, "tolist") else value
    return _decoded(value)


def _decoded(value):
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value


def observed(dataset):
    """What is recorded of a dataset."""
    return {
        "passes": [[plain(element) for element in dataset.as_numpy_iterator()] for _ in range(PASSES)],
        "spec": repr(dataset.element_spec),
        "cardinality": int(dataset.cardinality()),
    }
