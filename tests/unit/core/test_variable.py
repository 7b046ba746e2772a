"""Variables: first values, assignment, reading, copies."""

import copy
import pickle

import jax
import numpy as np
import pytest

import cornu
from cornu import Variable, convert_to_tensor, initializers, ops
from cornu.core.scopes import autocast


def test_first_values():
    assert Variable(1).dtype == "int32" and Variable(1.0).dtype == "float32" and Variable([True]).dtype == "bool"
    assert Variable(np.ones(2)).dtype == "float64" and Variable(np.ones(2), dtype="bfloat16").dtype == "bfloat16"
    assert Variable(convert_to_tensor([1.0, 2.0])).shape == (2,)
    assert Variable(Variable([3.0])).numpy().tolist() == [3.0]
    assert Variable(initial_value=2.0).numpy() == 2.0
    assert Variable("text").numpy() == b"text"


def test_initializers_get_shape_and_dtype():
    v = Variable(initializers.Ones(), shape=(2, 3), dtype="float16")
    assert v.shape == (2, 3) and v.dtype == "float16" and v.numpy().tolist() == [[1.0] * 3] * 2
    assert Variable(lambda shape, dtype=None: np.full(shape, 7, dtype), shape=(1,)).numpy().tolist() == [7.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Expected an initial value or an initializer for the variable; received None"),
        ({"initializer": initializers.Ones()}, "Expected a shape together with an initializer function"),
        ({"initializer": [1.0, 2.0], "shape": (3,)}, r"Expected an initial value of shape \(3,\); received \(2,\)"),
        ({"initializer": 1.0, "colour": 2}, "Variable got the unknown argument 'colour'"),
    ],
)
def test_refused_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Variable(**arguments)


def test_names_and_paths():
    with cornu.name_scope("block"), cornu.name_scope("inner"):
        v = Variable(1.0, name="kernel")
    assert (v.name, v.path) == ("kernel", "block/inner/kernel")
    first, second = Variable(1.0), Variable(1.0)
    assert (first.name, second.name) == ("variable", "variable_1")


def test_assignment():
    v = Variable([1.0, 2.0])
    assert v.assign([3, 4]) is v and v.numpy().tolist() == [3.0, 4.0]
    v.assign_add([1.0, 1.0])
    v.assign_sub(convert_to_tensor([0.5, 0.0]))
    assert v.numpy().tolist() == [3.5, 5.0]
    v.assign_add(1)
    assert v.numpy().tolist() == [4.5, 6.0] and v.dtype == "float32"
    with pytest.raises(
        ValueError, match=r"Expected a value of shape \(2,\) for the variable .*; received shape \(3,\)"
    ):
        v.assign([1.0, 2.0, 3.0])


def test_assigning_keeps_the_dtype():
    v = Variable([1, 2])
    v.assign(np.array([1.9, 2.9]))
    assert v.dtype == "int32" and v.numpy().tolist() == [1, 2]


def test_assigning_does_not_alias():
    source = np.array([1.0, 2.0], np.float32)
    v = Variable(source)
    source[0] = 9.0
    assert v.numpy().tolist() == [1.0, 2.0]
    v.assign(source)
    source[1] = 8.0
    assert v.numpy().tolist() == [9.0, 2.0]
    v.numpy()[0] = 5.0
    assert v.numpy().tolist() == [9.0, 2.0]


def test_operators_and_protocols():
    v, w = Variable([1.0, 4.0]), Variable(2.0)
    np.testing.assert_array_equal(v * w + 1, [3.0, 9.0])
    np.testing.assert_array_equal(1 - v, [0.0, -3.0])
    np.testing.assert_array_equal(np.array([1.0, 1.0], np.float32) + v, [2.0, 5.0])
    assert float(w) == 2.0 and int(w) == 2 and bool(w) and len(v) == 2 and [float(x) for x in v] == [1.0, 4.0]
    assert v[1].numpy() == 4.0 and float(ops.sum(v)) == 5.0 and f"{w:.1f}" == "2.0"
    assert np.asarray(v).tolist() == [1.0, 4.0] and [7, 8, 9][Variable(1)] == 8
    assert v.value.numpy().tolist() == v.read_value().numpy().tolist() == [1.0, 4.0]


def test_repr():
    assert repr(Variable([1.0], name="kernel")) == "<Variable path=kernel, shape=(1,), dtype=float32, value=[1.]>"


def test_is_its_own_key():
    v, w = Variable(1.0), Variable(1.0)
    assert len({v: 1, w: 2}) == 2 and v.handle is v


def test_autocast():
    v, fixed, count = Variable([1.0]), Variable([1.0], autocast=False), Variable([1])
    with autocast("bfloat16"):
        assert (v.dtype, v.value.dtype, (v * 2).dtype) == ("bfloat16", "bfloat16", "bfloat16")
        assert (fixed.value.dtype, count.value.dtype) == ("float32", "int32")
        with autocast(None):
            assert v.value.dtype == "float32"
        v.assign([1.0 + 2**-12])  # stored in full
    assert v.dtype == "float32" and v.numpy()[0] == np.float32(1.0 + 2**-12)


def test_regularization():
    assert Variable([1.0]).regularization() is None
    assert float(Variable([1.0, 2.0], regularizer=cornu.regularizers.L2(0.5)).regularization()) == 2.5


def test_copies():
    v = Variable([1.0, 2.0], dtype="bfloat16", name="kernel", trainable=False, autocast=False)
    v.note = "mine"
    for twin in (copy.deepcopy(v), pickle.loads(pickle.dumps(v))):
        assert (twin.name, twin.path, twin.dtype, twin.trainable, twin.autocast, twin.note) == (
            "kernel", "kernel", "bfloat16", False, False, "mine",
        )  # fmt: skip
        twin.assign([5.0, 6.0])
        assert np.asarray(v, np.float32).tolist() == [1.0, 2.0]
    both = copy.deepcopy([v, v])
    assert both[0] is both[1]


def test_made_inside_a_trace_is_concrete():
    kept = []

    @cornu.function
    def f(x):
        if not kept:
            kept.append(Variable(2.0))
        return x * kept[0]

    assert float(f(convert_to_tensor(3.0))) == 6.0
    assert kept[0].numpy() == 2.0


def test_bare_jit_cannot_assign():
    v = Variable(1.0)
    with pytest.raises(ValueError, match="was assigned a traced value outside of a functional scope"):
        jax.jit(lambda x: v.assign(cornu.Tensor(x)).numpy())(1.0)
    assert v.numpy() == 1.0
