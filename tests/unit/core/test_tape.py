"""GradientTape against analytic and numeric derivatives."""

import numpy as np
import pytest

import cornu
from cornu import GradientTape, Variable, convert_to_tensor, layers, ops
from cornu.core import tape as tape_module


def numeric(function, variable, step=1e-2):
    """The gradient of a scalar function of a variable by central differences."""
    base = variable.numpy().copy()
    out = np.zeros_like(base, dtype=np.float64)
    for index in np.ndindex(base.shape):
        for sign in (1, -1):
            moved = base.copy()
            moved[index] += sign * step
            variable.assign(moved)
            out[index] += sign * float(function()) / (2 * step)
    variable.assign(base)
    return out


def test_gradient_of_a_square():
    w = Variable(3.0)
    with GradientTape() as tape:
        y = w * w
    assert tape.gradient(y, w).numpy() == 6.0


def test_gradient_of_a_network_is_numeric():
    model = cornu.Sequential([layers.Input((2,)), layers.Dense(3, activation="tanh"), layers.Dense(1)])
    x = np.array([[0.5, -1.0], [1.5, 0.25]], np.float32)

    def loss():
        return ops.mean(ops.square(model(x)))

    with GradientTape() as tape:
        value = loss()
    gradients = tape.gradient(value, model.trainable_variables)
    for gradient, variable in zip(gradients, model.trainable_variables, strict=True):
        np.testing.assert_allclose(gradient.numpy(), numeric(loss, variable), rtol=2e-2, atol=1e-4)


def test_structure_of_sources_is_kept():
    a, b = Variable(2.0), Variable(5.0)
    with GradientTape() as tape:
        y = a * b
    found = tape.gradient(y, {"one": a, "two": [b, (a,)]})
    assert float(found["one"]) == 5.0 and float(found["two"][0]) == 2.0 and float(found["two"][1][0]) == 5.0


def test_source_given_twice():
    w = Variable(2.0)
    with GradientTape() as tape:
        y = w * w
    assert [float(g) for g in tape.gradient(y, [w, w])] == [4.0, 4.0]


def test_several_targets_are_summed():
    w = Variable([1.0, 2.0])
    with GradientTape() as tape:
        y, z = w * w, w * 3
    np.testing.assert_array_equal(tape.gradient([y, z], w), [5.0, 7.0])


def test_same_target_twice_counts_twice():
    w = Variable(2.0)
    with GradientTape() as tape:
        y = w * w
    assert float(tape.gradient([y, y], w)) == 8.0


def test_output_gradients_weight_the_targets():
    w = Variable([1.0, 2.0])
    with GradientTape() as tape:
        y = w * w
    np.testing.assert_array_equal(tape.gradient(y, w, output_gradients=convert_to_tensor([10.0, 100.0])), [20.0, 400.0])


def test_number_of_output_gradients_is_checked():
    w = Variable(1.0)
    with GradientTape() as tape:
        y = w * w
    with pytest.raises(ValueError, match="Expected 1 output_gradients; received 2"):
        tape.gradient(y, w, output_gradients=[1.0, 2.0])


def test_constants_that_are_not_watched_give_none():
    w, fixed, c = Variable(3.0), Variable(2.0, trainable=False), convert_to_tensor(2.0)
    with GradientTape() as tape:
        y = w * c * fixed
    found = tape.gradient(y, [w, c, fixed])
    assert float(found[0]) == 4.0 and found[1] is None and found[2] is None


def test_watched_tensor():
    x = convert_to_tensor([1.0, 2.0])
    with GradientTape() as tape:
        tape.watch(x)
        y = x**3
    np.testing.assert_array_equal(tape.gradient(y, x), [3.0, 12.0])


def test_watch_refuses_numbers():
    with (
        GradientTape() as tape,
        pytest.raises(TypeError, match="Expected a tensor or variable to watch; received float"),
    ):
        tape.watch(3.0)


def test_watching_integers_warns_and_gives_none():
    x = convert_to_tensor(3)
    with GradientTape() as tape:
        with pytest.warns(UserWarning, match="A watched tensor should be floating; this one is int32"):
            tape.watch(x)
        y = ops.cast(x, "float32") * 2
    assert tape.gradient(y, x) is None


def test_integer_target_warns_and_gives_none():
    w = Variable(3.0)
    with GradientTape() as tape:
        y = ops.cast(w * 2, "int32")
    with pytest.warns(UserWarning, match="The target of a gradient should be floating; this one is int32"):
        assert tape.gradient(y, w) is None


def test_stop_gradient_cuts():
    w = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        y = w * ops.stop_gradient(w)
        z = ops.stop_gradient(w) * 2
    assert float(tape.gradient(y, w)) == 2.0
    assert tape.gradient(z, w) is None


def test_unconnected_gradients():
    w, v = Variable([1.0, 2.0]), Variable([[1.0]])
    with GradientTape(persistent=True) as tape:
        y = ops.sum(w)
    assert tape.gradient(y, v) is None
    np.testing.assert_array_equal(tape.gradient(y, v, unconnected_gradients="zero"), [[0.0]])
    with pytest.raises(ValueError, match="Expected unconnected_gradients to be 'none' or 'zero'; received 'foo'"):
        tape.gradient(y, v, unconnected_gradients="foo")


def test_second_use_is_refused_unless_persistent():
    w = Variable(2.0)
    with GradientTape() as tape:
        y = w * w
    tape.gradient(y, w)
    with pytest.raises(RuntimeError, match="gives gradients once. Make it with persistent=True"):
        tape.gradient(y, w)
    with GradientTape(persistent=True) as tape:
        y = w * w
        z = y * w
    assert (float(tape.gradient(y, w)), float(tape.gradient(z, w))) == (4.0, 12.0)


def test_sources_must_be_tensors():
    w = Variable(2.0)
    with GradientTape() as tape:
        y = w * w
    with pytest.raises(TypeError, match="Expected variables or tensors as sources of a gradient; received str"):
        tape.gradient(y, ["w"])


def test_intermediate_tensor_and_its_upstream_together():
    w = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        a = w * w
        b = a * a * a
    by_a, by_w = tape.gradient(b, [a, w])
    assert (float(by_a), float(by_w)) == (48.0, 192.0)
    assert (float(tape.gradient(b, a)), float(tape.gradient(b, w))) == (48.0, 192.0)
    assert float(tape.gradient(a, a)) == 1.0


def test_intermediate_infinity_stays_finite_in_the_gradient():
    w = Variable(0.0)
    with GradientTape() as tape:
        a = w - np.inf
        b = a * 2
    assert [float(g) for g in tape.gradient(b, [a, w])] == [2.0, 2.0]


def test_target_that_is_the_source():
    w = Variable(2.0)
    with GradientTape() as tape:
        pass
    assert float(tape.gradient(w, w)) == 1.0


def test_variable_assigned_inside_the_tape():
    w = Variable(3.0)
    with GradientTape() as tape:
        y = w * w
        w.assign(5.0)
        z = y + w * w * w
    assert float(tape.gradient(z, w)) == 2 * 3 + 3 * 25


def test_two_variables_sharing_one_array():
    w, target = Variable([1.0, 2.0]), Variable([0.0, 0.0])
    target.assign(w)
    with GradientTape() as tape:
        y = ops.sum(w * w * target)
    by_w, by_target = tape.gradient(y, [w, target])
    np.testing.assert_array_equal(by_w, [2.0, 8.0])
    np.testing.assert_array_equal(by_target, [1.0, 4.0])


def test_value_of_a_variable_as_source():
    w = Variable(3.0)
    with GradientTape() as tape:
        v = w.value
        y = v * v
    assert [float(g) for g in tape.gradient(y, [v, w])] == [6.0, 6.0]


def test_lists_of_variables_are_stacked_on_the_tape():
    a, b = Variable(2.0), Variable(3.0)
    with GradientTape() as tape:
        y = ops.sum(ops.stack([a, b * b])) + ops.sum(convert_to_tensor([a, b]))
    assert [float(g) for g in tape.gradient(y, [a, b])] == [2.0, 7.0]


def test_watched_variables_in_order_of_reading():
    a, b, fixed = Variable(1.0), Variable(2.0), Variable(3.0, trainable=False)
    with GradientTape() as tape:
        b * fixed * a
    assert [v is w for v, w in zip(tape.watched_variables(), (b, a), strict=True)] == [True, True]


def test_watch_accessed_variables_off():
    w, v = Variable(2.0), Variable(3.0)
    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(w)
        y = w * v
    assert float(tape.gradient(y, w)) == 3.0
    assert tape.watched_variables() == () or tape.watched_variables()[0] is w


def test_stop_recording():
    w = Variable(2.0)
    with GradientTape() as tape:
        y = w * w
        with tape.stop_recording():
            z = w * w * w
        total = y + z
    assert float(tape.gradient(total, w)) == 4.0


def test_reset_forgets():
    w = Variable(2.0)
    with GradientTape() as tape:
        y = w * w
        tape.reset()
        z = w * 3
    assert float(tape.gradient(z, w)) == 3.0
    with GradientTape() as tape:
        y = w * w
        tape.reset()
    assert tape.gradient(y, w) is None


def test_tape_cannot_be_entered_twice_at_once():
    with GradientTape() as tape, pytest.raises(RuntimeError, match="recording already"), tape:
        pass


def test_recording_can_go_on_in_a_second_block():
    w = Variable(2.0)
    tape = GradientTape()
    with tape:
        a = w * w
    b = a * 5  # outside: a constant for the tape
    with tape:
        c = a * w + b
    assert float(tape.gradient(c, w)) == 12.0


def test_second_derivative():
    w = Variable(2.0)
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = w**3
        first = inner.gradient(y, w)
    assert (float(first), float(outer.gradient(first, w))) == (12.0, 12.0)


def test_third_derivative():
    x = convert_to_tensor(2.0)
    with GradientTape() as a:
        a.watch(x)
        with GradientTape() as b:
            b.watch(x)
            with GradientTape() as c:
                c.watch(x)
                y = x**4
            first = c.gradient(y, x)
        second = b.gradient(first, x)
    assert (float(first), float(second), float(a.gradient(second, x))) == (32.0, 48.0, 48.0)


def test_persistent_tape_differentiates_its_own_gradient():
    w = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        y = w**3
        first = tape.gradient(y, w)
    assert float(tape.gradient(first, w)) == 12.0


def test_second_derivative_through_output_gradients():
    w, u = Variable(2.0), Variable(7.0)
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = w * w
        g = inner.gradient(y, w, output_gradients=u * 1.0)
    assert [float(x) for x in outer.gradient(g, [w, u])] == [14.0, 4.0]


def test_gradient_penalty_is_numeric():
    critic = cornu.Sequential([layers.Input((2,)), layers.Dense(3, activation="tanh"), layers.Dense(1)])
    x = convert_to_tensor(np.array([[0.3, -0.6], [1.0, 0.5]], np.float32))

    def penalty():
        with GradientTape() as tape:
            tape.watch(x)
            y = critic(x)
        norm = ops.sqrt(ops.sum(ops.square(tape.gradient(y, x)), axis=1))
        return ops.mean(ops.square(norm - 1.0))

    with GradientTape() as tape:
        value = penalty()
    kernel = critic.trainable_variables[0]
    np.testing.assert_allclose(tape.gradient(value, kernel), numeric(penalty, kernel), rtol=2e-2, atol=1e-3)


def test_two_tapes_side_by_side():
    generator, discriminator = layers.Dense(2), layers.Dense(1)
    noise, real = np.ones((3, 2), np.float32), np.full((3, 2), 2.0, np.float32)
    with GradientTape() as g_tape, GradientTape() as d_tape:
        fake = discriminator(generator(noise))
        g_loss = ops.mean(fake)
        d_loss = ops.mean(fake) - ops.mean(discriminator(real))
    by_generator = g_tape.gradient(g_loss, generator.trainable_variables)
    by_discriminator = d_tape.gradient(d_loss, discriminator.trainable_variables)
    np.testing.assert_allclose(by_generator[1], discriminator.kernel.numpy()[:, 0], rtol=1e-6)
    expected = (generator(noise).numpy() - real).mean(axis=0)[:, None]
    np.testing.assert_allclose(by_discriminator[0], expected, rtol=1e-5)
    np.testing.assert_allclose(by_discriminator[1], [0.0], atol=1e-6)


def test_complex_gradient_follows_tensorflow():
    z = Variable(2.0 + 1j)
    with GradientTape() as tape:
        y = z * z
    assert complex(tape.gradient(y, z)) == 4.0 - 2.0j


def test_jacobian_by_tensor_and_variable():
    x, w = convert_to_tensor([1.0, 2.0, 3.0]), Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = ops.matmul(x * x, w)
    by_x, by_w = tape.jacobian(y, [x, w])
    np.testing.assert_allclose(by_x, 2 * x.numpy() * w.numpy().T)
    np.testing.assert_allclose(by_w, np.einsum("ij,k->ikj", np.eye(2), x.numpy() ** 2))
    assert tape.jacobian(y, Variable(1.0)) is None
    assert tape.jacobian(y, Variable([1.0] * 5), unconnected_gradients="zero").shape == (2, 5)


def test_jacobian_gives_the_hessian():
    x = convert_to_tensor([1.0, 2.0])
    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            inner.watch(x)
            y = ops.sum(x**3) + x[0] * x[1]
        first = inner.gradient(y, x)
    np.testing.assert_allclose(outer.jacobian(first, x), [[6.0, 1.0], [1.0, 12.0]], rtol=1e-6)


def test_gradient_of_a_jacobian():
    x = convert_to_tensor([1.0, 2.0])
    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            inner.watch(x)
            y = x**3
        total = ops.sum(inner.jacobian(y, x))
    np.testing.assert_allclose(outer.gradient(total, x), [6.0, 12.0], rtol=1e-6)


def test_batch_jacobian():
    x = convert_to_tensor(np.arange(6, dtype=np.float32).reshape(3, 2))
    with GradientTape() as tape:
        tape.watch(x)
        y = ops.stack([x[:, 0] * x[:, 1], x[:, 0] ** 2, x[:, 1]], axis=1)
    a, b = x.numpy().T
    zero, one = np.zeros(3), np.ones(3)
    expected = np.stack([[b, a], [2 * a, zero], [zero, one]]).transpose(2, 0, 1)
    np.testing.assert_allclose(tape.batch_jacobian(y, x), expected, rtol=1e-6)


def test_batch_jacobian_needs_equal_rows():
    x = Variable(np.ones((3, 2), np.float32))
    with GradientTape() as tape:
        y = ops.reshape(x, (2, 3))
    with pytest.raises(ValueError, match=r"the same number of rows; received shapes \(2, 3\) and \(3, 2\)"):
        tape.batch_jacobian(y, x)


def test_inside_a_compiled_function():
    w = Variable(3.0)

    @cornu.function
    def derivative(x):
        with GradientTape() as tape:
            y = w * w * x
        return tape.gradient(y, w)

    assert (float(derivative(convert_to_tensor(2.0))), float(derivative(convert_to_tensor(3.0)))) == (12.0, 18.0)
    w.assign(1.0)
    assert float(derivative(convert_to_tensor(2.0))) == 4.0


def test_outside_of_a_compiled_function():
    w = Variable(3.0)

    class Net(cornu.Model):
        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                loss = ops.mean(ops.square(self(x, training=True) - y))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"loss": loss, "gradient": gradients[0][0, 0]}

        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1, use_bias=False, kernel_initializer="ones")

        def call(self, x):
            return self.dense(x)

    model = Net()
    model.compile(cornu.optimizers.SGD(0.1))
    history = model.fit(np.full((4, 1), 2.0, np.float32), np.zeros((4, 1), np.float32), batch_size=4, verbose=0)
    assert history.history["gradient"] == [8.0]  # 2 * w * x**2 at w = 1, x = 2
    np.testing.assert_allclose(model.dense.kernel.numpy(), [[0.2]], rtol=1e-6)
    assert float(w) == 3.0


def test_mixed_precision_gradients_have_the_dtype_of_the_variables():
    dense = layers.Dense(3, dtype="mixed_bfloat16")
    with GradientTape() as tape:
        y = dense(np.ones((2, 4), np.float32))
        total = ops.sum(y)
    kernel, bias = tape.gradient(total, dense.trainable_variables)
    assert (y.dtype, kernel.dtype, bias.dtype) == ("bfloat16", "float32", "float32")
    np.testing.assert_array_equal(bias, [2.0, 2.0, 2.0])


def test_bfloat16_variable():
    w = Variable([1.0, 2.0], dtype="bfloat16")
    with GradientTape() as tape:
        y = w * w
    gradient = tape.gradient(y, w)
    assert gradient.dtype == "bfloat16"
    np.testing.assert_array_equal(np.asarray(gradient, np.float32), [2.0, 4.0])


def test_same_structure_is_compiled_once():
    w = Variable([1.0, 2.0])
    tape_module._GRADIENTS.clear()
    for step in range(3):
        with GradientTape() as tape:
            y = ops.sum(w * w)
        np.testing.assert_array_equal(tape.gradient(y, w), 2 * w.numpy())
        w.assign_add([1.0, float(step)])
    assert len(tape_module._GRADIENTS) == 1
    assert next(iter(tape_module._GRADIENTS.values())).compiled._cache_size() == 1


def test_compiled_gradients_are_bounded(monkeypatch):
    monkeypatch.setattr(tape_module, "_MOST", 2)
    tape_module._GRADIENTS.clear()
    w = Variable(1.0)
    for power in range(1, 5):
        with GradientTape() as tape:
            y = ops.stop_gradient(w * 2.0)
            for _ in range(power):
                y = y * w
        assert float(tape.gradient(y, w)) == 2.0 * power
    assert len(tape_module._GRADIENTS) == 2


def test_nothing_is_recorded_outside():
    w = Variable(2.0)
    y = w * w
    with GradientTape() as tape:
        z = y * 3
    assert tape.gradient(z, w) is None
