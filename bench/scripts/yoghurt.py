"""A whole script: sales forecast by a line, surplus and shortage charged unequally, 10,000 steps."""

import numpy as np
import tensorflow as tf

generator = np.random.RandomState(23455)
x = generator.rand(32, 2)
sold = [[a + b + (generator.rand() / 10.0 - 0.05)] for a, b in x]
x = tf.cast(x, dtype=tf.float32)
weights = tf.Variable(tf.random.normal([2, 1], stddev=1, seed=1))
for step in range(10_000):
    with tf.GradientTape() as tape:
        y = tf.matmul(x, weights)
        loss = tf.reduce_sum(tf.where(tf.greater(y, sold), (y - sold) * 1, (sold - y) * 99))
    weights.assign_sub(0.002 * tape.gradient(loss, weights))
    if step % 500 == 0:
        print(f"After {step} steps: {weights.numpy()}")
print("weights", *weights.numpy().ravel())
