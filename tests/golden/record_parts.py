"""Record parts.npz and parts.json: `KERAS_BACKEND=jax python tests/golden/record_parts.py` with keras==3.15.0 installed."""

import json
import pathlib

import jax
import keras
import numpy as np
from cases_parts import CONSTRAINTS, FIXED, RANDOM, REGULARIZERS, moments, weights

here = pathlib.Path(__file__).parent
arrays, configs = {}, {}
x, mix = weights()

for case, (name, arguments, shape) in {**FIXED, **RANDOM}.items():
    seed = {"seed": 1} if case in RANDOM else {}
    initializer = getattr(keras.initializers, name)(**arguments, **seed)
    values = np.asarray(initializer(shape))
    arrays[f"initializer/{case}"] = values if case in FIXED else moments(values)
    configs[f"initializer/{case}"] = keras.initializers.serialize(initializer)

for case, (name, arguments) in REGULARIZERS.items():
    regularizer = getattr(keras.regularizers, name)(**arguments)
    value, gradient = jax.value_and_grad(lambda w, r=regularizer: keras.ops.cast(r(w), "float32"))(x)
    arrays[f"regularizer/{case}"], arrays[f"regularizer/{case}/gradient"] = np.asarray(value), np.asarray(gradient)
    configs[f"regularizer/{case}"] = keras.regularizers.serialize(regularizer)

for case, (name, arguments) in CONSTRAINTS.items():
    constraint = getattr(keras.constraints, name)(**arguments)
    arrays[f"constraint/{case}"] = np.asarray(constraint(x))
    arrays[f"constraint/{case}/gradient"] = np.asarray(jax.grad(lambda w, c=constraint: keras.ops.sum(c(w) * mix))(x))
    configs[f"constraint/{case}"] = keras.constraints.serialize(constraint)

np.savez_compressed(here / "parts.npz", **arrays)
(here / "parts.json").write_text(json.dumps(configs, indent=1) + "\n")
