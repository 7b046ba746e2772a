"""Wrong arguments: the sentence names the op, what it got, and the shapes."""

import numpy as np
import pytest

import cornu.ops as ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError

A = np.ones((3, 4), "float32")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: ops.sum(A, axis=2), r"sum cannot .*axis 2 is out of bounds.*\(3, 4\)"),
        (lambda: ops.argmax(A, axis=-3), r"argmax .*out of (bounds|range).*\(3, 4\)"),
        (lambda: ops.expand_dims(A, 5), r"expand_dims .*out of (bounds|range).*\(3, 4\)"),
        (lambda: ops.squeeze(A, 0), r"squeeze .*\(3, 4\)"),
        (lambda: ops.reshape(A, (5, 2)), r"reshape .*\(3, 4\)"),
        (lambda: ops.add(A, np.ones((5,), "float32")), r"add .*\(3, 4\).*\(5,\)"),
        (lambda: ops.matmul(A, A), r"matmul .*\(3, 4\).*\(3, 4\)"),
        (lambda: ops.concatenate([A, A[:, :2]], axis=0), r"concatenate .*\(3, 4\).*\(3, 2\)"),
        (lambda: ops.concatenate([]), "concatenate .*at least one tensor"),
        (lambda: ops.split(A, 5, axis=1), "split .*size 4 cannot be cut into 5 equal parts"),
        (lambda: ops.unstack(A, num=7), r"num=7; received shape \(3, 4\)"),
        (lambda: ops.pad(A, 1, mode="reflect", constant_values=1.0), "pad .*constant_values only with mode='constant'"),
        (lambda: ops.pad(A, 1, mode="mirror"), "pad .*expected mode to be one of constant"),
        (lambda: ops.transpose(A, (0, 0)), r"transpose .*\(3, 4\)"),
        (lambda: ops.inv(A), r"inv .*square matrices.*\(3, 4\)"),
        (lambda: ops.qr(A, mode="full"), "qr .*'reduced' or 'complete'"),
        (lambda: ops.top_k(A, 9), "top_k .*k=9"),
        (lambda: ops.argpartition(A, 9), "argpartition .*kth below the size 4"),
        (lambda: ops.searchsorted(A, A), "searchsorted .*1-D"),
        (lambda: ops.searchsorted(A[0], A, side="up"), "searchsorted .*'left' or 'right'"),
        (lambda: ops.histogram(A, bins=0), "histogram .*positive integer"),
        (lambda: ops.meshgrid(A[0], A[0], indexing="yx"), "meshgrid .*'xy' or 'ij'"),
        (lambda: ops.arange(0, 3, 0), "arange .*step other than 0"),
        (lambda: ops.zeros((2, -1)), r"0 or more; received the shape \(2, -1\)"),
        (
            lambda: ops.scatter_update(A, [[0, 0]], [1.0], reduction="sum"),
            "scatter_update .*'add', 'max', 'min' or 'mul'",
        ),
        (lambda: ops.fft(A), "fft .*pair"),
        (lambda: ops.fft((A, A[:2])), "fft .*one shape"),
        (lambda: ops.stft(A, 8, 2, 4), "stft .*at least sequence_length=8"),
        (lambda: ops.stft(A[0], 2, 2, 4, window="box"), "stft .*'hann', 'hamming'"),
        (lambda: ops.rearrange(A, "a b c -> a"), "Expected 3 axes"),
        (lambda: ops.rearrange(A, "a b"), "one '->'"),
        (lambda: ops.rearrange(A, "(a c) b -> a b c"), "Lengths of c are needed"),
        (lambda: ops.rearrange(A, "(a c) b -> a b c", c=2), r"size 3 does not fit \(a c\)"),
        (lambda: ops.rearrange(A, "a b -> a"), "exactly once"),
        (lambda: ops.rearrange(A, "(a b -> a b"), "brackets"),
        (lambda: ops.rearrange(A, "a b -> b a", z=2), "no axis 'z'"),
        (lambda: ops.where(A, A), "both x1 and x2"),
        (lambda: ops.view_as_complex(A), "last axis of size 2"),
        (lambda: ops.convert_to_tensor(A, sparse=True), "sparse to be None or False"),
        (lambda: ops.switch(A, [lambda: 1]), "switch|index|scalar"),
    ],
)
def test_invalid_argument(call, text):
    with pytest.raises((InvalidArgumentError, InvalidTypeError), match=text):
        call()


def test_invalid_types():
    with pytest.raises(InvalidTypeError, match="bitwise_and cannot take"):
        ops.bitwise_and(A, A)
    with pytest.raises(InvalidTypeError, match="ldexp .*integer tensor"):
        ops.ldexp(A, A)
    with pytest.raises(TypeError, match="unsupported operand"):
        ops.convert_to_tensor(A) + object()


def test_einops_ellipsis_and_ones():
    x = np.arange(24).reshape(2, 3, 4)
    assert ops.rearrange(x, "... c -> c ...").shape == (4, 2, 3)
    assert ops.rearrange(x, "a ... -> a (...)").shape == (2, 12)
    assert ops.rearrange(x, "a b c -> a 1 (b c)").shape == (2, 1, 12)
