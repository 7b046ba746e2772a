"""One contestant running one workload, in a process of its own: `python -m bench.contestant WORKLOAD NAME RESULT.json`.

The package under test is imported first and its import is timed; only then NumPy and the workload follow.
"""

import argparse
import importlib
import json
import time
from pathlib import Path

from bench import measure
from bench.contestants import CONTESTANTS


def main() -> None:
    """Import, run, write the result."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workload")
    parser.add_argument("contestant")
    parser.add_argument("result", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    contestant = CONTESTANTS[options.contestant]

    started = time.perf_counter()
    package = importlib.import_module(contestant.package)
    import_seconds = time.perf_counter() - started

    workload = importlib.import_module(f"bench.workloads.{options.workload}")
    result = contestant.task(workload)(package, options.quick)
    result.setdefault("steady", import_seconds)
    options.result.write_text(
        json.dumps({"import": import_seconds, "peak": measure.peak_megabytes(), "problems": [], **result})
    )


if __name__ == "__main__":
    main()
