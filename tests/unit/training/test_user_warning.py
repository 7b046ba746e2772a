"""Warnings name the user's line."""

import warnings

from cornu.training.adapters import adapt


def test_the_line_that_called_is_named():
    data = adapt(iter([]), steps=1)
    data.exhausted = True
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        list(data.batches())
    assert [warning.filename for warning in caught] == [__file__]
