"""tf.random: streams in compiled functions and training, sentences for bad input. The numbers are in tests/golden."""

import random as python_random

import numpy as np
import pytest

import cornu
from cornu import ops
from cornu.core import config, global_seed, keras2_seeds, philox
from cornu.tf import random


@pytest.fixture(autouse=True)
def _restored():
    random.set_seed(4)
    yield
    config.set_style("keras3")
    global_seed.set_global_seed(None)
    keras2_seeds.forget()


def test_a_function_draws_anew_at_every_call_and_begins_again_with_the_seed():
    f = cornu.function(lambda: random.uniform([3]))
    first, second = f().numpy(), f().numpy()
    assert not np.array_equal(first, second)
    random.set_seed(4)
    assert np.array_equal(f().numpy(), first) and np.array_equal(f().numpy(), second)
    assert np.array_equal(random.uniform([3], seed=0).numpy(), first)  # op seeds in functions are 0, 1, ...


def test_a_function_traced_for_another_shape_goes_on_in_its_streams():
    f = cornu.function(lambda x: x * 0 + random.uniform([1]))
    found = [float(f(ops.zeros(n)).numpy()[0]) for n in (2, 3, 2)]
    random.set_seed(4)
    assert found == [float(random.uniform([1], seed=0)[0]) for _ in range(3)]


def test_loops_and_branches_draw_anew():
    @cornu.function
    def walk(flag):
        start = random.uniform([1], seed=8)
        _, total = ops.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t + random.uniform([1])), (0, ops.zeros(1)))
        chosen = ops.cond(flag, lambda: random.uniform([1]), lambda: random.uniform([1]) + 10)
        return start, total, chosen

    stream = lambda seed, count: [float(random.uniform([1], seed=seed)[0]) for _ in range(count)]
    flag = ops.convert_to_tensor(True)
    found = [np.concatenate([x.numpy() for x in walk(flag)]) for _ in range(2)]
    random.set_seed(4)
    in_loop, starts = stream(0, 6), stream(8, 2)
    np.testing.assert_allclose([found[0][1], found[1][1]], [sum(in_loop[:3]), sum(in_loop[3:])], rtol=1e-6)
    assert [found[0][0], found[1][0]] == starts
    assert found[0][2] != found[1][2] and 10 < walk(ops.convert_to_tensor(False))[2].numpy() < 11


def test_without_any_seed_numbers_differ():
    global_seed.set_global_seed(None)
    assert random.uniform([2]).numpy().tolist() != random.uniform([2]).numpy().tolist()
    f = cornu.function(lambda: (random.uniform([1]), random.uniform([1])))
    a, b = f()
    assert a.numpy() != b.numpy()


def test_a_layer_draws_anew_in_every_step_of_fit():
    class Noise(cornu.layers.Layer):
        def build(self, shape):
            self.seen = self.add_weight(name="seen", shape=(), initializer="zeros", trainable=False)

        def call(self, x):
            noise = random.normal([1])
            self.seen.assign_add(ops.sum(noise))
            return x + noise

    model = cornu.Sequential([cornu.layers.Input((2,)), Noise(), cornu.layers.Dense(1)])
    model.compile("sgd", "mse")
    random.set_seed(4)
    model.fit(np.ones((8, 2), "float32"), np.ones((8, 1), "float32"), batch_size=2, epochs=1, verbose=0)
    random.set_seed(4)
    expected = sum(float(random.normal([1], seed=0)[0]) for _ in range(4))
    np.testing.assert_allclose(float(model.layers[0].seen.numpy()), expected, rtol=1e-5)


def test_gradients_reach_mean_and_deviation():
    mean, deviation = cornu.Variable(1.0), cornu.Variable(2.0)
    with cornu.GradientTape(persistent=True) as tape:
        x = random.normal([3], mean, deviation, seed=1)
        y = ops.sum(x)
    random.set_seed(4)
    drawn = random.normal([3], seed=1).numpy()
    assert tape.gradient(y, mean).numpy() == 3
    np.testing.assert_allclose(tape.gradient(y, deviation).numpy(), drawn.sum(), rtol=1e-6)
    np.testing.assert_allclose(x.numpy(), drawn * 2 + 1, rtol=1e-6)


def test_shapes_come_as_tensors_too():
    assert random.uniform(ops.convert_to_tensor([2, 3])).shape == (2, 3)
    assert random.uniform((), seed=1).shape == ()
    assert random.gamma([2], [[1.0, 2.0]], [[3.0], [4.0]]).shape == (2, 2, 2)


def test_shuffle_takes_text_and_keeps_rows_together():
    words = ops.convert_to_tensor(["a", "b", "c", "d"])
    assert sorted(random.shuffle(words).numpy().tolist()) == sorted(words.numpy().tolist())
    rows = random.shuffle(np.arange(20).reshape(10, 2)).numpy()
    assert (rows[:, 1] == rows[:, 0] + 1).all() and sorted(rows[:, 0]) == list(range(0, 20, 2))
    assert random.shuffle(3).numpy() == 3
    assert sorted(random.experimental.stateless_shuffle(np.arange(9), [1, 2]).numpy()) == list(range(9))


def test_candidates():
    random.set_seed(3)
    found = random.log_uniform_candidate_sampler([[1, 2], [3, 4]], 2, 5, True, 10, seed=5)
    assert found.sampled_candidates.numpy().tolist() == [0, 1, 4, 5, 6]  # recorded from TensorFlow, as all here
    np.testing.assert_allclose(
        found.true_expected_count, [[0.67090797, 0.5355096], [0.44348505, 0.37779146]], rtol=1e-6
    )
    again = random.log_uniform_candidate_sampler([[1, 2], [3, 4]], 2, 5, True, 10, seed=5)
    assert again.sampled_candidates.numpy().tolist() == [0, 4, 2, 1, 3]
    found = random.log_uniform_candidate_sampler([[1, 2]], 2, 5, False, 10, seed=5)
    assert found.sampled_candidates.numpy().tolist() == [0, 0, 1, 4, 5]
    np.testing.assert_allclose(found.sampled_expected_count.numpy()[:3], [1.4453242, 1.4453242, 0.8454604], rtol=1e-6)
    for unique, first, second in [(True, [9, 8, 2, 5, 0], [5, 6, 4, 9, 0]), (False, [9, 8, 2, 5, 0], [5, 6, 5, 5, 4])]:
        draw = lambda u=unique: random.uniform_candidate_sampler([[1]], 1, 5, u, 10, seed=5)
        found = draw()
        assert found.sampled_candidates.numpy().tolist() == first and draw()[0].numpy().tolist() == second
        assert found.true_expected_count.numpy().tolist() == [[0.5]]
    sample = cornu.function(lambda true: random.log_uniform_candidate_sampler(true, 1, 5, True, 10, seed=5))
    random.set_seed(3)
    first, second = sample(ops.convert_to_tensor([[1]])), sample(ops.convert_to_tensor([[1]]))
    assert first[0].numpy().tolist() == [0, 1, 4, 5, 6] and second[0].numpy().tolist() == [0, 4, 2, 1, 3]
    np.testing.assert_allclose(first[1].numpy(), [[0.67090797]], rtol=1e-6)


def test_generators():
    generator = random.Generator.from_seed(7)
    f = cornu.function(lambda: generator.uniform([2]))
    found = [f().numpy().tolist(), generator.uniform([2]).numpy().tolist()]
    generator.reset_from_seed(7)
    assert found == [generator.uniform([2]).numpy().tolist() for _ in range(2)]
    assert generator.algorithm == 1 and generator.key.numpy() == 0
    assert generator.skip(3).numpy().tolist() == [1031, 0, 0] and generator.state.numpy().tolist() == [1799, 0, 0]
    parts = generator.split(2)
    assert parts[0].state.numpy()[2] != parts[1].state.numpy()[2]
    assert random.Generator(copy_from=generator).state.numpy().tolist() == generator.state.numpy().tolist()
    generator.reset_from_key_counter(7, [1, 2])
    assert generator.state.numpy().tolist() == [1, 2, 7]
    generator.reset([4, 5, 6])
    assert generator.key.numpy() == 6
    assert random.Generator.from_key_counter(7, [1, 2], "philox").state.numpy().tolist() == [1, 2, 7]
    assert random.create_rng_state(2**64 + 5, "threefry").tolist() == [5, 1]
    random.set_global_generator(generator)
    assert random.get_global_generator() is generator


def test_initial_weights_in_style_tf2(monkeypatch):
    config.set_style("tf2")
    keras2_seeds.forget()
    monkeypatch.setattr(keras2_seeds, "_UNTOUCHED", python_random.getstate())
    random.set_seed(5)
    first = cornu.initializers.GlorotUniform()((3, 2)).numpy()
    random.set_seed(5)
    initializer = cornu.initializers.GlorotUniform()
    assert np.array_equal(initializer((3, 2)).numpy(), first) and np.array_equal(initializer((3, 2)).numpy(), first)
    assert initializer.get_config()["seed"] is None
    random.set_seed(5)
    python_random.seed(8)  # from then on Python's generator decides, as in tf.keras
    assert cornu.initializers.GlorotUniform().keras2_state().tolist() == philox.from_seed_pair((243423565, 0)).tolist()
    assert cornu.initializers.RandomUniform(0, 10, seed=4)((4,), dtype="int32").numpy().tolist() == [7, 5, 4, 2]
    basis = cornu.initializers.Orthogonal(seed=4)((6, 3)).numpy()
    np.testing.assert_allclose(basis.T @ basis, np.eye(3), atol=1e-6)


@pytest.mark.parametrize("call, message", [
    (lambda: random.uniform([2], dtype="int32"), "Must specify maxval for integer dtype int32"),
    (lambda: random.uniform([2], 5, 3, "int32"), "Expected minval < maxval; received minval=5 and maxval=3"),
    (lambda: random.uniform([2], 0.0, 3, "int32"), "Expected minval as an integer for the dtype int32; received 0.0"),
    (lambda: random.uniform([2], dtype="uint8", maxval=4), "expects a dtype among float16, .*received 'uint8'"),
    (lambda: random.uniform([-1]), "Expected sizes of 0 or more"),
    (lambda: random.uniform(2), r"Expected a shape as a list or tuple, such as \[2\]; received 2"),
    (lambda: random.normal([2, None]), "Expected a shape without None"),
    (lambda: random.normal([2], dtype="int32"), "tf.random.normal expects a dtype among"),
    (lambda: random.normal([2], seed="a"), "Expected `seed` as an integer or None; received 'a'"),
    (lambda: random.set_seed("a"), "Expected an integer seed; received 'a'"),
    (lambda: random.categorical([0.0, 1.0], 2), r"Expected logits of shape \(batch, classes\); received shape \(2,\)"),
    (lambda: random.stateless_uniform([2], [1, 2, 3]), r"Expected `seed` as two integers such as \[1, 2\]; received \[1, 2, 3\]"),
    (lambda: random.stateless_uniform([2], [1.0, 2.0]), "Expected `seed` as two integers"),
    (lambda: random.stateless_uniform([2], [1, 2], 0, 9, "uint32"), "Expected minval=None and maxval=None for uint32"),
    (lambda: random.stateless_uniform([2], [1, 2], dtype="int32"), "minval and maxval must be both None or both"),
    (lambda: random.stateless_normal([2], [1, 2], alg="x"), "Expected alg as 'philox', .*; received 'x'"),
    (lambda: random.stateless_normal([2], [1, 2], alg="threefry"), "Expected the algorithm 'philox' to draw numbers"),
    (lambda: random.stateless_gamma([3, 3], [1, 2], [1.0, 2.0]), r"ends with that of alpha and beta, \(2,\); received \(3, 3\)"),
    (lambda: random.stateless_binomial([3], [1, 2], [1.0, 2.0], 0.5), r"ends with that of counts and probs, \(2,\)"),
    (lambda: random.uniform_candidate_sampler([[1]], 1, 5, True, 3), "Expected at most 3 unique samples of 3 classes"),
    (lambda: random.uniform_candidate_sampler([1], 1, 5, True, 9), r"Expected true_classes of shape \(batch, 1\); received"),
    (lambda: random.Generator(), "Expected either copy_from, a Generator, or state and alg"),
    (lambda: random.Generator(copy_from=1), "Expected copy_from as a Generator; received 1"),
    (lambda: random.Generator.from_state([1, 2], "philox"), "Expected a state of 3 integers for PHILOX; received shape"),
    (lambda: random.Generator.from_seed(1.5), "Expected a seed as an integer or a list of up to 3 integers; received 1.5"),
    (lambda: random.set_global_generator(3), "Expected a tf.random.Generator; received 3"),
])  # fmt: skip
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
