"""A textbook loop by hand: one dense layer without bias, fitted with GradientTape, 15,000 steps, all eager."""

import numpy as np

from bench.measure import seconds

TITLE = "GradientTape by hand, 15,000 eager steps on 32 x 2 numbers"
UNIT = "seconds per step"
ROUNDS = 5
TARGETS = {"tensorflow": 8.0}

STEPS, WARM_UP, RATE = 15_000, 50, 0.002
START = np.array([[-0.8113182], [1.4845988]], "float32")
FOUND = np.array([[1.0009792], [0.9977485]], "float32")  # what the loop ends at, in every implementation


def data():
    """Two prices a day and the sales they make, with noise; the targets stay a list of Python numbers."""
    generator = np.random.RandomState(seed=23455)
    x = generator.rand(32, 2)
    y = [[x1 + x2 + (generator.rand() / 10.0 - 0.05)] for (x1, x2) in x]
    return x.astype("float32"), y


def race(weights, tape_class, matmul, mean, square, x, targets, quick):
    """The loop; only the names of the package differ."""

    def loop(steps):
        for step in range(steps):
            with tape_class() as tape:
                y = matmul(x, weights)
                loss = mean(square(targets - y))
            gradient = tape.gradient(loss, weights)
            weights.assign_sub(RATE * gradient)
            if step % 500 == 0:
                print(f"After {step} training steps, weights are\n{weights.numpy()}\n")

    steps = 500 if quick else STEPS
    first = seconds(lambda: loop(1))
    loop(WARM_UP)
    weights.assign(START)
    steady = seconds(lambda: loop(steps)) / steps
    distance = float(np.abs(weights.numpy() - FOUND).max())
    problems = [] if quick or distance < 1e-5 else [f"ended at {weights.numpy().ravel()}, not at {FOUND.ravel()}"]
    return {"first": first, "steady": steady, "result": float(weights.numpy()[0, 0]), "problems": problems}


def with_cornu(cornu, quick):
    """The loop in Cornu's own names."""
    ops, (x, y) = cornu.ops, data()
    weights = cornu.Variable(START)
    return race(weights, cornu.GradientTape, ops.matmul, ops.mean, ops.square, ops.convert_to_tensor(x), y, quick)


def with_tensorflow(tf, quick):
    """The loop in TensorFlow, as its textbooks print it."""
    x, y = data()
    weights = tf.Variable(START)
    return race(weights, tf.GradientTape, tf.matmul, tf.reduce_mean, tf.square, tf.constant(x), y, quick)
