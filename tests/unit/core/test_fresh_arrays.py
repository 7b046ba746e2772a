"""Values from files: taken as they are where that is possible, checked as every assigned value is."""

import os
import resource
from pathlib import Path

import jax
import numpy as np
import pytest

from cornu._base.errors import InvalidArgumentError
from cornu.core.fresh_arrays import FreshArrays, adopt, read
from cornu.core.variable import Variable
from cornu.io import buffers


@pytest.mark.parametrize("rows", [0, 3, 1_000_000])
@pytest.mark.parametrize("make", [buffers.empty, buffers.empty_to_stay])
def test_buffers_lie_as_xla_wants_them(make, rows):
    array = make((rows, 5), np.float32)
    assert array.shape == (rows, 5) and array.dtype == np.float32
    assert not rows or array.ctypes.data % 64 == 0  # NumPy makes up an address for what is empty
    array[:] = 1.0
    assert array.sum() == 5 * rows


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="asks Linux how much memory there is")
def test_what_stays_long_gives_its_memory_back():
    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

    array = buffers.empty_to_stay((16, 2**20), np.float32)
    array[:] = 1.0
    before = resident()
    del array
    assert before - resident() > 0.9 * 2**26


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="only there the device's memory is the host's")
@pytest.mark.parametrize("size", [1024, 2**21])
def test_an_array_of_the_same_dtype_is_not_copied(size):
    array = buffers.empty_to_stay((size,), np.float32)
    array[:] = 1.0
    variable = Variable(np.zeros(size, "float32"))
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
