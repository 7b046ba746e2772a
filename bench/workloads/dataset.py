"""Shuffled batches of arrays in memory: one pass over 60,000 images of 28 x 28 bytes, as `mnist.load_data` gives them."""

import numpy as np

from bench.measure import seconds

TITLE = "from_tensor_slices((x, y)).shuffle(10000).batch(32), one pass over 60,000 images of 28 x 28 uint8"
UNIT = "seconds per pass"
ROUNDS = 5
TARGETS = {"tensorflow": 20.0}

PASSES, ROWS = 5, 60_000


def race(data, quick):
    """The passes; whoever iterates gets tensors."""
    rows = 6_000 if quick else ROWS
    generator = np.random.default_rng(0)
    x, y = (generator.integers(0, top, size, np.uint8) for top, size in ((256, (rows, 28, 28)), (10, rows)))
    dataset = data.Dataset.from_tensor_slices((x, y)).shuffle(10_000, seed=1).batch(32)
    seen = []

    def one():
        for batch in dataset:
            seen[:] = batch

    first = seconds(one)
    steady = seconds(lambda: [one() for _ in range(PASSES)]) / PASSES
    last, labels = (np.asarray(part) for part in seen)
    expected = np.sort(x[:, 0, 0])
    got = np.sort(np.concatenate([batch[:, 0, 0] for batch, _ in dataset.as_numpy_iterator()]))
    problems = (
        [] if np.array_equal(got, expected) and last.shape[1:] == (28, 28) and len(labels) else ["rows are missing"]
    )
    return {"first": first, "steady": steady, "result": float(len(got)), "problems": problems}


def with_cornu(cornu, quick):
    """cornu.data."""
    return race(cornu.data, quick)


def with_tensorflow(tf, quick):
    """tf.data."""
    return race(tf.data, quick)
