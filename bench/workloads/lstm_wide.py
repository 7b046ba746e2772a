"""One wider LSTM, where the matrix products weigh more than the loop."""

import numpy as np

from bench import stock_network

TITLE = "LSTM(128)-Dense(1) on 1,280 sequences of 60 steps of 32 features, batch 64, Adam, mse"
UNIT = stock_network.UNIT
ROUNDS = 3
TARGETS = {"keras-tensorflow": 1.0, "keras-jax": 1.0}


def with_keras(keras, quick):
    """`compile` and `fit`."""
    keras.utils.set_random_seed(1)
    generator, rows = np.random.default_rng(0), 128 if quick else 1_280
    x, y = generator.random((rows, 60, 32), np.float32), generator.random((rows, 1), np.float32)
    model = keras.Sequential([keras.Input(shape=(60, 32)), keras.layers.LSTM(128), keras.layers.Dense(1)])
    return stock_network.fitted(model, x, y)
