"""Record ThresholdedReLU, RandomHeight, RandomWidth, AbstractRNNCell and the local convolutions of Keras 2.

Run `python tests/golden/record_keras2_layers.py` with tf_keras==2.21.0; it writes `keras2_layers.npz` and
`keras2_layers.json` beside itself, and `files/keras2_thresholded_relu.h5`.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf
import tf_keras as keras
from cases_keras2_layers import (
    DRAWN,
    IMAGES,
    LOCAL,
    OPTIONS,
    SEQUENCES,
    STATES,
    STRETCHES,
    THETAS,
    VALUES,
    WEIGHTS,
    cell_class,
    local_arguments,
)

HERE = pathlib.Path(__file__).parent
layers, backend = keras.layers, keras.backend


def activations(arrays, facts):
    """Values, slopes and configs of ThresholdedReLU, and a file that holds one."""
    for theta in THETAS:
        layer, x = layers.ThresholdedReLU(theta), tf.constant(VALUES)
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = layer(x)
        arrays[f"theta_{theta}/out"] = outputs.numpy()
        arrays[f"theta_{theta}/slope"] = tape.gradient(outputs, x).numpy()
        facts["theta"][str(theta)] = layer.get_config()
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.ThresholdedReLU(0.25), layers.Dense(1)])
    model.save(HERE / "files" / "keras2_thresholded_relu.h5")
    arrays["loaded"] = model.predict(np.nan_to_num(VALUES, posinf=2.0), verbose=0)


def images(arrays, facts):
    """Stretched images; configs; the sizes that are drawn."""
    for key, (kind, arguments) in STRETCHES.items():
        arrays[key] = getattr(layers, kind)(**arguments)(IMAGES, training=True).numpy()
    for key, arguments in OPTIONS.items():
        facts["options"][key] = layers.RandomHeight(**arguments).get_config()
    layer = layers.RandomWidth(0.3, seed=1)
    sizes = [layer(np.zeros((1, 1, 10, 1), "float32"), training=True).shape[2] for _ in range(DRAWN)]
    facts["sizes"] = sorted(set(sizes))
    facts["share"] = [sizes.count(size) / DRAWN for size in facts["sizes"]]


def cells(arrays, facts):
    """A cell of one's own along sequences, and the states that cells begin with."""
    cell = cell_class(layers.AbstractRNNCell, backend.dot)(4)
    layer = layers.RNN(cell, return_sequences=True)
    layer.build(SEQUENCES.shape)
    layer.set_weights(list(WEIGHTS.values()))
    arrays["cell"] = layer(SEQUENCES).numpy()
    for key, size in STATES.items():
        own = type("Cell", (layers.AbstractRNNCell,), {"state_size": size})()
        states = own.get_initial_state(batch_size=2, dtype="float32")
        facts["states"][key] = tf.nest.map_structure(lambda state: list(state.shape), states)


def main():
    """Write all files."""
    keras.utils.set_random_seed(0)
    arrays, facts = {}, {"theta": {}, "options": {}, "states": {}}
    activations(arrays, facts)
    images(arrays, facts)
    cells(arrays, facts)
    for key in LOCAL:
        name, arguments = local_arguments(key)
        arrays[key] = getattr(backend, name)(*map(tf.constant, arguments[:2]), *arguments[2:]).numpy()
    np.savez_compressed(HERE / "keras2_layers.npz", **arrays)
    (HERE / "keras2_layers.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
