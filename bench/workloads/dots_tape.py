"""Points in the plane told apart by a small network: 300 rows in batches of 32, four variables, GradientTape."""

import numpy as np

from bench.textbook_loops import tensorflow_of, timed

TITLE = "GradientTape by hand, 400 epochs of 10 batches (2 -> 11 -> 1), squared error"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = {"tensorflow": 5.0}


def dots():
    """300 points around the origin; 1 inside a ring of radius 1.4. Shape: (300, 2), (300, 1)."""
    points = np.random.default_rng(7).normal(0, 1, (300, 2))
    return points, (np.square(points).sum(1, keepdims=True) < 2).astype("float64")


def race(tf, quick, decay):
    """The loop; `tf` is TensorFlow or Cornu. Args: decay: of the penalty on both kernels; 0 leaves it out."""
    points, colours = dots()
    training = tf.data.Dataset.from_tensor_slices((tf.cast(points, tf.float32), tf.cast(colours, tf.float32))).batch(32)
    rate = 0.01

    def loop(epochs):
        tf.random.set_seed(1)
        w1, w2 = tf.Variable(tf.random.normal([2, 11])), tf.Variable(tf.random.normal([11, 1]))
        b1, b2 = tf.Variable(tf.constant(0.01, shape=[11])), tf.Variable(tf.constant(0.01, shape=[1]))
        variables = [w1, b1, w2, b2]
        loss = tf.constant(0.0)
        for epoch in range(epochs):
            for x, y in training:
                with tf.GradientTape() as tape:
                    hidden = tf.nn.relu(tf.matmul(x, w1) + b1)
                    loss = tf.reduce_mean(tf.square(y - (tf.matmul(hidden, w2) + b2)))
                    if decay:
                        loss = loss + decay * tf.reduce_sum([tf.nn.l2_loss(w1), tf.nn.l2_loss(w2)])
                for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                    variable.assign_sub(rate * gradient)
            if epoch % 20 == 0:
                print("epoch:", epoch, "loss:", float(loss))
        return float(loss)

    return timed(loop, 20 if quick else 400, lambda loss: quick or loss < 0.25)


def with_cornu(cornu, quick):
    """Cornu under TensorFlow's name."""
    return race(tensorflow_of(cornu), quick, 0.0)


def with_tensorflow(tf, quick):
    """TensorFlow, eager."""
    return race(tf, quick, 0.0)
