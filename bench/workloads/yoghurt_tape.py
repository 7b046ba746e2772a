"""A linear forecast with a loss that charges surplus and shortage unequally: 10,000 steps on 32 rows, GradientTape."""

import numpy as np

from bench.textbook_loops import tensorflow_of, timed
from bench.workloads.tape import START
from bench.workloads.tape import data as sales

TITLE = "GradientTape by hand, 10,000 eager steps with `tf.where` as the loss"
UNIT = "seconds per step"
ROUNDS = 3
TARGETS = {"tensorflow": 5.0}

COST, PROFIT, RATE = 1, 99, 0.002


def race(tf, quick):
    """The loop; `tf` is TensorFlow or Cornu."""
    x, sold = sales()
    x = tf.cast(x, dtype=tf.float32)

    def loop(steps):
        weights = tf.Variable(START)
        for step in range(steps):
            with tf.GradientTape() as tape:
                y = tf.matmul(x, weights)
                loss = tf.reduce_sum(tf.where(tf.greater(y, sold), (y - sold) * COST, (sold - y) * PROFIT))
            weights.assign_sub(RATE * tape.gradient(loss, weights))
            if step % 500 == 0:
                print(f"After {step} steps: {weights.numpy()}")
        return float(np.min(weights.numpy()))

    return timed(
        loop, 500 if quick else 10_000, lambda smallest: quick or smallest > 1.0
    )  # rather too much than too little


def with_cornu(cornu, quick):
    """Cornu under TensorFlow's name."""
    return race(tensorflow_of(cornu), quick)


def with_tensorflow(tf, quick):
    """TensorFlow, eager."""
    return race(tf, quick)
