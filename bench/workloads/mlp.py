"""Training throughput of a small network on many rows, as in every first lesson."""

import numpy as np

from bench.measure import compile_options, first_and_steady

TITLE = "MLP 784-128-10, 60,000 images of 28 x 28, batch 32, Adam, accuracy, default progress bar"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = {
    "keras-tensorflow": 8.0,
    **dict.fromkeys(("keras-jax", "keras-torch", "torch", "keras-tensorflow-50", "keras-jax-50"), 1.8),
}

BATCH, EPOCHS = 32, 5


def data(quick):
    """Ten blurred prototypes plus noise: learnable, the same in every process."""
    rng = np.random.default_rng(0)
    rows = 3_200 if quick else 60_000
    prototypes = rng.random((10, 28, 28), np.float32)
    labels = rng.integers(0, 10, rows).astype("int32")
    images = 0.4 * prototypes[labels] + 0.6 * rng.random((rows, 28, 28), np.float32)
    return images, labels


def with_keras(keras, quick):
    """`compile` and `fit`, nothing else set."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input(shape=(28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"], **compile_options())
    images, labels = data(quick)
    losses = []

    def fit(epochs):
        losses.extend(model.fit(images, labels, batch_size=BATCH, epochs=epochs).history["loss"])

    operations = 3 * 2 * len(images) * (784 * 128 + 128 * 10)
    return {**first_and_steady(fit, EPOCHS), "result": losses[-1], "operations": operations}


with_keras_steps = with_keras


def with_torch(torch, quick):
    """A loop written for speed: tensors in memory, no DataLoader, metrics read once an epoch."""
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    criterion = torch.nn.CrossEntropyLoss()
    images, labels = (torch.from_numpy(array) for array in data(quick))
    labels = labels.long()
    losses = []

    def fit(epochs):
        for _ in range(epochs):
            total, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
            for rows in torch.randperm(len(images)).split(BATCH):
                x, y = images[rows], labels[rows]
                logits = model(x)
                loss = criterion(logits, y)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
                total += loss.detach() * len(rows)
                correct += (logits.argmax(1) == y).sum()
            losses.append(total.item() / len(images))
            print(f"loss {losses[-1]:.4f} accuracy {correct.item() / len(images):.4f}")

    return {**first_and_steady(fit, EPOCHS), "result": losses[-1]}


def with_jax(jax, quick):
    """The floor: one `lax.scan` per epoch, Adam by hand, accuracy counted on the device."""
    import jax.numpy as jnp

    images, labels = (jax.device_put(array) for array in data(quick))
    keys = jax.random.split(jax.random.key(1), 2)
    glorot = jax.nn.initializers.glorot_uniform()
    weights = [glorot(keys[0], (784, 128)), jnp.zeros(128), glorot(keys[1], (128, 10)), jnp.zeros(10)]
    zeros = [jnp.zeros_like(w) for w in weights]

    def loss_and_correct(weights, x, y):
        w1, b1, w2, b2 = weights
        logits = jax.nn.relu(x.reshape(len(x), -1) @ w1 + b1) @ w2 + b2
        log_likelihood = jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1)
        return -log_likelihood.mean(), (logits.argmax(1) == y).sum()

    gradient = jax.value_and_grad(loss_and_correct, has_aux=True)

    def step(state, rows):
        weights, m, v, count = state
        (loss, correct), gradients = gradient(weights, images[rows], labels[rows])
        count += 1
        rate = 1e-3 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        m = [0.9 * a + 0.1 * g for a, g in zip(m, gradients)]
        v = [0.999 * a + 0.001 * g * g for a, g in zip(v, gradients)]
        weights = [w - rate * a / (jnp.sqrt(b) + 1e-7) for w, a, b in zip(weights, m, v)]
        return (weights, m, v, count), (loss, correct)

    @jax.jit
    def epoch(state, key):
        rows = jax.random.permutation(key, len(images)).reshape(-1, BATCH)
        state, (losses, corrects) = jax.lax.scan(step, state, rows)
        return state, losses.mean(), corrects.sum()

    state, losses = (weights, zeros, zeros, jnp.float32(0)), []

    def fit(epochs):
        nonlocal state
        for number in range(epochs):
            state, loss, correct = epoch(state, jax.random.key(number))
            losses.append(float(loss))
            print(f"loss {losses[-1]:.4f} accuracy {int(correct) / len(images):.4f}")

    return {**first_and_steady(fit, EPOCHS), "result": losses[-1]}
