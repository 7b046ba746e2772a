"""Many cases in child processes, which may crash or hang without taking the run with them."""

import os
import queue
import resource
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.cases import Verdict, judge, make_corpus, mutated, written
from tests.fuzz.formats import FORMATS

PER_CHILD = 3000
SILENCE = 60  # seconds of waiting without a verdict; a case may compute for 5
ROOM = 4 << 30  # bytes of address space that a child may add


def child(name: str, corpus: Path, seed: int, start: int, stop: int) -> None:
    """Judge the cases of a range; a line for each on the standard output."""
    form, files = FORMATS[name], make_corpus(name, corpus)
    judge(files[0], form)
    if os.path.exists("/proc/self/statm"):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in range(start, stop):
        verdict = judge(mutated(form, files, seed, number), form)
        print(f"verdict {number} {verdict.kind} {verdict.text}".replace("\n", " ")[:500], flush=True)


def run(name: str, corpus: Path, seed: int, count: int, findings: Path) -> Counter[str]:
    """Judge `count` cases of a format; write what is found. Returns: how many of each kind."""
    form, kinds = FORMATS[name], Counter[str]()
    files = make_corpus(name, corpus)
    for number, verdict in _verdicts(name, corpus, seed, count):
        kinds[verdict.kind] += 1
        if verdict.is_finding:
            place = findings / f"{name}-{seed}-{number}"
            place.mkdir(parents=True, exist_ok=True)
            written(mutated(form, files, seed, number), form, place)
            print(f"{place}: {verdict.kind}: {verdict.text}", flush=True)
    return kinds


def _verdicts(name: str, corpus: Path, seed: int, count: int) -> Iterator[tuple[int, Verdict]]:
    start = 0
    while start < count:
        stop = min(count, start + PER_CHILD)
        arguments = ["--child", name, str(corpus), str(seed), str(start), str(stop)]
        with subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            for line in _lines(process):
                _, number, kind, *text = line.split(" ", 3)
                yield int(number), Verdict(kind, "".join(text))
                start = int(number) + 1
            code = process.wait()
        if start < stop:
            yield start, Verdict("hang" if code == -9 else "crash", f"the process ended with {code}")
            start += 1


def _lines(process: subprocess.Popen) -> Iterator[str]:
    """Lines of verdicts, until the process ends or is silent for too long; then it is killed."""
    lines: queue.Queue[str | None] = queue.Queue()

    def collect() -> None:
        for line in process.stdout or ():
            lines.put(line)
        lines.put(None)

    threading.Thread(target=collect, daemon=True).start()
    waited = 0  # counted, not measured: a machine that slept is no hang
    while True:
        try:
            line = lines.get(timeout=1)
        except queue.Empty:
            waited += 1
            if waited > SILENCE:
                process.kill()
            continue
        if line is None:
            return
        waited = 0
        if line.startswith("verdict "):
            yield line.rstrip("\n")
