"""Seeds: generators, the global one, what counts as a seed."""

import random

import numpy as np
import pytest

import cornu
from cornu import convert_to_tensor
from cornu.core import random_state
from cornu.core.random_state import SeedGenerator


def test_generator_counts():
    seeds = SeedGenerator(7)
    assert [seeds.next().numpy().tolist() for _ in range(3)] == [[7, 0], [7, 1], [7, 2]]
    assert seeds.next().dtype == "uint32" and seeds.get_config() == {"seed": 7, "name": seeds.name}
    assert SeedGenerator.from_config({"seed": 9}).next().numpy().tolist() == [9, 0]


def test_seeds_are_checked():
    for wrong in (1.5, "1", True):
        with pytest.raises(TypeError, match="Expected an integer seed; received"):
            SeedGenerator(wrong)
    with pytest.raises(ValueError, match="Expected a seed of 0 or more; received -1"):
        SeedGenerator(-1)
    with pytest.raises(TypeError, match="Expected an integer seed; received 1.5"):
        cornu.utils.set_random_seed(1.5)
    with pytest.raises(TypeError, match="Expected a seed as an integer, a SeedGenerator or None; received 'x'"):
        random_state.draw("x")


def test_set_random_seed_fixes_everything():
    def draw():
        random_state.set_random_seed(11)
        return (
            random.random(), np.random.rand(), cornu.random.normal(()).numpy(), SeedGenerator().get_config()["seed"],
            cornu.initializers.GlorotUniform()((2, 2)).numpy().tolist(),
        )  # fmt: skip

    assert draw() == draw()


def test_global_generator_moves():
    a, b = (cornu.random.uniform((3,)).numpy() for _ in range(2))
    assert not np.array_equal(a, b)


def test_an_integer_is_the_same_stream_every_time():
    a, b = (cornu.random.uniform((3,), seed=5).numpy() for _ in range(2))
    assert np.array_equal(a, b)
    assert random_state.draw(5).tolist() == [5, 0]
    assert random_state.draw(2**32 + 5).tolist() == [5, 0]


def test_words_are_seeds():
    words = convert_to_tensor(np.array([3, 4], np.uint32))
    assert np.asarray(random_state.draw(words)).tolist() == [3, 4]
    assert np.asarray(random_state.draw(np.uint32(3))).tolist() == [3, 0]
    same = [cornu.random.uniform((2,), seed=words).numpy() for _ in range(2)]
    assert np.array_equal(*same)


def test_host_generator():
    assert random_state.host_rng(3).integers(1 << 30) == random_state.host_rng(3).integers(1 << 30)
    seeds = SeedGenerator(3)
    first, second = (random_state.host_rng(seeds).integers(1 << 30) for _ in range(2))
    assert first != second and seeds.state.numpy().tolist() == [3, 2]


def test_default_seed_follows_python():
    random.seed(1)
    first = random_state.default_seed()
    random.seed(1)
    assert random_state.default_seed() == first and 1 <= first <= 10**9


def test_forget_draws_a_new_global_generator():
    random_state.forget()
    assert random_state.global_generator() is random_state.global_generator()


def test_state_is_a_variable_that_does_not_train():
    seeds = SeedGenerator(2, name="mine")
    assert (seeds.state.path, seeds.state.trainable) == ("mine/seed_generator_state", False)
