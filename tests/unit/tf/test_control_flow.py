import jax
import numpy as np
import pytest

import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.tf import keras


def flat(nest):
    if isinstance(nest, dict):
        return [x for value in nest.values() for x in flat(value)]
    if isinstance(nest, (list, tuple)):
        return [x for value in nest for x in flat(value)]
    return [np.asarray(nest)]


CALLS = [
    ("cond", lambda x: tf.cond(x > 0.0, lambda: x * 2.0, lambda: -x), [3.0], 6.0),
    ("cond", lambda x: tf.cond(x > 0.0, lambda: (x, {"a": 1}), lambda: (-x, {"a": 2})), [-3.0], (3.0, 2)),
    ("case", lambda x: tf.case([(x > 1, lambda: 1), (x > 0, lambda: 2)], default=lambda: 9), [0.5], 2),
    ("case", lambda x: tf.case([(x > 1, lambda: 1), (x > 0, lambda: 2)], default=lambda: 9), [-1.0], 9),
    ("switch_case", lambda i: tf.switch_case(i, [lambda: 10, lambda: 20], default=lambda: 30), [1], 20),
    ("switch_case", lambda i: tf.switch_case(i, {1: lambda: 20, 0: lambda: 10}), [7], 20),
    ("while_loop", lambda n: tf.while_loop(lambda i: i < n, lambda i: [i + 1], [tf.constant(0)]), [3], (3,)),
    ("while_loop", lambda n: tf.while_loop(lambda i, x: i < n, lambda i, x: (i + 1, x * 2.0), (0, 1.0)), [3], (3, 8.0)),
    ("while_loop", lambda n: tf.while_loop(lambda i: i < n, lambda i: (i + 1,), [0], maximum_iterations=2), [9], (2,)),
    ("map_fn", lambda x: tf.map_fn(lambda row: row * row, x), [[1.0, 2.0]], [1.0, 4.0]),
    ("map_fn", lambda x: tf.map_fn(lambda r: (r, tf.cast(r, "float32") / 2), x, fn_output_signature=(tf.int32, tf.float32)),
        [[1, 2]], ([1, 2], [0.5, 1.0])),
    ("map_fn", lambda x: tf.map_fn(lambda ab: ab[0] + ab[1], (x, x), dtype=tf.int32), [[1, 2]], [2, 4]),
    ("scan", lambda x: tf.scan(lambda a, b: a + b, x), [[1, 2, 3]], [1, 3, 6]),
    ("scan", lambda x: tf.scan(lambda a, b: a + b, x, reverse=True), [[1, 2, 3]], [6, 5, 3]),
    ("scan", lambda x: tf.scan(lambda a, b: (a[0] + b, a[1] * b), x, initializer=(10, 1)), [[1, 2, 3]],
        ([11, 13, 16], [1, 2, 6])),
    ("foldl", lambda x: tf.foldl(lambda a, b: a - b, x), [[1, 2, 3]], -4),
    ("foldr", lambda x: tf.foldr(lambda a, b: a - b, x), [[1, 2, 3]], 0),
    ("foldl", lambda x: tf.foldl(lambda a, b: a - b, x, initializer=10), [[1, 2, 3]], 4),
    ("vectorized_map", lambda x: tf.vectorized_map(lambda row: tf.reduce_sum(row) * row, x), [[[1.0, 2.0]]], [[3.0, 6.0]]),
    ("identity", lambda x: tf.identity(x), [[1, 2]], [1, 2]),
    ("identity_n", lambda x: tf.identity_n([x, 2.0]), [1], (1, 2.0)),
]  # fmt: skip


@pytest.mark.parametrize("name, call, inputs, expected", CALLS)
def test_calls_give_tensorflows_results_eagerly_and_compiled(name, call, inputs, expected):
    tensors = [tf.constant(x) for x in inputs]
    wanted = [np.asarray(e) for e in expected] if isinstance(expected, tuple) else [np.asarray(expected)]
    for result in (call(*tensors), tf.function(call)(*tensors)):
        found = flat(result)
        assert len(found) == len(wanted)
        for a, b in zip(found, wanted, strict=True):
            np.testing.assert_allclose(a, b)
            assert a.shape == b.shape


def test_variables_in_branches_and_loops():
    v = tf.Variable(1.0)

    @tf.function
    def f(x):
        tf.cond(x > 0.0, lambda: v.assign_add(x).read_value(), lambda: v.assign(0.0).read_value())
        tf.while_loop(lambda i: i < 3, lambda i: (v.assign(v * 2.0), i + 1)[1:], [0])
        return v + 0.0

    assert f(tf.constant(2.0)).numpy() == 24.0
    assert v.numpy() == 24.0
    assert f(tf.constant(-2.0)).numpy() == 0.0


@pytest.mark.parametrize("is_compiled", [False, True])
def test_gradients_go_through_every_call(is_compiled):
    w = tf.Variable(2.0)

    def loss(x):
        a = tf.cond(x > 0.0, lambda: w * x, lambda: x)
        b = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * w), (0, x))[1]
        c = tf.reduce_sum(tf.map_fn(lambda r: r * w, tf.stack([x, x])))
        d = tf.foldl(lambda s, r: s * r, tf.stack([x, w, w]))
        e = tf.reduce_sum(tf.scan(lambda s, r: s * r, tf.stack([w, x])))
        return a + b + c + d + e

    def by_w(x):
        with tf.GradientTape() as tape:
            y = loss(x)
        return tape.gradient(y, w)

    x = tf.constant(3.0)
    result = (tf.function(by_w) if is_compiled else by_w)(x)
    assert result.numpy() == pytest.approx(3 + 3 * 3 * 4 + 6 + 3 * 2 * 2 + 1 + 3)


def test_no_gradient_goes_back_through_a_loop_without_back_prop():
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.while_loop(lambda y: y < 10.0, lambda y: (y * 2.0,), (x,), back_prop=False)[0] + x
    assert tape.gradient(y, x).numpy() == 1.0


def test_bad_arguments_are_named():
    with pytest.raises(InvalidTypeError, match="'true_fn' must be callable"):
        tf.cond(True, 1, lambda: 2)
    with pytest.raises(InvalidArgumentError, match="None of conditions evaluated as True"):
        tf.case([(tf.constant(False), lambda: 1)])
    with pytest.raises(InvalidArgumentError, match="more than one condition"):
        tf.case([(tf.constant(True), lambda: 1), (tf.constant(True), lambda: 2)], exclusive=True)
    with pytest.raises(InvalidArgumentError, match=r"contiguous range of \[0 to 2\) but found \{0,3\}"):
        tf.switch_case(tf.constant(0), {0: lambda: 1, 3: lambda: 2})
    with pytest.raises(InvalidArgumentError, match="'loop_vars' must be provided"):
        tf.while_loop(lambda i: i < 3, lambda i: i + 1, tf.constant(0))
    with pytest.raises(InvalidArgumentError, match="return 2 values, one per loop variable; received 1"):
        tf.while_loop(lambda i, j: i < 3, lambda i, j: i + 1, [0, 1])
    with pytest.raises(InvalidArgumentError, match="dtype int32 for the TensorArray; received float32"):
        tf.map_fn(lambda x: tf.cast(x, "float32"), tf.constant([1, 2]))
    with pytest.raises(InvalidTypeError, match="unknown argument 'x'"):
        tf.group(x=1)


def test_assert_shows_its_data():
    data = ["x is", tf.constant([1, 2, 3, 4, 5])]
    tf.Assert(tf.constant(True), data)
    with pytest.raises(InvalidArgumentError, match=r"x is.*1 2 3 \.\.\."):
        tf.Assert(tf.constant(False), data)

    @tf.function
    def f(x):
        tf.Assert(x > 0, ["bad x", x], summarize=2)
        return x

    assert f(tf.constant(2)).numpy() == 2
    with pytest.raises(InvalidArgumentError, match=r"\[bad x\] \[-2\]"):
        f(tf.constant(-2))
    assert f(tf.constant(3)).numpy() == 3
    assert tf.debugging.Assert is tf.Assert


def test_control_dependencies_group_and_no_op():
    v = tf.Variable(1.0)
    with tf.control_dependencies([v.assign_add(1.0)]):
        result = tf.identity(v)
    assert result.numpy() == 2.0
    assert tf.group(result) is None
    assert tf.no_op() is None


@pytest.mark.parametrize("is_compiled", [False, True])
def test_python_functions_on_the_host(is_compiled):
    compiled = tf.function if is_compiled else lambda f: f

    def cube(x):
        return x.numpy() ** 3 if not hasattr(x, "watched") else x

    x = tf.constant([1.0, 2.0])
    np.testing.assert_allclose(compiled(lambda x: tf.py_function(cube, [x], tf.float32))(x), [1.0, 8.0])
    two = compiled(lambda x: tf.py_function(lambda a, b: (a * 2, b), [x, 1], [tf.float32, tf.int32]))(x)
    np.testing.assert_allclose(two[0], [2.0, 4.0])
    assert two[1].numpy() == 1
    np.testing.assert_allclose(compiled(lambda x: tf.numpy_function(np.cumsum, [x], tf.float32))(x), [1.0, 3.0])

    @compiled
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(tf.py_function(lambda x: x**3, [x], tf.TensorSpec([2], tf.float32)))
        return tape.gradient(y, x)

    np.testing.assert_allclose(slope(x), [3.0, 12.0])


def test_python_functions_must_return_what_they_promise():
    with pytest.raises(InvalidArgumentError, match="to return 2 tensors, as Tout says; received 1"):
        tf.py_function(lambda x: x, [tf.constant(1.0)], [tf.float32, tf.float32])
    with pytest.raises(InvalidArgumentError, match="to return int32, as Tout says; received float32"):
        tf.py_function(lambda x: x, [tf.constant(1.0)], tf.int32)


@pytest.mark.parametrize("is_compiled", [False, True])
def test_custom_gradient(is_compiled):
    v = tf.Variable(2.0)

    @tf.custom_gradient
    def times(x):
        def grad(upstream, variables=None):
            assert [each is v for each in variables] == [True]
            return upstream * 3.0, [upstream * 7.0]

        return x * v, grad

    @tf.custom_gradient
    def clip_gradient(x, y):
        return (x * y, x + y), lambda a, b: (tf.clip_by_value(a, -1.0, 1.0), b)

    def slopes(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = times(x) * 2.0
            product, total = clip_gradient(x, x)
            y = y + product * 10.0 + total
        return y, tape.gradient(y, [x, v])

    y, (by_x, by_v) = (tf.function(slopes) if is_compiled else slopes)(tf.constant(5.0))
    assert (y.numpy(), by_x.numpy(), by_v.numpy()) == (280.0, 6.0 + 1.0 + 1.0, 14.0)


def test_a_gradient_function_must_take_the_variables_that_are_read():
    v = tf.Variable(2.0)

    @tf.custom_gradient
    def f(x):
        return x * v, lambda upstream: upstream

    with pytest.raises(InvalidTypeError, match="must take the argument 'variables'"):
        f(tf.constant(1.0))


@pytest.mark.parametrize("is_compiled", [False, True])
def test_recompute_grad(is_compiled):
    v = tf.Variable(2.0)
    f = tf.recompute_grad(lambda x: tf.sin(x) * v)

    def slopes(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, [x, v])

    by_x, by_v = (tf.function(slopes) if is_compiled else slopes)(tf.constant(0.5))
    np.testing.assert_allclose([by_x, by_v], [2 * np.cos(0.5), np.sin(0.5)], rtol=1e-6)


def test_recompute_grad_in_fit_computes_again():
    calls = []

    class Block(keras.layers.Layer):
        def __init__(self, wrap):
            super().__init__()
            self.dense, self.normalize = keras.layers.Dense(4), keras.layers.BatchNormalization()
            self.count, self.wrap = tf.Variable(0, trainable=False), wrap

        def build(self, shape):
            self.dense.build(shape)
            self.normalize.build((None, 4))

        def call(self, x, training=None):
            def hidden(x):
                self.count.assign_add(1)
                h = tf.sin(self.normalize(self.dense(x), training=training))
                jax.debug.callback(lambda: calls.append(1))
                return h * tf.exp(h)

            return self.wrap(hidden)(x)

    def trained(wrap):
        calls.clear()
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.layers.Input((3,)), Block(wrap), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        x = np.linspace(-1, 1, 24, dtype="float32").reshape(8, 3)
        model.fit(x, x[:, :1], batch_size=4, epochs=2, shuffle=False, verbose=0)
        jax.effects_barrier()
        return model.get_weights(), model.layers[0].count.numpy(), len(calls)

    plain, recomputed = trained(lambda f: f), trained(tf.recompute_grad)
    for a, b in zip(plain[0], recomputed[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
    assert plain[1:] == (4, 4)
    assert recomputed[1:] == (4, 8)


def test_stop_gradient():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * tf.stop_gradient(x)
    assert tape.gradient(y, x).numpy() == 3.0


def test_python_functions_without_results_run_in_compiled_code():
    seen = []

    @tf.function
    def f(x):
        tf.py_function(lambda v: seen.append(float(v)), [x], [])
        tf.numpy_function(lambda text, v: seen.append((text, float(v))), ["at", x], [])
        tf.py_function(lambda v: seen.append(-float(v)) or v, [x], tf.TensorSpec([], tf.float32))
        tf.py_function(lambda: seen.append("always"), [], [])
        for i in tf.range(4):
            if i % 2 == 1:
                tf.py_function(lambda v: seen.append(int(v)), [i], [])
        return x * 2

    once = [3.0, (b"at", 3.0), -3.0, "always", 1, 3]
    for _ in range(2):
        assert f(tf.constant(3.0)).numpy() == 6.0
        jax.effects_barrier()
        assert seen == once
        seen.clear()


def test_the_gradient_of_a_compiled_call_does_not_tell_python_again():
    seen = []

    @tf.function
    def f(x):
        tf.py_function(lambda v: seen.append(float(v)), [x], [])
        for _ in tf.range(2):
            tf.py_function(lambda v: seen.append(float(v)), [x], [])
            x = x * x
        return x

    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = f(x)
    assert tape.gradient(y, x).numpy() == 4 * 27
    jax.effects_barrier()
    assert seen == [3.0, 3.0, 9.0]


def test_python_functions_run_in_every_step_of_fit():
    seen = []

    class Watched(keras.layers.Layer):
        def call(self, x):
            tf.py_function(lambda v: seen.append(v.shape[0]), [x], [])
            return x * 2

    model = keras.Sequential([keras.layers.Input((3,)), Watched(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((10, 3)), np.ones((10, 1)), batch_size=4, epochs=2, verbose=0)
    jax.effects_barrier()
    assert seen == [4, 4, 2] * 2


def test_python_functions_as_decorators():
    @tf.py_function(Tout=tf.float32)
    def double(x):
        return x * 2

    @tf.numpy_function(Tout=tf.float32)
    def half(x):
        return x / 2

    assert double(tf.constant(3.0)).numpy() == 6.0
    assert half(tf.constant(3.0)).numpy() == 1.5
