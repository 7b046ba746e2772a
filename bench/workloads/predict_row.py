"""Serving one row at a time: `model.predict(row)` against the bare compiled function."""

import numpy as np

from bench.measure import resident_megabytes, seconds

TITLE = "predict on one row of 784, MLP 784-128-10, 1,000 calls"
UNIT = "seconds per call"
ROUNDS = 5
TARGETS = {"jax": 1 / 3, "keras-tensorflow": 20.0, "keras-jax": 10.0}
PROMISES = ("memory stays flat",)

CALLS, ALLOWED_GROWTH = 1_000, 2.0  # megabytes over 1,000 calls, after a warm-up


def measure(call, quick, row):
    """First call, steady time, growth of memory over the calls: the least of three runs, for a leak grows in each."""
    first = seconds(lambda: call(row))
    calls = 100 if quick else CALLS

    def run():
        for _ in range(calls):
            call(row)

    run()
    times, growths = [], []
    for _ in range(3):
        before = resident_megabytes()
        times.append(seconds(run) / calls)
        growths.append(resident_megabytes() - before)
    steady, growth = sorted(times)[1], min(growths)
    problems = [f"memory grew by {growth:.1f} MB over {calls} calls"] if growth > ALLOWED_GROWTH else []
    return {"first": first, "steady": steady, "growth": growth, "problems": problems}


def with_keras(keras, quick):
    """`predict` with the default arguments, the progress bar off."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input(shape=(784,)),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    row = np.random.default_rng(0).random((1, 784), np.float32)
    answer = model.predict(row, verbose=0)
    return {
        **measure(lambda x: model.predict(x, verbose=0), quick, row),
        "result": float(answer.sum()),
    }


def with_jax(jax, quick):
    """The same network as one compiled function of its weights and the row; the answer goes back to NumPy."""
    rng = np.random.default_rng(1)
    shapes = (784, 128), (128,), (128, 10), (10,)
    weights = [jax.device_put(rng.normal(0, 0.05, shape).astype("float32")) for shape in shapes]

    @jax.jit
    def network(weights, x):
        w1, b1, w2, b2 = weights
        return jax.nn.softmax(jax.nn.relu(x @ w1 + b1) @ w2 + b2)

    row = rng.random((1, 784), np.float32)
    return {
        **measure(lambda x: np.asarray(network(weights, x)), quick, row),
        "result": float(np.asarray(network(weights, row)).sum()),
    }
