# TensorFlow 2.0: tf.function with Python control flow on tensors, TensorArray, while loops, retracing, side effects.
import numpy as np
import tensorflow as tf

traces = []


@tf.function
def collatz(n):
    traces.append("traced")
    steps = tf.constant(0)
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


assert collatz(tf.constant(6)).numpy() == 8
assert collatz(tf.constant(27)).numpy() == 111
assert len(traces) == 1


@tf.function
def running_sum(x):
    total = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
    acc = tf.constant(0.0)
    for i in tf.range(tf.shape(x)[0]):
        acc = acc + x[i]
        total = total.write(i, acc)
    return total.stack()


np.testing.assert_allclose(running_sum(tf.constant([1.0, 2.0, 3.0])), [1, 3, 6])


def dynamic_rnn(cell, inputs, state):
    inputs = tf.transpose(inputs, [1, 0, 2])
    outputs = tf.TensorArray(tf.float32, size=inputs.shape[0])
    for i in tf.range(inputs.shape[0]):
        output, state = cell(inputs[i], state)
        outputs = outputs.write(i, output)
    return tf.transpose(outputs.stack(), [1, 0, 2]), state


cell = tf.keras.layers.SimpleRNNCell(4)
x = tf.constant(np.random.RandomState(0).rand(2, 5, 3).astype("float32"))
compiled = tf.function(lambda v: dynamic_rnn(cell, v, [tf.zeros((2, 4))]))
sequence, last = compiled(x)
layer = tf.keras.layers.RNN(cell, return_sequences=True)
np.testing.assert_allclose(sequence, layer(x), rtol=1e-5, atol=1e-6)
np.testing.assert_allclose(last[0], layer(x)[:, -1], rtol=1e-5, atol=1e-6)


def body(i, a, b):
    return i + 1, b, a + b


_, fib, _ = tf.while_loop(lambda i, a, b: i < 10, body, [tf.constant(0), tf.constant(0), tf.constant(1)])
assert fib.numpy() == 55


class Counter(tf.Module):
    def __init__(self):
        self.count = tf.Variable(0)

    @tf.function
    def add(self, amount):
        if amount > 10:
            amount = tf.constant(10)
        return self.count.assign_add(amount)


counter = Counter()
assert [int(counter.add(tf.constant(n))) for n in (1, 5, 50)] == [1, 6, 16]


@tf.function(input_signature=[tf.TensorSpec(shape=[None, 2], dtype=tf.float32)])
def norms(rows):
    return tf.norm(rows, axis=1)


np.testing.assert_allclose(norms(tf.constant([[3.0, 4.0], [6.0, 8.0]])), [5, 10])
np.testing.assert_allclose(norms([[5.0, 12.0]]), [13])


@tf.function
def power(x, n):
    result = tf.ones_like(x)
    for _ in range(n):
        result *= x
    return result


with tf.GradientTape() as tape:
    v = tf.Variable(3.0)
    y = power(v, 4)
assert y.numpy() == 81
assert tape.gradient(y, v).numpy() == 108
assert tf.cond(tf.constant(True), lambda: tf.constant(1.0), lambda: tf.constant(2.0)).numpy() == 1.0
assert tf.map_fn(lambda e: e * 2, tf.constant([1, 2, 3])).numpy().tolist() == [2, 4, 6]
assert tf.scan(lambda a, e: a + e, tf.constant([1, 2, 3, 4])).numpy().tolist() == [1, 3, 6, 10]
