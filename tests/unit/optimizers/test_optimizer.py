"""What all optimizers promise, in one table, and what the base class does."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cornu import constraints, optimizers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core.scopes import FunctionalScope
from cornu.core.tape import GradientTape
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable

ALL = sorted(set(optimizers.OPTIMIZERS) - {"LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"})
EXTRAS = {"use_ema": True, "ema_overwrite_frequency": 2, "gradient_accumulation_steps": 2, "global_clipnorm": 0.5}
OPTIONS = {"plain": {}, "with everything": EXTRAS | {"weight_decay": 0.01}}


def weights(dtype="float32"):
    return [
        Variable(np.linspace(-1, 1, 6).reshape(2, 3), dtype=dtype, name="kernel"),
        Variable(np.zeros(3), dtype=dtype, name="bias"),
    ]


def gradients(step, dtype=np.float32):
    rng = np.random.default_rng(step)
    return [rng.normal(size=(2, 3)).astype(dtype), rng.normal(size=3).astype(dtype)]


def steps(optimizer, variables, count=4):
    for k in range(count):
        optimizer.apply(gradients(k), variables)
    return [v.numpy() for v in variables]


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("name", ALL)
class TestEveryOptimizer:
    def test_stateless_and_traced_steps_give_the_eager_values(self, name, options):
        make = optimizers.OPTIMIZERS.find(name)
        eager = weights()
        optimizer = make(learning_rate=0.1, **options)
        expected = steps(optimizer, eager)

        pure = make(learning_rate=0.1, **options)
        pure.build(weights())
        state, values = [v.value for v in pure.variables], [v.value for v in weights()]
        apply = jax.jit(pure.stateless_apply)
        for k in range(4):
            values, state = apply(state, gradients(k), values)
        for ours, theirs in zip(values, expected, strict=True):
            np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-5, atol=1e-7)

        traced, variables = make(learning_rate=0.1, **options), weights()
        traced.build(variables)
        everything = traced.variables + variables

        @jax.jit
        def run(arrays, grads):
            with FunctionalScope(zip(everything, arrays, strict=True)) as scope:
                traced.apply_gradients(zip(grads, variables, strict=True))
                return [scope.value_of(v) for v in everything]

        arrays = [v._read() for v in everything]
        for k in range(4):
            arrays = run(arrays, gradients(k))
        for ours, theirs in zip(arrays[-2:], expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
        np.testing.assert_array_equal(variables[1].numpy(), np.zeros(3))  # nothing was assigned outside of the scope

    def test_the_second_step_compiles_nothing_and_keeps_dtypes(self, name, options):
        optimizer, variables = optimizers.OPTIMIZERS.find(name)(learning_rate=0.1, **options), weights()
        steps(optimizer, variables)
        (compiled,) = optimizer._compiled.values()
        assert compiled._cache_size() == 1
        dtypes = [v._stored.dtype for v in (*optimizer.variables, *variables)]
        assert dtypes == [np.dtype(v.dtype.name) for v in (*optimizer.variables, *variables)]

    def test_state_round_trip_continues_the_same(self, name, options):
        make = optimizers.OPTIMIZERS.find(name)
        first, variables = make(learning_rate=0.1, **options), weights()
        steps(first, variables, 3)
        store = {}
        first.save_own_variables(store)
        assert list(store) == [str(k) for k in range(len(first.variables))]
        twin, twins = make.from_config(first.get_config()), weights()
        twin.build(twins)
        twin.load_own_variables(store)
        for ours, theirs in zip(twins, variables, strict=True):
            ours.assign(theirs)
        for ours, theirs in zip(steps(twin, twins), steps(first, variables), strict=True):
            np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
@pytest.mark.parametrize("name", ALL)
def test_other_dtypes_are_kept(name, dtype):
    optimizer, variables = optimizers.OPTIMIZERS.find(name)(learning_rate=0.1), weights(dtype)
    values = steps(optimizer, variables, 2)
    assert all(v.dtype.name == dtype == v._stored.dtype.name for v in variables)
    assert all(np.isfinite(v.astype("float32")).all() for v in values)


def test_float64_steps_are_computed_in_float64():
    v = Variable(np.array([1.0]), dtype="float64")
    optimizers.SGD(0.5).apply([np.array([1e-12])], [v])
    assert v.numpy()[0] == 1.0 - 0.5e-12


class TestLearningRate:
    def test_it_is_a_variable_that_can_be_set(self):
        optimizer, (v, _) = optimizers.SGD(0.5), weights()
        optimizer.apply([np.ones((2, 3), np.float32)], [v])
        optimizer.learning_rate = 0.25
        before = v.numpy()
        optimizer.apply([np.ones((2, 3), np.float32)], [v])
        np.testing.assert_allclose(before - v.numpy(), 0.25, rtol=1e-6)
        assert optimizer.lr is optimizer.learning_rate
        optimizer.lr.assign(0.125)
        assert optimizer.get_config()["learning_rate"] == 0.125

    def test_keras_2_names_mean_what_they_meant(self):
        optimizer, v = optimizers.SGD(lr=1.0, decay=1.0), Variable(np.zeros(1, np.float32))
        seen = []
        for _ in range(3):
            before = v.numpy()[0]
            optimizer.apply([np.ones(1, np.float32)], [v])
            seen.append(before - v.numpy()[0])
        np.testing.assert_allclose(seen, [1, 1 / 2, 1 / 3], rtol=1e-6)
        assert optimizers.SGD.from_config(optimizer.get_config()).decay == 1.0

    def test_a_schedule_is_followed_and_cannot_be_overwritten_by_a_number(self):
        schedule = optimizers.schedules.PiecewiseConstantDecay([0], [1.0, 0.5])
        optimizer, v = optimizers.SGD(schedule), Variable(np.zeros(1, np.float32))
        for _ in range(2):
            optimizer.apply([np.ones(1, np.float32)], [v])
        assert v.numpy()[0] == -1.5
        assert float(optimizer.learning_rate) == 0.5
        with pytest.raises(InvalidTypeError, match="follows PiecewiseConstantDecay and cannot be set"):
            optimizer.learning_rate = 0.1

    def test_setting_a_schedule_removes_the_variable(self):
        optimizer, (v, _) = optimizers.Adam(0.1), weights()
        steps(optimizer, [v, weights()[1]], 1)
        optimizer.learning_rate = optimizers.schedules.PiecewiseConstantDecay([100], [0.0, 1.0])
        before = v.numpy()
        optimizer.apply([np.ones((2, 3), np.float32)], [v])
        np.testing.assert_array_equal(v.numpy(), before)
        assert [x.name for x in optimizer.variables][:2] == ["iteration", "kernel_momentum"]

    @pytest.mark.parametrize("kind", ["branching schedule", "function of the step", "function without arguments"])
    def test_schedules_of_plain_python_are_asked_every_step(self, kind):
        class Branching(optimizers.schedules.LearningRateSchedule):
            def __call__(self, step):
                return 1.0 if step < 2 else 0.5

        counter = iter([1.0, 1.0, 0.5, 0.5])
        rate = {
            "branching schedule": Branching(),
            "function of the step": lambda step: 1.0 if int(step) < 2 else 0.5,
            "function without arguments": lambda: next(counter),
        }[kind]
        optimizer, v = optimizers.SGD(rate), Variable(np.zeros(1, np.float32))
        for _ in range(4):
            optimizer.apply([np.ones(1, np.float32)], [v])
        assert v.numpy()[0] == -3.0

    def test_an_error_of_the_schedule_itself_is_shown(self):
        def broken(step):
            raise TypeError("my own mistake")

        with pytest.raises(TypeError, match="my own mistake"):
            optimizers.SGD(broken).apply([np.ones(1, np.float32)], [Variable(np.zeros(1, np.float32))])

    def test_what_is_no_rate_is_refused(self):
        with pytest.raises(InvalidArgumentError, match="Expected `learning_rate` as a number.*received 'fast'"):
            optimizers.Adam("fast")


class TestApplying:
    def test_changed_settings_count_at_the_next_step(self):
        optimizer, v = optimizers.SGD(1.0), Variable(np.zeros(1, np.float32))
        optimizer.apply([np.full(1, 4, np.float32)], [v])
        optimizer.clipvalue = 0.5
        optimizer.apply([np.full(1, 4, np.float32)], [v])
        assert v.numpy()[0] == -4.5

    def test_constraints_are_applied_after_the_step(self):
        v = Variable(np.array([1.0, 1.0], np.float32), constraint=constraints.NonNeg())
        optimizers.SGD(0.6).apply([np.array([1, 2], np.float32)], [v])
        np.testing.assert_allclose(v.numpy(), [0.4, 0.0], rtol=1e-6)

    def test_missing_gradients_are_left_out_with_one_warning(self):
        optimizer, (kernel, bias) = optimizers.Adam(0.1), weights()
        with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \['bias'\]"):
            optimizer.apply_gradients([(np.ones((2, 3), np.float32), kernel), (None, bias)])
        assert len(optimizer.variables) == 6
        np.testing.assert_array_equal(bias.numpy(), np.zeros(3))
        with pytest.raises(InvalidArgumentError, match="All 1 gradients are None"):
            optimizer.apply_gradients([(None, kernel)])

    def test_wrong_gradients_and_variables_are_named(self):
        optimizer, variables = optimizers.SGD(0.1), weights()
        with pytest.raises(FailedPreconditionError, match="Expected `trainable_variables`.*not built"):
            optimizer.apply(gradients(0))
        optimizer.build(variables)
        with pytest.raises(InvalidArgumentError, match="Expected one gradient per variable: 2; received 1"):
            optimizer.apply(gradients(0)[:1])
        with pytest.raises(
            InvalidArgumentError, match=r"shape \(2, 3\) for the variable 'kernel'; received shape \(3,\)"
        ):
            optimizer.apply(gradients(0)[::-1])
        with pytest.raises(InvalidArgumentError, match="built for 2 variables, and 'other' is none of them"):
            optimizer.apply([np.ones(1)], [Variable(np.ones(1), name="other")])
        with pytest.raises(InvalidArgumentError, match=r"Expected \(gradient, variable\) pairs; received none"):
            optimizer.apply_gradients([])
        with pytest.raises(InvalidArgumentError, match="Expected `optimizer_variables` with 2 entries; received 1"):
            optimizer.stateless_apply(optimizer.variables[:1], gradients(0), variables)

    def test_some_of_the_variables_may_be_given_in_any_order(self):
        optimizer, (kernel, bias) = optimizers.SGD(1.0, momentum=0.5), weights()
        optimizer.build([kernel, bias])
        optimizer.apply([np.ones(3, np.float32)], [bias])
        optimizer.apply([np.ones(3, np.float32), np.zeros((2, 3), np.float32)], [bias, kernel])
        np.testing.assert_array_equal(bias.numpy(), [-2.5] * 3)
        np.testing.assert_array_equal(kernel.numpy(), weights()[0].numpy())

    def test_iterations_count_steps(self):
        optimizer, variables = optimizers.Adam(), weights()
        result = optimizer.apply_gradients(zip(gradients(0), variables, strict=True))
        assert int(result) == int(optimizer.iterations) == 1
        assert optimizer.iterations.dtype == "int32"
        accumulating = optimizers.Adam(gradient_accumulation_steps=2)
        steps(accumulating, weights(), 3)
        assert int(accumulating.iterations) == 1

    def test_minimize_takes_a_function_or_a_tensor_with_its_tape(self):
        v = Variable(np.array([3.0], np.float32))
        optimizer = optimizers.SGD(0.1)
        optimizer.minimize(lambda: Tensor(jnp.float32(1)) * v * v, [v])
        np.testing.assert_allclose(v.numpy(), [2.4], rtol=1e-6)
        with GradientTape() as tape:
            loss = v * v
        optimizer.minimize(loss, [v], tape=tape)
        np.testing.assert_allclose(v.numpy(), [1.92], rtol=1e-6)
        with pytest.raises(InvalidArgumentError, match="received a tensor and no tape"):
            optimizer.minimize(loss, [v])

    def test_averages_are_taken_over_at_the_end(self):
        optimizer, v = optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5), Variable(np.zeros(1, np.float32))
        for _ in range(2):
            optimizer.apply([np.ones(1, np.float32)], [v])
        assert v.numpy()[0] == -2.0
        optimizer.finalize_variable_values([v])
        assert v.numpy()[0] == -1.5

    def test_weight_decay_spares_what_is_excluded(self):
        (kernel, bias), zero = weights(), [np.zeros((2, 3), np.float32), np.zeros(3, np.float32)]
        bias.assign([1.0, 1.0, 1.0])
        optimizer = optimizers.AdamW(0.1, weight_decay=0.5)
        optimizer.exclude_from_weight_decay(var_names=["bi"])
        optimizer.apply(zero, [kernel, bias])
        np.testing.assert_array_equal(bias.numpy(), [1, 1, 1])
        np.testing.assert_allclose(kernel.numpy(), weights()[0].numpy() * 0.95, rtol=1e-6)
        optimizer.exclude_from_weight_decay(var_list=[kernel])
        before = kernel.numpy()
        optimizer.apply(zero, [kernel, bias])
        np.testing.assert_array_equal(kernel.numpy(), before)
        np.testing.assert_allclose(bias.numpy(), 0.95, rtol=1e-6)

    def test_loss_is_scaled(self):
        assert float(optimizers.SGD(loss_scale_factor=4.0).scale_loss(2.5)) == 10.0
        assert optimizers.SGD().scale_loss(2.5) == 2.5


class TestArguments:
    def test_unknown_ones_get_the_nearest(self):
        with pytest.raises(InvalidArgumentError, match="Adam got the unknown argument 'bta_1'. Did you mean 'beta_1'"):
            optimizers.Adam(bta_1=0.5)

    @pytest.mark.parametrize(
        "arguments, sentence",
        [
            ({"clipnorm": 1.0, "clipvalue": 1.0}, "at most one of clipnorm, clipvalue and global_clipnorm"),
            ({"gradient_accumulation_steps": 1}, "`gradient_accumulation_steps` as an integer of 2 or more"),
            ({"use_ema": True, "ema_momentum": 2}, "`ema_momentum` as a number between 0 and 1"),
            ({"use_ema": True, "ema_overwrite_frequency": 0}, "`ema_overwrite_frequency` as a positive integer"),
            ({"momentum": 2.0}, "`momentum` as a number between 0 and 1; received 2.0"),
        ],
    )
    def test_impossible_ones_are_refused(self, arguments, sentence):
        with pytest.raises(InvalidArgumentError, match=sentence):
            optimizers.SGD(**arguments)

    def test_impossible_ones_of_the_algorithms_are_refused(self):
        with pytest.raises(InvalidArgumentError, match="`weight_decay` as a number; received None"):
            optimizers.AdamW(weight_decay=None)
        with pytest.raises(InvalidArgumentError, match=r"`beta_1` in \(0, 1\]; received 2.0"):
            optimizers.Lion(beta_1=2.0)
        with pytest.raises(InvalidArgumentError, match="`learning_rate_power` of 0 or less; received 1.0"):
            optimizers.Ftrl(learning_rate_power=1.0)
        with pytest.raises(InvalidArgumentError, match="`initial_accumulator_value` of 0 or more; received -1"):
            optimizers.Ftrl(initial_accumulator_value=-1)

    def test_get_takes_names_in_any_case_classes_objects_and_configs(self):
        for identifier in ("adam", "Adam", "ADAM", optimizers.Adam, {"class_name": "adam", "config": {}}):
            assert type(optimizers.get(identifier)) is optimizers.Adam
        optimizer = optimizers.get({"class_name": "rmsprop", "config": {"learning_rate": 0.5, "rho": 0.7}})
        assert (type(optimizer), optimizer.rho, float(optimizer.learning_rate)) == (optimizers.RMSprop, 0.7, 0.5)
        assert optimizers.get(optimizer) is optimizer
        assert optimizers.get(None) is None
        with pytest.raises(InvalidArgumentError, match="Unknown optimizer: 'adm'. Did you mean 'Adam'"):
            optimizers.get("adm")

    def test_keras_2_spellings_are_understood(self):
        for name in ("Adam", "Nadam", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Lamb", "AdamW"):
            assert getattr(optimizers, name)(epsilon=None).epsilon == 1e-7
        config = {"class_name": "Adam", "config": {"lr": 0.5, "decay": 0.1, "jit_compile": True, "epsilon": None}}
        optimizer = optimizers.get(config)
        assert (float(optimizer.lr), optimizer.decay, optimizer.epsilon) == (0.5, pytest.approx(0.1), 1e-7)
        variables = weights()
        optimizer.apply_gradients(zip(gradients(0), variables, strict=True), name="step")
        assert [v.path for v in optimizer.variables()] == [v.path for v in optimizer.variables]
        optimizer.set_weights(optimizer.get_weights())
        assert int(optimizer.iterations) == 1


class TestSeveralOptimizers:
    def make(self):
        by_pattern = {"kern.*": optimizers.Adam(0.1)}
        return optimizers.MultiOptimizer(optimizers.OptimizerMap(optimizers.SGD(0.5, momentum=0.9), by_pattern))

    def test_each_steps_its_own_variables(self):
        optimizer, variables = self.make(), weights()
        steps(optimizer, variables)
        for i, alone in enumerate((optimizers.Adam(0.1), optimizers.SGD(0.5, momentum=0.9))):
            expected = weights()[i]
            for k in range(4):
                alone.apply([gradients(k)[i]], [expected])
            np.testing.assert_allclose(variables[i].numpy(), expected.numpy(), rtol=1e-6)
        names = [v.path.partition("/")[2] for v in optimizer.variables]
        assert names == ["iteration", "learning_rate", "iteration", "learning_rate", "kernel_momentum", "kernel_velocity",
                         "iteration", "learning_rate", "bias_momentum"]  # fmt: skip
        assert [int(one.iterations) for one in (optimizer, *optimizer.optimizers)] == [4, 4, 4]

    def test_missing_gradients_and_loss_scales_are_kept_apart(self):
        optimizer = optimizers.MultiOptimizer(lambda v: optimizers.SGD(1.0), loss_scale_factor=4.0)
        variables = weights()
        with pytest.warns(UserWarning, match="Gradients do not exist"):
            optimizer.apply([None, np.full(3, 8, "float32")], variables)
        np.testing.assert_array_equal(variables[1].numpy(), [-2, -2, -2])
        assert float(optimizer.scale_loss(1.0)) == 4

    def test_config_round_trip(self):
        again = optimizers.deserialize(optimizers.serialize(self.make()))
        assert again.get_config() == optimizers.deserialize(optimizers.serialize(again)).get_config()
        assert type(again.optimizer_map["kernel"]) is optimizers.Adam
        assert type(again.optimizer_map["bias"]) is optimizers.SGD
        assert list(again.optimizer_map) == ["kern.*"]

    def test_what_cannot_be_is_said(self):
        with pytest.raises(AttributeError, match="each a learning rate of their own"):
            _ = self.make().learning_rate
        with pytest.raises(InvalidTypeError, match="Expected default_optimizer as an optimizer; received 3"):
            optimizers.OptimizerMap(3)
        with pytest.raises(InvalidArgumentError, match="'a' has an optimizer already"):
            optimizers.OptimizerMap(optimizers.SGD(), {"a": optimizers.SGD()})["a"] = optimizers.SGD()
        with pytest.raises(InvalidArgumentError, match="Expected a regular expression"):
            optimizers.OptimizerMap(optimizers.SGD(), {"[": optimizers.SGD()})
        with pytest.raises(InvalidTypeError, match="as an OptimizerMap or a function"):
            optimizers.MultiOptimizer(3)
        with pytest.raises(InvalidTypeError, match="the optimizer of the variable 'kernel'"):
            optimizers.MultiOptimizer(lambda v: 3).build(weights())
        with pytest.raises(InvalidArgumentError, match="loss_scale_factor of the MultiOptimizer only"):
            optimizers.MultiOptimizer(lambda v: optimizers.SGD(loss_scale_factor=2.0)).build(weights())


class TestLegacy:
    def test_weights_slots_and_names(self):
        optimizer, variables = optimizers.legacy.Adam(lr=0.1, decay=0.5), weights()
        steps(optimizer, variables, 2)
        names = [v.path for v in optimizer.variables()]
        assert names == ["Adam/iter", "Adam/kernel/m", "Adam/bias/m", "Adam/kernel/v", "Adam/bias/v"]
        assert len(optimizer.get_weights()) == 5
        np.testing.assert_array_equal(optimizer.get_slot(variables[0], "m"), optimizer.get_weights()[1])
        assert optimizer.get_slot_names() == ["m", "v"]
        twin, others = optimizers.legacy.Adam(lr=0.1, decay=0.5), weights()
        twin.build(others)
        twin.set_weights(optimizer.get_weights())
        assert int(twin.iterations) == 2

    def test_what_cannot_be_is_said(self):
        with pytest.raises(InvalidArgumentError, match="`learning_rate` of 0 or more; received -1"):
            optimizers.legacy.SGD(lr=-1)
        with pytest.raises(InvalidArgumentError, match="`decay` of 0 or more; received -1"):
            optimizers.legacy.SGD(decay=-1)
        with pytest.raises(InvalidArgumentError, match="Expected 1 arrays for the weights of 'SGD'; received 2"):
            optimizers.legacy.SGD().set_weights([1, 2])
        optimizer, variables = optimizers.legacy.SGD(momentum=0.5), weights()
        optimizer.build(variables)
        with pytest.raises(InvalidArgumentError, match=r"Expected a slot among \['momentum'\]; received 'm'"):
            optimizer.get_slot(variables[0], "m")


class Keras3Style(optimizers.Optimizer):
    """Momentum, written as a subclass for Keras 3 is."""

    def __init__(self, learning_rate=0.1, friction=0.5, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.friction = friction

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.velocities[self._get_variable_index(variable)]
        self.assign(velocity, convert_to_tensor(velocity) * self.friction + gradient)
        self.assign_sub(variable, velocity.value * learning_rate)


class TestSubclasses:
    def test_one_written_for_keras_3_works_eagerly_and_stateless(self):
        ours, reference = Keras3Style(0.1, friction=0.5), optimizers.SGD(0.1, momentum=0.5)
        variables, expected = weights(), weights()
        for a, b in zip(steps(ours, variables), steps(reference, expected), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
        assert ours.get_config()["friction"] == 0.5
        assert [v.path for v in ours.variables][2:] == [f"{ours.name}/kernel_velocity", f"{ours.name}/bias_velocity"]
        values, state = ours.stateless_apply(ours.variables, gradients(9), variables)
        reference.apply(gradients(9), expected)
        np.testing.assert_allclose(values[0].numpy(), expected[0].numpy(), rtol=1e-5)
        assert int(state[0]) == 5

    def test_one_without_a_formula_says_so(self):
        class Empty(optimizers.Optimizer):
            pass

        with pytest.raises(FailedPreconditionError, match="Empty must define `update"):
            Empty(0.1).apply([np.ones(1, np.float32)], [Variable(np.ones(1, np.float32))])


class TestState:
    def test_loading_another_number_of_variables_warns_and_changes_nothing(self):
        store = {}
        steps_of = optimizers.Adam()
        steps(steps_of, weights())
        steps_of.save_own_variables(store)
        other = optimizers.SGD()
        with pytest.warns(UserWarning, match="was not loaded: it has 2 variables, the saved one 6"):
            other.load_own_variables(store)
        assert int(other.iterations) == 0

    def test_weights_can_be_set_once_built(self):
        optimizer, twin = optimizers.Adam(), optimizers.Adam()
        steps(optimizer, weights())
        with pytest.raises(FailedPreconditionError, match="has no slots yet"):
            twin.set_weights(optimizer.get_weights())
        twin.build(weights())
        twin.set_weights(optimizer.get_weights())
        np.testing.assert_array_equal(twin.variables[2].numpy(), optimizer.variables[2].numpy())
        with pytest.raises(InvalidArgumentError, match="Expected 6 arrays; received 1"):
            twin.set_weights([0])

    @pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
    def test_copies_continue_the_same(self, copied):
        optimizer, variables = optimizers.AdamW(0.1), weights()
        optimizer.exclude_from_weight_decay(var_list=[variables[1]])
        steps(optimizer, variables)
        twin, twins = copied((optimizer, variables))
        for a, b in zip(steps(twin, twins), steps(optimizer, variables), strict=True):
            np.testing.assert_array_equal(a, b)
        assert all(a is not b for a, b in zip(twin.variables, optimizer.variables, strict=True))


class TestLossScale:
    """Values seen in Keras 3.15 with the same gradients."""

    def test_skips_halves_and_doubles_as_keras_does(self):
        optimizer = optimizers.LossScaleOptimizer(optimizers.SGD(0.1), initial_scale=8.0, dynamic_growth_steps=2)
        v = Variable(np.array([1, 2], np.float32), name="k")
        optimizer.build([v])
        seen = []
        for grads in ((1, 2), (1, 2), (np.inf, 1), (1, 2), (1, 2), (1, 2), (np.nan, 1), (1, np.inf)):
            optimizer.apply([np.array(grads, np.float32)], [v])
            seen.append((v.numpy()[0], *(float(x) for x in optimizer.variables[2:5])))
        expected = [
            (0.9875, 1, 8, 1), (0.975, 0, 16, 2), (0.975, 0, 8, 2), (0.9625, 1, 8, 3),
            (0.95, 0, 16, 4), (0.94375, 1, 16, 5), (0.94375, 0, 8, 5), (0.94375, 0, 4, 5),
        ]  # fmt: skip
        np.testing.assert_allclose(seen, expected, rtol=1e-6)
        assert int(optimizer.iterations) == 5
        assert float(optimizer.scale_loss(2.0)) == 8.0

    def test_variables_config_and_rate_are_those_of_keras(self):
        optimizer = optimizers.LossScaleOptimizer(optimizers.SGD(0.5))
        optimizer.build([Variable(np.ones(2, np.float32))])
        own = ["iteration", "learning_rate", "step_counter", "dynamic_scale"]
        assert [v.name for v in optimizer.variables] == [*own, "iteration", "learning_rate"]
        optimizer.learning_rate = 0.25
        assert float(optimizer.inner_optimizer.learning_rate) == 0.25
        config = optimizers.serialize(optimizer)["config"]
        assert (config["initial_scale"], config["dynamic_growth_steps"]) == (32768.0, 2000)
        again = optimizers.deserialize(optimizers.serialize(optimizer))
        assert float(again.learning_rate) == 0.25

    def test_what_is_no_optimizer_is_refused(self):
        with pytest.raises(InvalidTypeError, match="Expected `inner_optimizer` as an optimizer; received 'adam'"):
            optimizers.LossScaleOptimizer("adam")
