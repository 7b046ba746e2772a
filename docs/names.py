"""Compare the public names of an installed Keras 3.15 with Cornu's, and write the table `docs/names.md`.

    python docs/names.py /path/to/an/environment/bin/python

The argument is the Python of an environment in which `import keras` finds Keras; it is asked for names only. The exit status
is 1 if a name of a module that Cornu promises in full is missing.
"""

import json
import os
import pathlib
import subprocess
import sys

TABLE = pathlib.Path(__file__).with_name("names.md")
ROOT = "."
FULL = ("losses", "metrics", "optimizers", "optimizers.schedules", "callbacks", "regularizers", "constraints", "initializers",
        "activations", "ops", "models", "random")  # fmt: skip
OTHERS = ("layers", "utils", "saving", "config", "backend", "dtype_policies", "tree", "datasets", "preprocessing", "quantizers",
          "distribution", "export", "visualization", "wrappers", ROOT, "applications")  # fmt: skip
COUNTED = ("applications",)  # of these the missing names are not listed
ASK = """
import importlib, json, sys
root, found = importlib.import_module(sys.argv[1]), {}
for module in sys.argv[2:]:
    place = root
    try:
        for part in filter(None, module.split(".")):
            place = getattr(place, part)
    except AttributeError:
        found[module] = []
        continue
    found[module] = [name for name in dir(place) if not name.startswith("_") and hasattr(place, name)]
print("NAMES" + json.dumps({"version": root.__version__, "modules": found}))
"""


def names_of(python: str, package: str) -> dict:
    """Version and public names by module, as the package of that environment has them."""
    settings = {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
    told = subprocess.run(
        [python, "-c", ASK, package, *FULL, *OTHERS],
        capture_output=True, text=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **settings},
    )  # fmt: skip
    answer = next((line for line in told.stdout.splitlines() if line.startswith("NAMES")), None)
    if answer is None:
        sys.exit(f"Expected the names of {package!r} from {python}; it said:\n{told.stderr[-2000:]}")
    return json.loads(answer.removeprefix("NAMES"))


def table(keras: dict, ours: dict) -> tuple[str, list[str]]:
    """The page, and the names that are missing from modules promised in full."""
    rows, lacking = [], []
    for module, known in keras["modules"].items():
        missing = sorted(set(known) - set(ours["modules"][module]))
        if module in FULL:
            lacking += [f"{module}.{name}" for name in missing]
        listed = "not listed" if module in COUNTED and missing else ", ".join(f"`{name}`" for name in missing) or "-"
        label = "keras" if module == ROOT else f"keras.{module}"
        rows.append(f"| `{label}` | {len(known)} | {len(known) - len(missing)} | {listed} |")
    head = (
        "# Public names\n\n"
        f"The public names of Keras {keras['version']} and how many of them Cornu has. Written by `docs/names.py`; run it again "
        "after adding names.\n\n| module | names | here | missing |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n", lacking


def main() -> None:
    """Write the table and say what is missing."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    page, lacking = table(names_of(sys.argv[1], "keras"), names_of(sys.executable, "cornu"))
    TABLE.write_text(page)
    sys.stdout.write(page)
    if lacking:
        sys.exit(f"Missing: {', '.join(lacking)}")


if __name__ == "__main__":
    main()
