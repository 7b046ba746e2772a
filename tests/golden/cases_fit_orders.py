"""Runs of `fit` whose orders of rows are compared after `tf.random.set_seed`; shared by recorder and test."""

import numpy as np

SEEDS = (0, 116, 2**31 + 5)
FITS = {  # rows, arguments of `fit`
    "one row": (1, {"batch_size": 4, "epochs": 2}),
    "last batch smaller": (7, {"batch_size": 3, "epochs": 3}),
    "many": (1000, {"batch_size": 100, "epochs": 2}),
    "validation": (20, {"batch_size": 4, "epochs": 3, "validation_split": 0.25}),
    "short epochs": (12, {"batch_size": 4, "epochs": 4, "steps_per_epoch": 2}),
    "initial epoch": (9, {"batch_size": 3, "epochs": 5, "initial_epoch": 3}),
}


def orders(tf, keras, seed, rows, arguments):
    """The rows in the order in which two calls of `fit` give them to the model, as two lists."""
    given = []

    class Listener(keras.Model):
        """Notes the rows of every batch."""

        def call(self, inputs):
            return inputs

        def train_step(self, data):
            given.extend(int(row) for row in np.asarray(data[0]).reshape(-1))
            return {"loss": tf.constant(0.0)}

    model = Listener()
    model.compile("sgd", "mse", run_eagerly=True)
    numbers = np.arange(rows, dtype="float32")[:, None]
    tf.random.set_seed(seed)
    found = []
    for _ in range(2):
        given.clear()
        model.fit(numbers, numbers, verbose=0, **arguments)
        found.append(list(given))
    return found
