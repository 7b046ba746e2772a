"""What a contestant measures about itself. Standard library only: it is imported before what is measured."""

import gc
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any


def seconds(task: Callable[[], Any]) -> float:
    """Wall-clock time of one call."""
    gc.collect()
    started = time.perf_counter()
    task()
    return time.perf_counter() - started


def first_and_steady(fit: Callable[..., Any], epochs: int) -> dict[str, float]:
    """Seconds of `fit(epochs=1)`, which compiles, and seconds per epoch of `fit(epochs=epochs)` after it."""
    first = seconds(lambda: fit(epochs=1))
    steady = seconds(lambda: fit(epochs=epochs)) / epochs
    return {"first": first, "steady": steady}


def compile_options() -> dict[str, int]:
    """What `compile` gets besides what the workload is about: the steps per execution of the contestants named so."""
    steps = os.environ.get("BENCH_STEPS_PER_EXECUTION")
    return {"steps_per_execution": int(steps)} if steps else {}


def _status(field: str) -> float | None:
    """A size in megabytes from Linux' account of this process."""
    try:
        with open("/proc/self/status") as lines:
            return next(int(line.split()[1]) / 2**10 for line in lines if line.startswith(field + ":"))
    except (OSError, StopIteration):
        return None


def peak_megabytes() -> float:
    """The most memory this process has held so far."""
    peak = _status("VmHWM")  # ru_maxrss would begin at what the parent held when it forked
    if peak is None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return peak


def resident_megabytes() -> float:
    """The memory this process holds now; the peak where the system does not tell."""
    return _status("VmRSS") or peak_megabytes()
