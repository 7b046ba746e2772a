# tf.keras 2.2 and later: Model with its own train_step and test_step, metrics property, add_metric and compiled_metrics.
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(3)
loss_tracker = keras.metrics.Mean(name="loss")
mae_metric = keras.metrics.MeanAbsoluteError(name="mae")


class CustomModel(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = tf.reduce_mean(keras.losses.mean_squared_error(y, y_pred))
        gradients = tape.gradient(loss, self.trainable_variables)
        gradients, norm = tf.clip_by_global_norm(gradients, 1.0)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        loss_tracker.update_state(loss)
        mae_metric.update_state(y, y_pred)
        return {"loss": loss_tracker.result(), "mae": mae_metric.result(), "norm": norm}

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        mae_metric.update_state(y, y_pred)
        return {"mae": mae_metric.result()}

    @property
    def metrics(self):
        return [loss_tracker, mae_metric]


x = np.random.random((256, 8)).astype("float32")
y = (x @ np.arange(8.0)[:, None] / 8).astype("float32")
inputs = keras.Input(shape=(8,))
model = CustomModel(inputs, keras.layers.Dense(1)(inputs))
model.compile(optimizer=keras.optimizers.Adam(0.05))
history = model.fit(x, y, epochs=20, verbose=0).history
assert set(history) == {"loss", "mae", "norm"}
assert history["loss"][-1] < 0.02 < history["loss"][0]
result = model.evaluate(x, y, verbose=0, return_dict=True)
np.testing.assert_allclose(result["mae"], np.abs(model.predict(x, verbose=0) - y).mean(), rtol=1e-4)


class Endpoint(keras.layers.Layer):
    def __init__(self, name=None):
        super().__init__(name=name)
        self.loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
        self.accuracy_fn = keras.metrics.BinaryAccuracy(name="accuracy")

    def call(self, targets, logits):
        self.add_loss(self.loss_fn(targets, logits))
        self.accuracy_fn.update_state(targets, tf.nn.sigmoid(logits))
        return tf.nn.sigmoid(logits)


row, target = keras.Input(shape=(8,), name="row"), keras.Input(shape=(1,), name="target")
logits = keras.layers.Dense(1)(row)
endpoint = Endpoint(name="predictions")
model = keras.Model([row, target], endpoint(target, logits))
model.compile(optimizer=keras.optimizers.Adam(0.1))
labels = (x[:, :1] > 0.5).astype("float32")
history = model.fit({"row": x, "target": labels}, epochs=20, verbose=0).history
assert history["loss"][-1] < 0.5
p = model.predict([x, labels], verbose=0)
np.testing.assert_allclose(endpoint.accuracy_fn(labels, p), np.mean((p > 0.5) == labels), atol=0.2)
