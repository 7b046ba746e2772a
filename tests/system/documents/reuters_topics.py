# 46 topics of newswires, one-hot labels.
import numpy as np
from keras import layers, models
from keras.datasets import reuters
from keras.utils import to_categorical


def multi_hot(sequences, width=10000):
    rows = np.zeros((len(sequences), width), dtype="float32")
    for row, sequence in zip(rows, sequences):
        row[sequence] = 1.0
    return rows


(x_train, y_train), (x_test, y_test) = reuters.load_data(num_words=10000)
x_train, x_test = multi_hot(x_train), multi_hot(x_test)
y_train, y_test = to_categorical(y_train), to_categorical(y_test, 46)
assert y_train.shape == (8982, 46)

model = models.Sequential()
model.add(layers.Dense(64, activation="relu", input_shape=(10000,)))
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(46, activation="softmax"))
model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
history = model.fit(
    x_train[1000:],
    y_train[1000:],
    epochs=20,
    batch_size=512,
    validation_data=(x_train[:1000], y_train[:1000]),
    verbose=0,
)
print("figure validation_accuracy", history.history["val_accuracy"][-1])
print("figure test_accuracy", model.evaluate(x_test, y_test, verbose=0)[1])
