"""Running the batches of one epoch: how many steps go into one dispatch, and when Python looks at the results."""

import collections
import math
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import jax

from cornu.training.programs import LoopProgram

_WATCHED, _UNWATCHED = 0.1, 0.5  # seconds a dispatch should take with and without a progress bar
# Only one dispatch is under way at a time if it takes so many seconds and has so many bytes of variables.
_LONG, _HEAVY = 0.05, 2**24
_RUN_AHEAD = 4  # dispatches that may wait on the device


class Pace:
    """Steps per dispatch. A number is exact; `"auto"` adapts it to take about a tenth of a second."""

    def __init__(self, steps_per_execution: int | str, watched: bool):
        self.fixed = steps_per_execution if isinstance(steps_per_execution, int) else None
        self.seconds = _WATCHED if watched else _UNWATCHED
        self.count = self.fixed or 1
        self._latest = math.inf  # seconds of a dispatch

    @property
    def is_long(self) -> bool:
        """Whether Python's time between two dispatches does not count beside that of a dispatch."""
        return self._latest > _LONG

    def took(self, seconds: float, steps: int) -> None:
        """Learn from a dispatch of `steps` steps."""
        self._latest = seconds
        if self.fixed is None and steps == self.count:
            wanted = self.seconds * steps / max(seconds, 1e-6)
            self.count = max(1, min(int(wanted), 8 * self.count))


def device_budget() -> int:
    """Bytes of data that may be put on the device at once: a quarter of its memory."""
    stats = jax.devices()[0].memory_stats() or {}
    if "bytes_limit" in stats:
        return stats["bytes_limit"] // 4
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
    except (ValueError, OSError):
        return 2**31


def nbytes(nest: Any) -> int:
    """Bytes of all arrays of a nest."""
    return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(nest))


def _is_heavy(program: LoopProgram) -> bool:
    """Whether two dispatches at the same time would need much more memory than one."""
    return nbytes([variable._stored for variable in program.mutable]) > _HEAVY


def run_arrays(
    program: LoopProgram, data: Any, rows: int, batch_size: int, order: Callable[[int], Any], steps: int | None, pace: Pace,
    eager_logs: bool,
    before: Callable[[int], None] | None, after: Callable[[int, dict], bool], first: int = 0,
    most: Callable[[], int | None] | None = None, passed: int = 0,
) -> tuple[int, dict]:  # fmt: skip
    """Run `steps` batches of data that lies on the device, by default one pass; more start over. `first` are done already.

    `order(again)` gives the order of rows for pass number `again` (None: as they lie); `passed` batches of the passes from
    number 0 on came before.
    `before(step)` is called before every dispatch, `after(done, logs)` after it; `after` returns True to stop. Without
    `eager_logs` the next dispatch is on its way before the results of the last one are waited for, unless it takes long and
    much memory.
    `most()` says how many steps the next dispatch may have at most (None: any number); it needs `eager_logs`.
    Returns: (steps done, logs of the last one).
    """
    full = rows // batch_size
    in_pass = -(-rows // batch_size)
    steps = in_pass if steps is None else steps
    done, logs = first, {}
    again, place = divmod(passed + first, in_pass)
    permutation_now = order(again)
    under_way: collections.deque[tuple[int, int, dict]] = collections.deque()
    heavy, moment = _is_heavy(program), time.perf_counter()

    def finish() -> bool:
        """Wait for the oldest dispatch; returns whether to stop."""
        nonlocal moment
        done_then, count_then, logs_then = under_way.popleft()
        jax.block_until_ready(logs_then)
        now = time.perf_counter()
        pace.took(now - moment, count_then)
        moment = now
        return not eager_logs and after(done_then, logs_then)

    while done < steps:
        while len(under_way) >= (1 if heavy and pace.is_long else 2):
            if finish():
                return done, logs
        if before is not None:
            before(done)
        if place == in_pass:
            place, again = 0, again + 1
            permutation_now = order(again)
        if place < full:
            count, size = min(pace.count, full - place, steps - done), batch_size
            if most is not None and (limit := most()) is not None:
                count = min(count, limit)
        else:
            count, size = 1, rows - full * batch_size
        logs = program(size, data, permutation_now, place * batch_size, count)
        done, place = done + count, place + count
        under_way.append((done, count, logs))
        if eager_logs:
            if pace.fixed is None:
                finish()
            if after(done, logs):
                break
    while under_way:
        finish()
    return done, logs


def run_stream(
    program: LoopProgram, batches: Iterator, steps: int | None, steps_per_execution: int | str,
    before: Callable[[int], None] | None, after: Callable[[int, dict], bool], first: int = 0,
) -> tuple[int, dict]:  # fmt: skip
    """Run batches as they come, at most `steps`, of which `first` are done already; see `run_arrays` for the rest.

    Every batch is a dispatch of its own; the callbacks hear of every `steps_per_execution` of them.
    """
    done, logs = first, {}
    every = steps_per_execution if isinstance(steps_per_execution, int) else 1
    told = first
    under_way: collections.deque[tuple[float, dict]] = collections.deque()
    one_by_one = _is_heavy(program)  # unless one turns out to be short
    while steps is None or done < steps:
        batch = next(batches, None)
        if batch is None:
            break
        while len(under_way) >= (1 if one_by_one else _RUN_AHEAD):
            started, oldest = under_way.popleft()
            jax.block_until_ready(oldest)
            one_by_one = one_by_one and time.perf_counter() - started > _LONG
        if before is not None and done == told:
            before(done)
        batch = jax.tree.map(jax.device_put, batch)
        size = jax.tree.leaves(batch)[0].shape[0]
        started = time.perf_counter()
        logs = program(size, batch, None, 0, 1)
        under_way.append((started, logs))
        done += 1
        if done - told == every:
            told = done
            if after(done, logs):
                break
    if done > told:
        after(done, logs)
    return done, logs
