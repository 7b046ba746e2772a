"""map, filter and their kin: compiled where they can be, plain Python elsewhere, errors that say where."""

import logging
import threading
import time

import numpy as np
import pytest

import cornu
from cornu import data, ops
from cornu.core.tensor import Tensor

Dataset = data.Dataset


def values(dataset):
    return [np.asarray(element).tolist() for element in dataset.as_numpy_iterator()]


def test_a_function_of_tensor_operations_is_called_once():
    calls = []
    dataset = Dataset.range(100).map(lambda x: calls.append(x) or ops.sin(x * 2.0))
    assert len(calls) == 1
    found = np.array(values(dataset))
    assert len(calls) == 1
    np.testing.assert_allclose(found, np.sin(np.arange(100) * 2.0), rtol=1e-5)


def test_what_a_traced_function_uses_is_as_it_was_when_it_was_given():
    dataset = Dataset.range(2)
    for k in (1, 10):
        dataset = dataset.map(lambda x: x * 100 + k)  # noqa: B023
    assert values(dataset) == [110, 10110]


def test_the_log_says_why_a_function_runs_as_python(caplog):
    def drawing(x):
        return x + np.random.randint(2)

    with caplog.at_level(logging.DEBUG, logger="cornu"):
        Dataset.range(2).map(drawing)
        Dataset.range(2).map(lambda x: x.numpy())
        Dataset.range(2).map(lambda x: x + 1)
    first, second = [record.getMessage() for record in caplog.records if record.name == "cornu"]
    assert first.endswith("drawing of a dataset runs as Python: it draws random numbers")
    assert "<lambda> of a dataset runs as Python: TracedValueError(" in second


def test_a_function_on_numpy_values_runs_for_every_element():
    calls = []

    def function(x):
        calls.append(type(x))
        return x.numpy() + 1

    dataset = Dataset.range(4).map(function)
    assert values(dataset) == [1, 2, 3, 4]
    assert issubclass(calls[-1], Tensor)
    assert dataset.element_spec == data.TensorSpec((), "int64")


def test_python_control_flow_on_values():
    assert values(Dataset.range(4).map(lambda x: x if x > 1 else -x)) == [0, -1, 2, 3]


def test_random_functions_are_not_frozen():
    cornu.utils.set_random_seed(1)
    dataset = Dataset.range(8).map(lambda x: cornu.random.uniform(()))
    assert len(set(values(dataset))) == 8
    generator = np.random.default_rng(0)
    np.random.seed(0)
    assert len(set(values(Dataset.range(8).map(lambda x: x + np.random.randint(2**40))))) == 8
    assert generator is not None


def test_a_map_reads_variables_at_the_time_it_runs():
    scale = cornu.Variable(2.0)
    dataset = Dataset.from_tensor_slices(np.ones(2, "float32")).map(lambda x: x * scale)
    assert values(dataset) == [2.0, 2.0]
    scale.assign(3.0)
    assert values(dataset) == [3.0, 3.0]


def test_a_map_may_write_variables():
    count = cornu.Variable(0, dtype="int32")
    dataset = Dataset.range(3).map(lambda x: count.assign_add(1))
    assert values(dataset) == [1, 2, 3]


def test_layers_in_a_map():
    layer = cornu.layers.Rescaling(1 / 255)
    rows = np.arange(12, dtype="uint8").reshape(6, 2)
    dataset = Dataset.from_tensor_slices((rows, np.arange(6))).map(lambda x, y: (layer(x), y)).batch(4)
    x, y = next(iter(dataset))
    np.testing.assert_allclose(x, rows[:4] / 255, rtol=1e-6)
    assert y.numpy().tolist() == [0, 1, 2, 3]


def test_text_in_a_map():
    dataset = Dataset.from_tensor_slices(["a", "bc"]).map(lambda t: t.numpy().decode() + "!")
    assert list(dataset.as_numpy_iterator()) == [b"a!", b"bc!"]
    assert dataset.element_spec == data.TensorSpec((), "string")


def test_over_rows_and_element_by_element_alike():
    rows = np.random.default_rng(0).normal(size=(50, 6)).astype("float32")

    def function(x):
        return {"norm": ops.sum(x * x), "sorted": ops.sort(x)}

    fast = Dataset.from_tensor_slices(rows).map(function)
    slow = Dataset.from_generator(lambda: iter(rows), output_signature=data.TensorSpec((6,), "float32")).map(function)
    assert fast._step.planned is not None
    assert slow._step.planned is None
    for a, b in zip(fast.as_numpy_iterator(), slow.as_numpy_iterator(), strict=True):
        np.testing.assert_allclose(a["norm"], b["norm"], rtol=1e-6)
        np.testing.assert_array_equal(a["sorted"], b["sorted"])


def test_errors_name_the_step_and_the_element():
    def fails(x):
        if x.numpy() == 3:
            raise KeyError("three")
        return x

    for calls in (None, 2):
        with pytest.raises(KeyError, match="three") as caught:
            values(Dataset.range(5).map(fails, num_parallel_calls=calls))
        assert [note for note in caught.value.__notes__ if "Dataset.map" in note and "element 3" in note]


def test_a_predicate_must_say_true_or_false():
    with pytest.raises(TypeError, match="one bool"):
        Dataset.range(3).filter(lambda x: x + 1)
    with pytest.raises(TypeError, match="one bool"):
        values(Dataset.range(3).filter(lambda x: x.numpy() + 1))


def test_ignore_errors_leaves_elements_out():
    def fails(x):
        if x.numpy() % 3 == 1:
            raise ValueError("one")
        return x

    assert values(Dataset.range(7).map(fails).ignore_errors()) == [0, 2, 3, 5, 6]
    with pytest.warns(UserWarning, match="element 1"):
        assert values(Dataset.range(2).map(fails).ignore_errors(log_warning=True)) == [0]


def test_parallel_maps_keep_order_and_run_together():
    together = threading.Barrier(2, timeout=10)

    def function(x):
        if x.numpy() < 2:
            together.wait()
        return x.numpy() * 2

    assert values(Dataset.range(6).map(function, num_parallel_calls=2)) == [0, 2, 4, 6, 8, 10]


def test_unordered_parallel_maps_give_all_elements():
    def function(x):
        time.sleep(0.02 if x.numpy() == 0 else 0)
        return x.numpy()

    found = values(Dataset.range(6).map(function, num_parallel_calls=2, deterministic=False))
    assert sorted(found) == list(range(6))


def test_a_parallel_map_does_not_run_far_ahead():
    seen = []
    iterator = iter(Dataset.range(1000).map(lambda x: seen.append(x.numpy()) or x.numpy(), num_parallel_calls=2))
    assert int(next(iterator)) == 0
    time.sleep(0.05)
    assert len(seen) <= 8


def test_reduce_and_scan():
    assert int(Dataset.range(5).reduce(np.int64(0), lambda s, x: s + x)) == 10
    count, total = Dataset.range(5).reduce((0, np.int64(0)), lambda s, x: (s[0] + 1, s[1] + x))
    assert (int(count), int(total)) == (5, 10)
    python = Dataset.range(5).reduce(np.int64(1), lambda s, x: s.numpy() + x.numpy())
    assert int(python) == 11
    with pytest.raises(TypeError, match="dtype"):
        Dataset.range(5).reduce(0, lambda s, x: s + x)
    with pytest.raises(TypeError, match=r"\(state, output\)"):
        values(Dataset.range(3).scan(0, lambda s, x: s.numpy()))


def test_functions_are_required():
    with pytest.raises(TypeError, match="function for map"):
        Dataset.range(3).map(3)
    with pytest.raises(TypeError, match="return a dataset"):
        values(Dataset.range(3).flat_map(lambda x: x))
