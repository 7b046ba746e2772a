"""Pipelines on chunks of rows give what the same steps give element by element."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cornu.data import Dataset, indices
from cornu.data.seeds import Words

numbers = st.integers(0, 40)
steps = st.one_of(
    st.tuples(st.just("take"), st.integers(-1, 30)),
    st.tuples(st.just("skip"), st.integers(0, 10)),
    st.tuples(st.just("repeat"), st.integers(0, 3)),
    st.tuples(st.just("shuffle"), st.integers(1, 50)),
    st.tuples(st.just("shard"), st.integers(1, 4)),
    st.tuples(st.just("batch"), st.integers(1, 9)),
    st.tuples(st.just("unbatch"), st.just(0)),
    st.tuples(st.just("prefetch"), st.integers(0, 2)),
    st.tuples(st.just("cache"), st.just(0)),
)


def built(dataset, chosen):
    batched = False
    for name, argument in chosen:
        if name in ("batch", "unbatch"):
            if batched == (name == "batch"):
                continue
            batched = not batched
        if name == "shard":
            dataset = dataset.shard(argument, argument - 1)
        elif name == "shuffle":
            dataset = dataset.shuffle(argument, seed=argument)
        elif name in ("cache", "unbatch"):
            dataset = getattr(dataset, name)()
        else:
            dataset = getattr(dataset, name)(argument)
    return dataset


def observed(dataset):
    return [[element.tolist() for element in dataset.as_numpy_iterator()] for _ in range(2)]


@settings(max_examples=150, deadline=None)
@given(numbers, st.lists(steps, max_size=5))
def test_chunks_and_elements_alike(rows, chosen):
    in_memory = built(Dataset.range(rows), chosen)
    streamed = built(Dataset.from_generator(lambda: range(rows), output_types="int64", output_shapes=()), chosen)
    found = observed(in_memory)
    assert found == observed(streamed)
    if int(in_memory.cardinality()) >= 0:
        assert len(found[0]) == int(in_memory.cardinality())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), max_size=5), st.integers(1, 40), st.integers(0, 2**31))
def test_shuffle_loses_nothing_and_does_not_look_further_than_its_buffer(lengths, buffer_size, seed):
    bounds = np.cumsum([0, *lengths]).tolist()
    runs = (range(start, stop) for start, stop in itertools.pairwise(bounds))
    found = [int(i) for run in indices.shuffle(runs, buffer_size, Words((seed, 1))) for i in run]
    assert sorted(found) == list(range(bounds[-1]))
    assert all(row < place + buffer_size for place, row in enumerate(found))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), max_size=6), st.integers(1, 12), st.booleans())
def test_batches_are_full_but_for_the_last(lengths, size, drop):
    bounds = np.cumsum([0, *lengths]).tolist()
    runs = (range(start, stop) for start, stop in itertools.pairwise(bounds))
    found = list(indices.singles(indices.batches(runs, size, drop), size))
    assert all(len(batch) == size for batch in found[:-1])
    rows = [int(i) for batch in found for i in batch]
    assert rows == list(range(bounds[-1] // size * size if drop else bounds[-1]))
