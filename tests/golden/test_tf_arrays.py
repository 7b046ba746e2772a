import json
from pathlib import Path

import numpy as np
import pytest
from cases_tf_arrays import CASES

import cornu
import cornu.tf as tf

RECORDED = json.loads(Path(__file__).with_name("tf_arrays.json").read_text())


@pytest.fixture(autouse=True)
def tensorflow_style():
    cornu.config.set_style("tf2")
    yield
    cornu.config.set_style("keras3")


def test_every_expression_is_recorded():
    assert list(RECORDED) == CASES


@pytest.mark.parametrize("expression", CASES)
def test_prints_what_tensorflow_prints(expression):
    wanted = RECORDED[expression]
    if wanted in ("TypeError", "ValueError"):
        with pytest.raises((TypeError, ValueError, IndexError), match=r"\w"):
            eval(expression, {"tf": tf, "np": np})
    else:
        assert repr(eval(expression, {"tf": tf, "np": np})) == wanted
