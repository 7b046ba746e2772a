"""Files that people left over the years, what they reach here, and what the originals make of them.

    KERAS_HOME=FOLDER python tests/interop/real_files.py     # writes the table of docs/interop.md

`KERAS_HOME` names Keras' cache with the data sets, and `models/` and `files/` with the files. Accuracies are of the first
images of the test set; where a file came without data, `size` is the root of the mean squared output for fixed
inputs, as tf-keras 2.21 computes it.
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from page import replace_section, table

import cornu
from cornu import layers


class RealFile(NamedTuple):
    """A file below `models/`, its architecture (None: the file says it), a figure of it, and the figure of the original."""

    path: str
    build: Callable[[], Any] | None
    figure: Callable[[Any], float]
    name: str
    expected: float
    tolerance: float


def home() -> Path:
    """The folder that `KERAS_HOME` names."""
    return Path(os.environ["KERAS_HOME"])


def loaded(file: RealFile) -> Any:
    """The model of a file, or its architecture with the weights of the file."""
    path = home() / "models" / file.path
    if file.build is None:
        return cornu.models.load_model(path)
    model = file.build()
    if isinstance(model, cornu.Sequential) and not model.built:
        model.compile("adam")
    model.load_weights(path)
    return model


def _stack(shape: tuple[int, ...] | None, *parts: Any) -> Callable[[], Any]:
    return lambda: cornu.Sequential([*([cornu.Input(shape)] if shape else []), *(part() for part in parts)])


def _later(kind: Any, *arguments: Any, **options: Any) -> Callable[[], Any]:
    return lambda: kind(*arguments, **options)


class Baseline(cornu.Model):
    """The course's first convolutional network."""

    def __init__(self):
        super().__init__()
        self.c1 = layers.Conv2D(6, (5, 5), padding="same")
        self.b1 = layers.BatchNormalization()
        self.a1 = layers.Activation("relu")
        self.p1 = layers.MaxPool2D((2, 2), strides=2, padding="same")
        self.d1 = layers.Dropout(0.2)
        self.flatten = layers.Flatten()
        self.f1 = layers.Dense(128, activation="relu")
        self.d2 = layers.Dropout(0.2)
        self.f2 = layers.Dense(10, activation="softmax")

    def call(self, x):
        x = self.d1(self.p1(self.a1(self.b1(self.c1(x)))))
        return self.f2(self.d2(self.f1(self.flatten(x))))


class LeNet5(cornu.Model):
    """The course's LeNet."""

    def __init__(self):
        super().__init__()
        self.c1 = layers.Conv2D(6, (5, 5), activation="sigmoid")
        self.p1 = layers.MaxPool2D((2, 2), strides=2)
        self.c2 = layers.Conv2D(16, (5, 5), activation="sigmoid")
        self.p2 = layers.MaxPool2D((2, 2), strides=2)
        self.flatten = layers.Flatten()
        self.f1 = layers.Dense(120, activation="sigmoid")
        self.f2 = layers.Dense(84, activation="sigmoid")
        self.f3 = layers.Dense(10, activation="softmax")

    def call(self, x):
        return self.f3(self.f2(self.f1(self.flatten(self.p2(self.c2(self.p1(self.c1(x))))))))


def accuracy(
    data: str, count: int, scale: float = 255.0, shape: tuple[int, ...] | None = None
) -> Callable[[Any], float]:
    """The share of right labels among the first images of a test set."""

    def figure(model: Any) -> float:
        _, (x, y) = getattr(cornu.datasets, data).load_data()
        x = (x[:count] / scale).astype("float32")
        return _right(model, x if shape is None else x.reshape(-1, *shape), y[:count])

    return figure


def _exact_cifar(model: Any) -> float:
    with np.load(home() / "datasets" / "cifar10_subset.npz") as data:
        is_exact = data["test_exact"]
        return _right(model, (data["x_test"][is_exact] / 255).astype("float32"), data["y_test"][is_exact, 0])


def _right(model: Any, x: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean(np.argmax(model.predict(x, verbose=0), -1) == labels))


def _next_letters(count: int) -> Callable[[Any], float]:
    """The share of right letters after `count` letters of the circle a, b, c, d, e."""

    def figure(model: Any) -> float:
        places = (np.arange(5)[:, None] + np.arange(count)) % 5
        return _right(model, np.eye(5, dtype="float32")[places], (np.arange(5) + count) % 5)

    return figure


def _price_error(model: Any) -> float:
    """Root of the mean squared error of the last 300 opening prices, each after 60 days."""
    opening = np.genfromtxt(home() / "files" / "SH600519.csv", delimiter=",", skip_header=1, usecols=2)
    low, high = opening[:-300].min(), opening[:-300].max()
    last = ((opening[-300:] - low) / (high - low)).astype("float32")
    windows = np.stack([last[i : i + 60] for i in range(240)])[..., None]
    found = model.predict(windows, verbose=0)[:, 0] * (high - low) + low
    return float(np.sqrt(np.mean((found - opening[-240:]) ** 2)))


def size(*shape: int, words: int = 0) -> Callable[[Any], float]:
    """The root of the mean squared output for 16 fixed inputs: numbers between 0 and 1, or words."""
    return lambda model: float(np.sqrt(np.mean(np.square(model.predict(fixed(shape, words), verbose=0)))))


def fixed(shape: tuple[int, ...], words: int = 0) -> np.ndarray:
    """16 inputs."""
    rng = np.random.default_rng(3)
    return rng.integers(0, words, (16, *shape)) if words else rng.random((16, *shape)).astype("float32")


_conv, _dense, _pool = layers.Conv2D, layers.Dense, layers.MaxPooling2D
_relu, _softmax = {"activation": "relu"}, {"activation": "softmax"}
_normalized = [
    part
    for filters in (16, 32, 64)
    for part in (
        _later(_conv, filters, 3, padding="same", activation="relu"),
        _later(_pool, padding="same"),
        _later(layers.BatchNormalization),
    )
]
_letters = _stack(None, _later(layers.SimpleRNN, 3), _later(_dense, 5, **_softmax))

FILES = [
    RealFile("tf2_ckpt_mooc_a/mnist.ckpt",
             _stack(None, layers.Flatten, _later(_dense, 128, **_relu), _later(_dense, 10, **_softmax)),
             accuracy("mnist", 2000), "accuracy", 0.9735, 1e-6),
    RealFile("tf2_ckpt_mooc_a/Baseline.ckpt", Baseline, _exact_cifar, "accuracy", 0.594, 5e-4),
    RealFile("tf2_ckpt_mooc_a/rnn_onehot_1pre1.ckpt", _letters, _next_letters(1), "accuracy", 1.0, 0),
    RealFile("tf2_ckpt_mooc_a/rnn_onehot_4pre1.ckpt", _letters, _next_letters(4), "accuracy", 1.0, 0),
    RealFile("tf2_ckpt_mooc_b/LeNet5.ckpt", LeNet5, accuracy("fashion_mnist", 2000, shape=(28, 28, 1)), "accuracy", 0.8865, 1e-6),
    RealFile("tf2_ckpt_gru_stock/stock.ckpt",
             _stack(None, _later(layers.GRU, 80, return_sequences=True), _later(layers.Dropout, 0.2), _later(layers.GRU, 100),
                    _later(layers.Dropout, 0.2), _later(_dense, 1)),
             _price_error, "error of the price", 83.0, 0.5),
    RealFile("keras1_mnist_cnn_weights/mnist_cnn_weights.h5",
             _stack((28, 28, 1), _later(_conv, 32, 3, **_relu), _later(_conv, 32, 3, **_relu), _pool, layers.Flatten,
                    _later(_dense, 128, **_relu), _later(_dense, 10, **_softmax)),
             accuracy("mnist", 2000, shape=(28, 28, 1)), "accuracy", 0.988, 1e-6),
    RealFile("keras2.0.6_mnist_cnn_weights/mnist_weights.h5",
             _stack((28, 28, 1), _later(_conv, 30, 5, **_relu), _pool, _later(_conv, 15, 3, **_relu), _pool,
                    _later(layers.Dropout, 0.2), layers.Flatten, _later(_dense, 128, **_relu), _later(_dense, 50, **_relu),
                    _later(_dense, 10, **_softmax)),
             accuracy("mnist", 1000, 1.0, (28, 28, 1)), "accuracy", 0.988, 1e-6),
    RealFile("keras2.0.5_fer2013_mini_xception/fer2013_mini_XCEPTION.119-0.65.hdf5", None,
             size(48, 48, 1), "size", 0.312035, 1e-6),
    RealFile("keras2.0.5_tiny_xception_kdef/tiny_XCEPTION_KDEF.hdf5", None, size(64, 64, 1), "size", 0.156081, 1e-6),
    RealFile("keras2.1.6_fashion_json_weights/fashion_mnist_weights.h5",
             lambda: cornu.models.model_from_json(
                 (home() / "models/keras2.1.6_fashion_json_weights/fashion_mnist_structure.json").read_text()),
             accuracy("fashion_mnist", 2000, shape=(784,)), "accuracy", 0.878, 1e-6),
    RealFile("keras2.1.6_lstm_text/model.keras", None, size(15, 23), "size", 0.208514, 1e-6),
    RealFile("keras2.2.4tf_mnist_cnn/mnist_all.h5", None, accuracy("mnist", 1000, shape=(28, 28, 1)), "accuracy", 0.996, 1e-6),
    RealFile("keras2.2.4tf_mnist_cnn/mnist.h5",
             _stack((28, 28, 1), *_normalized, layers.Flatten, _later(_dense, 128, **_relu), _later(layers.Dropout, 0.2),
                    _later(_dense, 10, **_softmax)),
             accuracy("mnist", 1000, shape=(28, 28, 1)), "accuracy", 0.996, 1e-6),
    RealFile("keras2.2.4tf_nested_sequential/gan.h5", None, size(5), "size", 0.237206, 1e-6),
    RealFile("keras2.3.1_mnist_cnn/mnist_cnn.h5", None, accuracy("mnist", 1000, shape=(28, 28, 1)), "accuracy", 0.991, 1e-6),
    RealFile("keras2.4.0_linear_regression/linear_regression.h5", None, size(1), "size", 0.152938, 1e-6),
    RealFile("keras2.12_normalization_dense/model.keras", None, size(19), "size", 0.592763, 1e-6),
    RealFile("keras2.15_mnist_cnn/numerical_model_convolutional.h5", None, accuracy("mnist", 2000, 1.0, (28, 28, 1)), "accuracy",
             0.972, 1e-6),
    RealFile("keras2.15_lstm_btc/btc.h5", None, size(10, 1), "size", 0.513409, 1e-6),
    RealFile("keras2.15_embedding_lstm/nlp_training_model.h5", None, size(1000, words=100), "size", 0.194849, 1e-6),
    RealFile("keras2.15_v3format_dense/model.keras", None, size(40), "size", 0.451085, 1e-6),
    RealFile("keras3.10_fashion_cnn/model.keras", None, accuracy("fashion_mnist", 2000, shape=(28, 28, 1)), "accuracy",
             0.9085, 1e-6),
]  # fmt: skip


def main() -> None:
    """Measure all, and write the table."""
    rows = []
    for file in FILES:
        model = loaded(file)
        found = file.figure(model)
        verdict = "ok" if abs(found - file.expected) <= file.tolerance else "**differs**"
        how = "the file itself" if file.build is None else "weights into its architecture"
        rows.append(
            (file.path, how, f"{model.count_params():,}", file.name, f"{file.expected:.6g}", f"{found:.6g}", verdict)
        )
        print(*rows[-1])
    head = ("file", "loaded from", "parameters", "figure", "original", "here", "")
    replace_section(
        "Files that people left",
        f"{date.today()}, by `tests/interop/real_files.py`, which says what the figures are.\n\n{table(head, rows)}",
    )


if __name__ == "__main__":
    main()
