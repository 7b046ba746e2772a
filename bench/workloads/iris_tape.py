"""Three kinds of flowers told apart by one dense layer: 120 rows in batches of 32, GradientTape, accuracy after every epoch."""

import numpy as np

from bench.textbook_loops import tensorflow_of, timed

TITLE = "GradientTape by hand, 500 epochs of 4 batches (4 -> 3, softmax, squared error), 30 rows tested after each"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = {"tensorflow": 5.0}


def flowers():
    """150 rows of 4 numbers around three centres, in random order. Shape: (150, 4), (150,)."""
    generator = np.random.default_rng(116)
    kinds = generator.permutation(np.repeat(np.arange(3), 50))
    centres = np.array([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]])
    return centres[kinds] + generator.normal(0, 0.3, (150, 4)), kinds


def race(tf, quick):
    """The loop; `tf` is TensorFlow or Cornu."""
    rows, kinds = flowers()
    training = tf.data.Dataset.from_tensor_slices((tf.cast(rows[:-30], tf.float32), kinds[:-30])).batch(32)
    held_out = tf.data.Dataset.from_tensor_slices((tf.cast(rows[-30:], tf.float32), kinds[-30:])).batch(32)
    rate = 0.1

    def loop(epochs):
        tf.random.set_seed(116)
        weights = tf.Variable(tf.random.truncated_normal([4, 3], stddev=0.1, seed=1))
        bias = tf.Variable(tf.random.truncated_normal([3], stddev=0.1, seed=1))
        accuracy = 0.0
        for epoch in range(epochs):
            total = 0
            for x, kind in training:
                with tf.GradientTape() as tape:
                    probabilities = tf.nn.softmax(tf.matmul(x, weights) + bias)
                    loss = tf.reduce_mean(tf.square(tf.one_hot(kind, depth=3) - probabilities))
                    total += loss.numpy()
                gradients = tape.gradient(loss, [weights, bias])
                weights.assign_sub(rate * gradients[0])
                bias.assign_sub(rate * gradients[1])
            print(f"Epoch {epoch}, loss: {total / 4}")
            right, count = 0, 0
            for x, kind in held_out:
                found = tf.argmax(tf.nn.softmax(tf.matmul(x, weights) + bias), axis=1)
                equal = tf.cast(tf.equal(tf.cast(found, dtype=kind.dtype), kind), dtype=tf.int32)
                right += int(tf.reduce_sum(equal))
                count += x.shape[0]
            accuracy = right / count
            print("Accuracy:", accuracy)
        return accuracy

    return timed(loop, 20 if quick else 500, lambda accuracy: quick or accuracy > 0.9)


def with_cornu(cornu, quick):
    """Cornu under TensorFlow's name."""
    return race(tensorflow_of(cornu), quick)


def with_tensorflow(tf, quick):
    """TensorFlow, eager."""
    return race(tf, quick)
