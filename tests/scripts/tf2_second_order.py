# TensorFlow 2.x: Newton and BFGS loops, Hessians, Jacobians, persistent and nested tapes, custom gradients.
import numpy as np
import tensorflow as tf


def rosenbrock(v):
    return (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2


def value_and_gradient(v):
    with tf.GradientTape() as tape:
        tape.watch(v)
        f = rosenbrock(v)
    return f.numpy(), tape.gradient(f, v).numpy()


point = tf.Variable([-1.2, 1.0], dtype=tf.float64)
for step in range(20):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            f = rosenbrock(point)
        g = inner.gradient(f, point)
    hessian = outer.jacobian(g, point)
    if step == 0:
        np.testing.assert_allclose(g, [-215.6, -88.0], rtol=1e-9)
        np.testing.assert_allclose(hessian, [[1330.0, 480.0], [480.0, 200.0]], rtol=1e-9)
    point.assign_sub(tf.linalg.solve(hessian, g[:, None])[:, 0])
np.testing.assert_allclose(point.numpy(), [1.0, 1.0], rtol=1e-9)

x, inverse = np.array([-1.2, 1.0]), np.eye(2)
f, g = value_and_gradient(tf.constant(x))
for iteration in range(200):
    direction = -inverse.dot(g)
    rate = 1.0
    while True:
        new_f, new_g = value_and_gradient(tf.constant(x + rate * direction))
        if new_f <= f + 1e-4 * rate * g.dot(direction) or rate < 1e-10:
            break
        rate *= 0.5
    s, y = rate * direction, new_g - g
    if s.dot(y) > 1e-12:
        rho = 1 / y.dot(s)
        left = np.eye(2) - rho * np.outer(s, y)
        inverse = left.dot(inverse).dot(left.T) + rho * np.outer(s, s)
    x, f, g = x + s, new_f, new_g
    if np.abs(g).max() < 1e-8:
        break
assert iteration < 60
np.testing.assert_allclose(x, [1.0, 1.0], rtol=1e-6)

a = tf.constant(3.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(a)
    b = a * a
    c = b * b
assert tape.gradient(c, a).numpy() == 108.0
assert tape.gradient(b, a).numpy() == 6.0
assert tape.gradient(c, b).numpy() == 18.0
del tape


@tf.custom_gradient
def log1pexp(v):
    e = tf.exp(v)

    def grad(upstream):
        return upstream * (1 - 1 / (1 + e))

    return tf.math.log(1 + e), grad


big = tf.constant(100.0)
with tf.GradientTape() as tape:
    tape.watch(big)
    value = log1pexp(big)
assert tape.gradient(value, big).numpy() == 1.0
unused = tf.Variable(1.0)
with tf.GradientTape() as tape:
    value = a * 2
assert tape.gradient(value, unused) is None
with tf.GradientTape() as tape:
    value = a * 2
assert tape.gradient(value, unused, unconnected_gradients=tf.UnconnectedGradients.ZERO).numpy() == 0.0
