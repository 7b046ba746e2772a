"""Misspelt names of modules."""

import sys

import pytest

import cornu
from cornu._base.suggest import attribute_error, did_you_mean, nearest


def test_nearest_prefers_the_same_spelling():
    known = ["MeanSquaredError", "mean_squared_error", "mse"]
    assert nearest("mean_square_error", known) == ["mean_squared_error"]
    assert nearest("MeanSquareError", known) == ["MeanSquaredError"]
    assert did_you_mean("zzz", known) == ""


@pytest.mark.parametrize(
    ("statement", "kind", "word"),
    [
        ("from cornu.layers import Droupout", ImportError, "'Dropout'"),
        ("cornu.layers.Droupout", AttributeError, "'Dropout'"),
        ("from cornu import Sequentail", ImportError, "'Sequential'"),
        ("cornu.util", AttributeError, "'utils'"),
        ("from cornu.models import load_modle", ImportError, "'load_model'"),
        ("from cornu.losses import binary_arossentropy", ImportError, "'binary_crossentropy'"),
    ],
)
def test_a_misspelt_name_gets_the_nearest_ones(statement, kind, word):
    with pytest.raises(kind, match=f"has no attribute.*Did you mean.*{word}"):
        exec(statement, {"cornu": cornu})


def test_lazy_names_are_imported_when_touched():
    find = attribute_error(__name__, {"path": "os.path", "join": "os.path:join"})
    assert find("path") is sys.modules["os.path"] and find("join") is sys.modules["os.path"].join
    assert not hasattr(cornu.layers, "nothing") and "load_model" in dir(cornu.models)
