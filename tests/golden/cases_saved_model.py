"""Models saved to SavedModel folders. `keras` is tf_keras or Cornu."""

import numpy as np

X = np.random.RandomState(0).rand(4, 8).astype("float32")
SERIES = np.random.RandomState(0).rand(4, 5, 3).astype("float32")


def own_classes(keras):
    """A layer and a model of the user's."""

    class Scaled(keras.layers.Layer):
        def __init__(self, units=3, **common):
            super().__init__(**common)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(name="w", shape=(input_shape[-1], self.units))

        def call(self, x):
            return x @ self.w

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    class Blocks(keras.Model):
        def __init__(self, units=3, **common):
            super().__init__(**common)
            self.head = keras.layers.Dense(units)
            self.blocks = [keras.layers.Dense(units), keras.layers.Dense(units)]

        def call(self, x):
            return self.blocks[1](self.blocks[0](self.head(x)))

    return {"Scaled": Scaled, "Blocks": Blocks}


def sequential(keras):
    """Layers with and without weights, `input_shape=`."""
    layers = keras.layers
    first = layers.Dense(4, input_shape=(8,), activation="relu")
    return keras.Sequential([first, layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(2)])


def functional(keras):
    """A shared layer and a nested model."""
    layers = keras.layers
    a = keras.Input((8,), name="a")
    shared = layers.Dense(8, name="shared")
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(3)], name="inner")
    return keras.Model(a, layers.Add()([inner(shared(shared(a))), layers.Dense(3)(a)]))


def recurrent(keras):
    """Two directions, and a layer in its Keras 2 form."""
    layers = keras.layers
    both = layers.Bidirectional(layers.LSTM(4, return_sequences=True), input_shape=(5, 3))
    return keras.Sequential([both, layers.GRU(3), layers.Dense(1)])


def own_layer(keras):
    """A layer of the user's."""
    return keras.Sequential([keras.Input((8,)), own_classes(keras)["Scaled"](5)])


def subclassed(keras):
    """A model of the user's."""
    return own_classes(keras)["Blocks"](3)


CASES = {case.__name__: case for case in (sequential, functional, recurrent, own_layer, subclassed)}


def input_of(name):
    """What the model of a case is given."""
    return SERIES if name == "recurrent" else X
