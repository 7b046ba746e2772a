# tf.keras 2.4: mixed precision policy and a loss-scaling optimizer.
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, mixed_precision

mixed_precision.set_global_policy("mixed_float16")
policy = mixed_precision.global_policy()
assert policy.compute_dtype == "float16"
assert policy.variable_dtype == "float32"
tf.random.set_seed(1)
inputs = keras.Input(shape=(6,), name="digits")
dense1 = layers.Dense(16, activation="relu", name="dense_1")
x = dense1(inputs)
assert x.dtype == "float16"
assert dense1.kernel.dtype == "float32"
x = layers.Dense(3, name="dense_logits")(x)
outputs = layers.Activation("softmax", dtype="float32", name="predictions")(x)
assert outputs.dtype == "float32"
model = keras.Model(inputs=inputs, outputs=outputs)
rows = np.random.RandomState(0).randn(300, 6).astype("float32")
labels = rows[:, :3].argmax(axis=1)
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.02), metrics=["accuracy"])
history = model.fit(rows, labels, batch_size=50, epochs=20, verbose=0)
assert history.history["accuracy"][-1] > 0.9
assert model.predict(rows, verbose=0).dtype == np.float32

optimizer = mixed_precision.LossScaleOptimizer(keras.optimizers.SGD(0.1))
scaled = keras.Sequential([layers.Dense(1, dtype="float32", input_shape=(6,))])
scaled.compile(optimizer=optimizer, loss="mse")
history = scaled.fit(rows, rows.sum(axis=1), epochs=10, verbose=0)
assert history.history["loss"][-1] < 0.1 * history.history["loss"][0]
mixed_precision.set_global_policy("float32")
assert layers.Dense(2)(np.ones((1, 2))).dtype == tf.float32
