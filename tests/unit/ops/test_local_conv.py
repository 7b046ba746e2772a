"""Convolution with a kernel of its own at every place."""

import numpy as np
import pytest

from cornu.ops.local_conv import local_conv, window_entries


def test_windows_of_two_axes():
    entries, inside = window_entries((2, 3), (1, 2), (1, 2), "valid")
    np.testing.assert_array_equal(entries, [[0, 1], [3, 4]])
    assert inside.all()


def test_padded_windows_begin_half_a_window_before_their_place():
    entries, inside = window_entries((5,), (4,), (2,), "same")  # at -2, 0 and 2
    np.testing.assert_array_equal(inside, [[False, False, True, True], [True] * 4, [True, True, True, False]])
    np.testing.assert_array_equal(entries[inside], [0, 1, 0, 1, 2, 3, 2, 3, 4])


@pytest.mark.parametrize(("size", "window", "stride"), [(5, 4, 2), (3, 7, 1), (6, 1, 4), (1, 3, 2), (9, 2, 3)])
def test_same_padding_is_that_of_the_windows(size, window, stride):
    x = np.random.RandomState(size).normal(size=(2, size, 3)).astype("float32")
    entries, inside = window_entries((size,), (window,), (stride,), "same")
    kernel = np.random.RandomState(window).normal(size=(-(-size // stride), window * 3, 2)).astype("float32")
    windows = (x[:, entries] * inside[..., None]).reshape(2, len(entries), -1)
    outputs = local_conv(x, kernel, window, stride, "same")
    np.testing.assert_allclose(outputs, np.einsum("npk,pkf->npf", windows, kernel), rtol=1e-5, atol=1e-5)


def test_a_kernel_of_another_shape():
    with pytest.raises(ValueError, match=r"shape \(3, 4, filters\).*kernel_size=\(2,\).*received \(4, 4, 1\)"):
        local_conv(np.ones((1, 4, 2)), np.ones((4, 4, 1)), 2)
    with pytest.raises(ValueError, match="'valid', 'same'"):
        local_conv(np.ones((1, 4, 2)), np.ones((3, 4, 1)), 2, padding="causal")
