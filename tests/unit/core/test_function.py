"""`cornu.function`: when it is traced, what it does with variables."""

import gc
import threading
import warnings
import weakref

import numpy as np
import pytest

import cornu
from cornu import Variable, config, convert_to_tensor, ops


def counted(function):
    """The function compiled, and the list of the traces."""
    traces = []

    def body(*args, **kwargs):
        traces.append(1)
        return function(*args, **kwargs)

    return cornu.function(body), traces


def test_traced_once_per_shape_and_dtype():
    f, traces = counted(lambda x: x * 2)
    for value in ([1.0, 2.0], [3.0, 4.0]):
        np.testing.assert_array_equal(f(convert_to_tensor(value)), np.multiply(value, 2))
    assert len(traces) == 1
    f(convert_to_tensor([1.0, 2.0, 3.0]))
    f(convert_to_tensor([1, 2]))
    assert len(traces) == 3


def test_python_values_choose_the_version():
    f, traces = counted(lambda x, power: x**power)
    x = convert_to_tensor(3.0)
    assert [float(f(x, p)) for p in (2, 3, 2)] == [9.0, 27.0, 9.0]
    assert len(traces) == 2
    assert float(f(x, power=2)) == 9.0


def test_true_and_one_are_different_arguments():
    f = cornu.function(lambda x, flag: x + 1 if flag is True else x)
    x = convert_to_tensor(1.0)
    assert (float(f(x, True)), float(f(x, 1))) == (2.0, 1.0)


def test_numpy_arrays_are_traced():
    f, traces = counted(lambda x: ops.sum(x))
    assert [float(f(np.full(3, v, np.float32))) for v in (1.0, 2.0)] == [3.0, 6.0]
    assert len(traces) == 1


def test_variables_are_read_and_written():
    count, total = Variable(0), Variable(1.0)
    f, traces = counted(lambda x: (count.assign_add(1), total.assign(total * x), total + 1.0)[2])
    assert [float(f(convert_to_tensor(2.0))) for _ in range(3)] == [3.0, 5.0, 9.0]
    assert (int(count), float(total)) == (3, 8.0)
    settled = len(traces)
    total.assign(10.0)
    assert float(f(convert_to_tensor(0.5))) == 6.0 and len(traces) == settled


def test_structures_come_back():
    f = cornu.function(lambda d: {"sum": d["a"] + d["b"], "rest": [d["a"], None, "text", 3]})
    out = f({"a": convert_to_tensor(1.0), "b": convert_to_tensor(2.0)})
    assert float(out["sum"]) == 3.0 and float(out["rest"][0]) == 1.0 and out["rest"][1:] == [None, "text", 3]


def test_decorator_forms_and_methods():
    class Counter:
        def __init__(self):
            self.n = Variable(0)

        @cornu.function
        def step(self, by):
            self.n.assign_add(by)
            return self.n * 10

    one, two = Counter(), Counter()
    assert [int(one.step(convert_to_tensor(k))) for k in (1, 2)] == [10, 30]
    assert int(two.step(convert_to_tensor(5))) == 50 and int(one.n) == 3

    @cornu.function(jit_compile=True)
    def named(x):
        """Says so."""
        return x

    assert named.__name__ == "named" and named.__doc__ == "Says so."
    with pytest.raises(TypeError, match="function got the unknown argument 'nope'; it takes jit_compile"):
        cornu.function(nope=1)


def test_nested_functions_share_variables():
    v = Variable(1.0)

    @cornu.function
    def inner(x):
        v.assign_add(x)
        return v * 2.0

    @cornu.function
    def outer(x):
        return inner(x) + v

    assert float(outer(convert_to_tensor(2.0))) == 9.0
    assert float(v) == 3.0
    assert float(outer(convert_to_tensor(1.0))) == 12.0


def test_random_numbers_differ_between_calls():
    seeds = cornu.random.SeedGenerator(1)
    f = cornu.function(lambda: cornu.random.uniform((2,), seed=seeds))
    assert not np.array_equal(f().numpy(), f().numpy())
    assert seeds.state.numpy().tolist() == [1, 2]


def test_error_inside_leaves_the_function_usable():
    v = Variable(1.0)

    @cornu.function
    def f(x, fail):
        v.assign_add(x)
        if fail:
            raise RuntimeError("stop")
        return v.value

    with pytest.raises(RuntimeError, match="stop"):
        f(convert_to_tensor(1.0), True)
    assert float(v) == 1.0
    assert float(f(convert_to_tensor(1.0), False)) == 2.0


def test_called_from_many_threads():
    scale = Variable(3.0)
    f = cornu.function(lambda x: x * scale)
    results: dict[int, float] = {}

    def run(i):
        results[i] = float(f(convert_to_tensor(float(i))))

    threads = [threading.Thread(target=run, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {i: 3.0 * i for i in range(8)}


def test_a_tape_sees_through_it():
    v, square = Variable(2.0), cornu.function(lambda x: x * x * 3.0)
    with cornu.GradientTape() as tape:
        y = square(v)
    assert float(tape.gradient(y, v)) == 12.0


def test_symbolic_tensors_become_nodes():
    x = cornu.Input((3,))
    model = cornu.Model(x, cornu.function(ops.relu)(x))
    np.testing.assert_array_equal(model(np.array([[-1.0, 0.0, 2.0]])), [[0, 0, 2]])


def test_python_outputs_belong_to_their_shape():
    size = cornu.function(lambda x: x.shape[0])
    assert [size(np.ones(n)) for n in (2, 3, 2)] == [2, 3, 2]


def test_methods_do_not_keep_their_instance_alive():
    class Model:
        def __init__(self, factor):
            self.w = Variable(factor)

        def __eq__(self, other):
            return True  # equal ones must not share what was compiled

        __hash__ = None

        @cornu.function
        def scaled(self, x):
            return x * self.w

    a, b = Model(2.0), Model(3.0)
    x = convert_to_tensor([1.0])
    assert [m.scaled(x).item() for m in (a, b, a, b)] == [2.0, 3.0, 2.0, 3.0]
    a.w.assign(5.0)
    assert a.scaled(x).item() == 5.0 and Model(7.0).scaled(x).item() == 7.0
    gone = weakref.ref(a)
    del a
    gc.collect()
    assert gone() is None and len(Model.scaled._methods) == 1


def test_settings_are_not_baked_in():
    traced = cornu.function(lambda: config.epsilon() * convert_to_tensor(1.0, "float64"))
    assert traced().item() == 1e-7
    config.set_epsilon(1e-3)
    assert traced().item() == 1e-3


def test_python_control_flow_on_values_runs_eagerly_with_one_warning():
    v = Variable(0.0)

    @cornu.function
    def step(x):
        if ops.sum(x) > 0:
            v.assign_add(1.0)
            return x * 2
        return x - 1

    with pytest.warns(UserWarning, match="step cannot be compiled and runs eagerly, .* used as a Python bool"):
        first = step(convert_to_tensor([1.0])).item()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (first, step(convert_to_tensor([-1.0])).item(), v.numpy()) == (2.0, -2.0, 1.0)

    outer = cornu.function(lambda x: cornu.function(lambda y: float(y) + y)(x))
    with pytest.warns(UserWarning, match="converted to a Python float"):
        result = outer(convert_to_tensor(2.0))
    assert result.item() == 4.0
