"""Arrays of the host on their way to the device."""

import jax
import numpy as np
import pytest

from cornu.core import transfer


@pytest.fixture
def programs(monkeypatch):
    """The shapes that a program was made for."""
    shapes = []
    monkeypatch.setattr(transfer, "_met", {})
    monkeypatch.setattr(
        transfer.jnp, "asarray", lambda array: shapes.append(array.shape) or jax.device_put(array.copy())
    )
    return shapes


def test_small_arrays_need_a_program_only_if_they_come_often(programs, monkeypatch):
    monkeypatch.setattr(transfer, "_OFTEN", 3)
    for _ in range(3):
        for size in (2, 5):
            np.testing.assert_array_equal(transfer.to_device(np.arange(size)), np.arange(size))
    assert programs == []
    transfer.to_device(np.arange(2))
    transfer.to_device(np.arange(2.0))  # another dtype
    assert programs == [(2,)]


def test_what_is_known_of_shapes_does_not_grow_forever(programs, monkeypatch):
    monkeypatch.setattr(transfer, "_OFTEN", 3)
    for size in range(20):
        transfer.to_device(np.arange(size))
        assert len(transfer._met) <= 4


@pytest.mark.parametrize("size", [3, transfer._LARGE])
def test_the_device_has_a_copy(size):
    array = np.zeros(size)
    there = transfer.to_device(array)
    array[:] = 1
    assert not np.asarray(there).any()


@pytest.mark.parametrize("array", [np.zeros(3, ">f4"), np.array(["a"]), np.zeros(2, "M8[s]")])
def test_what_no_device_has_is_refused(array):
    with pytest.raises(TypeError):
        transfer.to_device(array)
