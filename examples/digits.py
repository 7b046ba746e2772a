"""Handwritten digits, from the data to a saved model: a small convolutional network on scikit-learn's 1,797 digits.

    python examples/digits.py      # writes digits.keras and digits.png into the current folder

The same script runs on Keras 3: write `import keras` in place of `import cornu as keras`.
"""

import time

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import cornu as keras
from cornu import layers

SEED, EPOCHS, BATCH_SIZE = 7, 25, 32
WANTED_ACCURACY = 0.98


def load_data():
    """Images of 8 x 8 pixels in 0..1 and their digits; a fifth of each digit is held out."""
    images, digits = load_digits(return_X_y=True)
    images = (images / 16.0).astype("float32").reshape(-1, 8, 8, 1)
    return train_test_split(images, digits, test_size=0.2, stratify=digits, random_state=SEED)


def build_model():
    """Two convolutions with batch normalization, then a dense layer with dropout."""
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(32, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Conv2D(64, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ],
        name="digits",
    )


def draw(history, truth, predicted, path):
    """Learning curves and confusion matrix side by side."""
    figure, (loss_axes, accuracy_axes, matrix_axes) = plt.subplots(1, 3, figsize=(15, 4.5), layout="constrained")
    epochs = range(1, len(history["loss"]) + 1)
    for axes, name in ((loss_axes, "loss"), (accuracy_axes, "accuracy")):
        axes.plot(epochs, history[name], label="training")
        axes.plot(epochs, history[f"val_{name}"], label="held out")
        axes.set(title=name.capitalize(), xlabel="epoch", ylabel=name)
        axes.grid(alpha=0.3)
        axes.legend()

    counts = np.zeros((10, 10), int)
    np.add.at(counts, (truth, predicted), 1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    matrix_axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(counts)):
        color = "white" if shares[row, column] > 0.5 else "black"
        matrix_axes.text(column, row, counts[row, column], ha="center", va="center", color=color)
    right = np.trace(counts)
    matrix_axes.set(
        title=f"Held-out digits: {right} of {len(truth)} right", xlabel="predicted", ylabel="written",
        xticks=range(10), yticks=range(10),
    )  # fmt: skip
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main():
    started = time.perf_counter()
    keras.utils.set_random_seed(SEED)
    x_train, x_test, y_train, y_test = load_data()
    print(f"{len(x_train)} digits to learn from, {len(x_test)} held out\n")

    model = build_model()
    model.summary()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    history = model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, validation_data=(x_test, y_test))

    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"\nHeld out: loss {loss:.4f}, accuracy {accuracy:.2%}")

    model.save("digits.keras")
    loaded = keras.models.load_model("digits.keras")
    probabilities = model.predict(x_test, verbose=0)
    same = np.array_equal(probabilities, loaded.predict(x_test, verbose=0))
    print(f"Saved to digits.keras and loaded again: predictions are {'the same' if same else 'DIFFERENT'}")

    print("\nSingle digits:")
    for digit in range(10):
        image = x_test[y_test == digit][:1]
        answer = loaded.predict(image, verbose=0)[0]
        print(f"  written {digit}, predicted {answer.argmax()} ({answer.max():.1%} sure)")

    draw(history.history, y_test, probabilities.argmax(axis=1), "digits.png")
    print(f"\nLearning curves and confusion matrix: digits.png   ({time.perf_counter() - started:.1f} s in all)")
    if not same or accuracy < WANTED_ACCURACY:
        raise SystemExit(f"Expected the same predictions after loading and at least {WANTED_ACCURACY:.0%} accuracy.")


if __name__ == "__main__":
    main()
