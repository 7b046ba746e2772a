"""ReversibleEmbedding gives what Keras' gave in both directions. See `record_reversible_embedding.py`."""

import json
import pathlib

import numpy as np
import pytest
from cases_reversible_embedding import CASES, INDICES, VECTORS, weights_of

from cornu import layers

FACTS = json.loads(pathlib.Path(__file__).with_name("reversible_embedding.json").read_text())


@pytest.mark.parametrize("key", CASES)
def test_both_directions(key):
    facts = FACTS[key]
    layer = layers.ReversibleEmbedding(5, 4, **CASES[key], name="reversible")
    assert json.loads(json.dumps(layer.get_config())) == facts["config"]
    layer.build((None, 3))
    assert [[weight.name, list(weight.shape), weight.trainable] for weight in layer.weights] == facts["weights"]
    layer.set_weights(weights_of([weight.shape for weight in layer.weights]))
    forward, backward = layer(INDICES), layer(VECTORS, reverse=True)
    assert [forward.dtype, backward.dtype] == facts["dtypes"]
    np.testing.assert_array_equal(np.asarray(forward, "float64"), facts["forward"])
    np.testing.assert_allclose(np.asarray(backward, "float64"), facts["backward"], rtol=1e-5, atol=1e-6)
    shapes = [layer.compute_output_shape((None, 3)), layer.compute_output_shape((None, 3, 4), reverse=True)]
    assert list(map(list, shapes)) == facts["shapes"]
