"""Record optimizers.npz and optimizers.json: `python tests/golden/record_optimizers.py` with keras==3.15.0 installed.

Run it with KERAS_BACKEND=jax, and then again as `KERAS_BACKEND=tensorflow ... schedule_free schedule_free_options`: names of
cases record the values of these only. Keras' ScheduleFreeAdamW gives other values on JAX than on TensorFlow, whose are the
paper's.
"""

import json
import pathlib
import sys

import keras
import numpy as np
from cases_optimizers import OPTIMIZERS, SCHEDULE_STEPS, SCHEDULES, make, values_and_gradients

here = pathlib.Path(__file__).parent
arrays, facts = {}, {"optimizers": {}, "schedules": {}}

only = set(sys.argv[1:])
for case, kind in OPTIMIZERS.items():
    if only and case not in only:
        continue
    keras.backend.clear_session()
    first, gradients = values_and_gradients()
    variables = [keras.Variable(value, name=name) for name, value in first.items()]
    optimizer = make(kind, keras.optimizers)
    optimizer.build(variables)
    for step, grads in enumerate(gradients):
        optimizer.apply([keras.ops.convert_to_tensor(grads[name]) for name in first], variables)
        for variable in variables:
            arrays[f"{case}/{step}/{variable.name}"] = np.array(variable.value)
    for k, variable in enumerate(optimizer.variables):
        arrays[f"{case}/state/{k}"] = np.array(variable.value)
    facts["optimizers"][case] = {
        "config": keras.optimizers.serialize(optimizer),
        "paths": [v.path for v in optimizer.variables],
        "dtypes": [str(v.dtype) for v in optimizer.variables],
    }

if only:
    with np.load(here / "optimizers.npz") as recorded:
        arrays = {**recorded, **arrays}
    np.savez_compressed(here / "optimizers.npz", **arrays)
    sys.exit()

for case, (name, arguments) in SCHEDULES.items():
    schedule = getattr(keras.optimizers.schedules, name)(**arguments)
    arrays[f"schedule/{case}"] = np.array([np.array(schedule(step)) for step in SCHEDULE_STEPS], "float32")
    facts["schedules"][case] = keras.optimizers.schedules.serialize(schedule)

np.savez_compressed(here / "optimizers.npz", **arrays)
(here / "optimizers.json").write_text(json.dumps(facts, indent=1) + "\n")
