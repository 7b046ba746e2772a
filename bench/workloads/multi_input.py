"""Tickets: a title, a text and tags go in, a priority and a department come out. Two embeddings, two LSTMs, two losses."""

import numpy as np

from bench.measure import compile_options, first_and_steady

TITLE = "two texts through Embedding(64) and LSTM, tags beside them, two outputs with a loss each; 1,280 rows, batch 32, Adam"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = dict.fromkeys(("keras-tensorflow", "keras-jax", "keras-torch", "tf-keras"), 1.3)

WORDS, TAGS, DEPARTMENTS, TITLE_WORDS, BODY_WORDS = 10_000, 12, 4, 10, 100


def data(quick):
    """Inputs and targets by name."""
    generator = np.random.default_rng(0)
    rows = 64 if quick else 1_280
    x = {
        "title": generator.integers(0, WORDS, (rows, TITLE_WORDS)),
        "body": generator.integers(0, WORDS, (rows, BODY_WORDS)),
        "tags": generator.integers(0, 2, (rows, TAGS)).astype("float32"),
    }
    departments = np.eye(DEPARTMENTS, dtype="float32")[x["title"][:, 0] % DEPARTMENTS]
    return x, {"priority": x["tags"][:, :1], "department": departments}


def with_keras(keras, quick):
    """`fit` on dicts."""
    keras.utils.set_random_seed(1)
    layers = keras.layers
    title = keras.Input(shape=(TITLE_WORDS,), name="title")
    body = keras.Input(shape=(BODY_WORDS,), name="body")
    tags = keras.Input(shape=(TAGS,), name="tags")
    texts = [layers.LSTM(128)(layers.Embedding(WORDS, 64)(title)), layers.LSTM(32)(layers.Embedding(WORDS, 64)(body))]
    x = layers.concatenate([*texts, tags])
    outputs = {
        "priority": layers.Dense(1, activation="sigmoid", name="priority")(x),
        "department": layers.Dense(DEPARTMENTS, activation="softmax", name="department")(x),
    }
    model = keras.Model([title, body, tags], outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss={"priority": "binary_crossentropy", "department": "categorical_crossentropy"},
        loss_weights={"priority": 1.0, "department": 0.2},
        **compile_options(),
    )
    inputs, targets = data(quick)
    losses = []

    def fit(epochs):
        losses.extend(model.fit(inputs, targets, epochs=epochs, batch_size=32, verbose=0).history["loss"])

    return {**first_and_steady(fit, 3), "result": losses[-1]}


with_keras_steps = with_tf_keras = with_keras
