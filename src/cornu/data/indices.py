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
    slots: list[int] = []
    for run in runs:
        slots += as_array(run).tolist()
        full = len(slots) - buffer_size + 1  # picks from a full window
        for first in range(0, full, _PICKS):
            stop = min(first + _PICKS, full)
            drawn = words(stop - first) % np.uint64(buffer_size)
            for place, other in zip(range(first, stop), (drawn + np.arange(first, stop, dtype=np.uint64)).tolist()):
                slots[place], slots[other] = slots[other], slots[place]
            yield np.array(slots[first:stop])
        if full > 0:
            del slots[:full]
    left = len(slots)
    window = np.minimum(buffer_size, np.arange(left, 0, -1)).astype(np.uint64)
    others = words(left) % window + np.arange(left, dtype=np.uint64)
    for place, other in enumerate(others.tolist()):
        slots[place], slots[other] = slots[other], slots[place]
    if left:
        yield np.array(slots)
