"""Python's operators on tensors, variables and symbolic tensors, next to numbers, arrays and each other."""

import operator

import numpy as np
import pytest

import cornu.ops as ops
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import convert_to_tensor
from cornu.core.variable import Variable

A, B = np.array([7, -3, 2], "int32"), np.array([2, 2, -3], "int32")
OPERATORS = [
    operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.and_, operator.or_, operator.xor,
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
]  # fmt: skip


@pytest.mark.parametrize("function", OPERATORS, ids=lambda f: f.__name__)
def test_as_numpy_from_both_sides(function):
    expected = function(A, B)
    for left, right in [(convert_to_tensor(A), B), (A, convert_to_tensor(B)), (Variable(A), convert_to_tensor(B))]:
        result = function(left, right)
        np.testing.assert_array_equal(result.numpy(), expected)
        assert result.dtype == expected.dtype.name
    np.testing.assert_array_equal(function(convert_to_tensor(A), 2).numpy(), function(A, 2))


def test_numbers_on_the_left():
    x = convert_to_tensor(np.array([1.0, 2.0, 4.0], "float32"))
    np.testing.assert_array_equal((1 - x).numpy(), [0, -1, -3])
    np.testing.assert_array_equal((4 / x).numpy(), [4, 2, 1])
    np.testing.assert_array_equal((2**x).numpy(), [2, 4, 16])
    np.testing.assert_array_equal((5 // x).numpy(), [5, 2, 1])
    np.testing.assert_array_equal((5 % x).numpy(), [0, 1, 1])
    np.testing.assert_array_equal((np.eye(3, dtype="float32") @ x).numpy(), [1, 2, 4])
    assert (1.5 + convert_to_tensor([1])).dtype == "float32"


def test_unary():
    x = convert_to_tensor([1.25, -2.75])
    np.testing.assert_array_equal((-x).numpy(), [-1.25, 2.75])
    np.testing.assert_array_equal((+x).numpy(), [1.25, -2.75])
    np.testing.assert_array_equal(abs(x).numpy(), [1.25, 2.75])
    np.testing.assert_array_equal(round(x).numpy(), [1, -3])
    np.testing.assert_array_equal(round(x, 1).numpy(), np.asarray([1.2, -2.8], "float32"))
    np.testing.assert_array_equal((~(x > 0)).numpy(), [False, True])
    quotient, rest = divmod(convert_to_tensor([7]), 3)
    assert (int(quotient[0]), int(rest[0])) == (2, 1)


def test_equality_and_hash():
    x = convert_to_tensor([1, 2])
    assert (x == None) is False and (x != None) is True  # noqa: E711
    assert x in {x}
    words = convert_to_tensor(["a", "b"])
    np.testing.assert_array_equal((words == "a").numpy(), [True, False])
    np.testing.assert_array_equal((words != ["a", "c"]).numpy(), [False, True])


def test_symbolic_tensors_compare_by_identity_and_compute_the_rest():
    x, y = KerasTensor((None, 3)), KerasTensor((3, 2))
    assert x == x and not x == y and hash(x) == hash(x)  # noqa: SIM201 - `!=` makes a node, as in Keras
    assert [(x @ y).shape, (1 - x).shape, (x > 0).dtype, x[:, 0].shape] == [(None, 2), (None, 3), "bool", (None,)]


def test_variables_index_and_compare():
    v = Variable(np.arange(6.0, dtype="float32").reshape(2, 3))
    np.testing.assert_array_equal(v[1].numpy(), [3, 4, 5])
    np.testing.assert_array_equal((v > 3).numpy(), ops.greater(v, 3).numpy())
    assert len({v, v}) == 1
