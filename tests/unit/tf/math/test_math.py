"""`tf.math` on everything that stands for a tensor, and what the golden values do not reach."""

import numpy as np
import pytest
import scipy.special

import cornu
from cornu import models, ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.tape import GradientTape
from cornu.core.tensor import convert_to_tensor
from cornu.core.variable import Variable
from cornu.tf import math


@pytest.mark.parametrize("value", [[1.0, 4.0], np.float32([1, 4]), convert_to_tensor([1.0, 4.0]), Variable([1.0, 4.0])])
def test_all_kinds_of_arguments(value):
    assert math.sqrt(value).numpy().tolist() == [1.0, 2.0]
    assert math.add(value, 1).numpy().tolist() == [2.0, 5.0]
    assert math.reduce_sum(value).numpy() == 5.0


def test_names_of_arguments():
    assert math.reduce_sum(input_tensor=[[1, 2]], axis=1, name="total").numpy().tolist() == [3]
    assert math.maximum(x=1.0, y=2.0, name=None).numpy() == 2.0
    with pytest.raises(InvalidTypeError, match="did you mean|Did you mean"):
        math.sqrt(xx=[1.0])


def test_texts():
    assert math.add(["a", "b"], "c").numpy().tolist() == [b"ac", b"bc"]
    assert math.equal(["a", "b"], ["a", "c"]).numpy().tolist() == [True, False]
    assert math.count_nonzero(["a", ""]).numpy() == 1


def test_inside_a_compiled_function():
    run = cornu.function(lambda x: (math.reduce_mean(math.square(x)), math.cumsum(x), math.top_k(x, 2).indices))
    mean, running, places = run(convert_to_tensor([1.0, 3.0, 2.0]))
    assert mean.numpy() == pytest.approx(14 / 3)
    assert running.numpy().tolist() == [1.0, 4.0, 6.0]
    assert places.numpy().tolist() == [1, 2]


def test_in_a_functional_model():
    x = cornu.Input((3,))
    y = math.reduce_sum(math.multiply(math.sigmoid(x), 2.0), axis=1, keepdims=True)
    model = models.Model(x, y)
    assert model.predict(np.zeros((2, 3), "float32"), verbose=0).tolist() == [[3.0], [3.0]]


@pytest.mark.parametrize("name", ["j0", "j1", "y0", "y1", "k0e", "k1e"])
def test_bessel_functions_in_double_precision(name):
    x = np.concatenate([np.linspace(0.01, 30, 500), [100.0, 700.0]])
    expected = getattr(scipy.special, name)(x)
    np.testing.assert_allclose(getattr(math.special, f"bessel_{name}")(x).numpy(), expected, rtol=1e-10, atol=1e-13)


def test_slopes_at_special_points():
    def slope(function, value):
        x = convert_to_tensor(value)
        with GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        return tape.gradient(y, x).numpy()

    assert slope(lambda x: math.maximum(x, 0.0), [0.0, 1.0]).tolist() == [1.0, 1.0]
    assert slope(math.reduce_max, [1.0, 1.0]).tolist() == [0.5, 0.5]
    assert np.isinf(slope(math.sqrt, [0.0])).all()
    assert np.isnan(slope(math.reduce_euclidean_norm, [0.0, 0.0])).all()
    assert slope(lambda x: math.xlogy(x, x), [0.0]).tolist() == [0.0]


def test_confusion_matrix_refuses_classes_outside():
    with pytest.raises(InvalidArgumentError, match="num_classes=2"):
        math.confusion_matrix([0, 2], [0, 1], num_classes=2)


def test_empty_reductions():
    empty = ops.zeros((0, 2))
    assert math.reduce_max(empty, 0).numpy().tolist() == [-np.inf, -np.inf]
    assert math.reduce_min(ops.zeros((0,), "int32")).numpy() == 2**31 - 1
