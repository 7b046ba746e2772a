"""Datasets as their users see them: what they print, refuse, keep and give back."""

import gc
import json
import pickle
import threading
import time

import numpy as np
import pytest

import cornu
from cornu import data
from cornu.core.global_seed import set_global_seed
from cornu.core.tensor import Tensor
from cornu.data import plan

Dataset = data.Dataset


@pytest.fixture(autouse=True)
def _no_global_seed():
    set_global_seed(None)
    yield
    set_global_seed(None)


def values(dataset):
    return [np.asarray(element).tolist() for element in dataset.as_numpy_iterator()]


def slow_numbers(n, made):
    def generate():
        for i in range(n):
            made.append(i)
            yield i

    return Dataset.from_generator(generate, output_signature=data.TensorSpec((), "int32"))


def test_elements_print_as_tensorflows(capsys):
    for pair in Dataset.from_tensor_slices(([12, 23], [0, 1])):
        print(pair)
    print(Dataset.range(3).batch(2))
    assert capsys.readouterr().out.splitlines() == [
        "(<tf.Tensor: shape=(), dtype=int32, numpy=12>, <tf.Tensor: shape=(), dtype=int32, numpy=0>)",
        "(<tf.Tensor: shape=(), dtype=int32, numpy=23>, <tf.Tensor: shape=(), dtype=int32, numpy=1>)",
        "<_BatchDataset element_spec=TensorSpec(shape=(None,), dtype=tf.int64, name=None)>",
    ]


def test_lengths():
    assert len(Dataset.range(7).batch(3)) == 3
    assert int(Dataset.range(3).repeat().cardinality()) == data.INFINITE_CARDINALITY
    assert int(Dataset.range(3).filter(lambda x: x > 1).cardinality()) == data.UNKNOWN_CARDINALITY
    with pytest.raises(TypeError, match="infinite"):
        len(Dataset.range(3).repeat())
    with pytest.raises(TypeError, match="unknown"):
        len(Dataset.range(3).filter(lambda x: x > 1))
    assert Dataset.range(0)


def test_the_source_is_a_copy():
    rows = np.arange(4)
    dataset = Dataset.from_tensor_slices(rows)
    rows[:] = 0
    assert values(dataset) == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        next(dataset.batch(2).as_numpy_iterator())[0] = 5


def test_batches_stay_as_they_are_while_others_follow():
    rows = np.random.default_rng(0).normal(size=(4096, 64)).astype("float32")
    dataset = Dataset.from_tensor_slices((rows, np.arange(4096))).shuffle(4096, seed=1).batch(16)
    kept = list(dataset)
    for place, (x, i) in enumerate(dataset):  # half of them on the device while others follow
        kept.append((x if place % 2 else x + 0, i))
        assert place % 2 or kept[-1][0]._value.shape == (16, 64)
    tensors = [x for x, _ in kept]
    for x, i in kept:
        np.testing.assert_array_equal(x.numpy(), rows[i.numpy()])
    assert all(isinstance(x, Tensor) for x in tensors)


def test_chunks_gathered_in_a_thread(monkeypatch):
    monkeypatch.setattr(plan, "_CHUNK", 2**10)
    monkeypatch.setattr(plan, "_CORES", 1)
    rows = np.random.default_rng(0).normal(size=(500, 16)).astype("float32")
    dataset = Dataset.from_tensor_slices((rows, np.arange(500))).shuffle(100, seed=1).batch(7)
    threads = threading.active_count()
    kept = list(dataset)
    assert sorted(i for _, batch in kept for i in batch.numpy().tolist()) == list(range(500))
    for x, i in kept:
        np.testing.assert_array_equal(x.numpy(), rows[i.numpy()])
    next(iter(dataset))
    gc.collect()
    time.sleep(0.05)
    assert threading.active_count() <= threads


def test_tensors_of_elements_can_be_used_anywhere():
    for x in Dataset.from_tensor_slices(np.ones((2, 3), "float32")):
        assert (x + 1).numpy().tolist() == [2.0] * 3
        assert tuple(x.shape) == (3,)
        assert x.dtype == "float32"


def test_single_elements():
    assert int(Dataset.range(5).skip(4).get_single_element()) == 4
    with pytest.raises(ValueError, match="empty"):
        Dataset.range(0).get_single_element()
    with pytest.raises(ValueError, match="more"):
        Dataset.range(2).get_single_element()


def test_iterators():
    iterator = iter(Dataset.range(2))
    assert int(iterator.get_next()) == 0
    assert int(next(iterator)) == 1
    with pytest.raises(IndexError, match="End of sequence"):
        iterator.get_next()
    assert iterator.element_spec == data.TensorSpec((), "int64")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Dataset.range(100).shuffle(10).batch(4).repeat(2),
        lambda: (
            Dataset.range(40).shuffle(10).map(lambda x: x.numpy()).shuffle(5, seed=2).batch(4).repeat(3).prefetch(2)
        ),
        lambda: Dataset.zip((Dataset.range(30).shuffle(30), Dataset.random(seed=1))),
        lambda: Dataset.sample_from_datasets([Dataset.range(9).repeat(), Dataset.range(20, 29)]).take(20),
    ],
)
def test_a_restored_iterator_goes_on(make):
    original = make()
    iterator = original.as_numpy_iterator()
    for _ in range(7):
        next(iterator)
    state = json.loads(json.dumps(pickle.loads(pickle.dumps(iterator.state()))))
    rest, following = list(iterator), list(original.as_numpy_iterator())
    again = make()
    restored = again.as_numpy_iterator()
    restored.restore(state)
    np.testing.assert_equal(list(restored), rest)
    if again._step.planned is not None:
        np.testing.assert_equal(list(again.as_numpy_iterator()), following)


def test_the_state_of_another_pipeline_is_refused():
    state = iter(Dataset.range(3).shuffle(3)).state()
    with pytest.raises(ValueError, match="same pipeline"):
        iter(Dataset.range(3)).restore(state)


def test_prefetch_makes_so_many_ahead_and_stops_when_dropped():
    made = []
    iterator = iter(slow_numbers(1000, made).prefetch(3))
    assert int(next(iterator)) == 0
    time.sleep(0.1)
    assert len(made) <= 6
    before = threading.active_count()
    del iterator
    gc.collect()
    for _ in range(100):
        if threading.active_count() < before:
            break
        time.sleep(0.01)
    assert threading.active_count() < before
    assert len(made) <= 6


def test_errors_of_a_thread_reach_the_consumer():
    def generate():
        yield 1
        raise OSError("no more")

    iterator = iter(Dataset.from_generator(generate, output_types="int32", output_shapes=()).prefetch(1))
    assert int(next(iterator)) == 1
    with pytest.raises(OSError, match="no more"):
        next(iterator)


def test_generators_are_checked():
    with pytest.raises(TypeError, match="output_signature"):
        Dataset.from_generator(lambda: iter([1]))
    with pytest.raises(TypeError, match="function that returns"):
        Dataset.from_generator([1, 2], output_types="int32")
    with pytest.raises(TypeError, match="received both"):
        Dataset.from_generator(lambda: iter([1]), output_types="int32", output_signature=data.TensorSpec((), "int32"))
    bad = Dataset.from_generator(lambda: iter([[1, 2], [1, 2, 3]]), output_signature=data.TensorSpec((2,), "int32"))
    with pytest.raises(ValueError, match=r"element 1 .*shape \(3,\)"):
        values(bad)
    with pytest.raises(TypeError, match="Expected text"):
        values(Dataset.from_generator(lambda: iter([1]), output_signature=data.TensorSpec((), "string")))
    with pytest.raises(ValueError, match="structure"):
        values(Dataset.from_generator(lambda: iter([(1, 2)]), output_types="int32"))


def test_bad_arguments_are_refused():
    for call, message in (
        (lambda: Dataset.range(3).batch(0), "batch_size"),
        (lambda: Dataset.range(3).batch(2.5), "batch_size"),
        (lambda: Dataset.range(3).shuffle(0), "buffer_size"),
        (lambda: Dataset.range(3).shard(2, 2), "shard index"),
        (lambda: Dataset.range(0, 3, 0), "step other than 0"),
        (lambda: Dataset.from_tensor_slices(([1, 2], [1])), "same number of rows"),
        (lambda: Dataset.from_tensor_slices(5), "at least one dimension"),
        (lambda: Dataset.range(3).unbatch(), "at least one dimension"),
        (lambda: Dataset.range(3).prefetch(-5), "buffer_size"),
        (lambda: Dataset.range(3).concatenate(Dataset.from_tensors(1.0)), "one dtype"),
        (lambda: Dataset.zip([Dataset.range(3)]), "tuple"),
        (lambda: Dataset.sample_from_datasets([Dataset.range(2)], weights=[1.0, 2.0]), "weights"),
        (lambda: Dataset.range(3).window(0), "size"),
        (lambda: Dataset(5), "from_tensor_slices"),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            call()
    with pytest.raises(ValueError, match="equal shape"):
        values(Dataset.range(1, 3).flat_map(lambda x: Dataset.range(x).batch(5)).batch(2))
    with pytest.raises(ValueError, match="at most shape"):
        values(Dataset.range(5).batch(5).padded_batch(1, padded_shapes=[3]))


def test_nested_datasets_are_not_batched():
    with pytest.raises(TypeError, match="Flatten"):
        Dataset.range(5).window(2).batch(2).element_spec


def test_caches_keep_the_first_complete_pass(tmp_path):
    calls = []

    def make():
        return Dataset.range(5).map(lambda x: calls.append(1) or x.numpy() + 1)

    memory = make().cache()
    next(iter(memory))
    calls.clear()
    assert values(memory) == values(memory) == [1, 2, 3, 4, 5]
    assert len(calls) == 5
    filed = make().cache(str(tmp_path / "kept"))
    calls.clear()
    assert values(filed) == values(filed) == [1, 2, 3, 4, 5]
    assert len(calls) == 5
    other = Dataset.range(0, 50, 10).cache(str(tmp_path / "kept"))
    assert values(other) == [1, 2, 3, 4, 5]


def test_mapped_rows_are_kept():
    dataset = Dataset.range(10).shuffle(10, seed=1).map(lambda x: x * 2).cache()
    first = values(dataset)
    assert values(dataset) == first
    assert sorted(first) == list(range(0, 20, 2))


def test_save_and_load(tmp_path):
    dataset = Dataset.from_tensor_slices({"x": np.arange(6.0).reshape(3, 2), "t": (["a", "b", "c"], [1, 2, 3])})
    dataset.save(str(tmp_path / "saved"))
    loaded = Dataset.load(str(tmp_path / "saved"))
    assert loaded.element_spec == dataset.element_spec
    assert len(loaded) == 3
    np.testing.assert_equal(list(loaded.as_numpy_iterator()), list(dataset.as_numpy_iterator()))
    file = tmp_path / "saved" / "elements"
    file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(ValueError, match="ends inside"):
        values(loaded)
    with pytest.raises(ValueError, match="Dataset.save"):
        Dataset.load(str(tmp_path / "nothing"))


def test_options_are_merged():
    first, second = data.Options(), data.Options()
    first.deterministic = False
    second.threading.private_threadpool_size = 3
    dataset = Dataset.range(3).with_options(first).map(lambda x: x).with_options(second)
    assert dataset.options().deterministic is False
    assert dataset.options().threading.private_threadpool_size == 3
    with pytest.raises(TypeError, match="deterministic"):
        first.determinstic = True
    with pytest.raises(TypeError, match="Options"):
        Dataset.range(3).with_options(5)


def test_sampling_follows_the_weights():
    pair = [Dataset.range(0, 1).repeat(), Dataset.range(1, 2).repeat()]
    drawn = values(Dataset.sample_from_datasets(pair, [0.25, 0.75], seed=1).take(2000))
    assert abs(np.mean(drawn) - 0.75) < 0.04
    assert drawn == values(Dataset.sample_from_datasets(pair, [0.25, 0.75], seed=1).take(2000))


def test_sampling_datasets_draws_as_tensorflow_does():
    """The numbers are those that TensorFlow 2.21 gives for these seeds."""
    hundreds = [Dataset.range(100 * i, 100 * i + 100) for i in range(3)]

    def drawn(*arguments, **options):
        return [x // 100 for x in values(Dataset.sample_from_datasets(hundreds, *arguments, **options).take(12))]

    assert drawn([0.5, 0.3, 0.2], seed=7) == [1, 0, 2, 0, 0, 1, 1, 2, 0, 1, 1, 2]
    set_global_seed(5)
    assert drawn([0.5, 0.3, 0.2], seed=7) == [0, 1, 2, 0, 1, 0, 2, 2, 0, 1, 0, 0]
    assert drawn(seed=7) == [0, 2, 2, 0, 2, 1, 2, 2, 1, 1, 0, 0]
    anew = Dataset.sample_from_datasets(hundreds, [0.5, 0.3, 0.2], seed=7, rerandomize_each_iteration=True).take(6)
    assert [[x // 100 for x in values(anew)] for _ in range(2)] == [[2, 0, 2, 0, 0, 1], [0, 0, 2, 2, 0, 0]]


def test_a_dataset_of_weight_zero_is_left_out():
    parts = [Dataset.range(3), Dataset.range(10, 12), Dataset.range(20, 23)]
    assert sorted(values(Dataset.sample_from_datasets(parts, [0.6, 0.0, 0.4], seed=2))) == [0, 1, 2, 20, 21, 22]


def test_large_ranges_are_not_made_at_once():
    assert values(Dataset.range(10**15).skip(3).take(2)) == [3, 4]


def test_specs():
    spec = data.TensorSpec((None, 2), "float32", name="x")
    assert repr(spec) == "TensorSpec(shape=(None, 2), dtype=tf.float32, name='x')"
    assert spec.is_compatible_with(np.zeros((5, 2), "float32"))
    assert not spec.is_compatible_with(np.zeros((5, 3), "float32"))
    assert repr(data.TensorSpec(None, "int32")) == "TensorSpec(shape=<unknown>, dtype=tf.int32, name=None)"
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert data.TensorSpec.from_tensor(np.zeros((2,))) == data.TensorSpec((2,), "float64")


def test_apply_and_experimental_names():
    experimental = data.experimental
    dataset = Dataset.range(6).batch(2).apply(experimental.unbatch())
    assert values(dataset) == list(range(6))
    assert len(dataset.filter(lambda x: x > 3).apply(experimental.assert_cardinality(2))) == 2
    with pytest.raises(ValueError, match="asserted"):
        values(Dataset.range(3).apply(experimental.assert_cardinality(2)))
    assert experimental.AUTOTUNE == data.AUTOTUNE == -1
    assert int(experimental.cardinality(dataset)) == -2
    assert values(experimental.from_list([1, 2])) == [1, 2]
    shuffled = values(Dataset.range(4).apply(experimental.shuffle_and_repeat(4, 2, seed=1)))
    assert shuffled == values(Dataset.range(4).shuffle(4, seed=1).repeat(2))
    with pytest.raises(TypeError, match="return a dataset"):
        Dataset.range(3).apply(lambda dataset: 5)


def test_a_tensor_first_used_while_tracing_stays_concrete():
    (x,) = Dataset.from_tensor_slices(np.arange(3.0)).batch(3)
    add = cornu.function(lambda y: y + x)
    assert add(np.ones(3)).numpy().tolist() == [1.0, 2.0, 3.0]
    assert (x * 2).numpy().tolist() == [0.0, 2.0, 4.0]


def test_gradients_flow_through_elements():
    w = cornu.Variable(np.ones((2, 1), "float32"))
    for x in Dataset.from_tensor_slices(np.arange(8, dtype="float32").reshape(4, 2)).batch(4):
        with cornu.GradientTape() as tape:
            y = cornu.ops.sum(cornu.ops.matmul(x, w))
        assert tape.gradient(y, w).numpy().ravel().tolist() == [12.0, 16.0]
