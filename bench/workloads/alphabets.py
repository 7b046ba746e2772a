"""The next letter: five rows, SimpleRNN(3), 100 epochs, a checkpoint after every epoch that is better."""

import os
import tempfile

import numpy as np

from bench.measure import seconds

TITLE = (
    "SimpleRNN(3)-Dense(5) on 5 rows, batch 32, 100 epochs with ModelCheckpoint(save_best_only) on the loss, verbose=0"
)
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = dict.fromkeys(("keras-tensorflow", "keras-jax", "keras-torch", "tf-keras"), 3.0)


def race(keras, quick, name):
    """Train; the last one of the files is read again. Args: name: of the file, which says its format."""
    keras.utils.set_random_seed(7)
    model = keras.Sequential([
        keras.layers.InputLayer((1, 5)),
        keras.layers.SimpleRNN(3),
        keras.layers.Dense(5, activation="softmax"),
    ])  # fmt: skip
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["sparse_categorical_accuracy"],
    )
    x, y = np.eye(5, dtype="float32")[:, None], np.array([1, 2, 3, 4, 0])
    losses = []
    with tempfile.TemporaryDirectory(prefix="cornu-bench-") as folder:
        path = os.path.join(folder, name)
        checkpoint = keras.callbacks.ModelCheckpoint(path, monitor="loss", save_weights_only=True, save_best_only=True)

        def fit(epochs):
            history = model.fit(x, y, batch_size=32, epochs=epochs, callbacks=[checkpoint], verbose=0)
            losses.extend(history.history["loss"])

        first = seconds(lambda: fit(1))
        epochs = 10 if quick else 100
        steady = seconds(lambda: fit(epochs)) / epochs
        model.load_weights(path)
    return {"first": first, "steady": steady, "result": losses[-1]}


def with_keras(keras, quick):
    """`.weights.h5`."""
    return race(keras, quick, "letters.weights.h5")


def with_tf_keras(keras, quick):
    """TensorFlow's checkpoints, as the textbook has it."""
    return race(keras, quick, "letters.ckpt")
