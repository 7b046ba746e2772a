# Iris with two variables and a tape; the numbers of the seeds are TensorFlow's.
import numpy as np
import tensorflow as tf
from sklearn import datasets

x_data, y_data = datasets.load_iris(return_X_y=True)
np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)
tf.random.set_seed(116)
x_train, x_test = tf.cast(x_data[:-30], tf.float32), tf.cast(x_data[-30:], tf.float32)
train_db = tf.data.Dataset.from_tensor_slices((x_train, y_data[:-30])).batch(32)
test_db = tf.data.Dataset.from_tensor_slices((x_test, y_data[-30:])).batch(32)

w1 = tf.Variable(tf.random.truncated_normal([4, 3], stddev=0.1, seed=1))
b1 = tf.Variable(tf.random.truncated_normal([3], stddev=0.1, seed=1))
lr = 0.1
losses = []
for epoch in range(500):
    total = 0
    for step, (x, y) in enumerate(train_db):
        with tf.GradientTape() as tape:
            probabilities = tf.nn.softmax(tf.matmul(x, w1) + b1)
            loss = tf.reduce_mean(tf.square(tf.one_hot(y, depth=3) - probabilities))
            total += loss.numpy()
        grads = tape.gradient(loss, [w1, b1])
        w1.assign_sub(lr * grads[0])
        b1.assign_sub(lr * grads[1])
    losses.append(total / 4)
right = 0
for x, y in test_db:
    guess = tf.cast(tf.argmax(tf.nn.softmax(tf.matmul(x, w1) + b1), axis=1), dtype=y.dtype)
    right += int(tf.reduce_sum(tf.cast(tf.equal(guess, y), dtype=tf.int32)))
print("figure first_loss", losses[0])
print("figure loss", losses[-1])
print("figure test_accuracy", right / 30)
