"""Merging layers: ranks, unknown sizes, masks, and the functions beside the classes."""

import numpy as np
import pytest

import cornu
from cornu import layers


def with_mask(mask):
    """A tensor of ones (batch, steps, 1) that carries the mask."""
    x = cornu.ops.ones((*np.shape(mask), 1))
    x._keras_mask = None if mask is None else cornu.convert_to_tensor(mask)
    return x


FIRST, SECOND = [[True, False, True]], [[True, True, False]]


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "average", "maximum", "minimum"])
def test_a_step_has_data_if_one_input_has(name):
    joined = getattr(layers, name)([with_mask(FIRST), with_mask(SECOND)])
    assert joined._keras_mask.numpy().tolist() == [[True, True, True]]
    bare = cornu.ops.ones((1, 3, 1))
    assert getattr(layers, name)([with_mask(FIRST), bare])._keras_mask is None


def test_concatenated_masks():
    x, y, bare = with_mask(FIRST), with_mask(SECOND), cornu.ops.ones((1, 3, 1))
    assert layers.concatenate([x, y], axis=1)._keras_mask.numpy().tolist() == [[*FIRST[0], *SECOND[0]]]
    assert layers.concatenate([x, bare], axis=1)._keras_mask.numpy().tolist() == [[*FIRST[0], True, True, True]]
    assert layers.concatenate([x, y])._keras_mask.numpy().tolist() == [[True, True, True]]
    assert layers.concatenate([x, bare])._keras_mask.numpy().tolist() == [[True, True, True]]


def test_functions_are_the_layers():
    a, b = np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])
    assert layers.add([a, b]).numpy().tolist() == [[4, 7]]
    assert layers.subtract([a, b]).numpy().tolist() == [[-2, -3]]
    assert layers.multiply([a, b]).numpy().tolist() == [[3, 10]]
    assert layers.average([a, b]).numpy().tolist() == [[2, 3.5]]
    assert layers.maximum([a, b]).numpy().tolist() == [[3, 5]]
    assert layers.minimum([a, b]).numpy().tolist() == [[1, 2]]
    assert layers.concatenate([a, b]).numpy().tolist() == [[1, 2, 3, 5]]
    assert layers.dot([a, b], axes=1).numpy().tolist() == [[13]]


@pytest.mark.parametrize(
    ("a", "b", "joined"),
    [
        ((None, None, 3), (None, 4, 3), (None, None, 3)),
        ((None, 3), (None, 4, 3), (None, 4, 3)),
        ((4, 3), (None, 3), (4, 3)),
        ((None, 1, 3), (None, 5, 1), (None, 5, 3)),
    ],
)
def test_unknown_sizes(a, b, joined):
    assert layers.Add().compute_output_shape([a, b]) == joined
    assert tuple(layers.Add()([layers.Input(batch_shape=a), layers.Input(batch_shape=b)]).shape) == joined


def test_concatenate_of_unknown_sizes():
    shapes = [(None, None, 3), (None, 4, 5)]
    assert layers.Concatenate().compute_output_shape(shapes) == (None, 4, 8)
