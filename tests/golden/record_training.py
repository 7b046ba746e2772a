"""Record training.npz and training.json: `KERAS_BACKEND=tensorflow python tests/golden/record_training.py` with keras==3.15.0.

Names of cases as arguments print their results instead.
"""

import json
import pathlib
import sys

import keras
import numpy as np
import tensorflow as tf
from cases_training import CASES

here = pathlib.Path(__file__).parent
arrays, facts = {}, {}


def plain(value, path):
    """The result as JSON, arrays put into the archive."""
    if isinstance(value, dict):
        return {key: plain(item, f"{path}/{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{path}/{index}") for index, item in enumerate(value)]
    value = np.asarray(value)
    if not value.ndim:
        return value.item()
    arrays[path] = value.astype("float32")
    return {"array": path}


for name in sys.argv[1:] or CASES:
    keras.utils.clear_session()
    facts[name] = plain(CASES[name](keras, tf.GradientTape), name)

if sys.argv[1:]:
    print(json.dumps(facts, indent=1))
else:
    np.savez_compressed(here / "training.npz", **arrays)
    (here / "training.json").write_text(json.dumps(facts, indent=1) + "\n")
