"""Film reviews as in the second lesson: words as 10,000 zeros and ones, three small dense layers, validated after every epoch."""

import numpy as np

from bench.measure import compile_options, first_and_steady

TITLE = "MLP 10000-16-16-1 on 7,500 rows of zeros and ones, batch 512, RMSprop, accuracy, 5,000 rows of validation"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = dict.fromkeys(("keras-tensorflow", "keras-jax", "keras-torch", "tf-keras", "torch"), 1.0)

WORDS, BATCH, EPOCHS, HELD_OUT = 10_000, 512, 4, 5_000


def data(quick):
    """Rows of 200 words; the kind is told by how many of them are from the first half. Shape: (rows, 10000), (rows, 1)."""
    generator = np.random.default_rng(0)
    rows = 2 * BATCH if quick else 7_500 + HELD_OUT
    y = generator.integers(0, 2, (rows, 1)).astype("float32")
    words = generator.integers(0, WORDS // 2, (rows, 200)) + (generator.random((rows, 200)) < 0.4 + 0.2 * y) * (
        WORDS // 2
    )
    x = np.zeros((rows, WORDS), "float32")
    x[np.arange(rows)[:, None], words] = 1.0
    return x, y


def with_keras(keras, quick):
    """`fit` with `validation_data`."""
    keras.utils.set_random_seed(1)
    dense = keras.layers.Dense
    model = keras.Sequential([
        keras.Input(shape=(WORDS,)), dense(16, activation="relu"), dense(16, activation="relu"), dense(1, activation="sigmoid"),
    ])  # fmt: skip
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"], **compile_options())
    x, y = data(quick)
    held_out = BATCH if quick else HELD_OUT
    losses = []

    def fit(epochs):
        history = model.fit(
            x[held_out:],
            y[held_out:],
            validation_data=(x[:held_out], y[:held_out]),
            batch_size=BATCH,
            epochs=epochs,
            verbose=0,
        )
        losses.extend(history.history["val_loss"])

    return {**first_and_steady(fit, EPOCHS), "result": losses[-1]}


with_keras_steps = with_tf_keras = with_keras


def with_torch(torch, quick):
    """The loop by hand."""
    torch.manual_seed(1)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(WORDS, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
    criterion = nn.BCEWithLogitsLoss()
    x, y = (torch.from_numpy(array) for array in data(quick))
    held_out = BATCH if quick else HELD_OUT
    losses = []

    def fit(epochs):
        for _ in range(epochs):
            total = right = torch.zeros(())
            for rows in (torch.randperm(len(x) - held_out) + held_out).split(BATCH):
                logits = model(x[rows])
                loss = criterion(logits, y[rows])
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
                total = total + loss.detach() * len(rows)
                right = right + ((logits > 0) == (y[rows] > 0.5)).sum()
            with torch.no_grad():
                parts = [(model(x[at : at + BATCH]), y[at : at + BATCH]) for at in range(0, held_out, BATCH)]
                losses.append(sum(criterion(a, b) * len(b) for a, b in parts).item() / held_out)
                sum(((a > 0) == (b > 0.5)).sum() for a, b in parts).item()
            total.item(), right.item()

    return {**first_and_steady(fit, EPOCHS), "result": losses[-1]}
