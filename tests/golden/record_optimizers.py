"""Record optimizers.npz and optimizers.json: `python tests/golden/record_optimizers.py` with keras==3.15.0 installed."""

import json
import pathlib

import keras
import numpy as np
from cases_optimizers import OPTIMIZERS, SCHEDULE_STEPS, SCHEDULES, make, values_and_gradients

here = pathlib.Path(__file__).parent
arrays, facts = {}, {"optimizers": {}, "schedules": {}}

for case, kind in OPTIMIZERS.items():
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

for case, (name, arguments) in SCHEDULES.items():
    schedule = getattr(keras.optimizers.schedules, name)(**arguments)
    arrays[f"schedule/{case}"] = np.array([np.array(schedule(step)) for step in SCHEDULE_STEPS], "float32")
    facts["schedules"][case] = keras.optimizers.schedules.serialize(schedule)

np.savez_compressed(here / "optimizers.npz", **arrays)
(here / "optimizers.json").write_text(json.dumps(facts, indent=1) + "\n")
