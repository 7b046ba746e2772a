"""Operators on tensors of any shape and dtype: values as NumPy's, dtypes by Keras' rules."""

import pickle

import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import cornu
from cornu import convert_to_tensor, ops

QUICK = settings(max_examples=40, deadline=None)
SHAPES = [
    (),
    (1,),
    (3,),
    (2, 1),
    (1, 3),
    (2, 3),
    (0, 3),
    (4, 1, 1),
    (2, 1, 3),
]  # few, because each pair is compiled once
NUMBERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "float16", "bfloat16", "float32", "float64"]


def _array(draw, dtype, shape, low=-8, high=8):
    low = 0 if dtype.startswith("u") else low
    values = draw(hnp.arrays(np.int64, shape, elements=st.integers(low, high)))
    return np.asarray(jnp.asarray(values).astype(dtype))


@st.composite
def pairs(draw, dtypes=("float32",)):
    """Two arrays whose shapes broadcast."""
    fits = [(a, b) for a in SHAPES for b in SHAPES if _broadcast(a, b) is not None]
    a, b = draw(st.sampled_from(fits))
    return _array(draw, draw(st.sampled_from(dtypes)), a), _array(draw, draw(st.sampled_from(dtypes)), b)


def _broadcast(a, b):
    try:
        return np.broadcast_shapes(a, b)
    except ValueError:
        return None


def _common(a: str, b: str) -> str:
    """Keras 3's result dtype: like JAX's, but 64-bit integers with floats give floatx-like floats."""
    if a == b:
        return a
    if "float" in a and "float" in b:
        order = {"float16": 1, "bfloat16": 1, "float32": 2, "float64": 3}
        return "float32" if {a, b} == {"float16", "bfloat16"} else max(a, b, key=order.__getitem__)
    if "float" in a or "float" in b:
        return a if "float" in a else b
    return np.promote_types(a, b).name


@QUICK
@given(pairs())
def test_arithmetic_broadcasts_as_numpy(pair):
    a, b = pair
    x, y = convert_to_tensor(a), convert_to_tensor(b)
    for found, expected in ((x + y, a + b), (x - y, a - b), (x * y, a * b), (x > y, a > b), (x == y, a == b)):
        assert found.shape == np.broadcast_shapes(a.shape, b.shape)
        np.testing.assert_array_equal(found, expected)


@QUICK
@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
def test_sums_have_the_dtype_of_keras(a, b):
    x, y = (convert_to_tensor(np.ones(2), dtype) for dtype in (a, b))
    assert (x + y).dtype == (y + x).dtype == _common(a, b)
    np.testing.assert_array_equal(np.asarray(x + y, np.float64), [2.0, 2.0])


@QUICK
@given(st.sampled_from(NUMBERS), st.sampled_from([2, 2.5]))
def test_python_numbers_are_weak(dtype, number):
    expected = dtype if "float" in dtype or isinstance(number, int) else "float32"
    x = convert_to_tensor(np.array([1, 2]), dtype)
    for found in (x * number, number * x, x + number, number - x):
        assert found.dtype == expected
    np.testing.assert_allclose(np.asarray(x * number, np.float64), [number, 2 * number])


@QUICK
@given(pairs(dtypes=("int32",)))
def test_integer_division_rounds_down_as_python(pair):
    a, b = pair
    b = np.where(b == 0, 3, b).astype(np.int32)
    x, y = convert_to_tensor(a), convert_to_tensor(b)
    np.testing.assert_array_equal(x // y, a // b)
    np.testing.assert_array_equal(x % y, a % b)
    np.testing.assert_array_equal((x // y) * y + x % y, np.broadcast_arrays(a, b)[0])
    assert (x / y).dtype == "float32"


@QUICK
@given(st.data())
def test_round_trips(data):
    dtype = data.draw(st.sampled_from([*NUMBERS, "bool"]))
    array = np.asarray(jnp.asarray(_array(data.draw, "int8", data.draw(st.sampled_from(SHAPES)), 0, 5)).astype(dtype))
    x = convert_to_tensor(array)
    assert x.dtype == dtype and x.shape == array.shape
    for again in (np.asarray(x), pickle.loads(pickle.dumps(x)).numpy(), cornu.Variable(x).numpy()):
        assert np.asarray(again).dtype == array.dtype
        np.testing.assert_array_equal(again, array)
    if array.size:  # an empty list has lost its shape
        np.testing.assert_array_equal(ops.convert_to_tensor(x.tolist(), dtype), array)


@QUICK
@given(st.data())
def test_indexing_as_numpy(data):
    array = np.arange(24, dtype=np.int32).reshape(2, 3, 4)
    part = st.one_of(
        st.just(slice(None)), st.integers(-2, 1), st.just(None), st.just(Ellipsis),
        st.builds(slice, st.sampled_from([None, 0, 1]), st.sampled_from([None, 2, -1]), st.sampled_from([None, 1, -1])),
    )  # fmt: skip
    index = tuple(data.draw(st.lists(part, max_size=3)))
    if index.count(Ellipsis) <= 1:
        np.testing.assert_array_equal(convert_to_tensor(array)[index], array[index])


@settings(max_examples=15, deadline=None)
@given(pairs())
def test_gradients_of_broadcast_products_are_summed_back(pair):
    a, b = pair
    x, y = cornu.Variable(a), cornu.Variable(b)
    with cornu.GradientTape() as tape:
        z = ops.sum(x * y)
    by_x, by_y = tape.gradient(z, [x, y])
    ones = np.ones(np.broadcast_shapes(a.shape, b.shape), np.float32)
    for found, own, other in ((by_x, a, b), (by_y, b, a)):
        full = ones * other
        lead = tuple(range(full.ndim - own.ndim))
        kept = tuple(len(lead) + i for i, size in enumerate(own.shape) if size == 1 and full.shape[len(lead) + i] != 1)
        assert found.shape == own.shape
        np.testing.assert_allclose(found, full.sum(axis=lead + kept).reshape(own.shape), rtol=1e-6)
