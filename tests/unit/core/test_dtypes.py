"""Dtypes by name, NumPy type, Python type; what they know about themselves."""

import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest

from cornu.core import config, dtypes

NAMES = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "bfloat16", "float32",
    "float64", "float8_e4m3fn", "float8_e5m2", "complex64", "complex128",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_round_trip_through_numpy(name):
    dtype = dtypes.as_dtype(name)
    assert dtype == name and dtype.name == name and type(dtype.name) is str
    assert dtypes.as_dtype(dtype.as_numpy_dtype) is dtype
    assert dtypes.as_dtype(jnp.dtype(name)) is dtype
    assert dtype.size == np.dtype(dtype.as_numpy_dtype).itemsize


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (None, "float32"), (float, "float32"), (int, "int32"), (bool, "bool"), (str, "string"), (bytes, "string"),
        (np.float16, "float16"), (np.dtype("<i8"), "int64"), (ml_dtypes.bfloat16, "bfloat16"), ("half", "float16"),
        ("double", "float64"), ("long", "int64"), ("tf.int64", "int64"), ("torch.float32", "float32"), (np.str_, "string"),
        (jnp.float32, "float32"),
    ],
)  # fmt: skip
def test_names_of_other_spellings(given, name):
    assert dtypes.name(given) == name


def test_none_is_floatx():
    config.set_floatx("float16")
    assert dtypes.name(None) == "float16" and dtypes.name(float) == "float16"


def test_unknown_dtypes_name_the_nearest():
    with pytest.raises(ValueError, match=r"Unknown dtype: 'flaot32'.*float32"):
        dtypes.as_dtype("flaot32")
    with pytest.raises(ValueError, match="Expected a dtype such as 'float32'; received <object"):
        dtypes.as_dtype(object())
    with pytest.raises(ValueError, match="Expected a numeric, bool or string dtype; received datetime64"):
        dtypes.as_dtype(np.dtype("datetime64[s]"))


def test_kinds():
    def kinds(name):
        x = dtypes.as_dtype(name)
        return [x.is_floating, x.is_integer, x.is_unsigned, x.is_complex, x.is_bool]

    assert kinds("bfloat16") == [True, False, False, False, False]
    assert kinds("int8") == [False, True, False, False, False]
    assert kinds("uint8") == [False, True, True, False, False]
    assert kinds("complex64") == [False, False, False, True, False]
    assert kinds("bool") == [False, False, False, False, True]
    assert kinds("float8_e5m2") == [True, False, False, False, False]


def test_limits():
    assert (dtypes.as_dtype("int8").min, dtypes.as_dtype("int8").max) == (-128, 127)
    assert float(dtypes.as_dtype("float16").max) == 65504.0
    assert float(dtypes.as_dtype("float32").min) == -float(np.finfo(np.float32).max)


def test_prints_as_tensorflow_does():
    dtype = dtypes.as_dtype("int32")
    assert str(dtype) == f"{dtype}" == "<dtype: 'int32'>" and repr(dtype) == "tf.int32"


def test_is_usable_as_a_key_and_by_numpy():
    assert {dtypes.as_dtype("int32"): 1}["int32"] == 1
    assert np.dtype(dtypes.as_dtype("float32").name) == np.float32


def test_is_float():
    assert dtypes.is_float("bfloat16") and dtypes.is_float(float) and not dtypes.is_float("int32")
