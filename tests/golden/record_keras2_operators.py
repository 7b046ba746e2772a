"""Graphs of Keras 2 with TensorFlow's functions: `TF_USE_LEGACY_KERAS=1 python tests/golden/record_keras2_operators.py`.

Output: `tests/golden/keras2_operators.json`, what `to_json` wrote of each, and `.npz`, inputs and results.
"""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf

HERE = Path(__file__).parent
keras = tf.keras

CASES = {
    "add": lambda a, b: a + b,
    "add a number": lambda a, b: a + 2.0,
    "add to a number": lambda a, b: 2.0 + a,
    "subtract": lambda a, b: 1.0 - a,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / 3.0,
    "floor": lambda a, b: a // 0.5,
    "power": lambda a, b: a**2,
    "negative": lambda a, b: -a,
    "absolute": lambda a, b: tf.abs(a - b),
    "matrix product": lambda a, b: a @ tf.ones((8, 2)),
    "compare": lambda a, b: a > b,
    "mean": lambda a, b: tf.reduce_mean(a, axis=1),
    "mean of the batch": lambda a, b: tf.reduce_mean(a, axis=0),
    "sum": lambda a, b: tf.reduce_sum(a, 1, keepdims=True),
    "maximum of axes": lambda a, b: tf.reduce_max(a, axis=[1, 2]),
    "backend": lambda a, b: keras.backend.mean(a, axis=1),
    "relu": lambda a, b: tf.nn.relu(a - 0.5),
    "leaky relu": lambda a, b: tf.nn.leaky_relu(a - 0.5),
    "softmax": lambda a, b: tf.nn.softmax(a, axis=1),
    "elementwise": lambda a, b: tf.exp(tf.sigmoid(tf.tanh(a)) + tf.square(a) + tf.sqrt(b) + tf.math.log(b + 1.0)),
    "maximum": lambda a, b: tf.maximum(a, tf.minimum(b, 0.5)),
    "functions": lambda a, b: tf.divide(tf.subtract(tf.add(a, b), 0.1), tf.multiply(b + 1.0, 2.0)),
    "concat": lambda a, b: tf.concat([a, b], axis=-1),
    "stack": lambda a, b: tf.stack([a, b], axis=1),
    "reshape": lambda a, b: tf.reshape(a, (-1, 40)),
    "transpose": lambda a, b: tf.transpose(a, [0, 2, 1]),
    "expand": lambda a, b: tf.expand_dims(a, 0),
    "slice and squeeze": lambda a, b: tf.squeeze(a[:, :1], 1),
    "item": lambda a, b: a[:, 0],
    "items": lambda a, b: a[..., 1:7:2],
    "cast": lambda a, b: tf.cast(a, "float16"),
    "clip": lambda a, b: tf.clip_by_value(a, 0.0, 0.5),
}


def main() -> None:
    """Record every case."""
    rng = np.random.RandomState(0)
    x = [rng.rand(3, 5, 8).astype("float32") for _ in range(2)]
    models, values = {}, {"a": x[0], "b": x[1]}
    for name, function in CASES.items():
        keras.backend.clear_session()
        inputs = [keras.Input((5, 8), name="a"), keras.Input((5, 8), name="b")]
        model = keras.Model(inputs, function(*inputs))
        models[name] = json.loads(model.to_json())
        values[f"of {name}"] = np.asarray(model(x))
    (HERE / "keras2_operators.json").write_text(json.dumps(models))
    np.savez_compressed(HERE / "keras2_operators.npz", **values)


if __name__ == "__main__":
    main()
