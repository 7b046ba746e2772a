"""The stock network of two plain recurrent layers."""

from bench import stock_network

TITLE = stock_network.TITLE.format("SimpleRNN")
UNIT = stock_network.UNIT
ROUNDS = 3
TARGETS = {"keras-tensorflow": 1.3, "keras-jax": 1.3, "torch": 1.3}


def with_keras(keras, quick):
    """`compile` and `fit`."""
    return stock_network.with_keras(keras, "SimpleRNN", quick)


with_keras_steps = with_keras


def with_torch(torch, quick):
    """By hand."""
    return stock_network.with_torch(torch, "RNN", quick)
