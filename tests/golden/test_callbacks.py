"""What callbacks print, save and remember, as recorded from Keras 3.15."""

import json
import math
import warnings
from pathlib import Path

import pytest
from cases_callbacks import CASES, DIRECTED, direction, run

import cornu

EXPECTED = json.loads(Path(__file__).with_name("callbacks.json").read_text())


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-6) or (math.isnan(a) and math.isnan(b))
    return a == b


@pytest.mark.parametrize("name", CASES)
def test_callback(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = json.loads(json.dumps(run(cornu, CASES[name])))
    expected = EXPECTED["cases"][name]
    for part, value in expected.items():
        assert same(found[part], value), (part, found[part], value)


@pytest.mark.parametrize("name", DIRECTED)
def test_direction(name):
    assert direction(cornu, name) == EXPECTED["directions"][name]
