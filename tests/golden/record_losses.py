"""Record losses of Keras: `KERAS_BACKEND=tensorflow python tests/golden/record_losses.py`, with keras==3.15.0.

Writes losses.npz (values, gradients with respect to the predictions) and losses.json (configs).
"""

import json
import pathlib
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from cases_losses import FUNCTIONS, OBJECTS, inputs

HERE = pathlib.Path(__file__).parent


def with_gradient(call, y_pred, mask=None):
    y_pred = tf.constant(y_pred)
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        given = tf.identity(y_pred)
        if mask is not None:
            given._keras_mask = tf.constant(mask)
        value = call(given)
    gradient = tape.gradient(value, y_pred)
    return value.numpy(), gradient.numpy()


def main():
    data, arrays, configs = inputs(), {}, []
    for number, (name, options, y_true, y_pred) in enumerate(FUNCTIONS):
        function = getattr(keras.losses, name)
        value, gradient = with_gradient(partial(function, data[y_true], **options), data[y_pred])
        arrays[f"f{number}"], arrays[f"df{number}"] = value, gradient
    for number, (name, options, y_true, y_pred, weights, mask) in enumerate(OBJECTS):
        loss = getattr(keras.losses, name)(**options)
        weights = None if weights is None else data[weights]
        mask = None if mask is None else data[mask]
        value, gradient = with_gradient(partial(loss, data[y_true], sample_weight=weights), data[y_pred], mask)
        arrays[f"o{number}"], arrays[f"do{number}"] = value, gradient
        configs.append(loss.get_config())
    np.savez_compressed(HERE / "losses.npz", **arrays)
    (HERE / "losses.json").write_text(json.dumps(configs, indent=0) + "\n")


if __name__ == "__main__":
    main()
