"""Batches of one row: what a step costs when there is nearly nothing to compute."""

import numpy as np

from bench.measure import first_and_steady

TITLE = "regression 13-64-64-1, 404 rows, batch 1, RMSprop, mean absolute error, 100 epochs, verbose=0"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = {"keras-tensorflow": 50.0}


def data():
    """House-price-like rows: standardized features, a noisy smooth function of them."""
    rng = np.random.default_rng(0)
    features = rng.standard_normal((404, 13)).astype("float32")
    slopes = rng.standard_normal(13)
    prices = 22 + 4 * np.tanh(features @ slopes / 2) + 2 * features[:, 0] * features[:, 1] + rng.normal(0, 1, 404)
    return features, prices.astype("float32")


def with_keras(keras, quick):
    """`compile` and `fit` with `batch_size=1`."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input(shape=(13,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(1),
    ])  # fmt: skip
    model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
    features, prices = data()
    errors = []

    def fit(epochs):
        errors.extend(model.fit(features, prices, batch_size=1, epochs=epochs, verbose=0).history["mae"])

    return {**first_and_steady(fit, 3 if quick else 100), "result": errors[-1]}


def with_torch(torch, quick):
    """The same by hand; the error is read once an epoch."""
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Linear(13, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1)
    )
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
    features, prices = (torch.from_numpy(array) for array in data())
    errors = []

    def fit(epochs):
        for _ in range(epochs):
            total = torch.zeros(())
            for rows in torch.randperm(len(features)).split(1):
                difference = model(features[rows])[:, 0] - prices[rows]
                optimizer.zero_grad(set_to_none=True)
                difference.square().mean().backward()
                optimizer.step()
                total += difference.detach().abs().sum()
            errors.append(total.item() / len(features))

    return {**first_and_steady(fit, 3 if quick else 100), "result": errors[-1]}
