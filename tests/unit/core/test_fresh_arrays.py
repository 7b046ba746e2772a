"""Values from files: taken as they are where that is possible, checked as every assigned value is."""

import jax
import numpy as np
import pytest

from cornu._base.errors import InvalidArgumentError
from cornu.core.fresh_arrays import FreshArrays, adopt, read
from cornu.core.variable import Variable
from cornu.io import buffers


def test_buffers_lie_as_xla_wants_them():
    array = buffers.empty((3, 5), np.float32)
    assert array.shape == (3, 5) and array.dtype == np.float32 and array.ctypes.data % 64 == 0


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="only there the device's memory is the host's")
def test_an_array_of_the_same_dtype_is_not_copied():
    array = buffers.empty((1024,), np.float32)
    array[:] = 1.0
    variable = Variable(np.zeros(1024, "float32"))
    adopt(variable, array)
    assert variable.value._value.unsafe_buffer_pointer() == array.ctypes.data


@pytest.mark.parametrize("size", [8, 5_000_000])
def test_what_others_hold_is_copied(size):
    array, variable = np.ones((size, 1), "float32"), Variable(np.zeros((size, 1), "float32"))
    variable.assign(array)
    read(variable, {"0": array}, "0")
    array[:] = 2.0
    assert float(np.max(variable)) == 1.0


def test_other_dtypes_are_cast_and_others_refused():
    variable = Variable(np.zeros(2, "float32"), name="w")
    read(variable, FreshArrays({"0": np.array([1, 2])}), "0")
    np.testing.assert_array_equal(variable, [1.0, 2.0])
    with pytest.raises(InvalidArgumentError, match=r"Expected numbers \(float32\) for the variable 'w'; received \|V2"):
        adopt(variable, np.zeros(2, "V2"))
    with pytest.raises(InvalidArgumentError, match="Expected a value of shape"):
        adopt(variable, np.zeros(3, "float32"))
