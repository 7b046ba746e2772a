"""tf.raw_ops: every row is a function that takes the arguments it names."""

import importlib
import inspect

import numpy as np
import pytest

from cornu.tf import raw_ops


@pytest.mark.parametrize("name", dir(raw_ops))
def test_rows_name_functions_and_their_arguments(name):
    path, *parameters = raw_ops._ROWS[name]
    module, _, attribute = path.rpartition(".")
    own = inspect.signature(getattr(importlib.import_module(f"cornu.tf.{module}"), attribute)).parameters
    assert {parameter.rpartition(":")[2] for parameter in parameters} <= set(own)
    assert getattr(raw_ops, name).__name__ == name


def test_values():
    assert raw_ops.Add(x=1.0, y=2.0).numpy() == 3.0
    assert raw_ops.MatMul(a=[[1.0], [2.0]], b=[[2.0], [1.0]], transpose_a=True, name="m").numpy().tolist() == [[4.0]]
    assert raw_ops.Sum(input=[[1, 2], [3, 4]], axis=1, keep_dims=True).numpy().tolist() == [[3], [7]]
    assert raw_ops.ArgMax(input=[1.0, 3.0, 2.0], dimension=0).numpy() == 1
    assert raw_ops.SelectV2(condition=[True, False], t=[1, 2], e=[3, 4]).numpy().tolist() == [1, 4]
    assert raw_ops.Slice(input=[1, 2, 3], begin=[1], size=[2]).numpy().tolist() == [2, 3]
    image = np.ones((1, 4, 4, 1), "float32")
    kernel = np.ones((2, 2, 1, 1), "float32")
    made = raw_ops.Conv2D(input=image, filter=kernel, strides=[1, 2, 2, 1], padding="VALID")
    assert made.numpy().reshape(-1).tolist() == [4.0] * 4


def test_bad_calls():
    with pytest.raises(TypeError, match=r"Add takes its arguments by name \(x, y\); received 2"):
        raw_ops.Add(1.0, 2.0)
    with pytest.raises(TypeError, match="unknown argument 'features'"):
        raw_ops.Softmax(features=[1.0])
    with pytest.raises(AttributeError, match="'MatMull'.*MatMul"):
        raw_ops.MatMull
