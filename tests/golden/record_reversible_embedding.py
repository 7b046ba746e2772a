"""Record what ReversibleEmbedding of Keras does.

Run `KERAS_BACKEND=jax python tests/golden/record_reversible_embedding.py` in an environment with keras==3.15.0; it writes
`reversible_embedding.json` beside itself.
"""

import json
import pathlib

import keras
import numpy as np
from cases_reversible_embedding import CASES, INDICES, VECTORS, weights_of


def record(arguments):
    """Config, weights, and results in both directions."""
    layer = keras.layers.ReversibleEmbedding(5, 4, **arguments, name="reversible")
    layer.build((None, 3))
    layer.set_weights(weights_of([weight.shape for weight in layer.weights]))
    forward, backward = layer(INDICES), layer(VECTORS, reverse=True)
    return {
        "config": layer.get_config(),
        "weights": [[weight.name, list(weight.shape), weight.trainable] for weight in layer.weights],
        "forward": np.asarray(forward, "float64").tolist(),
        "backward": np.asarray(backward, "float64").round(7).tolist(),
        "dtypes": [str(forward.dtype), str(backward.dtype)],
        "shapes": [
            list(layer.compute_output_shape((None, 3))),
            list(layer.compute_output_shape((None, 3, 4), reverse=True)),
        ],
    }


if __name__ == "__main__":
    found = {key: record(arguments) for key, arguments in CASES.items()}
    target = pathlib.Path(__file__).with_name("reversible_embedding.json")
    target.write_text(json.dumps(found, separators=(",", ":")) + "\n")
