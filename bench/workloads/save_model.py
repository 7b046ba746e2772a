"""A model of 500 MB to a `.keras` file and back."""

from bench import large_model

TITLE = "save and load_model of a .keras file of 500 MB"
UNIT = "seconds per save and load (first call: the save)"
ROUNDS = 3
TARGETS = {"keras-tensorflow": 1.0}


def with_keras(keras, quick):
    """Both."""
    model = large_model.network(keras, quick)
    return large_model.save_and_load(model, "model.keras", model.save, keras.models.load_model)
