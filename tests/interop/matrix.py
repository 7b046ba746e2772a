"""Exchange models with Keras 3 and tf-keras in every format, both ways, and write the table of `docs/interop.md`.

    python tests/interop/matrix.py path/to/python-with-keras-and-tf-keras [--keep FOLDER]

Cornu runs in the interpreter that runs this script, the others in the one that is named; each library in processes of its
own. The exit status is 1 if something differs. About ten minutes on two cores; with `--keep`, what an interrupted run left
in the folder is not made again.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from exchange import cases, is_whole
from page import replace_section, table

PARTNERS = {"keras": "Keras 3.15", "tf_keras": "tf-keras 2.21"}
TOLERANCES = {"prediction": 1e-6, "step": 1e-5, "variance": 1e-5}
# The variance of a batch of pictures is kept with n - 1 by TensorFlow's kernel in tf-keras, with n by Keras 3 and Cornu.
TF_KERAS_VARIANCE = 2e-3
TEXT = """\
{date}, by `tests/interop/matrix.py` (TensorFlow 2.21). `←`: Cornu reads what the original wrote; `→`: the original reads what
Cornu wrote. Every cell is a network that was trained for three steps, saved, and loaded: its predictions equal the writer's to
1e-6 of the largest one, and all weights after one more step equal the writer's to 1e-5 of the largest entry (at least 0.01) of
each, optimizer state included. Moving variances in tf-keras: to 2e-3, because TensorFlow divides by n - 1.

The networks of the courses (`tests/golden/cases_interop.py`) are small, the classes subclassed as there. A subclassed network
goes into `.h5` as weights alone, so its step is made by an optimizer that starts anew; `-`: the original writes no such file.
(1): predictions are equal; Keras 3 refuses to train what it loaded from an `.h5` file, its own files too. For tf-keras, save to
`.h5` or `.ckpt`: its `.keras` and `.weights.h5` have a layout of Keras 2's own, which is read here but not written.

{table}"""


class Column(NamedTuple):
    """A format, with whom, and who reads."""

    ending: str
    partner: str
    is_read_here: bool

    def __str__(self) -> str:
        return f"`{self.ending}` {'←' if self.is_read_here else '→'} {PARTNERS[self.partner]}"


COLUMNS = [
    *(Column(ending, "keras", here) for ending in (".keras", ".h5", ".weights.h5") for here in (True, False)),
    *(Column(ending, "tf_keras", here) for ending in (".h5", ".ckpt") for here in (True, False)),
    *(Column(ending, "tf_keras", True) for ending in (".keras", ".weights.h5")),
]


def exchange(python: str, root: Path) -> None:
    """All files, written and read by everybody; `root / "keras reads cornu"` and so on hold what came out."""
    for partner in PARTNERS:
        here, there = root / f"cornu for {partner}", root / partner
        run(sys.executable, "write", "cornu", partner, here)
        run(python, "write", partner, partner, there)
        run(sys.executable, "read", "cornu", partner, there, root / f"cornu reads {partner}")
        run(python, "read", partner, "cornu", here, root / f"{partner} reads cornu")
    run(python, "read", "keras", "keras", root / "keras", root / "keras reads itself")


def run(python: str, action: str, library: str, partner: str, *folders: Path) -> None:
    """One process of the exchange, unless its last folder is complete."""
    if (done := folders[-1] / "complete").exists():
        return
    settings = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    subprocess.run(
        [python, "-W", "ignore", str(Path(__file__).with_name("exchange.py")), action, library, partner, *map(str, folders)],
        check=True, env={**os.environ, "JAX_PLATFORMS": "cpu", **settings}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    done.touch()


def cell(root: Path, case: str, column: Column) -> str:
    """`ok`, `-` if there is no such file, or what differs."""
    ending, partner, is_read_here = column
    writer = root / (partner if is_read_here else f"cornu for {partner}")
    reader = root / (f"cornu reads {partner}" if is_read_here else f"{partner} reads cornu")
    for error in (writer / f"{case}{ending}.error", reader / f"{case}{ending}.error"):
        if error.exists():
            return _last_line(error)
    received, step = reader / f"{case}{ending}.npz", reader / f"{case}{ending}.step"
    if not received.exists():
        return "-"
    found = differences(case, ending, partner, writer / f"{case}.npz", received)
    if step.exists():
        own = root / f"{partner} reads itself"
        as_own = not is_read_here and ((own / step.name).exists() or (own / f"{case}{ending}.error").exists())
        found = "ok (1)" if as_own and found == "ok" else _last_line(step)
    return found


def _last_line(error: Path) -> str:
    return error.read_text().strip().splitlines()[-1][:120]


def differences(case: str, ending: str, partner: str, wanted: Path, received: Path) -> str:
    """`ok`, or the kinds of arrays that differ and by how much."""
    is_fresh = ending == ".h5" and not is_whole(case, ending)
    allowed = TOLERANCES | ({"variance": TF_KERAS_VARIANCE} if partner == "tf_keras" else {})
    with np.load(wanted) as ours, np.load(received) as theirs:
        if (
            len(theirs) < sum(name.startswith(tuple(TOLERANCES)) for name in ours)
            and not received.with_suffix(".step").exists()
        ):
            return "fewer arrays"
        named = {name: ours[f"fresh {name}" if is_fresh and f"fresh {name}" in ours else name] for name in theirs}
        worst = {kind: _worst(named, theirs, kind) for kind in TOLERANCES}
    return ", ".join(f"{kind} {worst[kind]:.1e}" for kind in worst if worst[kind] > allowed[kind]) or "ok"


def _worst(wanted: Any, received: Any, kind: str) -> float:
    return max((cases.distance(wanted[name], received[name]) for name in wanted if name.startswith(kind)), default=0.0)


def main() -> int:
    """Exchange, compare, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("python", help="the interpreter that has keras==3.15.0 and tf_keras==2.21.0")
    parser.add_argument("--keep", type=Path, help="work in this folder, and keep the files")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = given.keep or Path(scratch)
        exchange(given.python, root)
        rows = [(case, *(cell(root, case, column) for column in COLUMNS)) for case in cases.ARCHITECTURES]
    page = table(("network", *map(str, COLUMNS)), rows)
    replace_section("Networks", TEXT.format(date=date.today(), table=page))
    sys.stdout.write(page)
    return int(any(found not in ("ok", "ok (1)", "-") for row in rows for found in row[1:]))


if __name__ == "__main__":
    sys.exit(main())
