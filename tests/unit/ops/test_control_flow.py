"""Branches and loops: eager, compiled, with variables, under tapes and in graphs give one answer."""

import jax
import numpy as np
import pytest

import cornu.ops as ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.scopes import FunctionalScope
from cornu.core.symbolic import KerasTensor
from cornu.core.tape import GradientTape
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable

X = np.array([1.0, 2.0, 3.0], "float32")


def compiled(function, *args):
    """The function's result on traced tensors, as NumPy arrays."""

    def run(*arrays):
        return jax.tree.map(lambda t: t._value, function(*map(Tensor, arrays)), is_leaf=lambda t: isinstance(t, Tensor))

    return jax.tree.map(np.asarray, jax.jit(run)(*args))


def gradient(function, x):
    x = convert_to_tensor(x)
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.sum(function(x))
    return tape.gradient(y, x)


def compiled_gradient(function, x):
    return compiled(lambda t: gradient(function, t), x)


FUNCTIONS = {
    "cond": (lambda x: ops.cond(ops.sum(x) > 2, lambda: x * 2, lambda: x * x), X * 2, [2, 2, 2]),
    "switch": (lambda x: ops.switch(ops.cast(x[1], "int32"), [lambda v: v, lambda v: -v, lambda v: v * v], x), X**2, 2 * X),
    "fori_loop": (lambda x: ops.fori_loop(0, 3, lambda i, v: v * x, x), X**4, 4 * X**3),
    "while_loop": (
        lambda x: ops.while_loop(lambda i, v: i < 2, lambda i, v: (i + 1, v * x), (0, x), maximum_iterations=5)[1],
        X**3, 3 * X**2,
    ),
    "scan": (lambda x: ops.scan(lambda c, r: (c * r, c + r), x[0], x)[1], [2, 3, 5], None),
    "scan_reverse": (lambda x: ops.scan(lambda c, r: (c + r, c), x[0] * 0, x, reverse=True)[1], [5, 3, 0], [0, 1, 2]),
    "map": (lambda x: ops.map(lambda r: r * r, x), X**2, 2 * X),
    "vectorized_map": (lambda x: ops.vectorized_map(lambda r: r * r, x), X**2, 2 * X),
    "associative_scan": (lambda x: ops.associative_scan(lambda a, b: a + b, x), [1, 3, 6], [3, 2, 1]),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_value_and_gradient_eager_and_compiled(name):
    function, value, slope = FUNCTIONS[name]
    np.testing.assert_allclose(function(convert_to_tensor(X)).numpy(), value, rtol=1e-6)
    np.testing.assert_allclose(compiled(function, X), value, rtol=1e-6)
    if slope is not None:
        np.testing.assert_allclose(gradient(function, X).numpy(), slope, rtol=1e-6)
        np.testing.assert_allclose(compiled_gradient(function, X), slope, rtol=1e-6)


def test_variables_are_read_and_assigned_in_branches_and_loops():
    counter = Variable(0.0)

    def add(x):
        counter.assign_add(x)
        return x * counter

    def run(x):
        with FunctionalScope([(counter, counter._stored)]) as scope:
            doubled = ops.cond(x[0] > 0, lambda: add(x[1]), lambda: x[0])  # counter 2
            rows = ops.map(add, x)  # counter 3, 5, 8
            last = ops.fori_loop(0, 2, lambda i, v: add(v), x[0])  # 1 -> 9, 9 -> 18: 162
            looped = ops.while_loop(lambda v: v < 200, lambda v: (add(v),), (last,))  # 162 -> 180: 29160
            return doubled._value, rows._value, last._value, looped[0]._value, scope.value_of(counter)

    doubled, rows, last, looped, total = jax.jit(lambda x: run(Tensor(x)))(X)
    assert doubled == 4
    np.testing.assert_array_equal(rows, [3, 10, 24])
    assert (last, looped, total) == (162, 29160, 180)
    assert counter.numpy() == 0
    ops.map(add, X)
    assert counter.numpy() == 6
    ops.cond(False, lambda: add(1.0), lambda: add(2.0))
    assert counter.numpy() == 8


def test_only_the_chosen_branch_runs_eagerly():
    ran = []
    ops.cond(True, lambda: ran.append("yes"), lambda: ran.append("no"))
    assert ran == ["yes"]


def test_switch_takes_the_nearest_branch():
    branches = [lambda: 1, lambda: 2]
    assert (ops.switch(-3, branches), ops.switch(7, branches)) == (1, 2)


def test_structures():
    carry, out = ops.scan(lambda c, r: ({"s": c["s"] + r["a"]}, (r["a"], r["b"])), {"s": 0.0}, {"a": X, "b": X * 2})
    assert float(carry["s"]) == 6
    np.testing.assert_array_equal(out[1].numpy(), X * 2)
    total, nothing = ops.scan(lambda c, _: (c * 2, None), 1, length=5)
    assert (int(total), nothing) == (32, None)


def test_symbolic():
    x = KerasTensor((None, 3))
    assert ops.map(lambda r: ops.sum(r), x).shape == (None,)
    assert ops.vectorized_map(lambda r: r * 2, x).shape == (None, 3)
    assert ops.fori_loop(0, 3, lambda i, v: v * 2, x).shape == (None, 3)
    assert ops.cond(ops.sum(x) > 0, lambda: x, lambda: -x).shape == (None, 3)
    assert [t.shape for t in ops.scan(lambda c, r: (c + r, c), ops.zeros(3), x)] == [(3,), (None, 3)]


def test_custom_gradient():
    @ops.custom_gradient
    def clipped(x, scale=1.0):
        return x * scale, lambda upstream: ops.clip(upstream, -1.0, 1.0)

    x = convert_to_tensor(X)
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y, z = ops.sum(clipped(x) * 5), ops.sum(clipped(x, scale=3.0) * 0.5)
    np.testing.assert_array_equal(tape.gradient(y, x).numpy(), [1, 1, 1])
    np.testing.assert_array_equal(tape.gradient(z, x).numpy(), [0.5, 0.5, 0.5])
    assert float(z) == 9.0
    np.testing.assert_array_equal(jax.grad(lambda a: (clipped(Tensor(a))._value * 5).sum())(X), [1, 1, 1])

    @ops.custom_gradient
    def wrong(x):
        return x, lambda upstream: (upstream, upstream)

    with pytest.raises(InvalidArgumentError, match="return 1 gradients, one per argument; received 2"):
        gradient(wrong, X)


def test_jvp():
    value, change = ops.jvp(lambda x: ops.square(x), (X,), (np.ones(3, "float32"),))
    np.testing.assert_array_equal(value.numpy(), X**2)
    np.testing.assert_array_equal(change.numpy(), 2 * X)
    assert float(ops.jvp(lambda x: (x, x + 1), (2.0,), (1.0,), has_aux=True)[2]) == 3


def test_vectorize():
    dot = ops.vectorize(lambda a, b: ops.sum(a * b), signature="(n),(n)->()")
    np.testing.assert_array_equal(dot(np.stack([X, X]), X).numpy(), [14, 14])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: ops.cond(X, lambda: 1, lambda: 2), r"scalar condition; received shape \(3,\)"),
        (lambda: compiled(lambda x: ops.cond(x[0] > 0, lambda: x, lambda: x[0]), X), "branches that return the same shapes"),
        (lambda: ops.scan(lambda c, r: (c, r), 0.0), "neither xs nor length"),
        (lambda: ops.scan(lambda c, r: (c, r), 0.0, (X, X[:2])), r"one common length; received \[2, 3\]"),
        (lambda: ops.scan(3, 0.0, X), "Expected f to be a function"),
        (lambda: ops.scan(lambda c, r: (c, r), 0.0, X, unroll=0), "unroll to be a positive integer"),
        (lambda: ops.while_loop(lambda a, b: True, lambda a, b: (a,), (1, 2)),
         "return 2 tensors, one per loop variable; received 1"),
        (lambda: compiled(lambda x: ops.fori_loop(0, 2, lambda i, v: v[:1], x), X), "shapes and dtypes it was given"),
        (lambda: compiled_gradient(lambda t: ops.while_loop(lambda v: ops.sum(v) < 9, lambda v: (v * 2,), (t,))[0], X),
         "Pass maximum_iterations"),
        (lambda: ops.associative_scan(None, X), "function of two arguments"),
        (lambda: ops.vectorize(3), "Expected pyfunc to be a function"),
        (lambda: ops.jvp(lambda x: x, X, X), "primals and tangents as tuples"),
    ],
)  # fmt: skip
def test_errors(call, text):
    with pytest.raises(InvalidArgumentError, match=text):
        call()
