"""Architectures whose files are exchanged with Keras 3 and tf-keras, built with any of `keras`, `tf_keras` and `cornu`.

They are the published courses' networks and the usual functional graphs, made small: some hundred weights each. What is
subclassed takes `training`: without it, Keras 3 trains with all layers inside as if they predicted. The network with an
embedding has SGD: Keras 3 on TensorFlow gives Adam the parts of a word's gradient one by one.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

DROPOUT = 0.2  # of every layer; switched off for the step that is compared
CLASSES = "sparse_categorical_crossentropy"


class Architecture(NamedTuple):
    """How to build a network, its data, and how to train it. `is_subclassed`: its graph is Python code."""

    build: Callable[[Any], Any]
    data: Callable[[], tuple[Any, Any]]
    optimizer: Callable[[Any], Any]
    loss: Any
    is_subclassed: bool = False


@functools.cache
def classes(keras: Any) -> dict[str, Any]:
    """The classes of one library, registered once."""
    layers, register = keras.layers, keras.saving.register_keras_serializable(package="interop")

    @register
    class Baseline(keras.Model):
        def __init__(self, **common):
            super().__init__(**common)
            self.c1 = layers.Conv2D(filters=3, kernel_size=(5, 5), padding="same")
            self.b1 = layers.BatchNormalization()
            self.a1 = layers.Activation("relu")
            self.p1 = layers.MaxPool2D(pool_size=(2, 2), strides=2, padding="same")
            self.d1 = layers.Dropout(DROPOUT)
            self.flatten = layers.Flatten()
            self.f1 = layers.Dense(6, activation="relu")
            self.d2 = layers.Dropout(DROPOUT)
            self.f2 = layers.Dense(4, activation="softmax")

        def call(self, x, training=None):
            x = self.d1(self.p1(self.a1(self.b1(self.c1(x)))))
            return self.f2(self.d2(self.f1(self.flatten(x))))

    @register
    class LeNet5(keras.Model):
        def __init__(self, **common):
            super().__init__(**common)
            self.c1 = layers.Conv2D(filters=3, kernel_size=(5, 5), activation="sigmoid")
            self.p1 = layers.MaxPool2D(pool_size=(2, 2), strides=2)
            self.c2 = layers.Conv2D(filters=4, kernel_size=(5, 5), activation="sigmoid")
            self.p2 = layers.MaxPool2D(pool_size=(2, 2), strides=2)
            self.flatten = layers.Flatten()
            self.f1 = layers.Dense(8, activation="sigmoid")
            self.f2 = layers.Dense(6, activation="sigmoid")
            self.f3 = layers.Dense(4, activation="softmax")

        def call(self, x, training=None):
            return self.f3(self.f2(self.f1(self.flatten(self.p2(self.c2(self.p1(self.c1(x))))))))

    @register
    class ResnetBlock(keras.Model):
        def __init__(self, filters, strides=1, residual_path=False, **common):
            super().__init__(**common)
            self.filters, self.strides, self.residual_path = filters, strides, residual_path
            self.c1 = layers.Conv2D(filters, (3, 3), strides=strides, padding="same", use_bias=False)
            self.b1 = layers.BatchNormalization()
            self.a1 = layers.Activation("relu")
            self.c2 = layers.Conv2D(filters, (3, 3), strides=1, padding="same", use_bias=False)
            self.b2 = layers.BatchNormalization()
            if residual_path:
                self.down_c1 = layers.Conv2D(filters, (1, 1), strides=strides, padding="same", use_bias=False)
                self.down_b1 = layers.BatchNormalization()
            self.a2 = layers.Activation("relu")

        def call(self, x):
            y = self.b2(self.c2(self.a1(self.b1(self.c1(x)))))
            return self.a2(y + (self.down_b1(self.down_c1(x)) if self.residual_path else x))

        def get_config(self):
            return {"filters": self.filters, "strides": self.strides, "residual_path": self.residual_path}

    @register
    class ResNet18(keras.Model):
        def __init__(self, block_list, initial_filters=2, **common):
            super().__init__(**common)
            self.block_list, self.initial_filters = block_list, initial_filters
            self.out_filters = initial_filters
            self.c1 = layers.Conv2D(self.out_filters, (3, 3), strides=1, padding="same", use_bias=False)
            self.b1 = layers.BatchNormalization()
            self.a1 = layers.Activation("relu")
            self.blocks = keras.Sequential()
            for stage, count in enumerate(block_list):
                for number in range(count):
                    is_first = stage != 0 and number == 0
                    self.blocks.add(ResnetBlock(self.out_filters, strides=1 + is_first, residual_path=is_first))
                self.out_filters *= 2
            self.p1 = layers.GlobalAveragePooling2D()
            self.f1 = layers.Dense(4, activation="softmax", kernel_regularizer=keras.regularizers.L2())

        def call(self, x, training=None):
            return self.f1(self.p1(self.blocks(self.a1(self.b1(self.c1(x))))))

        def get_config(self):
            return {"block_list": list(self.block_list), "initial_filters": self.initial_filters}

    @register
    class ConvBNRelu(keras.Model):
        def __init__(self, ch, kernelsz=3, strides=1, padding="same", **common):
            super().__init__(**common)
            self.ch, self.kernelsz, self.strides, self.padding = ch, kernelsz, strides, padding
            self.model = keras.Sequential(
                [
                    layers.Conv2D(ch, kernelsz, strides=strides, padding=padding),
                    layers.BatchNormalization(),
                    layers.Activation("relu"),
                ]
            )

        def call(self, x):
            return self.model(x)

        def get_config(self):
            return {"ch": self.ch, "kernelsz": self.kernelsz, "strides": self.strides, "padding": self.padding}

    @register
    class InceptionBlk(keras.Model):
        def __init__(self, ch, strides=1, **common):
            super().__init__(**common)
            self.ch, self.strides = ch, strides
            self.c1 = ConvBNRelu(ch, kernelsz=1, strides=strides)
            self.c2_1 = ConvBNRelu(ch, kernelsz=1, strides=strides)
            self.c2_2 = ConvBNRelu(ch, kernelsz=3, strides=1)
            self.c3_1 = ConvBNRelu(ch, kernelsz=1, strides=strides)
            self.c3_2 = ConvBNRelu(ch, kernelsz=5, strides=1)
            self.p4_1 = layers.MaxPool2D(3, strides=1, padding="same")
            self.c4_2 = ConvBNRelu(ch, kernelsz=1, strides=strides)
            self.join = layers.Concatenate(axis=3)

        def call(self, x):
            return self.join([self.c1(x), self.c2_2(self.c2_1(x)), self.c3_2(self.c3_1(x)), self.c4_2(self.p4_1(x))])

        def get_config(self):
            return {"ch": self.ch, "strides": self.strides}

    @register
    class Inception10(keras.Model):
        def __init__(self, num_blocks, num_classes, init_ch=1, **common):
            super().__init__(**common)
            self.num_blocks, self.num_classes, self.init_ch = num_blocks, num_classes, init_ch
            self.c1 = ConvBNRelu(init_ch)
            self.blocks = keras.Sequential()
            for block in range(num_blocks):
                for strides in (2, 1):
                    self.blocks.add(InceptionBlk(init_ch * 2**block, strides=strides))
            self.p1 = layers.GlobalAveragePooling2D()
            self.f1 = layers.Dense(num_classes, activation="softmax")

        def call(self, x, training=None):
            return self.f1(self.p1(self.blocks(self.c1(x))))

        def get_config(self):
            return {"num_blocks": self.num_blocks, "num_classes": self.num_classes, "init_ch": self.init_ch}

    @register
    class Scale(layers.Layer):
        """A factor for every feature, and how often it was used."""

        def __init__(self, start=1.0, **common):
            super().__init__(**common)
            self.start = start

        def build(self, input_shape):
            start = keras.initializers.Constant(self.start)
            self.factor = self.add_weight(name="factor", shape=(input_shape[-1],), initializer=start)
            self.power = self.add_weight(name="power", shape=(), initializer="ones", trainable=False)
            self.built = True

        def call(self, x):
            return x * self.factor * self.power

        def get_config(self):
            return {**super().get_config(), "start": self.start}

    @register
    class Gated(layers.Layer):
        """A layer of layers, in an attribute and in a list."""

        def __init__(self, units, **common):
            super().__init__(**common)
            self.units = units
            self.gate = layers.Dense(units, activation="sigmoid")
            self.steps = [layers.Dense(units, activation="tanh"), Scale(0.5)]

        def call(self, x):
            return self.gate(x) * self.steps[1](self.steps[0](x))

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    kinds = (Baseline, LeNet5, ResnetBlock, ResNet18, ConvBNRelu, InceptionBlk, Inception10, Scale, Gated)
    return {kind.__name__: kind for kind in kinds}


def _mlp(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((4, 4)),
            layers.Flatten(),
            layers.Dense(8, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-3)),
            layers.Dense(4, activation="softmax"),
        ]
    )


def _normalized_cnn(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("relu"),
            layers.MaxPooling2D(),
            layers.Dropout(DROPOUT),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(scale=False),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(DROPOUT),
            layers.Dense(4, activation="softmax"),
        ]
    )


def _stock(cell: str) -> Callable[[Any], Any]:
    """A course's network for a price: two recurrent layers."""

    def build(keras: Any) -> Any:
        layers = keras.layers
        recurrent = getattr(layers, cell)
        return keras.Sequential(
            [
                keras.Input((6, 1)),
                recurrent(4, return_sequences=True),
                layers.Dropout(DROPOUT),
                recurrent(5),
                layers.Dropout(DROPOUT),
                layers.Dense(1),
            ]
        )

    return build


def _bidirectional(keras: Any) -> Any:
    layers = keras.layers
    words = keras.Input((6,), name="words")
    x = layers.Embedding(9, 4, mask_zero=True)(words)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.Bidirectional(layers.GRU(3), merge_mode="sum")(x)
    return keras.Model(words, layers.Dense(1, activation="sigmoid")(x))


def _multiple(keras: Any) -> Any:
    layers = keras.layers
    numbers, picture = keras.Input((5,), name="numbers"), keras.Input((6, 6, 1), name="picture")
    x = layers.Dense(4, activation="relu")(numbers)
    y = layers.Conv2D(2, 3, activation="relu")(picture)
    y = layers.Flatten()(layers.AveragePooling2D(2)(y))
    both = layers.Concatenate()([x, y])
    price = layers.Dense(1, name="price")(both)
    kind = layers.Dense(3, activation="softmax", name="kind")(layers.LayerNormalization()(both))
    return keras.Model([numbers, picture], [price, kind])


def _shared(keras: Any) -> Any:
    layers = keras.layers
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    encoder = keras.Sequential([keras.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(3)], name="encoder")
    dense = layers.Dense(3, activation="tanh", name="twice")
    a, b = dense(encoder(left)), dense(encoder(right))
    y = layers.Multiply()([layers.Subtract()([a, b]), layers.Add()([a, b])])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(y))


def _own_layers(keras: Any) -> Any:
    own = classes(keras)
    x = keras.Input((5,), name="x")
    y = own["Scale"](2.0)(own["Gated"](4)(x))
    return keras.Model(x, keras.layers.Dense(2)(y))


def _random() -> np.random.Generator:
    return np.random.default_rng(11)


def _pictures(*shape: int) -> Callable[[], tuple[Any, Any]]:
    def data() -> tuple[Any, Any]:
        rng = _random()
        return rng.normal(size=(8, *shape)).astype("float32"), rng.integers(0, 4, 8)

    return data


def _prices() -> tuple[Any, Any]:
    rng = _random()
    return rng.random((8, 6, 1)).astype("float32"), rng.random((8, 1)).astype("float32")


def _words() -> tuple[Any, Any]:
    rng = _random()
    words = rng.integers(1, 9, (8, 6))
    words[:4, 4:] = 0
    return words, rng.integers(0, 2, (8, 1)).astype("float32")


def _numbers_and_pictures() -> tuple[Any, Any]:
    rng = _random()
    x = [rng.normal(size=(8, 5)).astype("float32"), rng.normal(size=(8, 6, 6, 1)).astype("float32")]
    return x, [rng.normal(size=(8, 1)).astype("float32"), rng.integers(0, 3, 8)]


def _pairs() -> tuple[Any, Any]:
    rng = _random()
    x = [rng.normal(size=(8, 4)).astype("float32") for _ in range(2)]
    return x, rng.integers(0, 2, (8, 1)).astype("float32")


def _vectors() -> tuple[Any, Any]:
    rng = _random()
    return rng.normal(size=(8, 5)).astype("float32"), rng.normal(size=(8, 2)).astype("float32")


def _adam(keras: Any) -> Any:
    return keras.optimizers.Adam(0.01)


def _momentum(keras: Any) -> Any:
    return keras.optimizers.SGD(0.05, momentum=0.9)


def _rmsprop(keras: Any) -> Any:
    return keras.optimizers.RMSprop(0.005)


ARCHITECTURES = {
    "MLP": Architecture(_mlp, _pictures(4, 4), _adam, CLASSES),
    "Baseline": Architecture(lambda k: classes(k)["Baseline"](), _pictures(8, 8, 3), _momentum, CLASSES, True),
    "LeNet5": Architecture(lambda k: classes(k)["LeNet5"](), _pictures(16, 16, 1), _adam, CLASSES, True),
    "ResNet18": Architecture(lambda k: classes(k)["ResNet18"]([2, 2]), _pictures(8, 8, 3), _momentum, CLASSES, True),
    "Inception10": Architecture(
        lambda k: classes(k)["Inception10"](2, 4), _pictures(8, 8, 3), _momentum, CLASSES, True
    ),
    "SimpleRNN": Architecture(_stock("SimpleRNN"), _prices, _adam, "mean_squared_error"),
    "LSTM": Architecture(_stock("LSTM"), _prices, _rmsprop, "mean_squared_error"),
    "GRU": Architecture(_stock("GRU"), _prices, _adam, "mean_squared_error"),
    "Bidirectional": Architecture(_bidirectional, _words, _momentum, "binary_crossentropy"),
    "several inputs and outputs": Architecture(
        _multiple, _numbers_and_pictures, _rmsprop, ["mean_squared_error", CLASSES]
    ),
    "shared layers": Architecture(_shared, _pairs, _adam, "binary_crossentropy"),
    "own layers": Architecture(_own_layers, _vectors, _adam, "mean_squared_error"),
    "BatchNormalization, Dropout": Architecture(_normalized_cnn, _pictures(8, 8, 3), _momentum, CLASSES),
}


def compiled(name: str, keras: Any) -> Any:
    """The network of that name, compiled."""
    architecture = ARCHITECTURES[name]
    model = architecture.build(keras)
    model.compile(architecture.optimizer(keras), architecture.loss)
    return model


def flat(outputs: Any) -> list[Any]:
    """The outputs of a model as a list."""
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def predictions(name: str, model: Any) -> dict[str, np.ndarray]:
    """What a trained or loaded network predicts."""
    outputs = flat(model.predict(ARCHITECTURES[name].data()[0], verbose=0))
    return {f"prediction/{i}": np.asarray(output) for i, output in enumerate(outputs)}


def next_step(name: str, model: Any) -> dict[str, np.ndarray]:
    """The weights of a network after one step more, without dropout."""
    architecture = ARCHITECTURES[name]
    for layer in _below(model):
        if type(layer).__name__ == "Dropout":
            layer.rate = 0.0
    model.compile(model.optimizer, architecture.loss)  # the same optimizer with its state, a step made anew
    model.train_on_batch(*architecture.data())
    return weights_of(model)


def weights_of(model: Any) -> dict[str, np.ndarray]:
    """All weights by number, in `get_weights()`'s order, `variance/I` if they are a moving variance."""
    kinds = ["variance" if "moving_variance" in getattr(w, "path", w.name) else "step" for w in model.weights]
    values = [np.asarray(weight, "float32") for weight in model.get_weights()]
    return {f"{kind}/{i}": value for i, (kind, value) in enumerate(zip(kinds, values, strict=True))}


def distance(wanted: np.ndarray, received: np.ndarray) -> float:
    """The largest difference of two arrays, as a part of the largest entry, which counts as 0.01 at least."""
    if wanted.shape != received.shape:
        return float("inf")
    return float(np.max(np.abs(wanted - received), initial=0) / np.max(np.abs(wanted), initial=0.01))


def _below(layer: Any) -> list[Any]:
    return [layer, *(inner for child in getattr(layer, "layers", ()) for inner in _below(child))]
