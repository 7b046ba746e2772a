"""Write `src/cornu/shim/names.txt`: the public names of TensorFlow and Keras, module by module.

    python docs/tensorflow_names.py /path/to/an/environment/bin/python

The argument is the Python of an environment with TensorFlow, Keras 3 and tf-keras; it is asked for names only.
"""

import json
import os
import pathlib
import subprocess
import sys

LIST = pathlib.Path(__file__).parents[1] / "src" / "cornu" / "shim" / "names.txt"
ASK = """
import json, sys, types
import keras, tensorflow, tf_keras
found, seen = {}, set()
def walk(module, name, depth):
    if id(module) in seen or depth > 5:
        return
    seen.add(id(module))
    names = [n for n in dir(module) if not n.startswith("_")]
    found.setdefault(name, set()).update(names)
    for n in names:
        try:
            value = getattr(module, n)
        except Exception:
            continue
        if isinstance(value, types.ModuleType) and n not in SKIP:
            walk(value, f"{name}.{n}", depth + 1)
SKIP = set("compat core dtensor keras legacy_keras lite mlir protobuf python raw_ops security src tools tpu".split())
walk(tensorflow, "tensorflow", 0)
walk(keras, "keras", 0)
walk(tf_keras, "keras", 0)
public = {name: sorted(names) for name, names in found.items()}
print("NAMES" + json.dumps(public))
"""


def main(python: str) -> None:
    """Ask that Python, write the list."""
    settings = {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    told = subprocess.run([python, "-c", ASK], capture_output=True, text=True, env={**os.environ, **settings})
    answer = next((line for line in told.stdout.splitlines() if line.startswith("NAMES")), None)
    if answer is None:
        sys.exit(f"Expected names from {python}; it said:\n{told.stderr[-2000:]}")
    modules = json.loads(answer.removeprefix("NAMES"))
    lines = [f"{module}: {' '.join(names)}\n" for module, names in sorted(modules.items()) if names]
    LIST.write_text("".join(lines), encoding="ascii")
    print(f"{sum(map(len, modules.values()))} names of {len(modules)} modules in {LIST.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
