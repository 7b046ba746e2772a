"""The arithmetic of shuffling, against doing it turn by turn."""

import numpy as np
import pytest

from cornu.data import indices
from cornu.data.seeds import Words


def turn_by_turn(slots, others):
    slots = list(slots)
    for turn, other in enumerate(others):
        slots[turn], slots[other] = slots[other], slots[turn]
    return slots


@pytest.mark.parametrize("window", [1, 2, 5, 40])
def test_swapped_is_swapping_in_turn(window):
    random = np.random.default_rng(window)
    for turns in (1, 2, 3, 17, 200):
        slots = random.permutation(turns + window - 1)
        others = np.arange(turns) + random.integers(0, window, turns)
        picked, rest = indices.swapped(slots, others)
        assert [*picked, *rest] == turn_by_turn(slots, others)


def test_swapped_follows_one_entry_through_all_turns():
    picked, rest = indices.swapped(np.arange(9), np.arange(1, 9))  # the first entry is handed on in every turn
    assert picked.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert rest.tolist() == [0]


@pytest.mark.parametrize("buffer_size", [1, 7, 30, 100])
@pytest.mark.parametrize("sizes", [[30], [3] * 10, [0, 20, 1, 9], []])
def test_shuffle_is_a_buffer(buffer_size, sizes):
    bounds = np.cumsum([0, *sizes])
    runs = [range(start, stop) for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist())]
    found = [row for run in indices.shuffle(iter(runs), buffer_size, Words((3, 4))) for row in run.tolist()]

    words, waiting, expected = Words((3, 4)), list(range(sum(sizes))), []
    buffer, waiting = waiting[:buffer_size], waiting[buffer_size:]
    while buffer:
        place = int(words(1)[0]) % len(buffer)
        expected.append(buffer[place])
        buffer[place] = buffer[0]
        buffer = buffer[1:] + waiting[:1]
        waiting = waiting[1:]
    assert found == expected
