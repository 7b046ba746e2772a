"""Symbolic tensors and the nodes they make."""

import copy

import jax.numpy as jnp
import numpy as np
import pytest

import cornu
from cornu import KerasTensor, layers, ops
from cornu.core.symbolic import is_symbolic, node_of, symbolic_leaves


def test_prints():
    x = KerasTensor((None, 3), "int32", name="mine")
    assert repr(x) == "<KerasTensor shape=(None, 3), dtype=int32, sparse=False, ragged=False, name=mine>"
    assert (x.ndim, x.shape, x.dtype, x.get_shape()) == (2, (None, 3), "int32", (None, 3))


@pytest.mark.parametrize(
    ("use", "what"),
    [
        (bool, "used as a Python bool"), (int, "made an int"), (float, "made a float"), (len, "asked for its length"),
        (iter, "iterated over"), (np.asarray, "made a NumPy array"), (lambda x: x.numpy(), "made a NumPy array"),
        (lambda x: [1][x], "used as an index"), (jnp.asarray, "given to a JAX function"),
    ],
)  # fmt: skip
def test_has_no_values(use, what):
    with pytest.raises(TypeError, match=f"The symbolic tensor 'mine' .*has no values, so it cannot be .*{what}"):
        use(KerasTensor((2,), name="mine"))


@pytest.mark.parametrize(
    ("make", "shape", "dtype"),
    [
        (lambda x: x + 1, (None, 4), "float32"), (lambda x: x @ np.ones((4, 2), "float32"), (None, 2), "float32"),
        (lambda x: x[:, 0], (None,), "float32"), (lambda x: x[0], (4,), "float32"), (lambda x: x > 0, (None, 4), "bool"),
        (lambda x: ops.mean(x), (), "float32"), (lambda x: ops.reshape(x, (-1, 2, 2)), (None, 2, 2), "float32"),
        (lambda x: ops.argmax(x, axis=-1), (None,), "int32"), (lambda x: ops.concatenate([x, x], axis=0), (None, 4), "float32"),
        (lambda x: ops.concatenate([x, x], axis=1), (None, 8), "float32"), (lambda x: 2 / x - x**2, (None, 4), "float32"),
        (lambda x: ops.transpose(x), (4, None), "float32"), (lambda x: ops.cast(x, "float16"), (None, 4), "float16"),
        (lambda x: ops.shape(x)[1] * x, (None, 4), "float32"), (lambda x: x[..., None], (None, 4, 1), "float32"),
    ],
)  # fmt: skip
def test_shapes_and_dtypes_are_inferred(make, shape, dtype):
    y = make(cornu.Input((4,)))
    assert (y.shape, y.dtype) == (shape, dtype)


def test_several_outputs():
    a, b = ops.split(cornu.Input((4,)), 2, axis=1)
    assert a.shape == b.shape == (None, 2)
    assert (a._keras_history.tensor_index, b._keras_history.tensor_index) == (0, 1) and node_of(a) is node_of(b)


def test_nodes_know_where_they_come_from():
    x = cornu.Input((3,))
    dense = layers.Dense(2)
    y, z = dense(x), dense(x)
    assert (y._keras_history.operation, y._keras_history.node_index, z._keras_history.node_index) == (dense, 0, 1)
    assert node_of(y).inputs == [x] and node_of(y).parents == [node_of(x)] and node_of(x).is_input
    with pytest.raises(TypeError, match="comes from no layer; make it with cornu.Input"):
        node_of(KerasTensor((1,)))


def test_inferring_leaves_no_trace():
    class Counter(layers.Layer):
        def build(self, shape):
            self.count = self.add_weight(name="count", shape=(), initializer="zeros", trainable=False)

        def call(self, x):
            self.count.assign_add(1.0)
            return x

    counter = Counter()
    counter(cornu.Input((3,)))
    assert float(counter.count) == 0.0


def test_what_cannot_be_inferred_is_a_sentence():
    with pytest.raises(ValueError, match="matmul|shape"):
        ops.matmul(cornu.Input((3,)), np.ones((4, 2), "float32"))


def test_nests():
    x, y = cornu.Input((1,)), cornu.Input((2,))
    assert is_symbolic({"a": [x]}) and not is_symbolic({"a": [1, np.ones(2)]})
    assert symbolic_leaves({"b": y, "a": (x, 3)}) == [x, y]


def test_names_count():
    assert [KerasTensor((1,)).name for _ in range(2)] == ["keras_tensor", "keras_tensor_1"]


def test_copied_with_a_model_only():
    x = cornu.Input((3,))
    assert copy.deepcopy(x) is x
