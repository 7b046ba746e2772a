"""Exchange model files with Keras 3.15, both ways, and compare predictions and the next training step.

    python tests/interop/check_interop.py path/to/python-with-keras [--keep FOLDER]

Cornu runs in the interpreter that runs this script, Keras in the other one; neither needs the other installed. Prints a
table; the exit status is 1 if anything differs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "golden"))
import cases_files as cases

LIBRARIES = ("cornu", "keras")
TOLERANCE = {"half": 2e-2}  # bfloat16 has 8 bits


def library(name: str) -> Any:
    """The module to build with."""
    if name == "cornu":
        import cornu

        return cornu
    import keras

    return keras


def write(name: str, folder: Path) -> None:
    """Build, train and save every case; record predictions and the weights after one more step."""
    lib = library(name)
    for case, build in cases.BUILDERS.items():
        with Attempt(folder / f"{case}.error"):
            lib.utils.set_random_seed(3)
            model = build(lib)
            x, y = cases.data(case)
            for _ in range(3 if case in cases.TRAINED else 0):
                model.train_on_batch(x, y)
            path = folder / f"{case}{cases.ending(case)}"
            (model.save_weights if case in cases.WEIGHTS_ONLY else model.save)(path)
            record(case, model, folder / f"{case}.npz")


def read(name: str, folder: Path, out: Path) -> None:
    """Load what the other one wrote, and record the same things."""
    lib = library(name)
    for case, build in cases.BUILDERS.items():
        path = folder / f"{case}{cases.ending(case)}"
        with Attempt(out / f"{case}.error"):
            if case in cases.WEIGHTS_ONLY:
                model = build(lib)
                model.load_weights(path)
            else:
                if case == "own_layer":
                    build(lib)  # registers the layer
                model = lib.saving.load_model(path)
            record(case, model, out / f"{case}.npz")


def record(case: str, model: Any, path: Path) -> None:
    """Write predictions, and weights after one step, to an `.npz` file."""
    x, y = cases.data(case)
    values = {f"prediction {i}": o for i, o in enumerate(cases.flat(model.predict(x, verbose=0)))}
    if case not in cases.RANDOM_STEP:
        model.train_on_batch(x, y)
        values |= {f"step {i}": np.asarray(w, "float32") for i, w in enumerate(model.get_weights())}
    np.savez(path, **values)


class Attempt:
    """Writes the error of its block to a file instead of raising it."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        if error is not None:
            self.path.write_text("".join(traceback.format_exception(error)))
        return isinstance(error, Exception)


def difference(case: str, wanted: Path, received: Path, what: str) -> str:
    """`ok`, `-` if it is not compared, or the largest relative difference."""
    for path in (wanted, received):
        error = path.with_suffix(".error")
        if error.exists():
            return error.read_text().strip().splitlines()[-1][:100]
    with np.load(wanted) as a, np.load(received) as b:
        names = [name for name in a if name.startswith(what)]
        if not names:
            return "-"
        if set(names) != {name for name in b if name.startswith(what)}:
            return "other arrays"
        worst = max(float(np.max(np.abs(a[n] - b[n]) / (np.abs(a[n]).max() + 1e-6), initial=0)) for n in names)
    return "ok" if worst <= TOLERANCE.get(case, 1e-5) else f"differs by {worst:.1e}"


def run(python: str, *arguments: str) -> None:
    """Run a part of this script in another interpreter."""
    environment = {
        **os.environ,
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    subprocess.run([python, __file__, *arguments], check=True, env=environment)


def main() -> int:
    """Write with both, read with both, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rival", nargs="?", help="the Python interpreter that has keras==3.15.0")
    parser.add_argument("--keep", type=Path, help="keep the files in this folder")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        action, name, *folders = given.part
        {"write": write, "read": read}[action](name, *map(Path, folders))
        return 0
    if not given.rival:
        parser.error("name the Python interpreter that has keras==3.15.0")
    with tempfile.TemporaryDirectory() as scratch:
        root = given.keep or Path(scratch)
        python = dict(zip(LIBRARIES, (sys.executable, given.rival), strict=True))
        for name in LIBRARIES:
            (root / name).mkdir(parents=True, exist_ok=True)
            run(python[name], "--part", "write", name, str(root / name))
        for name, other in zip(LIBRARIES, reversed(LIBRARIES), strict=True):
            run(python[name], "--part", "read", name, str(root / other), str(root / f"{other} read by {name}"))
        print(f"{'file':<12} {'written by':<10} {'read by':<8} {'predictions':<24} next step")
        is_equal = True
        for writer, reader in (LIBRARIES, LIBRARIES[::-1]):
            for case in cases.BUILDERS:
                if reader == "keras" and case in cases.UNREADABLE_BY_KERAS:
                    continue
                wanted, received = root / writer / f"{case}.npz", root / f"{writer} read by {reader}" / f"{case}.npz"
                cells = [difference(case, wanted, received, what) for what in ("prediction", "step")]
                is_equal &= all(cell in ("ok", "-") for cell in cells)
                print(f"{case:<12} {writer:<10} {reader:<8} {cells[0]:<24} {cells[1]}")
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
