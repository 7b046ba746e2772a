"""Whole processes from the shell's point of view: start, imports, work, pictures. Shared by the workloads on scripts."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.measure import seconds

SCRIPTS = Path(__file__).with_name("scripts")
CORNU = [sys.executable, "-m", "cornu", "run"]
PLAIN = [sys.executable]


def race(command: Sequence[str], times: int, wanted: Callable[[str], bool]) -> dict[str, Any]:
    """Run a command so many times, one after the other, in an empty folder; the peak is that of the largest process.

    Args: wanted: says whether the process printed what it should.
    """
    printed: list[str] = []

    def one() -> None:
        with tempfile.TemporaryDirectory(prefix="cornu-bench-") as folder:
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, cwd=folder, env={**os.environ, "MPLBACKEND": "Agg"}
            )
        printed.append(done.stdout.strip())

    spent = [seconds(one) for _ in range(times)]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    problems = [f"printed {text[-200:]!r}" for text in printed if not wanted(text)]
    return {"first": spent[0], "steady": statistics.median(spent[1:] or spent), "peak": peak, "problems": problems[:1]}


def script(name: str, wanted: Callable[[str], bool]) -> tuple[Callable, Callable]:
    """`with_cornu` and `with_tensorflow` of a workload that is one of the `scripts`, started twice."""

    def run(command: Sequence[str], quick: bool) -> dict[str, Any]:
        return race([*command, str(SCRIPTS / name)], 1 if quick else 2, wanted)

    return lambda cornu, quick: run(CORNU, quick), lambda tf, quick: run(PLAIN, quick)
