import io
import sys

import numpy as np
import pytest

import cornu
import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError

PRINTED = [  # what tf.print writes in TensorFlow
    (1, "1"), (2.5, "2.5"), (0.1, "0.1"), (1e-5, "1e-05"), (1e-4, "0.0001"), (123456.0, "123456"), (1e6, "1e+06"),
    (1234567.0, "1234567"), (1 / 3, "0.333333343"), (-0.0, "-0"), (True, "1"), ("hi", "hi"), ([1, 2, 3], "[1 2 3]"),
    (list(range(10)), "[0 1 2 ... 7 8 9]"), ([[1.0, 2.0], [3.0, 4.0]], "[[1 2]\n [3 4]]"), (["a", "b"], '["a" "b"]'),
    (np.arange(8).reshape(2, 2, 2), "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]"), (float("nan"), "nan"), (float("inf"), "inf"),
    ([1e-8, 1.0, 1e8], "[1e-08 1 1e+08]"), (np.float64(1 / 3), "0.33333333333333331"), (0.00012345, "0.00012345"),
]  # fmt: skip


def printed(*inputs, **options):
    stream = io.StringIO()
    tf.print(*inputs, output_stream=stream, **options)
    return stream.getvalue()


@pytest.mark.parametrize("value, text", PRINTED)
def test_tensors(value, text):
    assert printed(tf.constant(value)) == text + "\n"


def test_structures_and_options():
    one = tf.constant(1)
    assert printed("a", one, [one, 2, "x"], (one,), {"k": one}, None, 1.5) == "a 1 [1, 2, 'x'] (1,) {'k': 1} None 1.5\n"
    assert printed("a", 1, sep="|", end="!") == "a|1!"
    assert printed(tf.constant(list(range(10))), summarize=-1) == "[0 1 2 3 4 5 6 7 8 9]\n"
    assert printed(tf.constant(list(range(10))), summarize=1) == "[0 ... 9]\n"


def test_inside_a_compiled_function(capfd):
    @cornu.function
    def double(x):
        tf.print("x is", x, output_stream=sys.stdout)
        return x * 2

    for number in (1.0, 2.0):
        assert float(double(tf.constant(number))) == 2 * number
    assert capfd.readouterr().out == "x is 1\nx is 2\n"


def test_streams(tmp_path, capfd):
    tf.print("to stderr")
    assert capfd.readouterr().err == "to stderr\n"
    for word in ("one", "two"):
        tf.print(word, output_stream=f"file://{tmp_path}/log")
    assert (tmp_path / "log").read_text() == "one\ntwo\n"
    with pytest.raises(InvalidArgumentError, match=r"sys.stderr, sys.stdout or 'file://PATH'; received 7"):
        tf.print("x", output_stream=7)
