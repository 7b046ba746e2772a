"""The tensor: conversion, printing, operators, protocols of NumPy, JAX and Python."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cornu
from cornu import Tensor, Variable, convert_to_tensor, ops
from cornu.core.tensor import box, host_array, is_tensor, raw


@pytest.mark.parametrize(
    ("given", "dtype", "shape"),
    [
        (1, "int32", ()), (1.5, "float32", ()), (True, "bool", ()), (2**40, "int64", ()), ([1, 2], "int32", (2,)),
        ([1, 2.5], "float32", (2,)), ([[True], [False]], "bool", (2, 1)), (np.float64(2), "float64", ()),
        (np.ones((2, 0)), "float64", (2, 0)), ([np.float64(1)], "float64", (1,)), ([], "float32", (0,)),
        (1 + 2j, "complex128", ()), (np.arange(3), "int64", (3,)), ("text", "string", ()), (["a", "b"], "string", (2,)),
        ([[1.0, 2.0]] * 3, "float32", (3, 2)), (range(3), "int32", (3,)),
    ],
)  # fmt: skip
def test_dtype_and_shape_of_what_is_converted(given, dtype, shape):
    tensor = convert_to_tensor(given)
    assert tensor.dtype == dtype and tensor.shape == shape and tensor.ndim == len(shape)
    assert tensor.size == int(np.prod(shape))


def test_conversion_to_a_dtype():
    assert convert_to_tensor([1, 2], dtype="float16").dtype == "float16"
    assert convert_to_tensor(np.array([1.7]), "int32").numpy().tolist() == [1]
    x = convert_to_tensor([1.0])
    assert convert_to_tensor(x) is x and convert_to_tensor(x, "float32") is x
    assert convert_to_tensor(x, "bfloat16").dtype == "bfloat16"
    assert convert_to_tensor([x, x * 2], "int32").numpy().tolist() == [[1], [2]]
    assert convert_to_tensor(Variable(2.5), "int32").numpy() == 2


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([[1, 2], [3]], ValueError, "rows of equal length; received .*Pad the rows"),
        (None, TypeError, "Expected numbers, booleans or text; received None"),
        (object(), TypeError, "Expected numbers, booleans or text"),
        ([{}], TypeError, "with an entry of type dict"),
    ],
)
def test_refused_values(given, error, message):
    with pytest.raises(error, match=message):
        convert_to_tensor(given)


def test_text_is_refused_as_a_number():
    with pytest.raises(TypeError, match=r"Expected numbers to make a float32 tensor; received \['a'\]"):
        convert_to_tensor(["a"], "float32")


def test_prints_as_tensorflow_does():
    x = convert_to_tensor(np.array([1, 5]))
    assert str(x) == "tf.Tensor([1 5], shape=(2,), dtype=int64)"
    assert repr(x) == "<tf.Tensor: shape=(2,), dtype=int64, numpy=array([1, 5])>"
    assert str(convert_to_tensor(1.5)) == "tf.Tensor(1.5, shape=(), dtype=float32)"
    assert repr(convert_to_tensor(1.5)) == "<tf.Tensor: shape=(), dtype=float32, numpy=1.5>"
    assert f"{convert_to_tensor(2.0):.3f}" == "2.000"
    assert f"{x}" == "[1 5]"


def test_numpy_gives_arrays_and_scalars():
    assert type(convert_to_tensor(2.0).numpy()) is np.float32
    array = convert_to_tensor([1.0, 2.0]).numpy()
    array[0] = 9.0  # writable, and a copy
    assert array.tolist() == [9.0, 2.0]
    assert convert_to_tensor([[1, 2]]).tolist() == [[1, 2]] and convert_to_tensor(3).item() == 3


def test_python_conversions():
    x = convert_to_tensor([[3.7]])
    assert (int(x), float(x), bool(x)) == (3, pytest.approx(3.7), True)
    assert complex(convert_to_tensor(2.0)) == 2 + 0j
    assert [10, 20, 30][convert_to_tensor(1)] == 20 and list(range(convert_to_tensor(2))) == [0, 1]
    with pytest.raises(TypeError, match=r"Expected one element to make a Python float; received shape \(2,\)"):
        float(convert_to_tensor([1.0, 2.0]))
    with pytest.raises(TypeError, match="Expected an integer scalar as an index"):
        [1, 2][convert_to_tensor(1.0)]
    with pytest.raises((TypeError, ValueError), match="bool|truth"):
        bool(convert_to_tensor([True, False]))


def test_iteration_and_length():
    x = convert_to_tensor([[1, 2], [3, 4]])
    assert len(x) == 2 and [row.tolist() for row in x] == [[1, 2], [3, 4]]
    a, b = convert_to_tensor([1.0, 2.0])
    assert (float(a), float(b)) == (1.0, 2.0)
    with pytest.raises(TypeError, match="at least one dimension for len"):
        len(convert_to_tensor(1))
    with pytest.raises(TypeError, match="at least one dimension to iterate over"):
        iter(convert_to_tensor(1))


def test_indexing():
    x = convert_to_tensor(np.arange(24).reshape(2, 3, 4))
    n = x.numpy()
    for index in (
        0,
        -1,
        (1, 2),
        (slice(None), 1),
        (..., -1),
        (None, 0),
        (slice(0, 2), slice(None, None, -1)),
        ([0, 1], [2, 0]),
    ):
        np.testing.assert_array_equal(x[index], n[index])
    np.testing.assert_array_equal(x[convert_to_tensor(1)], n[1])
    np.testing.assert_array_equal(x[convert_to_tensor([1, 0])], n[[1, 0]])
    np.testing.assert_array_equal(x[x > 20], n[n > 20])


def test_operators():
    x, y = convert_to_tensor([4.0, 9.0]), convert_to_tensor([2.0, -3.0])
    a, b = x.numpy(), y.numpy()
    for found, expected in (
        (x + y, a + b), (x - y, a - b), (x * y, a * b), (x / y, a / b), (x // y, a // b), (x % y, a % b), (x**y, a**b),
        (-x, -a), (+x, a), (abs(y), abs(b)), (x > y, a > b), (x <= y, a <= b), (x != y, a != b), (x == y, a == b),
        (1 + x, 1 + a), (1 - x, 1 - a), (2 * x, 2 * a), (1 / x, 1 / a), (2**y, 2**b), (7 // x, 7 // a), (7 % x, 7 % a),
        (x @ y, a @ b), (a + y, a + b), (a * y, a * b), (np.float32(2) * x, 2 * a),
    ):  # fmt: skip
        assert isinstance(found, Tensor)
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    p, q = convert_to_tensor([True, False]), convert_to_tensor([True, True])
    assert ((p & q).tolist(), (p | q).tolist(), (p ^ q).tolist(), (~p).tolist()) == (
        [True, False], [True, True], [False, True], [False, True],
    )  # fmt: skip


def test_python_numbers_are_weak():
    assert (convert_to_tensor([1], "int32") + 1).dtype == "int32"
    assert (convert_to_tensor([1], "int8") * 2).dtype == "int8"
    assert (convert_to_tensor([1.0], "bfloat16") * 2.5).dtype == "bfloat16"
    assert (convert_to_tensor([1], "int32") * 2.5).dtype == "float32"
    assert (convert_to_tensor([1], "int32") / 2).dtype == "float32"


def test_protocols():
    x = convert_to_tensor([1.0, 2.0])
    np.testing.assert_array_equal(np.asarray(x), [1.0, 2.0])
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    assert float(jnp.sum(x)) == 3.0 and float(np.sum(x)) == 3.0
    assert np.from_dlpack(x).tolist() == [1.0, 2.0]
    leaves, treedef = jax.tree.flatten({"a": x})
    assert isinstance(leaves[0], jax.Array) and isinstance(jax.tree.unflatten(treedef, leaves)["a"], Tensor)
    assert float(jax.jit(lambda t: ops.sum(t))(x)) == 3.0
    assert x.device == "cpu:0" and x.get_shape() == (2,)


def test_tensors_are_hashable_by_identity():
    x = convert_to_tensor(1.0)
    assert {x: "x"}[x] == "x"
    assert len({x, x}) == 1


def test_set_shape_checks():
    x = convert_to_tensor([[1.0, 2.0]])
    x.set_shape((None, 2))
    with pytest.raises(ValueError, match=r"Expected a tensor of shape \(None, 3\); this one has \(1, 2\)"):
        x.set_shape((None, 3))


def test_copies():
    x = convert_to_tensor(np.array([1.5, 2.5], np.float16))
    for twin in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert isinstance(twin, Tensor) and twin.dtype == "float16" and twin.tolist() == [1.5, 2.5]
    assert pickle.loads(pickle.dumps(convert_to_tensor([1.0], "bfloat16"))).dtype == "bfloat16"
    assert pickle.loads(pickle.dumps(convert_to_tensor("a"))).numpy() == b"a"


def test_traced_tensors_refuse_values_with_a_sentence():
    def use(x, how):
        return jax.jit(lambda a: how(Tensor(a)))(x._value)

    x = convert_to_tensor(1.0)
    for how in (lambda t: t.numpy(), np.asarray):
        with pytest.raises(TypeError, match="being traced inside a compiled function. Compile with run_eagerly=True"):
            use(x, how)
    with pytest.raises(TypeError, match="used as a Python bool"):
        use(x, lambda t: 1 if t > 0 else 2)
    with pytest.raises(TypeError, match="converted to a Python float inside a compiled function"):
        use(x, float)
    assert "traced" in str(
        jax.eval_shape(lambda a: [print_of.append(str(Tensor(a))), a][1], jnp.ones(2)) and print_of[0]
    )


print_of: list[str] = []


def test_box_and_raw():
    nest = {"a": (jnp.ones(2), [np.float32(1)]), "b": "text"}
    boxed = box(nest)
    assert isinstance(boxed["a"][0], Tensor) and isinstance(boxed["a"][1][0], Tensor) and boxed["b"] == "text"
    assert isinstance(raw(boxed["a"][0]), jax.Array) and isinstance(raw([1, 2]), jax.Array)


def test_is_tensor():
    assert all(map(is_tensor, (convert_to_tensor(1), Variable(1.0), jnp.ones(1), cornu.KerasTensor((1,)))))
    assert not any(map(is_tensor, (1, np.ones(1), [1], None)))


def test_host_array_keeps_numpy_dtypes():
    assert host_array(np.ones(1)).dtype == np.float64 and host_array([1.0]).dtype == np.float32
    assert host_array([2**40]).dtype == np.int64
