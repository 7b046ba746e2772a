"""A model with a `train_step` of its own: GradientTape, `apply_gradients`, a metric, as the guides write it."""

import numpy as np

from bench.measure import first_and_steady
from bench.textbook_loops import tensorflow_of

TITLE = "a custom train_step with GradientTape, MLP 784-128-10, 12,800 rows, batch 32, Adam"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = {"tensorflow": 3.0}


def race(tf, quick):
    """`fit`; `tf` is TensorFlow or Cornu."""
    keras = tf.keras

    class Network(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.out = keras.layers.Dense(128, activation="relu"), keras.layers.Dense(10)
            self.criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            self.seen = keras.metrics.Mean(name="loss")

        def call(self, x):
            return self.out(self.hidden(x))

        @property
        def metrics(self):
            return [self.seen]

        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.criterion(y, self(x, training=True))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
            self.seen.update_state(loss)
            return {"loss": self.seen.result()}

    keras.utils.set_random_seed(1)
    model = Network()
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    generator = np.random.default_rng(0)
    rows = 640 if quick else 12_800
    y = generator.integers(0, 10, rows)
    x = (0.6 * generator.random((rows, 784)) + 0.4 * generator.random((10, 784))[y]).astype("float32")
    losses = []

    def fit(epochs):
        losses.extend(model.fit(x, y, batch_size=32, epochs=epochs, verbose=0).history["loss"])

    return {**first_and_steady(fit, 4), "result": losses[-1]}


def with_cornu(cornu, quick):
    """Cornu under TensorFlow's name."""
    return race(tensorflow_of(cornu), quick)


def with_tensorflow(tf, quick):
    """TensorFlow with its Keras."""
    return race(tf, quick)
