# TensorFlow 2.x: tf.Module networks with name scopes, variables found by themselves, their own SGD, tf.print and tf.debugging.
import numpy as np
import tensorflow as tf


class Dense(tf.Module):
    def __init__(self, input_dim, output_size, name=None):
        super(Dense, self).__init__(name=name)
        with self.name_scope:
            self.w = tf.Variable(tf.random.normal([input_dim, output_size], stddev=0.5, seed=1) + 0.2, name="w")
            self.b = tf.Variable(tf.zeros([output_size]), name="b")

    @tf.Module.with_name_scope
    def __call__(self, x):
        return tf.nn.relu(tf.matmul(x, self.w) + self.b)


class MLP(tf.Module):
    def __init__(self, input_size, sizes, name=None):
        super(MLP, self).__init__(name=name)
        self.layers = []
        with self.name_scope:
            for size in sizes:
                self.layers.append(Dense(input_dim=input_size, output_size=size))
                input_size = size
        self.frozen = tf.Variable(1.0, trainable=False)

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x * self.frozen


tf.random.set_seed(4)
model = MLP(3, [8, 1], name="net")
assert len(model.trainable_variables) == 4
assert len(model.variables) == 5
assert len(model.submodules) == 2
assert sorted(v.shape.as_list() for v in model.trainable_variables) == [[1], [3, 8], [8], [8, 1]]
assert any(v.name.startswith("net/") and v.name.endswith("w:0") for v in model.trainable_variables)

rng = np.random.RandomState(4)
x = rng.rand(100, 3).astype("float32")
y = x.sum(axis=1, keepdims=True)


class Momentum(tf.Module):
    def __init__(self, learning_rate, momentum=0.9):
        self.learning_rate, self.momentum, self.change = learning_rate, momentum, {}

    def apply(self, grads, variables):
        for grad, variable in zip(grads, variables):
            change = self.change.setdefault(variable.ref(), tf.Variable(tf.zeros_like(variable)))
            change.assign(self.momentum * change - self.learning_rate * grad)
            variable.assign_add(change)


optimizer, losses = Momentum(0.01), []
for step in range(300):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.math.squared_difference(model(x), y))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    losses.append(float(loss))
print(losses[0], losses[-1])
assert losses[-1] < 0.05 < losses[0]

checkpoint = tf.train.Checkpoint(model=model)
path = checkpoint.write("module")
other = MLP(3, [8, 1])
tf.train.Checkpoint(model=other).read(path).assert_consumed()
np.testing.assert_array_equal(other(x), model(x))
tf.debugging.assert_near(other(x), model(x))
try:
    tf.debugging.assert_equal(tf.constant(1), tf.constant(2))
    raise SystemExit("expected an InvalidArgumentError")
except tf.errors.InvalidArgumentError as error:
    assert "1" in str(error)
