"""Streams of batches: what an epoch is, what is made ahead, what is refused."""

import threading
import time
import warnings

import numpy as np
import pytest

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core.random_state import set_random_seed
from cornu.training.adapters import StreamData, adapt
from cornu.training.batch_form import pack_x_y_sample_weight, unpack_x_y_sample_weight
from cornu.utils import PyDataset, Sequence


def pair(i, rows=2):
    return np.full((rows, 1), float(i)), np.full(rows, i)


def generate(n, made=None):
    for i in range(n):
        if made is not None:
            made.append(i)
        yield pair(i)


class Numbers(PyDataset):
    def __init__(self, n=3, **kwargs):
        super().__init__(**kwargs)
        self.n, self.log = n, []

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        self.log.append(index)
        return pair(index)

    def on_epoch_begin(self):
        self.log.append("begin")

    def on_epoch_end(self):
        self.log.append("end")


class Loader:
    """A data loader: lists as batches, a length, a new pass for every iter."""

    def __init__(self, n=3):
        self.n = n

    def __len__(self):
        return self.n

    def __iter__(self):
        return (list(pair(i)) for i in range(self.n))


class Endless:
    """A dataset that does not know its length."""

    def __len__(self):
        raise TypeError("unknown")

    def __iter__(self):
        return (pair(i) for i in range(3))


def epoch(data):
    return [int(y[0]) for _, y, _ in data.batches()]


def epochs(data, n):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = [epoch(data) for _ in range(n)]
    return found, sum("ran out of data" in str(each.message) for each in caught)


EPOCHS = [
    # source, steps -> batches of three epochs, warnings, exhausted
    (lambda: generate(3), None, [[0, 1, 2], [], []], 2, True),
    (lambda: generate(6), 2, [[0, 1], [2, 3], [4, 5]], 0, False),
    (lambda: generate(5), 2, [[0, 1], [2, 3], [4]], 1, True),
    (lambda: generate(3), 5, [[0, 1, 2], [], []], 3, True),
    (lambda: iter([pair(0), pair(1)]), 1, [[0], [1], []], 1, True),
    (Loader, None, [[0, 1, 2]] * 3, 0, False),
    (Loader, 2, [[0, 1], [2], [0, 1]], 1, False),
    (Loader, 3, [[0, 1, 2]] * 3, 0, False),
    (Loader, 5, [[0, 1, 2]] * 3, 3, False),
    (Endless, None, [[0, 1, 2]] * 3, 0, False),
    (Endless, 3, [[0, 1, 2]] * 3, 0, False),
    (Numbers, None, [[0, 1, 2]] * 3, 0, False),
    (Numbers, 2, [[0, 1], [2, 0], [1, 2]], 0, False),
    (Numbers, 5, [[0, 1, 2, 0, 1], [2, 0, 1, 2, 0], [1, 2, 0, 1, 2]], 0, False),
]


@pytest.mark.parametrize(("source", "steps", "expected", "warned", "exhausted"), EPOCHS)
@pytest.mark.parametrize("peek", [False, True])
def test_epochs(source, steps, expected, warned, exhausted, peek):
    data = adapt(source(), steps=steps)
    assert isinstance(data, StreamData)
    if peek:
        assert data.peek()[1].tolist() == [0, 0]
    assert epochs(data, 3) == (expected, warned)
    assert data.exhausted is exhausted


LENGTHS = [
    (generate(3), None, None),
    (generate(3), 2, 2),
    (Loader(), None, 3),
    (Endless(), None, None),
    (Numbers(), 7, 7),
]


@pytest.mark.parametrize(("source", "steps", "expected"), LENGTHS)
def test_num_batches(source, steps, expected):
    assert adapt(source, steps=steps).num_batches == expected


@pytest.mark.parametrize("mode", ["evaluate", "predict"])
def test_evaluation_begins_anew_where_it_can(mode):
    data = adapt(Loader(), steps=2, mode=mode)
    assert epochs(data, 2) == ([[0, 1], [0, 1]], 0)
    assert epochs(adapt(generate(4), steps=2, mode=mode), 2) == ([[0, 1], [2, 3]], 0)


def test_a_generator_gives_no_more_than_was_asked_for():
    source = generate(9, made := [])
    data = adapt(source, steps=2)
    assert epoch(data) == [0, 1] and epoch(data) == [2, 3]
    assert made == [0, 1, 2, 3]
    assert int(next(source)[1][0]) == 4


def test_what_was_made_ahead_of_an_epoch_that_was_left_is_used_later():
    data = adapt(generate(9), steps=4)
    running = data.batches()
    assert int(next(running)[1][0]) == 0
    running.close()
    assert epoch(data) == [1, 2, 3, 4]


def test_hooks_of_a_py_dataset():
    dataset = Numbers()
    data = adapt(dataset)
    data.peek()
    assert epochs(data, 2)[0] == [[0, 1, 2]] * 2
    assert dataset.log == ["begin", 0, 1, 2, "end"] * 2
    dataset = Numbers()
    assert epochs(adapt(dataset, steps=2), 3)[0] == [[0, 1], [2, 0], [1, 2]]
    assert dataset.log == ["begin", 0, 1, 2, "end"] * 2


def test_the_length_of_a_py_dataset_may_change():
    class Growing(Numbers):
        def on_epoch_end(self):
            self.n += 1

    data = adapt(Growing())
    assert epochs(data, 2)[0] == [[0, 1, 2], [0, 1, 2, 3]]
    assert data.num_batches == 5


def test_shuffled_order_follows_the_seed():
    def orders():
        set_random_seed(7)
        return epochs(adapt(Numbers(20), shuffle=True), 2)[0]

    first, second = orders()
    assert sorted(first) == sorted(second) == list(range(20))
    assert first != second and first != list(range(20))
    assert orders() == [first, second]


def test_threads_make_batches_at_the_same_time_in_order():
    together = threading.Barrier(3, timeout=10)

    class Slow(Numbers):
        def __getitem__(self, index):
            together.wait()
            return pair(index)

    assert epoch(adapt(Slow(6), workers=3, max_queue_size=3)) == list(range(6))


def test_processes_see_what_the_end_of_an_epoch_did():
    from tests.unit.training.spawned import Counting

    data = adapt(Counting(workers=1, use_multiprocessing=True))
    assert epochs(data, 2)[0] == [[0, 1], [10, 11]]


def test_processes_need_what_can_be_pickled():
    class Local(Numbers):
        pass

    with pytest.raises(InvalidArgumentError, match="Expected Local to be picklable, as use_multiprocessing=True needs"):
        epoch(adapt(Local(use_multiprocessing=True)))


def test_errors_keep_their_place():
    def broken():
        yield pair(0)
        raise OSError("disk on fire")

    batches = adapt(broken()).batches()
    next(batches)
    with pytest.raises(OSError, match="disk on fire") as caught:
        next(batches)
    assert "broken" in [entry.name for entry in caught.traceback]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_a_py_dataset_reaches_the_user(workers):
    class Bad(Numbers):
        def __getitem__(self, index):
            raise IndexError(f"no batch {index}")

    with pytest.raises(IndexError, match="no batch 0"):
        epoch(adapt(Bad(workers=workers)))


def test_an_abandoned_epoch_ends_its_thread():
    before = threading.active_count()
    batches = adapt(generate(1000)).batches()
    next(batches)
    del batches
    end = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() <= before


x, y, w = np.ones((2, 3)), np.ones(2), np.full(2, 0.5)

FORMS = [
    ([x], "fit", (True, False, False)),
    ([(x,)], "fit", (True, False, False)),
    ([(x, y)], "fit", (True, True, False)),
    ([(x, y, w)], "fit", (True, True, True)),
    ([[x, y]], "fit", (True, True, False)),
    ([(x, None, w)], "evaluate", (True, False, True)),
    ([(x, y)], "predict", (True, True, False)),
]


@pytest.mark.parametrize(("items", "mode", "present"), FORMS)
def test_forms_of_a_batch(items, mode, present):
    (batch,) = adapt(iter(items), mode=mode).batches()
    assert tuple(part is not None for part in batch) == present
    assert batch[0].dtype == "float32" and batch[0].shape == (2, 3)


def test_a_list_is_several_inputs_in_predict_but_a_pair_from_a_loader():
    (batch,) = adapt(iter([[x, w]]), mode="predict").batches()
    assert [part.shape for part in batch[0]] == [(2, 3), (2,)] and batch[1] is None
    first = next(adapt(Loader(), mode="predict").batches())
    assert first[0].shape == (2, 1) and first[1].shape == (2,)


def test_class_weight_is_applied_to_every_batch():
    found = [each[2].tolist() for each in adapt(generate(3), class_weight={1: 4.0}).batches()]
    assert found == [[1, 1], [4, 4], [1, 1]]


def named():
    yield x


REFUSED = [
    ({"x": generate(1), "y": y}, InvalidArgumentError, "`x` as a generator, `y` should not be passed"),
    ({"x": generate(1), "sample_weight": w}, InvalidArgumentError, "`sample_weight` should not be passed"),
    ({"x": Numbers(), "batch_size": 4}, InvalidArgumentError, "as a PyDataset, `batch_size` should not be passed"),
    ({"x": Loader(), "y": y}, InvalidArgumentError, "as a dataset, `y`"),
    ({"x": named}, InvalidTypeError, r"received the generator function named. Call it: named\(\)"),
    ({"x": {1, 2}}, InvalidTypeError, "of type set"),
    ({"x": "text"}, InvalidTypeError, "received 'text' of type str"),
    ({"x": Numbers(0)}, InvalidArgumentError, r"at least one batch; received len\(\) = 0"),
    ({"x": generate(1), "steps": 1.5}, InvalidTypeError, "steps_per_epoch to be a positive integer"),
]


@pytest.mark.parametrize(("arguments", "error", "match"), REFUSED)
def test_refused_at_once(arguments, error, match):
    with pytest.raises(error, match=match):
        adapt(**arguments)


BAD_BATCHES = [
    ([(x, y, w, w)], InvalidArgumentError, "in format `x`.*received a tuple of 4"),
    ([(x, y[:1])], InvalidArgumentError, "x has 2, y has 1"),
    ([(np.array([["a"]]), y[:1])], InvalidTypeError, "x to hold numbers; received text: 'a'"),
    ([(None, y)], InvalidArgumentError, "every batch to hold inputs"),
    ([], InvalidArgumentError, "at least one batch; received none"),
]


@pytest.mark.parametrize(("items", "error", "match"), BAD_BATCHES)
@pytest.mark.parametrize("peek", [False, True])
def test_refused_when_they_come(items, error, match, peek):
    data = adapt(iter(items))
    with pytest.raises(error, match=match):
        data.peek() if peek else list(data.batches())


def test_a_py_dataset_that_forgot_super():
    class Forgetful(Numbers):
        def __init__(self):
            self.n, self.log = 2, []

    with pytest.warns(UserWarning, match=r"Forgetful should call `super\(\).__init__"):
        data = adapt(Forgetful())
    assert epoch(data) == [0, 1]


def test_a_py_dataset_without_methods():
    with pytest.raises(FailedPreconditionError, match="PyDataset to define __len__"):
        len(PyDataset())
    with pytest.raises(FailedPreconditionError, match="PyDataset to define __getitem__"):
        PyDataset()[0]
    assert Sequence is PyDataset and [int(b[1][0]) for b in Numbers()] == [0, 1, 2]


def test_pack_and_unpack():
    assert pack_x_y_sample_weight(x) is x
    assert pack_x_y_sample_weight([x]) == ([x],)
    assert pack_x_y_sample_weight(x, y) == (x, y)
    assert pack_x_y_sample_weight(x, None, w) == (x, None, w)
    assert unpack_x_y_sample_weight(x) == (x, None, None)
    assert unpack_x_y_sample_weight((x, y)) == (x, y, None)
    assert unpack_x_y_sample_weight([x, y, w]) == (x, y, w)
    assert unpack_x_y_sample_weight(None) == (None, None, None)
    with pytest.raises(InvalidArgumentError, match="received a tuple of 4"):
        unpack_x_y_sample_weight((x, y, w, w))


def test_a_generator_may_fill_the_same_array_again():
    def refill():
        batch = np.zeros((2, 1), np.float32)
        for i in range(4):
            batch[:] = i
            yield batch

    assert [x[0, 0] for x, _, _ in adapt(refill()).batches()] == [0, 1, 2, 3]
