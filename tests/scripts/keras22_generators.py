# Keras 2.2: fit_generator, evaluate_generator and predict_generator on a Python generator and on a Sequence.
import numpy as np
from keras.layers import Dense, Dropout
from keras.models import Sequential
from keras.optimizers import Adam
from keras.utils import Sequence

np.random.seed(6)
X = np.random.rand(128, 3)
y = (X[:, 0] > X[:, 1]).astype("int")


def generator(batch_size):
    while True:
        index = np.random.choice(len(X), batch_size)
        yield X[index], y[index]


class Rows(Sequence):
    def __init__(self, x_set, y_set, batch_size):
        self.x, self.y = x_set, y_set
        self.batch_size = batch_size
        self.ends = 0

    def __len__(self):
        return int(np.ceil(len(self.x) / float(self.batch_size)))

    def __getitem__(self, idx):
        part = slice(idx * self.batch_size, (idx + 1) * self.batch_size)
        return np.array(self.x[part]), np.array(self.y[part])

    def on_epoch_end(self):
        self.ends += 1


model = Sequential()
model.add(Dense(16, activation="relu", input_dim=3))
model.add(Dropout(0.05))
model.add(Dense(1, activation="sigmoid"))
model.compile(Adam(lr=0.02), loss="binary_crossentropy", metrics=["acc"])
hist = model.fit_generator(generator(16), steps_per_epoch=20, epochs=10, verbose=0, workers=1, max_queue_size=4)
assert len(hist.history["acc"]) == 10
assert hist.history["loss"][-1] < hist.history["loss"][0]

rows = Rows(X, y, 30)
assert len(rows) == 5
hist = model.fit_generator(rows, epochs=40, verbose=0, validation_data=Rows(X, y, 64), shuffle=True)
assert hist.history["val_acc"][-1] > 0.9
assert rows.ends >= 39
loss, acc = model.evaluate_generator(rows)
np.testing.assert_allclose([loss, acc], model.evaluate(X, y, batch_size=30, verbose=0), rtol=1e-4)
predicted = model.predict_generator(rows)
assert predicted.shape == (128, 1)
np.testing.assert_allclose(predicted, model.predict(X), rtol=1e-4, atol=1e-6)
some = model.predict_generator(generator(10), steps=3)
assert some.shape == (30, 1)
