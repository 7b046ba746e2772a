"""Write model files of Keras 2: `python tests/golden/record_keras2_files.py` with tf_keras installed.

Output: `tests/golden/files/keras2_*.keras`, and `tests/golden/keras2_files.npz` with inputs and predictions.
"""

from pathlib import Path

import numpy as np
import tf_keras as keras

HERE = Path(__file__).parent
layers = keras.layers


def functional():
    """Two inputs, a shared layer, a nested model, compiled and trained."""
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    shared = layers.Dense(2, activation="relu", name="shared")
    h = layers.BatchNormalization()(layers.Concatenate()([shared(a), shared(b)]))
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4)], name="inner")
    outputs = layers.Dropout(0.1)(layers.Add()([h, inner(h)]))
    model = keras.Model([a, b], outputs)
    loss = keras.losses.MeanSquaredError()
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["mae", keras.metrics.RootMeanSquaredError()])
    return model, [(3,), (3,)], (4,)


def sequential():
    """`input_shape=` on the first layer."""
    model = keras.Sequential([layers.Dense(2, input_shape=(3,), activation="relu"), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model, [(3,)], (1,)


def main() -> None:
    """Record every case."""
    rng = np.random.default_rng(0)
    recorded = {}
    for build in (functional, sequential):
        keras.backend.clear_session()
        keras.utils.set_random_seed(1)
        model, shapes, target = build()
        x = [rng.normal(size=(4, *shape)).astype("float32") for shape in shapes]
        inputs = x if len(x) > 1 else x[0]
        model.fit(inputs, rng.normal(size=(4, *target)).astype("float32"), verbose=0)
        name = f"keras2_{build.__name__}"
        model.save(HERE / "files" / f"{name}.keras")
        recorded |= {f"{name}/x/{i}": value for i, value in enumerate(x)}
        recorded[f"{name}/prediction"] = model.predict(inputs, verbose=0)
    np.savez_compressed(HERE / "keras2_files.npz", **recorded)


if __name__ == "__main__":
    main()
