"""A whole script: points inside and outside of a ring, a network of four variables with an L2 penalty, the border drawn."""

import numpy as np
import tensorflow as tf
from matplotlib import pyplot as plt

points = np.random.RandomState(7).normal(0, 1, (300, 2))
inside = (np.square(points).sum(1, keepdims=True) < 2).astype("float64")
training = tf.data.Dataset.from_tensor_slices((tf.cast(points, tf.float32), tf.cast(inside, tf.float32))).batch(32)

tf.random.set_seed(1)
w1, w2 = tf.Variable(tf.random.normal([2, 11])), tf.Variable(tf.random.normal([11, 1]))
b1, b2 = tf.Variable(tf.constant(0.01, shape=[11])), tf.Variable(tf.constant(0.01, shape=[1]))


def network(x):
    return tf.matmul(tf.nn.relu(tf.matmul(x, w1) + b1), w2) + b2


for epoch in range(400):
    for x, y in training:
        with tf.GradientTape() as tape:
            penalty = tf.reduce_sum([tf.nn.l2_loss(w1), tf.nn.l2_loss(w2)])
            loss = tf.reduce_mean(tf.square(y - network(x))) + 0.03 * penalty
        variables = [w1, b1, w2, b2]
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(0.01 * gradient)
    if epoch % 20 == 0:
        print("epoch:", epoch, "loss:", float(loss))

across, up = np.mgrid[-3:3:0.1, -3:3:0.1]
grid = tf.cast(np.c_[across.ravel(), up.ravel()], tf.float32)
found = [network([point]) for point in grid]
found = np.array(found).reshape(across.shape)
plt.scatter(points[:, 0], points[:, 1], c=inside[:, 0], cmap="coolwarm")
plt.contour(across, up, found, levels=[0.5])
plt.savefig("dots.png")
print("loss", float(loss), "inside", round(float(np.mean(found > 0.5)), 2))
