# Digits by two dense layers: `python mnist_dense.py sequential` or `class`.
import sys

import tensorflow as tf
from tensorflow.keras import Model
from tensorflow.keras.layers import Dense, Flatten

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0


class MnistModel(Model):
    def __init__(self):
        super(MnistModel, self).__init__()
        self.flatten = Flatten()
        self.d1 = Dense(128, activation="relu")
        self.d2 = Dense(10, activation="softmax")

    def call(self, x):
        return self.d2(self.d1(self.flatten(x)))


if sys.argv[1] == "class":
    model = MnistModel()
else:
    model = tf.keras.models.Sequential([Flatten(), Dense(128, activation="relu"), Dense(10, activation="softmax")])
model.compile(
    optimizer="adam",
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["sparse_categorical_accuracy"],
)
history = model.fit(
    x_train, y_train, batch_size=32, epochs=5, validation_data=(x_test, y_test), validation_freq=1, verbose=0
)
for name, values in history.history.items():
    print("figure", name, values[-1])
print("figure parameters", model.count_params())
