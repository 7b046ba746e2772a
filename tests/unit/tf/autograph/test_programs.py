"""Programs with control flow on tensors: compiled, they give what they give when they run as plain Python."""

import warnings

import numpy as np
import pytest

import cornu.tf as tf
from cornu.core.tensor import Tensor


def collatz(n):
    steps = 0
    while n > 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def fizzbuzz(n):
    fizz, buzz, both, rest = 0, 0, 0, 0
    for i in tf.range(1, n + 1):
        if i % 3 == 0 and i % 5 == 0:
            both += 1
        elif i % 3 == 0:
            fizz += 1
        elif i % 5 == 0:
            buzz += 1
        else:
            rest += i
    return fizz, buzz, both, rest


def early_break(xs, limit):
    total = 0.0
    for x in xs:
        if total + x > limit:
            break
        total += x
    return total


def skip_negative(xs):
    total = 0.0
    for x in xs:
        if x < 0.0:
            continue
        total += x * x
    return total


def break_and_continue(n):
    total = 0
    i = 0
    while True:
        i += 1
        if i > n:
            break
        if i % 2 == 0:
            continue
        total += i
    return total


def find_first(xs, wanted):
    for i in tf.range(tf.shape(xs)[0]):
        if xs[i] == wanted:
            return i
    return -1


def sign(x):
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return 0.0


def nested_returns(x):
    if x > 0.0:
        if x > 10.0:
            return x / 10.0
        x = x + 1.0
    else:
        return -x
    return x * 2.0


def nested_loops(n):
    total = 0
    for i in tf.range(n):
        for j in tf.range(i):
            if (i + j) % 3 == 0:
                continue
            total += i * j
    return total


def primes(n):
    count = 0
    for candidate in tf.range(2, n):
        is_prime = True
        divisor = 2
        while divisor * divisor <= candidate:
            if candidate % divisor == 0:
                is_prime = False
                break
            divisor += 1
        if is_prime:
            count += 1
    return count


def gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return a


def fibonacci(n):
    values = tf.TensorArray(tf.int32, size=10)
    a, b, i = 0, 1, 0
    while i < n:
        values = values.write(i, a)
        a, b = b, a + b
        i += 1
    return values.stack()


def dynamic_rnn(xs, weights):
    state = tf.zeros([2])
    outputs = tf.TensorArray(tf.float32, size=xs.shape[0])
    for t in tf.range(tf.shape(xs)[0]):
        state = tf.tanh(tf.linalg.matvec(weights, state) + xs[t])
        outputs = outputs.write(t, state)
    return outputs.stack(), state


def greedy_decoding(table, start):
    token = start
    tokens = tf.TensorArray(tf.int32, size=6)
    i = 0
    while i < 6:
        token = tf.argmax(table[token], output_type=tf.int32)
        tokens = tokens.write(i, token)
        i += 1
        if token == 0:
            break
    return tokens.stack(), i


def newton(a):
    x = a
    for _ in tf.range(50):
        better = 0.5 * (x + a / x)
        if tf.abs(better - x) < 1e-6:
            x = better
            break
        x = better
    return x


def power(x, n):
    result = 1.0
    while n > 0:
        if n % 2 == 1:
            result = result * x
        x = x * x
        n = n // 2
    return result


def ternary(x):
    y = x * 2.0 if x > 0.0 else x - 1.0
    return (y if y < 5.0 else 5.0) + 1.0


def logic(x, y):
    a = x > 0.0 and y > 0.0
    b = x > 0.0 or not y > 0.0
    c = 0.0 < x < y <= 3.0
    return a, b, c


def tuples_and_dicts(n):
    state = {"a": 0, "b": (1.0, 2)}
    for i in tf.range(n):
        first, second = state["b"]
        state = {"a": state["a"] + i, "b": (first * 2.0, second + i)}
    return state


def list_of_rows(xs):
    rows = []
    for x in xs:
        rows.append(x * 2.0)
    rows.append(xs[0])
    return tf.stack(rows)


def list_in_python_range(x):
    rows = []
    for i in range(4):
        if i % 2 == 0:
            rows.append(x * i)
    last = rows.pop()
    return last, len(rows), rows


def loop_else(xs, wanted):
    place = 0
    for x in xs:
        if x == wanted:
            break
        place += 1
    else:
        place = -1
    return place


def while_else(n):
    i = 0
    while i < n:
        if i == 5:
            break
        i += 1
    else:
        i = 100
    return i


def last_value_of_loop(n):
    i = 0
    for k in tf.range(n):
        i = k * 2
    return i


def _double(x):
    if x > 0.0:
        return 2.0 * x
    return x


def calls_own_functions(x):
    def halve(y):
        return y / 2.0 if y > 4.0 else y

    def apply(f, y, times=3):
        for _ in range(times):
            y = f(y)
        return y

    return apply(_double, x) + halve(x) + (lambda z: z if z > 0.0 else -z)(x)


def recursion(x, depth=4):
    if depth == 0:
        return x
    if x > 3.0:
        x = x - 1.0
    return recursion(x * 1.5, depth - 1)


class Counter:
    def __init__(self):
        self.total = tf.constant(0.0)
        self.__hidden = 2.0

    def add(self, xs):
        self.total = tf.constant(0.0)
        for x in xs:
            if x > 0.0:
                self.total = self.total + x * self.__hidden
        return self.total


def method_with_attribute(xs):
    return Counter().add(xs)


def variable_in_loop(n):
    _variable.assign(1.0)
    for i in tf.range(n):
        if i % 2 == 0:
            _variable.assign_add(tf.cast(i, tf.float32))
        else:
            _variable.assign(_variable * 2.0)
    return _variable + 0.0


_variable = tf.Variable(1.0)


def bubble_sort(xs):
    n = xs.shape[0]
    for i in tf.range(n):
        for j in tf.range(n - 1 - i):
            if xs[j] > xs[j + 1]:
                swapped = tf.stack([xs[j + 1], xs[j]])
                xs = tf.tensor_scatter_nd_update(xs, tf.stack([[j], [j + 1]]), swapped)
    return xs


def builtins_of_python(x, y):
    total = int(x) + float(y)
    low, high = min(x, y), max(x, y, 0.0)
    for i in range(int(high)):
        total += float(i)
    return total, low, high, len(tf.stack([x, y])), all([x > 0.0, y > 0.0]), any([x > 5.0, y > 0.0])


def binary_search(xs, wanted):
    low, high = 0, xs.shape[0] - 1
    found = -1
    while low <= high and found < 0:
        middle = (low + high) // 2
        if xs[middle] == wanted:
            found = middle
        elif xs[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return found


def with_block(x):
    with tf.name_scope("inside"):
        while x < 10.0:
            x = x * 2.0
            if x > 7.0:
                return x
    return -x


def beam_of_matrices(m, n):
    result = tf.eye(2)
    for _ in tf.range(n):
        result = tf.matmul(result, m)
        if tf.reduce_max(tf.abs(result)) > 100.0:
            result = result / tf.norm(result)
    return result


def early_return_before_a_definition(x, y):
    if x > 0.0:
        if y > 0.0:
            return x
        z = y - x
    else:
        z = y + x
    for _ in range(2):
        z = z * 2.0
    return z


def return_in_try(x):
    try:
        if x > 0.0:
            return x * 2.0
        y = x + 1.0
    except ValueError:
        return x
    finally:
        z = 1.0
    return y * z


def nonlocal_and_in_place_changes(x):
    total = 0.0
    found = {"n": 0, "rows": [x, x]}

    def add(value):
        nonlocal total
        total = total + value

    for _ in tf.range(3):
        total = total + 1.0
    add(x)
    if x > 1.0:
        found["n"] = 5
        total = total * 2.0
    return total, found


def match_and_walrus(x, mode="same"):
    match mode:
        case "same":
            y = x
        case _:
            y = -x
    if (total := tf.reduce_sum(y)) > 3.0:
        y = y * total
    return [y + i for i in range(3) if i > 0], total


PROGRAMS = [
    (collatz, [27], [1]),
    (fizzbuzz, [30], [4]),
    (early_break, [[1.0, 2.0, 3.0, 4.0], 5.0], [[1.0, 2.0, 3.0, 4.0], 100.0]),
    (skip_negative, [[1.0, -2.0, 3.0]], [[-1.0, -2.0, -3.0]]),
    (break_and_continue, [10], [0]),
    (find_first, [[3, 1, 4, 1], 1], [[3, 1, 4, 1], 5]),
    (sign, [2.0], [-3.0], [0.0]),
    (nested_returns, [20.0], [2.0], [-2.0]),
    (nested_loops, [6], [0]),
    (primes, [30], [2]),
    (gcd, [48, 18], [7, 0]),
    (fibonacci, [10], [3]),
    (dynamic_rnn, [[[1.0, 0.5], [0.2, -1.0], [0.0, 3.0]], [[0.5, 1.0], [-1.0, 0.3]]]),
    (greedy_decoding, [[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], 0], [[[0.0, 1.0], [0.0, 1.0]], 1]),
    (newton, [2.0], [100.0]),
    (power, [1.5, 7], [2.0, 0]),
    (ternary, [3.0], [-3.0], [0.5]),
    (logic, [1.0, 2.0], [-1.0, 2.0], [2.0, -1.0]),
    (tuples_and_dicts, [4], [0]),
    (list_of_rows, [[1.0, 2.0, 3.0]]),
    (list_in_python_range, [2.0]),
    (loop_else, [[1.0, 2.0], 2.0], [[1.0, 2.0], 3.0]),
    (while_else, [8], [3]),
    (last_value_of_loop, [5], [0]),
    (calls_own_functions, [5.0], [-5.0]),
    (recursion, [2.0], [5.0]),
    (method_with_attribute, [[1.0, -1.0, 4.0]]),
    (variable_in_loop, [5], [0]),
    (bubble_sort, [[3.0, 1.0, 2.0, 0.5]]),
    (builtins_of_python, [1.0, 4.0], [3.0, 2.0]),
    (binary_search, [[1, 3, 5, 7, 9], 7], [[1, 3, 5, 7, 9], 4]),
    (with_block, [1.0], [20.0]),
    (early_return_before_a_definition, [1.0, 2.0], [1.0, -2.0], [-1.0, 3.0]),
    (return_in_try, [2.0], [-2.0]),
    (nonlocal_and_in_place_changes, [2.0], [0.5]),
    (match_and_walrus, [[1.0, 2.0]], [[2.0, 2.0]]),
    (beam_of_matrices, [[[2.0, 1.0], [0.0, 3.0]], 6], [[[2.0, 1.0], [0.0, 3.0]], 0]),
]  # fmt: skip


def flat(nest):
    if isinstance(nest, dict):
        return [x for value in nest.values() for x in flat(value)]
    if isinstance(nest, (list, tuple)):
        return [x for value in nest for x in flat(value)]
    return [np.asarray(nest)]


@pytest.mark.parametrize("program, inputs", [(p, i) for p, *cases in PROGRAMS for i in cases])
def test_a_compiled_program_gives_what_python_gives(program, inputs):
    tensors = [tf.constant(x) for x in inputs]
    expected = flat(program(*tensors))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing may fall back to eager execution
        result = flat(tf.function(program)(*tensors))
    assert len(result) == len(expected)
    for a, b in zip(result, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
        assert a.shape == b.shape


def test_gradient_through_a_while_of_unknown_length_inside_and_outside():
    weight = tf.Variable(1.5)

    def grow(x, limit):
        while x < limit:
            x = x * weight
        return x

    compiled = tf.function(grow)
    x, limit = tf.constant(1.0), tf.constant(20.0)
    for function in (grow, compiled):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x, limit)
        by_weight, by_x = tape.gradient(y, [weight, x])
        np.testing.assert_allclose(by_weight, 8 * 1.5**7, rtol=1e-5)
        np.testing.assert_allclose(by_x, 1.5**8, rtol=1e-5)

    @tf.function
    def inside(x, limit):
        with tf.GradientTape() as tape:
            y = grow(x, limit)
        return tape.gradient(y, weight)

    np.testing.assert_allclose(inside(x, limit), 8 * 1.5**7, rtol=1e-5)


def test_gradient_through_a_long_loop_with_a_branch():
    def walk(x, n):
        for i in tf.range(n):
            if i % 2 == 0:
                x = tf.sin(x) + 0.1
            else:
                x = x * 1.01
        return x

    x = tf.constant(0.7)
    results = []
    for function in (walk, tf.function(walk)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x, tf.constant(60))
        results.append(tape.gradient(y, x).numpy())
    np.testing.assert_allclose(results[1], results[0], rtol=1e-4)


def test_training_loop_over_a_dataset():
    xs = np.linspace(-1, 1, 20).astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices((xs, 3 * xs + 1)).batch(6)

    def train(weight, bias):
        for _ in range(30):
            for x, y in dataset:
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean((weight * x + bias - y) ** 2)
                if loss > 1e-6:
                    by_weight, by_bias = tape.gradient(loss, [weight, bias])
                    weight.assign_sub(0.3 * by_weight)
                    bias.assign_sub(0.3 * by_bias)
        return loss

    eager = tf.Variable(0.0), tf.Variable(0.0)
    compiled = tf.Variable(0.0), tf.Variable(0.0)
    expected = train(*eager)
    result = tf.function(train)(*compiled)
    np.testing.assert_allclose(compiled[0].numpy(), eager[0].numpy(), rtol=1e-5)
    np.testing.assert_allclose(compiled[1].numpy(), eager[1].numpy(), rtol=1e-5)
    np.testing.assert_allclose(result, expected, rtol=1e-3, atol=1e-7)
    assert abs(compiled[0].numpy() - 3) < 0.01


def test_python_values_stay_python_values():
    seen = []

    @tf.function
    def program(x, flag=True, n=3):
        while n > 0:
            n -= 1
            seen.append(n)
        if flag and not n:
            seen.append("flag")
        return x + n

    assert program(tf.constant(1.0)).numpy() == 1.0
    assert seen == [2, 1, 0, "flag"]


def test_a_break_on_a_tensor_in_a_python_loop():
    def program(x):
        for i in range(5):
            if x > 3.0:
                break
            x = x + i
        return x

    for start in (0.0, 10.0):
        assert tf.function(program)(tf.constant(start)).numpy() == program(tf.constant(start)).numpy()


def test_generators_are_left_alone():
    def numbers(x):
        for i in range(3):
            yield x * i

    @tf.function
    def program(x):
        total = 0.0
        for value in numbers(x):
            total += value
        return total

    assert program(tf.constant(2.0)).numpy() == 6.0


def test_assert_inside_a_compiled_function():
    @tf.function
    def program(x):
        assert x > 0.0, "x must be positive"
        return tf.sqrt(x)

    assert program(tf.constant(4.0)).numpy() == 2.0
    with pytest.raises(ValueError, match="x must be positive"):
        program(tf.constant(-4.0))


def test_a_tensor_is_returned():
    assert isinstance(tf.function(sign)(tf.constant(1.0)), Tensor)
