"""A whole script: three kinds of flowers, one dense layer trained by hand, accuracy and loss drawn."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn import datasets

rows, kinds = datasets.load_iris().data, datasets.load_iris().target
for each in (rows, kinds):
    np.random.RandomState(116).shuffle(each)
rows = tf.cast(rows, tf.float32)
training = tf.data.Dataset.from_tensor_slices((rows[:-30], kinds[:-30])).batch(32)
held_out = tf.data.Dataset.from_tensor_slices((rows[-30:], kinds[-30:])).batch(32)

weights = tf.Variable(tf.random.truncated_normal([4, 3], stddev=0.1, seed=1))
bias = tf.Variable(tf.random.truncated_normal([3], stddev=0.1, seed=1))
losses, accuracies = [], []
for epoch in range(500):
    total = 0
    for x, kind in training:
        with tf.GradientTape() as tape:
            probabilities = tf.nn.softmax(tf.matmul(x, weights) + bias)
            loss = tf.reduce_mean(tf.square(tf.one_hot(kind, depth=3) - probabilities))
            total += loss.numpy()
        gradients = tape.gradient(loss, [weights, bias])
        weights.assign_sub(0.1 * gradients[0])
        bias.assign_sub(0.1 * gradients[1])
    losses.append(total / 4)
    right, count = 0, 0
    for x, kind in held_out:
        found = tf.argmax(tf.nn.softmax(tf.matmul(x, weights) + bias), axis=1)
        right += int(tf.reduce_sum(tf.cast(tf.equal(tf.cast(found, dtype=kind.dtype), kind), dtype=tf.int32)))
        count += x.shape[0]
    accuracies.append(right / count)
    print(f"Epoch {epoch}, loss: {losses[-1]}, accuracy: {accuracies[-1]}")

for name, values in (("loss", losses), ("accuracy", accuracies)):
    plt.figure()
    plt.title(name)
    plt.plot(values, label=f"${name}$")
    plt.legend()
    plt.savefig(f"{name}.png")
print("accuracy", accuracies[-1])
