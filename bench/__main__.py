"""`python -m bench [WORKLOAD ...]`: run races, print medians, ratios and which targets are met."""

import argparse
import datetime
import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path

from bench import machine, report, workloads
from bench.contestants import CONTESTANTS
from bench.race import ROOT, installed, race

WORKLOADS = sorted(module.name for module in pkgutil.iter_modules(workloads.__path__))


def _rivals_python() -> str:
    own = ROOT / ".bench" / "rivals" / "bin" / "python"
    return os.environ.get("CORNU_BENCH_PYTHON") or (str(own) if own.exists() else sys.executable)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)} (default: all)")
    parser.add_argument("--only", help="contestants, separated by commas: " + ", ".join(CONTESTANTS))
    parser.add_argument("--rounds", type=int, help="fresh processes for each contestant (default: the workload's)")
    parser.add_argument("--quick", action="store_true", help="small data and one round: does it run?")
    parser.add_argument("--device", choices=("cpu", "any"), default="cpu", help="any: let every package choose")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    parser.add_argument("--page", type=Path, help="also write the rows to this page of Markdown, whose others stay")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a target is missed")
    parser.add_argument(
        "--rivals-python",
        default=_rivals_python(),
        help="interpreter that has the rivals (default: $CORNU_BENCH_PYTHON, .bench/rivals, this one)",
    )
    options = parser.parse_args()
    contestants = options.only.split(",") if options.only else list(CONTESTANTS)
    for given, known, kind in ((options.workloads, WORKLOADS, "workload"), (contestants, CONTESTANTS, "contestant")):
        for name in given:
            if name not in known:
                parser.error(f"expected a {kind} of {', '.join(known)}; received {name!r}")
    options.only = contestants
    return options


def tell(text: str) -> None:
    """Progress for whoever waits, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text} ...", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Race, report; 1 if a target was missed and `--strict` was given."""
    options = arguments()
    info = machine.describe()
    versions = {
        "cornu's environment": installed(sys.executable, ["jax", "numpy"]),
        "rivals' environment": installed(options.rivals_python, ["keras", "tensorflow", "jax", "torch"]),
    }
    lines = [report.machine(info)]
    for place, found in versions.items():
        lines.append(f"{place}: " + ", ".join(f"{name} {version or 'missing'}" for name, version in found.items()))
    description = "\n".join(lines)
    print(description)

    record = {"machine": info, "versions": versions, "quick": options.quick, "workloads": {}}
    missed, rows = 0, report.page_rows(options.page) if options.page else {}
    for name in options.workloads or WORKLOADS:
        workload = importlib.import_module(f"bench.workloads.{name}")
        rounds = options.rounds or (1 if options.quick else workload.ROUNDS)
        results = race(
            name, workload, options.only,
            rounds=rounds, rivals_python=options.rivals_python, quick=options.quick, device=options.device, tell=tell,
        )  # fmt: skip
        tell("")
        small = " (small data: no measure of speed)" if options.quick else ""
        print(f"\n{name}: {workload.TITLE}\n{workload.UNIT}, median of {rounds}{small}")
        print(report.measurements(workload, results, info["gemm_gflops"]))
        for contestant, reason in results.skipped.items():
            print(f"  {contestant}: skipped, {reason}")
        verdicts = report.verdicts(workload, results)
        for verdict, sentence in verdicts:
            print(f"  {verdict}  {sentence}", flush=True)
        missed += sum(verdict == "FAIL" for verdict, _ in verdicts) + ("cornu" in results.skipped)
        when = datetime.date.today().isoformat() + small  # which keeps a quick row from passing for a measured one
        rows[name] = report.page_row(name, workload, results, info["gemm_gflops"], when)
        if options.page:  # after every workload: an interrupted bench leaves what it has
            options.page.write_text(report.page(description, rows))
        record["workloads"][name] = {"rounds": results.rounds, "skipped": results.skipped, "verdicts": verdicts}

    if options.json:
        options.json.write_text(json.dumps(record, indent=1))
    return int(options.strict and missed > 0)


if __name__ == "__main__":
    sys.exit(main())
