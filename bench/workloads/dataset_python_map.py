"""A plain Python function (NumPy inside) in `map`, element by element."""

import numpy as np

from bench.measure import seconds

TITLE = "from_tensor_slices(20,000 x 64 float32).map(NumPy function).batch(32), one pass"
UNIT = "seconds per pass"
ROUNDS = 5
TARGETS = {"tensorflow": 1.0}

ROWS = 20_000


def double(row):
    """What a user does with NumPy."""
    return np.sort(row.numpy()) * np.float32(2)


def race(dataset, quick, rows):
    """Passes over a dataset."""
    first = seconds(lambda: list(dataset.take(32)))
    steady = seconds(lambda: [None for _ in dataset])
    total = sum(float(np.asarray(batch).sum()) for batch in dataset)
    return {"first": first, "steady": steady, "result": total, "problems": []}


def data(quick):
    """The rows."""
    return np.random.default_rng(0).random((1_000 if quick else ROWS, 64), np.float32)


def with_cornu(cornu, quick):
    """A Python function simply works in `map`."""
    rows = data(quick)
    return race(cornu.data.Dataset.from_tensor_slices(rows).map(double).batch(32), quick, rows)


def with_tensorflow(tf, quick):
    """tf.py_function."""
    rows = data(quick)
    mapped = lambda row: tf.ensure_shape(tf.py_function(double, [row], tf.float32), (64,))
    return race(tf.data.Dataset.from_tensor_slices(rows).map(mapped).batch(32), quick, rows)
