"""Write a model of Keras 2's CuDNN layers: `TF_USE_LEGACY_KERAS=1 python tests/golden/record_cudnn.py` with tf_keras==2.21.0.

The layers run on a GPU only, but tf_keras reads their weights into LSTM and GRU. Output: `tests/golden/files/h5/cudnn.h5.gz`,
and `tests/golden/cudnn.npz` with inputs, and the weights and predictions of the network of LSTM and GRU.
"""

import functools
import gzip
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf_keras as keras

HERE = Path(__file__).parent


def network(lstm, gru):
    """Three recurrent layers, one of them in both directions."""
    return keras.Sequential(
        [
            keras.Input((5, 3)),
            lstm(4, return_sequences=True, name="one"),
            keras.layers.Bidirectional(lstm(2, return_sequences=True, name="inner"), name="both"),
            gru(3, name="two"),
            keras.layers.Dense(1, name="out"),
        ]
    )


def main() -> None:
    """Record."""
    keras.utils.set_random_seed(2)
    old = tf.compat.v1.keras.layers
    model = network(old.CuDNNLSTM, old.CuDNNGRU)
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=weight.shape).astype("float32") / 2 for weight in model.get_weights()])
    plain = network(keras.layers.LSTM, functools.partial(keras.layers.GRU, reset_after=True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cudnn.h5")
        model.save(path)
        (HERE / "files" / "h5" / "cudnn.h5.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        plain.load_weights(path)
    x = rng.normal(size=(4, 5, 3)).astype("float32")
    weights = {f"weight/{i}": weight for i, weight in enumerate(plain.get_weights())}
    np.savez_compressed(HERE / "cudnn.npz", x=x, prediction=plain.predict(x, verbose=0), **weights)


if __name__ == "__main__":
    main()
