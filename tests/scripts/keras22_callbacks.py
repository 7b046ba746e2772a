# Keras 2.2: LearningRateScheduler, ReduceLROnPlateau, CSVLogger, ModelCheckpoint, EarlyStopping, LambdaCallback, own callback.
import csv
import glob

import numpy as np
from keras import backend as K
from keras.callbacks import (
    Callback,
    CSVLogger,
    EarlyStopping,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    TerminateOnNaN,
)
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

np.random.seed(4)
X = np.random.randn(120, 5)
y = X[:, :1] * 2 - X[:, 1:2] + 0.5


class LossHistory(Callback):
    def on_train_begin(self, logs={}):
        self.losses = []
        self.epochs_seen = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get("loss"))

    def on_epoch_end(self, epoch, logs=None):
        self.epochs_seen.append((epoch, sorted(logs)))


def build():
    model = Sequential([Dense(8, activation="relu", input_shape=(5,)), Dense(1)])
    model.compile(loss="mse", optimizer=SGD(lr=0.05, momentum=0.5))
    return model


def halve(epoch):
    return 0.05 * 0.5 ** (epoch // 2)


rates, ends = [], []
model = build()
history = LossHistory()
model.fit(
    X, y, batch_size=40, epochs=6, verbose=0, validation_split=0.25,
    callbacks=[
        history, LearningRateScheduler(halve), CSVLogger("log.csv", separator=";"), TerminateOnNaN(),
        ModelCheckpoint("weights.{epoch:02d}-{val_loss:.2f}.h5", monitor="val_loss", save_weights_only=True),
        LambdaCallback(
            on_epoch_begin=lambda epoch, logs: rates.append(float(K.get_value(model.optimizer.lr))),
            on_train_end=lambda logs: ends.append(True),
        ),
    ],
)  # fmt: skip
assert len(history.losses) == 6 * 3
assert history.epochs_seen[0][0] == 0
assert set(history.epochs_seen[0][1]) >= {"loss", "val_loss"}
assert ends == [True]
np.testing.assert_allclose(K.get_value(model.optimizer.lr), 0.05 / 4, rtol=1e-6)
with open("log.csv") as f:
    rows = list(csv.DictReader(f, delimiter=";"))
assert [int(row["epoch"]) for row in rows] == list(range(6))
assert float(rows[-1]["loss"]) < float(rows[0]["loss"])
saved = sorted(glob.glob("weights.*.h5"))
assert len(saved) == 6
assert saved[0].startswith("weights.01-")
fresh = build()
fresh.load_weights(saved[-1])
np.testing.assert_allclose(fresh.predict(X), model.predict(X), rtol=1e-5, atol=1e-6)

model = build()
plateau = ReduceLROnPlateau(monitor="loss", factor=0.1, patience=1, min_lr=1e-4, min_delta=10.0, verbose=0)
model.fit(X, y, epochs=6, verbose=0, callbacks=[plateau])
np.testing.assert_allclose(K.get_value(model.optimizer.lr), 1e-4, rtol=1e-5)

stopper = EarlyStopping(monitor="val_loss", min_delta=100.0, patience=2, mode="min")
stopped = build().fit(X, y, epochs=50, validation_split=0.2, verbose=0, callbacks=[stopper])
assert len(stopped.epoch) == 3
