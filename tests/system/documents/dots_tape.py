# Red and blue dots, four variables and a tape: `python dots_tape.py plain` or `l2`.
import os
import sys

import numpy as np
import tensorflow as tf

rows = np.genfromtxt(os.path.join(os.environ["KERAS_HOME"], "files", "dot.csv"), delimiter=",", skip_header=1)
x_train, y_train = tf.cast(rows[:, :2], tf.float32), tf.cast(rows[:, 2:], tf.float32)
train_db = tf.data.Dataset.from_tensor_slices((x_train, y_train)).batch(32)
tf.random.set_seed(3)
w1 = tf.Variable(tf.random.normal([2, 11]), dtype=tf.float32)
b1 = tf.Variable(tf.constant(0.01, shape=[11]))
w2 = tf.Variable(tf.random.normal([11, 1]), dtype=tf.float32)
b2 = tf.Variable(tf.constant(0.01, shape=[1]))


def network(x):
    return tf.matmul(tf.nn.relu(tf.matmul(x, w1) + b1), w2) + b2


lr = 0.01
penalty = 0.03 if sys.argv[1] == "l2" else 0.0
variables = [w1, b1, w2, b2]
for epoch in range(400):
    for step, (x, y) in enumerate(train_db):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - network(x)))
            loss = loss + penalty * tf.reduce_sum([tf.nn.l2_loss(w1), tf.nn.l2_loss(w2)])
        for variable, grad in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(lr * grad)
print("figure loss", float(loss))
xx, yy = np.mgrid[-3:3:0.1, -3:3:0.1]
grid = tf.cast(np.c_[xx.ravel(), yy.ravel()], tf.float32)
surface = np.array(network(grid)).reshape(xx.shape)
print("figure share_of_red", np.mean(surface > 0.5))
print("figure accuracy", np.mean((network(x_train).numpy() > 0.5) == y_train.numpy()))
