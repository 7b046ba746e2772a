"""Pickles of all protocols pass; what asks for more than its bytes does not."""

import pickle

import numpy as np
import pytest

from cornu._base.errors import DataLossError, UnsafeFileError
from cornu.io.pickle_check import check_pickle

VALUES = [
    list(range(-300, 300)), {"a": b"x" * 300, "b": "é" * 70_000, "c": 2**80, "d": 1.5}, (None, True, -(2**70)), np.arange(500),
    [[str(i)] for i in range(300)], {1, 2}, bytearray(b"xyz"), "line\nline",
]  # fmt: skip


@pytest.mark.parametrize("protocol", range(6))
def test_whole_pickles_pass(protocol):
    for value in VALUES:
        check_pickle(pickle.dumps(value, protocol))


@pytest.mark.parametrize("protocol", range(6))
def test_every_cut_is_noticed(protocol):
    data = pickle.dumps([list(range(20)), "text", b"bytes", 2**80, {"a": 1.5}], protocol)
    for length in range(len(data)):
        with pytest.raises(DataLossError, match="damaged"):
            check_pickle(data[:length])


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x02Nr\xff\xff\xff\x7f.",  # a place in the memo
        b"Np99999999\n.",
        b"Np +99_999_999\n.",
        b"\x80\x04\x8d" + b"\xff" * 8 + b".",  # lengths
        b"\x80\x04\x8e" + b"\x00" * 7 + b"\x10.",
        b"\x80\x05\x96" + b"\x00" * 7 + b"\x10.",
        b"X\xff\xff\xff\x7f.",
        b"T\xff\xff\xff\xff.",  # negative
        b"\x8b\xff\xff\xff\x7f.",
    ],
)
def test_claims_beyond_the_bytes_are_refused(data):
    with pytest.raises(DataLossError, match="it asks for"):
        check_pickle(data)


def test_objects_of_the_program_are_refused():
    with pytest.raises(UnsafeFileError, match="running program"):
        check_pickle(b"\x80\x02\x82\x01.")
