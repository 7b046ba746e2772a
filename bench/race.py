"""Run contestants in turn, each in a fresh process, and collect what they measured."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.contestants import CONTESTANTS, Contestant

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1800  # seconds for one contestant in one round

_PROBE = """
import importlib.metadata, json, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
"""


@dataclass
class Results:
    """All rounds of one workload: measurements by contestant, and why the others are missing."""

    rounds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def median(self, contestant: str, quantity: str) -> float | None:
        """Median over the rounds, or None if it was not measured."""
        values = [measured[quantity] for measured in self.rounds.get(contestant, ()) if quantity in measured]
        return statistics.median(values) if values else None

    def ratio(self, rival: str) -> float | None:
        """How many times as long as Cornu the rival takes: the median of the ratios within each round."""
        pairs = zip(self.rounds.get("cornu", ()), self.rounds.get(rival, ()))
        ratios = [theirs["steady"] / ours["steady"] for ours, theirs in pairs]
        return statistics.median(ratios) if ratios else None

    def problems(self) -> list[str]:
        """What Cornu itself reported, each sentence once."""
        return list(dict.fromkeys(text for measured in self.rounds.get("cornu", ()) for text in measured["problems"]))


def installed(python: str, distributions: Iterable[str]) -> dict[str, str | None]:
    """Versions of the distributions in that interpreter's environment; all None if it cannot be started."""
    distributions = sorted(distributions)
    try:
        answer = subprocess.run(
            [python, "-c", _PROBE, *distributions], capture_output=True, text=True, timeout=60, check=True
        )
        return json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError):
        return dict.fromkeys(distributions)


def interpreter(contestant: Contestant, rivals_python: str) -> str:
    """The interpreter that this contestant runs in."""
    return rivals_python if contestant.rival else sys.executable


def _environment(contestant: Contestant, device: str, folder: Path) -> dict[str, str]:
    environment = {**os.environ, **contestant.environment, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0"}
    paths = [str(ROOT)] if contestant.rival else [str(ROOT), str(ROOT / "src")]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    for name in ("JAX_COMPILATION_CACHE_DIR", "PYTHONDONTWRITEBYTECODE"):  # the latter: sources parsed at every import
        environment.pop(name, None)
    environment["CORNU_COMPILE_CACHE"] = str(folder / "compiled")  # empty: the first call really compiles
    if device == "cpu":
        environment.update(JAX_PLATFORMS="cpu", CUDA_VISIBLE_DEVICES="")
    return environment


def run_once(workload: str, name: str, *, rivals_python: str, quick: bool, device: str) -> dict[str, Any]:
    """One contestant, one round.

    Raises: RuntimeError with the last lines it wrote if it fails or takes too long.
    """
    contestant = CONTESTANTS[name]
    with tempfile.TemporaryDirectory(prefix="cornu-bench-") as folder:
        result = Path(folder) / "result.json"
        command = [interpreter(contestant, rivals_python), "-m", "bench.contestant", workload, name, str(result)]
        try:
            process = subprocess.run(
                command + ["--quick"] * quick, capture_output=True, text=True, timeout=LIMIT, cwd=folder,
                env=_environment(contestant, device, Path(folder)),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"no result within {LIMIT} seconds") from None
        if process.returncode or not result.exists():
            raise RuntimeError(" | ".join(process.stderr.strip().splitlines()[-3:]) or f"exit {process.returncode}")
        measured = json.loads(result.read_text())
    measured["stderr"] = process.stderr
    return measured


def race(
    name: str,
    workload: ModuleType,
    contestants: Iterable[str],
    *,
    rounds: int,
    rivals_python: str,
    quick: bool = False,
    device: str = "cpu",
    tell: Callable[[str], None] = lambda text: None,
) -> Results:
    """All rounds of one workload, interleaved: every contestant once, then every contestant again."""
    results = Results()
    running = []
    for contestant in contestants:
        entry = CONTESTANTS[contestant]
        if entry.task(workload) is None:
            continue
        versions = installed(interpreter(entry, rivals_python), entry.needs)
        missing = [distribution for distribution, version in versions.items() if version is None]
        if missing:
            results.skipped[contestant] = f"{' and '.join(missing)} not installed"
        else:
            running.append(contestant)

    for round_number in range(1, rounds + 1):
        for contestant in list(running):
            tell(f"{name}: round {round_number} of {rounds}, {contestant}")
            try:
                measured = run_once(name, contestant, rivals_python=rivals_python, quick=quick, device=device)
            except RuntimeError as error:
                results.skipped[contestant] = f"failed: {error}"
                results.rounds.pop(contestant, None)
                running.remove(contestant)
                continue
            if contestant == "cornu" and getattr(workload, "QUIET", False) and measured["stderr"].strip():
                measured["problems"].append(f"wrote to stderr: {measured['stderr'].strip().splitlines()[0]}")
            results.rounds.setdefault(contestant, []).append(measured)
    return results
