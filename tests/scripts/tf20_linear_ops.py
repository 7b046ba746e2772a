# TensorFlow 2.0: linear and logistic regression by tensors and tapes, and exact values of the first steps.
import numpy as np
import tensorflow as tf

rng = np.random
rng.seed(3)
X = np.array([3.3, 4.4, 5.5, 6.71, 6.93, 4.168, 9.779], dtype=np.float32)
Y = np.array([1.7, 2.76, 2.09, 3.19, 1.694, 1.573, 3.366], dtype=np.float32)
W = tf.Variable(0.5, name="weight")
b = tf.Variable(0.0, name="bias")


def linear_regression(x):
    return W * x + b


def mean_square(y_pred, y_true):
    return tf.reduce_mean(tf.square(y_pred - y_true))


optimizer = tf.optimizers.SGD(0.01)
w, c = 0.5, 0.0
for step in range(50):
    with tf.GradientTape() as g:
        pred = linear_regression(X)
        loss = mean_square(pred, Y)
    gradients = g.gradient(loss, [W, b])
    residual = 2 * (w * X + c - Y) / len(X)
    np.testing.assert_allclose(gradients, [(residual * X).sum(), residual.sum()], rtol=2e-3, atol=1e-4)
    optimizer.apply_gradients(zip(gradients, [W, b]))
    w, c = w - 0.01 * (residual * X).sum(), c - 0.01 * residual.sum()
print("step: %i, loss: %f, W: %f, b: %f" % (step, loss, W.numpy(), b.numpy()))
np.testing.assert_allclose([W.numpy(), b.numpy()], [w, c], rtol=1e-3, atol=1e-4)

points = rng.randn(300, 2).astype("float32")
labels = (points[:, 0] - 2 * points[:, 1] > 0.3).astype("int64")
weights = tf.Variable(tf.ones([2, 2]), name="weight")
biases = tf.Variable(tf.zeros([2]), name="bias")


def logistic_regression(x):
    return tf.nn.softmax(tf.matmul(x, weights) + biases)


def cross_entropy(y_pred, y_true):
    y_true = tf.one_hot(y_true, depth=2)
    y_pred = tf.clip_by_value(y_pred, 1e-9, 1.0)
    return tf.reduce_mean(-tf.reduce_sum(y_true * tf.math.log(y_pred), 1))


def accuracy(y_pred, y_true):
    correct_prediction = tf.equal(tf.argmax(y_pred, 1), tf.cast(y_true, tf.int64))
    return tf.reduce_mean(tf.cast(correct_prediction, tf.float32))


np.testing.assert_allclose(cross_entropy(logistic_regression(points), labels), np.log(2), rtol=1e-5)
train_data = tf.data.Dataset.from_tensor_slices((points, labels))
train_data = train_data.repeat().shuffle(500).batch(50).prefetch(1)
optimizer = tf.optimizers.SGD(0.5)
for step, (batch_x, batch_y) in enumerate(train_data.take(200), 1):
    with tf.GradientTape() as g:
        loss = cross_entropy(logistic_regression(batch_x), batch_y)
    gradients = g.gradient(loss, [weights, biases])
    optimizer.apply_gradients(zip(gradients, [weights, biases]))
assert step == 200
assert accuracy(logistic_regression(points), labels) > 0.95
ratio = weights.numpy()[1, 1] - weights.numpy()[1, 0], weights.numpy()[0, 1] - weights.numpy()[0, 0]
assert -2.6 < ratio[0] / ratio[1] < -1.5
