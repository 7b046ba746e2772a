"""One case: a seed, a change of it, and what reading the result comes to."""

import hashlib
import os
import random
import resource
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.formats import FORMATS, Format
from tests.fuzz.mutations import Files

from cornu._base.errors import CornuError

SECONDS = 5  # of computing
TIMES, FLOOR = 20, 200 << 20  # memory: bytes for each byte of the file, and bytes on top
_PEAK = Path("/proc/self/clear_refs")


class Verdict(NamedTuple):
    """`kind`: "ok", "refused", or what is wrong: "error", "slow", "memory"."""

    kind: str
    text: str

    @property
    def is_finding(self) -> bool:
        """Whether something is wrong."""
        return self.kind not in ("ok", "refused")


def make_corpus(format_name: str, folder: Path) -> list[Files]:
    """The seeds of a format, written into `folder` unless they are there."""
    form = FORMATS[format_name]
    found = []
    for number, seed in enumerate(form.seeds):
        place = folder / format_name / str(number)
        if not place.is_dir():
            place.mkdir(parents=True)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                seed(place)
        names = [path.name for path in place.iterdir() if path.name.startswith(form.name)]
        found.append({name.removeprefix(form.name): (place / name).read_bytes() for name in sorted(names)})
    return found


def mutated(form: Format, corpus: list[Files], seed: int, number: int) -> Files:
    """The files of a case, which its number and the seed decide."""
    chance = random.Random(int.from_bytes(hashlib.sha256(f"{form.name}/{seed}/{number}".encode()).digest()[:8]))
    for _ in range(20):
        files = chance.choice(corpus)
        try:
            return chance.choice(form.changes)(files, chance)
        except Exception:  # a change that its own library refuses to write
            continue
    return files


def written(files: Files, form: Format, folder: Path) -> Path:
    """Write the files of a case. Returns: the path to read."""
    for end, content in files.items():
        (folder / f"{form.name}{end}").write_bytes(content)
    return folder / form.name


def judge(files: Files, form: Format) -> Verdict:
    """Read a case and see what it comes to."""
    with tempfile.TemporaryDirectory(prefix="cornu-fuzz-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = written(files, form, Path(folder))
        start, before = time.process_time(), _reset_peak()
        verdict = _read(form, path)
        seconds, grown = time.process_time() - start, _peak() - before
    if seconds > SECONDS:
        return Verdict("slow", f"{seconds:.1f} s; then {verdict.kind}: {verdict.text}")
    if grown > TIMES * sum(map(len, files.values())) + FLOOR:
        return Verdict("memory", f"{grown >> 20} MB; then {verdict.kind}: {verdict.text}")
    return verdict


def _read(form: Format, path: Path) -> Verdict:
    try:
        form.read(path)
    except CornuError as error:
        return Verdict("refused", f"{type(error).__name__}: {error}")
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Verdict(
            "error", f"{type(error).__name__}: {error!s:.200} at {os.path.basename(last.filename)}:{last.lineno}"
        )
    return Verdict("ok", "")


def _reset_peak() -> int:
    """Bytes in use; the peak is measured from here."""
    if not _PEAK.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    _PEAK.write_text("5")
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM") if _PEAK.exists() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name))
