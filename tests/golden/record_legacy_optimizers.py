"""Record legacy_optimizers.npz and .json: `python tests/golden/record_legacy_optimizers.py` with tf_keras installed."""

import json
import pathlib

import numpy as np
import tensorflow as tf
import tf_keras
from cases_legacy_optimizers import OPTIMIZERS
from cases_optimizers import values_and_gradients

here = pathlib.Path(__file__).parent
arrays, facts = {}, {}

for case, (name, arguments) in OPTIMIZERS.items():
    first, gradients = values_and_gradients()
    variables = {key: tf.Variable(value, name=key) for key, value in first.items()}
    optimizer = getattr(tf_keras.optimizers.legacy, name)(**arguments)
    for step, grads in enumerate(gradients):
        optimizer.apply_gradients([(tf.constant(grads[key]), variable) for key, variable in variables.items()])
        for key, variable in variables.items():
            arrays[f"{case}/{step}/{key}"] = variable.numpy()
    for k, value in enumerate(optimizer.get_weights()):
        arrays[f"{case}/state/{k}"] = np.array(value)
    facts[case] = {
        "config": tf_keras.optimizers.serialize(optimizer),
        "paths": [v.name.removesuffix(":0") for v in optimizer.variables()],
    }

np.savez_compressed(here / "legacy_optimizers.npz", **arrays)
(here / "legacy_optimizers.json").write_text(json.dumps(facts, indent=1) + "\n")
