"""Record what TensorFlow and tf.keras answer to the cases of `cases_random.py` into `random.json`.

Run in an environment with tensorflow==2.21 and tf_keras: `TF_USE_LEGACY_KERAS=1 python tests/golden/record_random.py`.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf
import tf_keras
from cases_random import CASES, INITIALIZERS, Case, digest, model_weights, outputs

FILE = pathlib.Path(__file__).with_name("random.json")


def recorded(case: Case) -> list:
    seed = list(case.generator) if isinstance(case.generator, tuple) else case.generator
    generator = None if seed is None else tf.random.Generator.from_seed(seed)
    return [digest(array) for array in outputs(case, tf.random, generator, tf.function)]


def main() -> None:
    kept = {case.name: recorded(case) for case in CASES}
    kept["initializers"] = [
        digest(np.asarray(getattr(tf_keras.initializers, name)(**options)(shape, dtype=dtype)))
        for name, options, shape, dtype in INITIALIZERS
    ]
    kept["model"] = model_weights(tf_keras)
    FILE.write_text(json.dumps(kept, indent=None, separators=(",", ":")) + "\n")
    print(f"{len(kept)} cases, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
