"""Weights of 500 MB to a TensorFlow checkpoint and back."""

from bench import large_model

TITLE = "save_weights and load_weights of a TensorFlow checkpoint of 500 MB"
UNIT = "seconds per save and load (first call: the save)"
ROUNDS = 3
TARGETS = {"tf-keras": 1 / 1.5}


def with_cornu(cornu, quick):
    """Cornu's."""
    return run(cornu, quick)


def with_tf_keras(tf_keras, quick):
    """Keras 2's on TensorFlow's own reader and writer."""
    return run(tf_keras, quick)


def run(keras, quick):
    """Save the weights of one network, and load them into another."""
    model, other = large_model.network(keras, quick), large_model.network(keras, quick)

    def load(path):
        other.load_weights(path)
        return other

    return large_model.save_and_load(model, "model.ckpt", model.save_weights, load)
