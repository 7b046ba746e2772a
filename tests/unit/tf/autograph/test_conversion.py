import logging
import traceback

import numpy as np
import pytest

import cornu
import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.tf.autograph import convert


def branchy(x):
    if x > 0:
        y = x
    return y


def test_converted_functions_are_pythons_own_on_python_values():
    def program(items, flag=None, *rest, key="k", **more):
        found = []
        for item in items:
            if item is None:
                continue
            if item == "stop":
                break
            found.append((item, key, rest, more))
        else:
            found.append("all")
        return found if flag else found or None

    converted = convert(program)
    for args, kwargs in [
        (([1, None, 2],), {}),
        ((["a", "stop", "b"], True, 3, 4), {"key": 1, "z": 2}),
        (([], None), {}),
    ]:
        assert converted(*args, **kwargs) == program(*args, **kwargs)
    assert converted.__name__ == "program"


def test_a_broken_python_loop_does_not_take_more_from_its_iterator():
    numbers = iter(range(10))

    def program():
        for n in numbers:
            if n == 3:
                break

    convert(program)()
    assert next(numbers) == 4


def test_unbound_variables_stay_unbound():
    def program(flag):
        if flag:
            y = 1
        return y

    assert convert(program)(True) == 1
    with pytest.raises(UnboundLocalError, match="y"):
        convert(program)(False)


def test_closures_are_shared_not_copied():
    count = 0

    def program(n):
        nonlocal count
        while n > 0:
            count += 1
            n -= 1

    convert(program)(3)
    assert count == 3


def test_super_and_private_names_in_methods():
    class Base:
        def value(self, x):
            return x + 1

    class Derived(Base):
        __secret = 5

        def value(self, x):
            if x > 0:
                x = super().value(x)
            return x + self.__secret

    derived = Derived()
    assert tf.function(derived.value)(tf.constant(1)).numpy() == 7
    assert tf.function(derived.value)(tf.constant(-1)).numpy() == 4


def test_decorated_partial_and_callable_objects_are_converted():
    import functools

    def twice(function):
        @functools.wraps(function)
        def call(*args):
            return function(*args) * 2

        return call

    @twice
    def absolute(x):
        if x < 0:
            x = -x
        return x

    class Clip:
        def __call__(self, x, top):
            return top if x > top else x

    @tf.function
    def program(x):
        return absolute(x), functools.partial(Clip(), top=1.0)(x)

    a, b = program(tf.constant(-3.0))
    assert (a.numpy(), b.numpy()) == (6.0, -3.0)


def test_lambdas_on_one_line_are_told_apart():
    first, second = (lambda x: 1.0 if x > 0 else 2.0), (lambda x: 3.0 if x > 0 else 4.0)
    assert tf.function(first)(tf.constant(1.0)).numpy() == 1.0
    assert tf.function(second)(tf.constant(-1.0)).numpy() == 4.0


def test_functions_without_source_run_eagerly_with_one_warning():
    space = {}
    exec("def f(x):\n    if x > 0:\n        return x\n    return -x", space)
    compiled = tf.function(space["f"])
    with pytest.warns(UserWarning, match="runs eagerly"):
        assert compiled(tf.constant(-2.0)).numpy() == 2.0
    assert compiled(tf.constant(3.0)).numpy() == 3.0


def test_errors_point_at_the_users_line():
    with pytest.raises(ValueError, match="'y' must also be initialized in the else branch") as caught:
        tf.function(branchy)(tf.constant(1.0))
    frames = traceback.extract_tb(caught.value.__traceback__)
    line = next(frame for frame in frames if frame.name == "branchy")
    assert line.filename == __file__
    assert line.lineno == branchy.__code__.co_firstlineno + 3
    assert line.line == "return y"


def test_errors_inside_of_nested_blocks_point_at_their_line():
    def program(n):
        total = tf.zeros([2])
        for i in tf.range(n):
            if i > 1:
                total = tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))
        return total

    with pytest.raises(ValueError, match="matmul") as caught:
        tf.function(program)(tf.constant(3))
    lines = [frame.line for frame in traceback.extract_tb(caught.value.__traceback__) if frame.filename == __file__]
    assert lines[1:] == ["for i in tf.range(n):", "if i > 1:", "total = tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))"]


def test_a_missing_return_is_named():
    @tf.function  # noqa: RET503
    def program(x):
        if x > 0:
            return x

    with pytest.raises(InvalidArgumentError, match="the else branch must also have a return statement"):
        program(tf.constant(1.0))


def test_dtypes_of_branches_and_loops_must_agree():
    @tf.function
    def branches(x):
        if x > 0:
            y = 1
        else:
            y = 2.0
        return y

    with pytest.raises(TypeError, match="'y' has dtype int32 in the main branch, but dtype float32 in the else branch"):
        branches(tf.constant(1.0))

    @tf.function
    def loop(n):
        x = 0
        while n > 0:
            x = tf.cast(x, "float32") + 0.5
            n -= 1
        return x

    with pytest.raises(TypeError, match="'x' has dtype int32 before the loop, but dtype float32 after one iteration"):
        loop(tf.constant(3))


def test_changing_shapes_run_eagerly():
    @tf.function
    def grow(n):
        x = tf.zeros([1])
        while tf.shape(x)[0] < n:
            x = tf.concat([x, [1.0]], 0)
        return x

    with pytest.warns(
        UserWarning, match="'x' has shape \\(1,\\) before the loop, but shape \\(2,\\) after one iteration"
    ):
        result = grow(tf.constant(3))
    np.testing.assert_array_equal(result, [0.0, 1.0, 1.0])


def test_vectors_are_no_conditions():
    @tf.function
    def program(x):
        if x > 0:
            x = -x
        return x

    with pytest.raises(InvalidArgumentError, match=r"Expected a scalar condition; received shape \(2,\)"):
        program(tf.constant([1.0, 2.0]))


def test_do_not_convert():
    @tf.autograph.experimental.do_not_convert
    def raw(x):
        return x if x > 0 else -x

    @tf.function
    def program(x):
        return raw(x)

    with pytest.warns(UserWarning, match="used as a Python bool"):
        assert program(tf.constant(-1.0)).numpy() == 1.0
    with pytest.warns(UserWarning, match="used as a Python bool"):
        assert tf.function(lambda x: 1.0 if x > 0 else 2.0, autograph=False)(tf.constant(-1.0)).numpy() == 2.0


def test_set_loop_options():
    @tf.function
    def program(n):
        i = 0
        while i < n:
            tf.autograph.experimental.set_loop_options(maximum_iterations=3, parallel_iterations=1)
            i += 1
        return i

    assert program(tf.constant(10)).numpy() == 3
    assert program(tf.constant(2)).numpy() == 2

    @tf.function
    def wrong(n):
        while n > 0:
            tf.autograph.experimental.set_loop_options(most=3)
            n -= 1

    with pytest.raises(InvalidTypeError, match="unknown argument 'most'"):
        wrong(tf.constant(1))


def test_to_code_and_to_graph():
    code = tf.autograph.to_code(branchy)
    assert "if_stmt" in code
    assert "'y'" in code
    assert tf.autograph.to_graph(branchy)(3) == 3
    assert "if_stmt" in tf.autograph.to_code(tf.function(branchy))
    with pytest.raises(InvalidTypeError, match="Expected a Python function to rewrite"):
        tf.autograph.to_code(len)


def test_verbosity_names_what_was_rewritten(caplog):
    def fresh_function(x):
        return x if x else None

    tf.autograph.set_verbosity(3)
    try:
        with caplog.at_level(logging.INFO, logger="cornu"):
            convert(fresh_function)
    finally:
        tf.autograph.set_verbosity(0)
    assert "fresh_function" in caplog.text
    assert "if_exp" in caplog.text


def test_the_call_of_a_layer_is_converted():
    class Gate(cornu.layers.Layer):
        def call(self, x):
            if tf.reduce_sum(x) > 0:
                return x * 2
            return x

    gate = Gate()

    @tf.function
    def program(x):
        return gate(x)

    np.testing.assert_array_equal(program(tf.constant([1.0])), [2.0])
    np.testing.assert_array_equal(program(tf.constant([-1.0])), [-1.0])


def test_a_list_that_grows_in_a_loop_of_unknown_length_runs_eagerly():
    @tf.function
    def program(n):
        rows = []
        while n > 0:
            rows.append(n)
            n -= 1
        return tf.stack(rows)

    with pytest.warns(UserWarning, match=r"'rows' has another structure.*Use a tf\.TensorArray"):
        np.testing.assert_array_equal(program(tf.constant(3)), [3, 2, 1])


def test_variables_of_one_branch_may_stay_there():
    @tf.function
    def program(x):
        if x > 0:
            square = x * x
            y = square + 1
        else:
            y = x
        return y

    assert program(tf.constant(2.0)).numpy() == 5.0
