"""Checkpoints of several shards, variables in parts and the names of TensorFlow 1 are read as TensorFlow wrote them."""

from pathlib import Path

import numpy as np
import pytest
from cases_bundles import ARRAYS, GRAPH, PARTS

from cornu.tf import train

FOLDER = Path(__file__).parent / "files" / "bundles"
WHOLE = {**ARRAYS, **{name: array for name, (array, _) in PARTS.items()}}


@pytest.mark.parametrize(("file", "arrays"), [("sharded", WHOLE), ("graph", GRAPH)])
def test_every_array_is_read(file, arrays):
    reader = train.load_checkpoint(FOLDER / file)
    assert dict(train.list_variables(FOLDER / file)) == {name: list(array.shape) for name, array in arrays.items()}
    for name, array in arrays.items():
        found = np.asarray(reader.get_tensor(name))
        assert found.shape == array.shape
        if array.dtype == object:
            assert found.tolist() == [[text.encode() for text in row] for row in array.tolist()]
        else:
            assert found.dtype == array.dtype
            np.testing.assert_array_equal(found, array)


def test_it_lies_in_three_shards():
    assert len(list(FOLDER.glob("sharded.data-*-of-00003"))) == 3
