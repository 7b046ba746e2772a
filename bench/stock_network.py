"""A textbook's network for a stock's price: two recurrent layers, each with dropout, over windows of 60 days."""

import numpy as np

from bench.measure import compile_options, first_and_steady

TITLE = "{0}(80, sequences)-Dropout-{0}(100)-Dropout-Dense(1) on 2,048 windows of 60 days, batch 64, Adam, mse"
UNIT = "seconds per epoch"
DAYS, BATCH, EPOCHS = 60, 64, 3


def data(quick):
    """Windows of a random walk between 0 and 1, and the value that follows each."""
    rows = 256 if quick else 2_048
    walk = np.random.default_rng(0).standard_normal(rows + DAYS).cumsum()
    walk = ((walk - walk.min()) / (walk.max() - walk.min())).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(walk[:-1], DAYS)[..., None]
    return np.ascontiguousarray(windows), walk[DAYS:, None].copy()


def with_keras(keras, name, quick):
    """`compile` and `fit`; `name` is the class of both recurrent layers."""
    keras.utils.set_random_seed(1)
    recurrent = getattr(keras.layers, name)
    model = keras.Sequential([
        keras.Input(shape=(DAYS, 1)),
        recurrent(80, return_sequences=True),
        keras.layers.Dropout(0.2),
        recurrent(100),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(1),
    ])  # fmt: skip
    return fitted(model, *data(quick))


def fitted(model, x, y):
    """Times of `fit`, and the last loss."""
    model.compile(optimizer="adam", loss="mse", **compile_options())
    losses = []

    def fit(epochs):
        losses.extend(model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0).history["loss"])

    return {**first_and_steady(fit, EPOCHS), "result": losses[-1]}


def with_torch(torch, name, quick):
    """The same by hand; `name` is the class in `torch.nn`."""
    torch.manual_seed(1)
    recurrent = getattr(torch.nn, name)
    first, second = recurrent(1, 80, batch_first=True), recurrent(80, 100, batch_first=True)
    head, dropout = torch.nn.Linear(100, 1), torch.nn.Dropout(0.2)
    parameters = [p for part in (first, second, head) for p in part.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=1e-3, eps=1e-7)
    x, y = (torch.from_numpy(array) for array in data(quick))
    losses = []

    def fit(epochs):
        for _ in range(epochs):
            total = torch.zeros(())
            for rows in torch.randperm(len(x)).split(BATCH):
                hidden = dropout(first(x[rows])[0])
                loss = torch.nn.functional.mse_loss(head(dropout(second(hidden)[0][:, -1])), y[rows])
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
                total += loss.detach() * len(rows)
            losses.append(total.item() / len(x))

    return {**first_and_steady(fit, EPOCHS), "result": losses[-1]}
