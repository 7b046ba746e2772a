"""Models for the old HDF5 format, built with any of `keras`, `tf_keras` and `cornu`, and data for them."""

from typing import Any

import numpy as np


def dense(keras: Any) -> Any:
    """A stack, with regularizers, a constraint and named activations."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((3,), name="entry"),
            layers.Dense(4, "relu", kernel_regularizer=keras.regularizers.L1L2(1e-3, 1e-2), name="one"),
            layers.Dropout(0.0, name="nothing"),
            layers.LeakyReLU(name="leaky"),
            layers.Dense(2, "softmax", bias_constraint=keras.constraints.MaxNorm(2.0), name="two"),
        ],
        name="dense",
    )
    model.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy", metrics=["accuracy"])
    return model


def image(keras: Any) -> Any:
    """Convolutions and normalization in a graph with an addition."""
    layers = keras.layers
    x = keras.Input((6, 6, 2), name="image")
    y = layers.Conv2D(3, 3, padding="same", use_bias=False, name="conv")(x)
    y = layers.BatchNormalization(name="norm")(y)
    y = layers.ReLU(name="relu")(y)
    z = layers.SeparableConv2D(3, 3, padding="same", name="separable")(y)
    z = layers.DepthwiseConv2D(3, padding="same", name="depthwise")(z)
    y = layers.MaxPooling2D(2, name="pool")(layers.Add(name="add")([y, z]))
    y = layers.Conv2DTranspose(2, 2, strides=2, name="transpose")(y)
    y = layers.GlobalAveragePooling2D(name="mean")(y)
    model = keras.Model(x, layers.Dense(2, name="out")(y), name="image")
    loss = keras.losses.MeanSquaredError()
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), loss, metrics=[keras.metrics.RootMeanSquaredError()])
    return model


def nested(keras: Any) -> Any:
    """Two inputs, a shared layer, nested models, one of them frozen, and two outputs."""
    layers = keras.layers
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    shared = layers.Dense(2, "tanh", name="shared")
    inner = keras.Sequential(
        [keras.Input((4,), name="inner_input"), layers.Dense(4, name="d"), layers.BatchNormalization(name="n")],
        name="inner",
    )
    frozen = keras.Sequential([keras.Input((4,), name="frozen_input"), layers.Dense(4, name="f")], name="frozen")
    frozen.trainable = False
    h = layers.Concatenate(name="join")([shared(a), shared(b)])
    h = layers.Add(name="add")([inner(h), frozen(h)])
    outputs = [layers.Dense(1, name="first")(h), layers.Dense(2, name="second")(inner(h))]
    model = keras.Model([a, b], outputs, name="nested")
    model.compile(
        keras.optimizers.RMSprop(0.01), ["mean_squared_error", "mean_absolute_error"], loss_weights=[1.0, 0.5]
    )
    return model


def text(keras: Any) -> Any:
    """Embedding, masks, recurrent layers and wrappers."""
    layers = keras.layers
    x = keras.Input((5,), name="words")
    y = layers.Embedding(7, 4, mask_zero=True, name="embedding")(x)
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="lstm"), name="both")(y)
    y = layers.TimeDistributed(layers.Dense(3, name="each"), name="steps")(y)
    y = layers.GRU(3, return_sequences=True, name="gru")(y)
    y = layers.RNN([layers.LSTMCell(2, name="cell"), layers.SimpleRNNCell(2, name="last")], name="cells")(y)
    model = keras.Model(x, layers.Dense(1, "sigmoid", name="out")(y), name="text")
    model.compile(keras.optimizers.Adamax(0.01), "binary_crossentropy")
    return model


def attention(keras: Any) -> Any:
    """Attention called with two arguments, and layer normalization."""
    layers = keras.layers
    x = keras.Input((4, 6), name="sequence")
    y = layers.MultiHeadAttention(2, 3, name="attention")(x, x)
    y = layers.LayerNormalization(name="norm")(layers.Add(name="add")([x, y]))
    y = layers.Attention(name="again")([y, y])
    y = layers.Conv1D(2, 2, activation="gelu", name="conv")(y)
    y = layers.Flatten(name="flat")(y)
    model = keras.Model(x, layers.Dense(1, name="out")(y), name="attention")
    model.compile(keras.optimizers.AdamW(0.01), keras.losses.Huber())
    return model


def _small(optimizer: Any) -> Any:
    def build(keras: Any) -> Any:
        model = keras.Sequential([keras.Input((3,), name="x"), keras.layers.Dense(2, name="d")], name="small")
        model.compile(optimizer(keras.optimizers), "mean_squared_error")
        return model

    return build


OPTIMIZERS = {
    "sgd": _small(lambda o: o.SGD(0.1)),
    "rmsprop": _small(lambda o: o.RMSprop(0.01, momentum=0.5, centered=True)),
    "amsgrad": _small(lambda o: o.Adam(0.01, amsgrad=True, use_ema=True)),
    "adagrad": _small(lambda o: o.Adagrad(0.1)),
    "adadelta": _small(lambda o: o.Adadelta(0.5)),
    "adamax": _small(lambda o: o.Adamax(0.01)),
    "ftrl": _small(lambda o: o.Ftrl(0.1)),
    "lion": _small(lambda o: o.Lion(0.01)),
    "adafactor": _small(lambda o: o.Adafactor(0.1)),
    "schedule": _small(lambda o: o.Adam(o.schedules.ExponentialDecay(0.1, 2, 0.5))),
}
LEGACY = {
    f"legacy_{name.lower()}": _small(lambda o, name=name: getattr(o.legacy, name)(0.05))
    for name in ("SGD", "RMSprop", "Adam", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl")
}
BUILDERS = {build.__name__: build for build in (dense, image, nested, text, attention)} | OPTIMIZERS


def data(name: str) -> tuple[Any, Any]:
    """Inputs and targets of a case."""
    rng = np.random.default_rng(0)
    normal = lambda *shape: rng.normal(size=shape).astype("float32")
    if name == "dense":
        return normal(8, 3), np.eye(2, dtype="float32")[rng.integers(0, 2, 8)]
    if name == "image":
        return normal(4, 6, 6, 2), normal(4, 2)
    if name == "nested":
        return [normal(4, 3), normal(4, 3)], [normal(4, 1), normal(4, 2)]
    if name == "text":
        return rng.integers(0, 7, (4, 5)), rng.integers(0, 2, (4, 1)).astype("float32")
    return (normal(4, 4, 6), normal(4, 1)) if name == "attention" else (normal(4, 3), normal(4, 2))


ALL = BUILDERS | LEGACY
