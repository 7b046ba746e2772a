"""Record what the recurrent layers of Keras do: values, gradients, weights, masks, configs, shapes, and a file.

Run `KERAS_BACKEND=tensorflow python tests/golden/record_recurrent.py` in an environment with keras==3.15.0; it writes
`recurrent.npz` and `recurrent.json` beside itself, and `files/recurrent.keras`.
"""

import inspect
import json
import pathlib

import keras
import numpy as np
import tensorflow as tf
from cases_recurrent import (
    CASES,
    CONFIGS,
    DEFAULTS,
    MASK,
    build,
    cotangent_of,
    inputs_of,
    states_of,
    weights_of,
)

HERE = pathlib.Path(__file__).parent


def options_of(case):
    """How the layer of a case is called."""
    options = {} if case.training is None else {"training": case.training}
    if case.mask:
        options["mask"] = tf.constant(MASK)
    return options


def record(case, arrays):
    """Values and gradients into `arrays`; everything else as JSON."""
    layer = build(keras.layers, case.layer)
    config = layer.get_config()
    layer.build(case.shape)
    layer.set_weights(weights_of(case, [tuple(weight.shape) for weight in layer.weights]))
    x = tf.constant(inputs_of(case))
    states = [tf.constant(state) for state in states_of(case)]
    options = options_of(case)
    if states:
        options["initial_state"] = states
    with tf.GradientTape() as tape:
        tape.watch([x, *states])
        outputs = tf.nest.flatten(layer(x, **options))
        total = sum(tf.reduce_sum(y * cotangent_of(case, i, y.shape)) for i, y in enumerate(outputs))
    gradients = tape.gradient(total, [*(v.value for v in layer.trainable_variables), x, *states])
    for i, output in enumerate(outputs):
        arrays[f"{case.key}/out{i}"] = output.numpy()
    for i, gradient in enumerate(gradients):
        arrays[f"{case.key}/d{i}"] = gradient.numpy()
    for i, variable in enumerate(layer.non_trainable_weights if case.training else []):
        arrays[f"{case.key}/after{i}"] = variable.numpy()
    given = [keras.Input(batch_shape=case.open_shape)] if case.open_shape else []
    symbolic = [list(y.shape) for open_input in given for y in tf.nest.flatten(layer(open_input))]
    masks = layer.compute_mask(x, tf.constant(MASK)) if case.mask else None
    return {
        "config": config,
        "weights": [[w.name, w.path, list(w.shape), w.trainable] for w in layer.weights],
        "count": layer.count_params(),
        "symbolic": symbolic,
        "masks": [m is not None for m in masks] if isinstance(masks, list) else masks is not None,
    }


def defaults(name):
    """Default arguments of a class, in order."""
    parameters = inspect.signature(getattr(keras.layers, name).__init__).parameters.values()
    shown = [p for p in parameters if p.name != "self" and p.kind is not p.VAR_KEYWORD]
    return [[p.name, "required" if p.default is p.empty else p.default] for p in shown]


def write_file(arrays):
    """A model with every kind of recurrent layer, and what it predicts."""
    layers = keras.layers
    words = keras.Input((5,), dtype="int32")
    x = layers.Embedding(6, 4, mask_zero=True)(words)
    x, *states = layers.LSTM(3, return_sequences=True, return_state=True, dropout=0.1)(x)
    x = layers.Bidirectional(layers.GRU(2, return_sequences=True, name="inner"), name="both")(x)
    x = layers.TimeDistributed(layers.Dense(3, activation="tanh"))(x)
    x = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2, reset_after=False)], return_sequences=True)(x)
    x = layers.LSTM(3)(x, initial_state=states)
    images = keras.Input((3, 4, 4, 1))
    y = layers.Flatten()(layers.ConvLSTM2D(2, 2)(images))
    model = keras.Model([words, images], layers.Concatenate()([x, y]))
    given = [np.array([[1, 2, 0, 4, 5], [3, 3, 1, 0, 0]]), np.random.RandomState(0).normal(size=(2, 3, 4, 4, 1))]
    model.save(HERE / "files" / "recurrent.keras")
    for i, value in enumerate(given):
        arrays[f"file/in{i}"] = value
    arrays["file/out"] = model.predict(given, verbose=0)


def main():
    """Write the files."""
    arrays = {}
    facts = {
        "cases": {case.key: record(case, arrays) for case in CASES},
        "configs": [build(keras.layers, row).get_config() for row in CONFIGS],
        "defaults": {name: defaults(name) for name in DEFAULTS},
    }
    write_file(arrays)
    np.savez_compressed(HERE / "recurrent.npz", **arrays)
    (HERE / "recurrent.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    main()
