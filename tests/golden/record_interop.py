"""Keep the files that Keras 3.15 and tf-keras 2.21 wrote for the matrix of `docs/interop.md`, and what they do next.

    python tests/interop/matrix.py path/to/python-with-keras-and-tf-keras --keep FOLDER
    python tests/golden/record_interop.py FOLDER

Output: `tests/golden/files/interop/LIBRARY/ARCHITECTURE.ENDING.gz`, and `tests/golden/interop.npz` with the predictions and
the weights after one more step, all arrays of a kind in a row.
"""

import gzip
import sys
from pathlib import Path

import cases_interop as cases
import numpy as np

HERE = Path(__file__).parent
KINDS = ("prediction", "step", "variance", "fresh step", "fresh variance")


def main() -> None:
    """Pack what lies in the folder."""
    recorded: dict[str, np.ndarray] = {}
    for library in ("keras", "tf_keras"):
        folder = HERE / "files" / "interop" / library
        folder.mkdir(parents=True, exist_ok=True)
        for case in cases.ARCHITECTURES:
            with np.load(Path(sys.argv[1], library, f"{case}.npz")) as values:
                for kind in KINDS:
                    if parts := [values[name].reshape(-1) for name in values if name.startswith(f"{kind}/")]:
                        recorded[f"{library}/{case}/{kind}"] = np.concatenate(parts)
        for path in Path(sys.argv[1], library).glob("*.*"):
            if path.suffix not in (".npz", ".error") and path.name != "checkpoint":
                (folder / f"{path.name.replace(' ', '_')}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    np.savez_compressed(HERE / "interop.npz", **recorded)


if __name__ == "__main__":
    main()
