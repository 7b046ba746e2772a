"""Models and data of the resume tests, and the command that kills and resumes real processes.

`python resume_workloads.py MODEL DATA FOLDER RESULT [KILL]`: train with backups in FOLDER; with KILL, die by `kill -9` after that
many batches (counted over the run; `7+0.002` means two milliseconds later, whatever the process is doing then). Else
write weights, optimizer and History to RESULT.
"""

import functools
import os
import signal
import sys
import threading
import time

import numpy as np

import cornu as keras
from cornu import layers
from cornu.core import random_state

ROWS, BATCH, EPOCHS = 48, 8, 4  # six batches an epoch


def mlp():
    return keras.Sequential(
        [
            keras.Input((6, 6)),
            layers.Flatten(),
            layers.Dense(9, activation="relu"),
            layers.Dropout(0.4),
            layers.Dense(3),
        ]
    )


def cnn():
    return keras.Sequential(
        [
            keras.Input((6, 6)),
            layers.Reshape((6, 6, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3),
        ]
    )


def lstm():
    return keras.Sequential([keras.Input((6, 6)), layers.LSTM(5, dropout=0.2), layers.Dense(3)])


MODELS = {"mlp": mlp, "cnn": cnn, "lstm": lstm}


def rows():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(ROWS, 6, 6)).astype("float32")
    return x, (x.sum((1, 2)) > 0).astype("int32") + (x[:, 0, 0] > 1)


class Batches(keras.utils.PyDataset):
    """Shuffles its rows itself after every epoch, and adds noise from NumPy's global generator."""

    def __init__(self, **options):
        super().__init__(**options)
        self.x, self.y = rows()
        self.order = np.random.permutation(ROWS)

    def __len__(self):
        return -(-ROWS // BATCH)

    def __getitem__(self, index):
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        noise = np.random.normal(scale=0.01, size=(len(chosen), 6, 6))
        return (self.x[chosen] + noise).astype("float32"), self.y[chosen]

    def on_epoch_end(self):
        np.random.shuffle(self.order)


def arrays():
    x, y = rows()
    return {"x": x, "y": y, "batch_size": BATCH}


def dataset():
    from cornu.data import Dataset

    return {"x": Dataset.from_tensor_slices(rows()).shuffle(20).batch(BATCH).prefetch(2)}


DATA = {"arrays": arrays, "dataset": dataset, "pydataset": lambda: {"x": Batches()}}


class AtBatch(keras.callbacks.Callback):
    """Calls `action` after that many batches of the run, from 1 on."""

    def __init__(self, number, action):
        super().__init__()
        self.number, self.action, self.seen = number, action, 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen == self.number:
            self.action()

    def state(self):
        return {"seen": self.seen}

    def restore(self, state):
        self.seen = state["seen"]


def compiled(name, seed=11):
    """A model; a run that is resumed starts with another seed, to show that everything comes from the backup."""
    keras.utils.set_random_seed(seed)
    model = MODELS[name]()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss, metrics=["accuracy"])
    return model


class Restartable:
    """One model that can be as it was at first, which saves compiling another one, or have nothing of that."""

    def __init__(self, name):
        self.model = compiled(name)
        self.model.optimizer.build(self.model.trainable_variables)
        self.variables = [*self.model.variables, *self.model.optimizer.variables]
        self.first = [np.asarray(v) for v in self.variables]
        self.random = random_state.host_state(), random_state.global_state()

    def as_at_first(self):
        random_state.restore_host_state(self.random[0])
        random_state.restore_global_state(self.random[1])
        for variable, value in zip(self.variables, self.first, strict=True):
            variable.assign(value)
        return self.model

    def scrambled(self):
        keras.utils.set_random_seed(99)
        for variable in self.variables:
            variable.assign(np.full(variable.shape, 3))
        return self.model


def train(model, data, backup=None, extra=()):
    """Train with callbacks that have a state of their own; returns what must be equal."""
    x, y = rows()
    callbacks = [
        keras.callbacks.ReduceLROnPlateau("val_loss", patience=1, factor=0.5),
        keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True),
        keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9),
        *([backup] if backup is not None else []),
        *extra,
    ]
    history = model.fit(
        **DATA[data](), epochs=EPOCHS, verbose=0, callbacks=callbacks,
        validation_data=(x[:16], y[:16]), validation_batch_size=BATCH,
    )  # fmt: skip
    return outcome(model, history)


def outcome(model, history):
    arrays = [np.asarray(v) for v in (*model.variables, *model.optimizer.variables)]
    arrays += [np.asarray(history.history[name]) for name in sorted(history.history)]
    return [*arrays, np.asarray(history.epoch)]


if __name__ == "__main__":
    name, data, folder, result, *kill = sys.argv[1:]
    number, _, delay = (kill[0] if kill else "0").partition("+")
    die = functools.partial(os.kill, os.getpid(), signal.SIGKILL)
    at_batch = AtBatch(int(number), threading.Timer(float(delay), die).start if delay else die)
    backup = keras.callbacks.BackupAndRestore(folder, save_freq=int(os.environ.get("SAVE_FREQ", "2")))
    model = compiled(name, 11 if not os.path.exists(f"{folder}/backup.cornu") else 99)
    np.savez(result, *train(model, data, None if folder == "-" else backup, [at_batch]))
    time.sleep(1 if delay else 0)  # the end of the run was faster
