"""Record what TensorFlow and tf.keras answer to the cases of `cases_random.py` into `random.json`.

Run in an environment with tensorflow==2.21 and tf_keras: `TF_USE_LEGACY_KERAS=1 python tests/golden/record_random.py`.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf
import tf_keras
from cases_random import CASES, INITIALIZERS, Case, digest

FILE = pathlib.Path(__file__).with_name("random.json")


def outputs(case: Case) -> list:
    generator = None
    if case.generator is not None:
        seed = case.generator
        generator = tf.random.Generator.from_seed(list(seed) if isinstance(seed, tuple) else seed)

    def call(function, args, options):
        if function.startswith("g."):
            return getattr(generator, function[2:])(*args, **options)
        return getattr(tf.random, function)(*args, **options)

    if not case.compiled:
        found = [call(*each) for each in case.calls]
        found += [] if generator is None else [generator.state]
        return [each.numpy() for each in found if each is not None]
    call(*case.calls[0])
    function = tf.function(lambda: [call(*each) for each in case.calls[1:]])
    return [each.numpy() for _ in range(2) for each in function()]


def model_weights() -> list:
    tf_keras.utils.set_random_seed(5)
    layers = tf_keras.layers
    model = tf_keras.Sequential([
        layers.Dense(4, input_shape=(5,)),
        layers.Dropout(0.5),
        layers.Dense(3, kernel_initializer="he_normal"),
        layers.Dense(2, kernel_initializer="random_normal", bias_initializer="truncated_normal"),
    ])  # fmt: skip
    return [digest(weight) for weight in model.get_weights()]


def main() -> None:
    kept = {case.name: [digest(array) for array in outputs(case)] for case in CASES}
    kept["initializers"] = [
        digest(np.asarray(getattr(tf_keras.initializers, name)(**options)(shape, dtype=dtype)))
        for name, options, shape, dtype in INITIALIZERS
    ]
    kept["model"] = model_weights()
    FILE.write_text(json.dumps(kept, indent=None, separators=(",", ":")) + "\n")
    print(f"{len(kept)} cases, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
