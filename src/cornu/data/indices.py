"""Arithmetic on runs of row numbers: what `take`, `shuffle`, `repeat` and `batch` do to data that lies in memory.

A run is a `range` or an integer array. A pass over rows is an iterator of runs; of batches, an iterator of runs that are cut
into batches of `size` rows, where only the last batch of a run may be smaller.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Run = Any  # range | np.ndarray
Runs = Iterator[Run]
_PICKS = 2**13  # of a shuffle at a time


def as_array(run: Run) -> np.ndarray:
    """The run as an array."""
    return np.arange(run.start, run.stop, run.step) if isinstance(run, range) else run


def joined(runs: list[Run]) -> Run:
    """Several runs as one."""
    if len(runs) == 1:
        return runs[0]
    first = runs[0]
    if isinstance(first, range):
        stop = first.stop
        for run in runs[1:]:
            if not (isinstance(run, range) and run.start == stop and run.step == first.step == 1):
                break
            stop = run.stop
        else:
            return range(first.start, stop)
    return np.concatenate([as_array(run) for run in runs])


def take(runs: Runs, count: int, size: int = 1) -> Runs:
    """The first `count` batches of `size` rows; all if `count` is negative."""
    for run in runs:
        if count < 0:
            yield run
            continue
        if count == 0:
            return
        yield run[: count * size]
        count = max(0, count - -(-len(run) // size))
        if count == 0:
            return


def skip(runs: Runs, count: int, size: int = 1) -> Runs:
    """All but the first `count` batches of `size` rows; nothing if `count` is negative."""
    if count < 0:
        return
    for run in runs:
        number = -(-len(run) // size)
        if number > count:
            yield run[count * size :]
        count = max(0, count - number)


def shard(runs: Runs, shards: int, index: int) -> Runs:
    """Every row whose number leaves the remainder `index`."""
    passed = 0
    for run in runs:
        yield run[(index - passed) % shards :: shards]
        passed += len(run)


def repeat(new_pass: Callable[[], Runs], count: int, after: Callable[[], None]) -> Runs:
    """`count` passes, then `after()`; without end if negative. An empty pass ends it."""
    for _ in itertools.count() if count < 0 else range(count):
        empty = True
        for run in new_pass():
            empty = empty and not len(run)
            yield run
        if empty:
            return
    after()


def batches(runs: Runs, size: int, drop_remainder: bool) -> Runs:
    """Rows cut into batches, across the bounds of the runs."""
    rest: Run = range(0)
    for run in runs:
        if len(rest):
            run = joined([rest, run])
        full = len(run) // size * size
        if full:
            yield run[:full]
        rest = run[full:]
    if len(rest) and not drop_remainder:
        yield rest


def singles(runs: Runs, size: int) -> Runs:
    """Each batch as a run of its own."""
    for run in runs:
        for start in range(0, len(run), size):
            yield run[start : start + size]


def shuffle(runs: Runs, buffer_size: int, words: Callable[[int], np.ndarray]) -> Runs:
    """The rows as a shuffle buffer gives them: one of `buffer_size` candidates by chance, its place taken by the oldest.

    `words(n)` are the next n random numbers. A step swaps two entries of one long list: the buffer is a window that slides
    over the rows, and its picks are what the window leaves behind.
    """
    waiting: list[np.ndarray] = []
    held = 0
    for run in runs:
        waiting.append(as_array(run))
        held += len(run)
        if held < buffer_size + _PICKS:  # many short runs are put together once
            continue
        slots = np.concatenate(waiting)
        while held >= buffer_size + _PICKS:
            chosen, slots = _picked(slots, _PICKS, buffer_size, words)
            held -= _PICKS
            yield chosen
        waiting = [slots]
    if not held:
        return
    slots = np.concatenate(waiting)
    if held >= buffer_size:
        chosen, slots = _picked(slots, held - buffer_size + 1, buffer_size, words)
        held = len(slots)
        yield chosen
    window = np.arange(held, 0, -1).astype(np.uint64)  # nothing comes any more
    others = (words(held) % window).astype(np.int64) + np.arange(held)
    yield swapped(slots, others)[0]


def _picked(
    slots: np.ndarray, picks: int, buffer_size: int, words: Callable[[int], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """So many rows picked from full windows, and the rest."""
    drawn = (words(picks) % np.uint64(buffer_size)).astype(np.int64)
    return swapped(slots, drawn + np.arange(picks))


def swapped(slots: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first entries and the rest after swapping entry t with entry `others[t]`, for t = 0, 1, ... in turn.

    All at once: what stands in a place came there in the last turn before that chose the place, and stood till then in the
    place with the number of that turn. Following these origins back, doubling the distance each time, ends at the start.

    Shape: (slots,), (turns,) with t <= others[t] < slots -> (turns,), (slots - turns,).
    """
    count = len(others)
    bits = count.bit_length()
    kind = np.int32 if bits + len(slots).bit_length() < 32 else np.int64  # half as wide sorts twice as fast
    turns = np.arange(count, dtype=kind)
    keys = np.sort(others.astype(kind) << bits | turns)  # by place, then by turn
    places, by_place = keys >> bits, keys & ((1 << bits) - 1)
    earlier = np.full(count, -1, kind)  # the turn before that chose the same place
    earlier[1:] = np.where(places[1:] == places[:-1], by_place[:-1], -1)
    last = np.full(len(slots), -1, kind)  # the last turn that put something else into a place
    last[places] = np.where(places == by_place, earlier, by_place)
    origin = np.where(last[:count] < 0, turns, last[:count])
    further = origin[origin]
    while not np.array_equal(further, origin):
        origin, further = further, further[further]
    moved = slots[origin]  # what turn t puts into the other place
    before = np.empty(count, kind)
    before[by_place] = earlier
    picked = np.where(before < 0, slots[others], moved[before])
    rest = last[count:]
    return picked, np.where(rest < 0, slots[count:], moved[rest])
