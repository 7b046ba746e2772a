"""Initializers: seeds, dtypes, identifiers, errors. Values: tests/golden/test_parts.py."""

import numpy as np
import pytest

from cornu import initializers
from cornu._base.errors import InvalidArgumentError
from cornu.core.random_state import SeedGenerator, set_random_seed
from cornu.core.variable import Variable

RANDOM = [
    "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "GlorotNormal", "GlorotUniform", "HeNormal",
    "HeUniform", "LecunNormal", "LecunUniform", "Orthogonal",
]  # fmt: skip


@pytest.mark.parametrize("name", RANDOM)
class TestSeeds:
    def test_one_instance_repeats_itself_and_two_differ(self, name):
        make = getattr(initializers, name)
        first, second = make(), make()
        np.testing.assert_array_equal(first((3, 4)).numpy(), first((3, 4)).numpy())
        assert (first((3, 4)).numpy() != second((3, 4)).numpy()).any()
        assert (first.clone()((3, 4)).numpy() != first((3, 4)).numpy()).any()

    def test_a_seed_decides(self, name):
        make = getattr(initializers, name)
        np.testing.assert_array_equal(make(seed=5)((3, 4)).numpy(), make(seed=5)((3, 4)).numpy())
        np.testing.assert_array_equal(make(seed=5).clone()((3, 4)).numpy(), make(seed=5)((3, 4)).numpy())
        assert make(seed=5).get_config()["seed"] == 5
        assert make().get_config()["seed"] is None

    def test_the_global_seed_decides_the_rest(self, name):
        make = getattr(initializers, name)
        set_random_seed(3)
        first = make()((3, 4)).numpy()
        set_random_seed(3)
        np.testing.assert_array_equal(make()((3, 4)).numpy(), first)

    def test_a_generator_advances_and_is_saved(self, name):
        initializer = getattr(initializers, name)(seed=SeedGenerator(7))
        first, second = initializer((3, 4)).numpy(), initializer((3, 4)).numpy()
        assert (first != second).any()
        again = initializers.deserialize(initializers.serialize(initializer))
        np.testing.assert_array_equal(again((3, 4)).numpy(), first)

    def test_dtypes_are_those_asked_for(self, name):
        initializer = getattr(initializers, name)(seed=1)
        for dtype in ("float16", "bfloat16", "float32", "float64"):
            assert initializer((3, 4), dtype=dtype).dtype == dtype
        with pytest.raises(InvalidArgumentError, match="expects a floating dtype; received 'int32'"):
            initializer((3, 4), dtype="int32")


def test_truncation_is_at_two_deviations_and_the_variance_is_restored():
    values = initializers.TruncatedNormal(stddev=1.0, seed=1)((100_000,)).numpy()
    assert 1.99 < np.abs(values).max() <= 2
    np.testing.assert_allclose(values.std(), 0.8796, rtol=0.01)
    np.testing.assert_allclose(initializers.HeNormal(seed=1)((200, 500)).numpy().std(), 0.1, rtol=0.01)


@pytest.mark.parametrize("shape", [(6, 3), (3, 6), (2, 4, 3)])
def test_orthogonal_matrices_are(shape):
    q = initializers.Orthogonal(gain=2.0, seed=1)(shape).numpy().reshape(-1, shape[-1])
    product = q.T @ q if q.shape[0] >= q.shape[1] else q @ q.T
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-5)


@pytest.mark.parametrize(
    "shape, axes, expected",
    [
        ((), (None, None), (1, 1)), ((4,), (None, None), (4, 4)), ((4, 6), (None, None), (4, 6)),
        ((3, 3, 4, 6), (None, None), (36, 54)), ((3, 3, 4, 6), ((0, 1), -1), (9, 6)), ((4, 6), (0, None), (4, 6)),
    ],
)  # fmt: skip
def test_fans_are_those_of_keras(shape, axes, expected):
    assert initializers.scaling.fans(shape, *axes) == expected


def test_constants_take_arrays_and_integer_dtypes():
    constant = initializers.Constant(np.array([1, 2]))
    np.testing.assert_array_equal(constant((3, 2), dtype="int32").numpy(), [[1, 2]] * 3)
    again = initializers.deserialize(initializers.serialize(constant))
    np.testing.assert_array_equal(again((3, 2)).numpy(), [[1, 2]] * 3)
    with pytest.raises(InvalidArgumentError, match=r"broadcasts to the shape \(2, 3\); received one of shape \(2,\)"):
        constant((2, 3))
    assert initializers.Ones()((2,), dtype="bool").numpy().tolist() == [True, True]
    assert initializers.Identity.from_config(initializers.Identity(2.0).get_config()).gain == 2.0


def test_get_takes_names_classes_objects_functions_configs_and_arrays():
    for identifier in ("zeros", "Zeros", "zero", initializers.Zeros, {"class_name": "Zeros", "config": {}}):
        assert type(initializers.get(identifier)) is initializers.Zeros
    assert type(initializers.get("glorot_uniform")) is initializers.GlorotUniform
    assert type(initializers.get("normal")) is initializers.RandomNormal

    def ones(shape, dtype=None):
        return np.ones(shape, dtype.as_numpy_dtype)

    assert initializers.get(ones) is ones
    assert initializers.get(None) is None
    assert initializers.get(np.array([1.0, 2.0]))((2,)).numpy().tolist() == [1, 2]
    with pytest.raises(
        InvalidArgumentError, match="Unknown initializer: 'glorot_unifrom'. Did you mean 'glorot_uniform'"
    ):
        initializers.get("glorot_unifrom")
    with pytest.raises(InvalidArgumentError, match="Expected the initializer as a name"):
        initializers.get(5)


def test_variables_are_made_from_them():
    v = Variable(initializers.GlorotUniform(seed=1), shape=(2, 3), dtype="float16")
    assert (v.dtype, tuple(v.shape)) == ("float16", (2, 3))


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda: initializers.VarianceScaling(scale=0), "Expected a positive `scale`; received 0"),
        (lambda: initializers.VarianceScaling(mode="fan"), "`mode` as one of fan_in, fan_out, fan_avg; received 'fan'"),
        (lambda: initializers.VarianceScaling(distribution="x"), "`distribution` as one of .* received 'x'"),
        (lambda: initializers.VarianceScaling(input_axes=0, output_axes=5)((2, 3)), "`output_axes` to be axes of"),
        (lambda: initializers.RandomNormal(seed="x"), "Expected `seed` as an integer"),
        (lambda: initializers.Orthogonal()((2,)), r"two or more dimensions; received \(2,\)"),
        (lambda: initializers.Identity()((2, 2, 2)), r"two dimensions; received \(2, 2, 2\)"),
        (lambda: initializers.STFT(side="x"), "`side` as 'real' or 'imag'"),
        (lambda: initializers.STFT(scaling="x"), "`scaling` as 'density', 'spectrum' or None"),
        (lambda: initializers.STFT(window="xx")((8, 1, 5)), "name of a SciPy window; received 'xx'"),
        (lambda: initializers.STFT(window=np.ones(7))((8, 1, 5)), "window of 8 values"),
        (lambda: initializers.STFT()((8, 5)), r"\(frame_length, 1, frequencies\); received \(8, 5\)"),
    ],
)
def test_errors_say_what_was_expected(make, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        make()
