"""cornu.random: moments, seeds, dtypes, dropout, errors."""

import numpy as np
import pytest

from cornu import random
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.random_state import set_random_seed

N = 40_000
DRAWS = {
    "normal": (lambda **k: random.normal((N,), 1.0, 2.0, **k), 1.0, 2.0),
    "truncated_normal": (lambda **k: random.truncated_normal((N,), 1.0, 2.0, **k), 1.0, 2 * 0.8796),
    "uniform": (lambda **k: random.uniform((N,), -1.0, 3.0, **k), 1.0, 4 / np.sqrt(12)),
    "gamma": (lambda **k: random.gamma((N,), 2.0, **k), 2.0, np.sqrt(2)),
    "beta": (lambda **k: random.beta((N,), 1.0, 2.0, **k), 1 / 3, np.sqrt(1 / 18)),
    "binomial": (lambda **k: random.binomial((N,), 10.0, 0.3, **k), 3.0, np.sqrt(2.1)),
}


@pytest.mark.parametrize("name", DRAWS)
def test_moments_seeds_and_dtypes(name):
    draw, mean, deviation = DRAWS[name]
    values = draw(seed=1)
    assert (values.dtype, tuple(values.shape)) == ("float32", (N,))
    np.testing.assert_allclose(values.numpy().mean(), mean, atol=5 * deviation / np.sqrt(N))
    np.testing.assert_allclose(values.numpy().std(), deviation, rtol=0.03)
    np.testing.assert_array_equal(draw(seed=1).numpy(), values.numpy())
    assert draw(seed=1, dtype="float16").dtype == "float16"
    with pytest.raises(InvalidArgumentError, match=f"{name} expects a floating dtype; received 'int32'"):
        draw(dtype="int32")


def test_generators_advance_and_the_global_seed_decides_the_rest():
    generator = random.SeedGenerator(3)
    first = random.normal((2,), seed=generator).numpy()
    assert (random.normal((2,), seed=generator).numpy() != first).all()
    np.testing.assert_array_equal(random.normal((2,), seed=random.SeedGenerator(3)).numpy(), first)
    set_random_seed(1)
    first = random.uniform((2,)).numpy()
    assert (random.uniform((2,)).numpy() != first).all()
    set_random_seed(1)
    np.testing.assert_array_equal(random.uniform((2,)).numpy(), first)
    with pytest.raises(InvalidTypeError, match="Expected a seed as an integer"):
        random.normal((2,), seed="a")


def test_integers():
    values = random.randint((N,), -2, 3, seed=1)
    assert values.dtype == "int32"
    np.testing.assert_allclose(np.bincount(values.numpy() + 2) / N, [0.2] * 5, atol=0.01)
    assert random.randint((2,), 0, 5, dtype="uint8").dtype == "uint8"
    with pytest.raises(InvalidArgumentError, match="randint expects an integer dtype; received 'float32'"):
        random.randint((2,), 0, 5, dtype="float32")


def test_categorical_follows_the_logits():
    values = random.categorical(np.log(np.array([[0.2, 0.8], [0.5, 0.5]], np.float32)), N, seed=1)
    assert (values.dtype, tuple(values.shape)) == ("int32", (2, N))
    np.testing.assert_allclose(values.numpy().mean(1), [0.8, 0.5], atol=0.01)
    with pytest.raises(InvalidArgumentError, match=r"logits of shape \(batch, classes\); received shape \(2,\)"):
        random.categorical(np.ones(2, np.float32), 3)


def test_shuffle_permutes_whole_slices():
    x = np.arange(600).reshape(3, 200)
    columns = random.shuffle(x, axis=1, seed=1).numpy()
    assert (columns != x).any()
    np.testing.assert_array_equal(np.sort(columns, axis=1), x)
    np.testing.assert_array_equal(columns[1] - columns[0], 200)


class TestDropout:
    @pytest.mark.parametrize("rate", [0.0001, 0.1, 0.5, 0.9])
    def test_it_keeps_the_mean(self, rate):
        values = random.dropout(np.ones(10 * N, np.float32), rate, seed=1).numpy()
        np.testing.assert_allclose((values == 0).mean(), rate, atol=5 * np.sqrt(rate * (1 - rate) / (10 * N)))
        np.testing.assert_allclose(values[values != 0], 1 / (1 - rate), rtol=1e-6)

    def test_neighbours_are_independent(self):
        dropped = random.dropout(np.ones((2, N), np.float32), 0.5, seed=1).numpy() == 0
        assert abs(np.corrcoef(dropped)[0, 1]) < 0.03  # the two halves of each random word
        assert abs(np.corrcoef(dropped[0, 1:], dropped[0, :-1])[0, 1]) < 0.03

    def test_nothing_and_everything(self):
        x = np.arange(4, dtype=np.float32)
        np.testing.assert_array_equal(random.dropout(x, 0.0).numpy(), x)
        np.testing.assert_array_equal(random.dropout(x, 1.0).numpy(), np.zeros(4))

    def test_noise_is_shared_along_axes_of_size_one(self):
        values = random.dropout(np.ones((50, 4), np.float32), 0.5, noise_shape=(None, 1), seed=1).numpy()
        assert set(values.sum(1).tolist()) == {0.0, 8.0}
        with pytest.raises(InvalidArgumentError, match=r"noise shape that broadcasts to \(3, 2\); received \(2, 1\)"):
            random.dropout(np.ones((3, 2), np.float32), 0.5, noise_shape=(2, 1))

    def test_wrong_rates_and_inputs_are_refused(self):
        with pytest.raises(InvalidArgumentError, match="`rate` between 0 and 1; received 2"):
            random.dropout(np.ones(3, np.float32), 2)
        with pytest.raises(InvalidArgumentError, match="dropout expects a floating input; received int32"):
            random.dropout(np.ones(3, np.int32), 0.5)
