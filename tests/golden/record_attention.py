"""Record what the attention layers of Keras do: values, scores, gradients, weights, configs, paths.

Run `KERAS_BACKEND=tensorflow python tests/golden/record_attention.py` in an environment with keras==3.15.0; it writes
`attention.npz` and `attention.json` beside itself.
"""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf
from cases_attention import ATTENTION, DIFFERENTIATED, INITIAL, call_of, cotangent_of, inputs_of, masks_of, weights_of

HERE = pathlib.Path(__file__).parent


def record(key, case, arrays):
    """Values and gradients into `arrays`; everything else as JSON."""
    keras.backend.clear_session()
    layer = getattr(keras.layers, case.layer)(**case.arguments)
    inputs = [tf.constant(x) for x in inputs_of(key, case)]
    masks = {name: tf.constant(mask) for name, mask in masks_of(case).items()}
    many = case.layer in ("Attention", "AdditiveAttention")
    shapes = [tuple(x.shape) for x in inputs]
    layer.build(shapes) if many else layer.build(*shapes)  # a call would use up the masks that come with the inputs
    args, options = call_of(case, inputs, masks)
    layer.set_weights(weights_of(key, [tuple(weight.shape) for weight in layer.weights]))
    variables = [variable.value for variable in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(*args, **options)
        outputs = outputs if isinstance(outputs, (tuple, list)) else [outputs]
        total = sum(tf.reduce_sum(out * cotangent_of(tuple(out.shape))) for out in outputs)
    for i, out in enumerate(outputs):
        arrays[f"{key}/out{i}"] = out.numpy()
    for i, gradient in enumerate(tape.gradient(total, [*variables, *inputs]) if key in DIFFERENTIATED else ()):
        arrays[f"{key}/d{i}"] = gradient.numpy()
    return {
        "config": layer.get_config(),
        "class_name": keras.saving.serialize_keras_object(layer)["class_name"],
        "weights": [[w.name, w.path, list(w.shape)] for w in layer.weights],
        "output_shape": list(layer.compute_output_shape(shapes) if many else layer.compute_output_shape(*shapes)),
        "losses": [float(loss) for loss in layer.losses],
        "build_config": layer.get_build_config(),
    }


def distribution(name, arguments, size):
    """Path, mean, deviation and greatest of the first weights."""
    layer = getattr(keras.layers, name)(**arguments)
    x = np.zeros((1, 2, size), "float32")
    layer([x, x]) if name == "AdditiveAttention" else layer(x, x)
    return [[float(np.mean(w)), float(np.std(w)), float(np.max(w))] for w in layer.get_weights()]


def main():
    """Write both files."""
    arrays = {}
    facts = {
        "cases": {key: record(key, case, arrays) for key, case in ATTENTION.items()},
        "initial": [distribution(*row) for row in INITIAL],
    }
    np.savez_compressed(HERE / "attention.npz", **arrays)
    (HERE / "attention.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    main()
