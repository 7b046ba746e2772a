"""Record metrics of Keras: `KERAS_BACKEND=tensorflow python tests/golden/record_metrics.py`, with keras==3.15.0.

Writes metrics.npz (state and results after two updates) and metrics.json (configs, names of variables).
"""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf
from cases_metrics import CASES, FUNCTIONS, inputs

HERE = pathlib.Path(__file__).parent


def main():
    data, arrays, notes = inputs(), {}, []
    for number, (name, options, y_true, y_pred, weights, mask) in enumerate(CASES):
        metric = getattr(keras.metrics, name)(name="m", **options)
        for turn in (slice(None), slice(None, None, -1)):
            given = [data[key][turn] for key in (y_true, y_pred) if key is not None]
            if mask is not None:
                given[1] = tf.identity(given[1])
                given[1]._keras_mask = tf.constant(data[mask][turn])
            metric.update_state(*given, sample_weight=None if weights is None else data[weights][turn])
        for place, variable in enumerate(metric.variables):
            arrays[f"v{number}_{place}"] = np.asarray(variable)
        arrays[f"r{number}"] = np.asarray(metric.result())
        notes.append({"config": metric.get_config(), "variables": [variable.path for variable in metric.variables]})
    for number, (name, options, y_true, y_pred) in enumerate(FUNCTIONS):
        arrays[f"f{number}"] = np.asarray(getattr(keras.metrics, name)(data[y_true], data[y_pred], **options))
    np.savez_compressed(HERE / "metrics.npz", **arrays)
    (HERE / "metrics.json").write_text(json.dumps(notes, indent=0) + "\n")


if __name__ == "__main__":
    main()
