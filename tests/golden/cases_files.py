"""Models whose files are exchanged with Keras. Each builder takes the module to build with: `keras` or `cornu`."""

from collections.abc import Callable
from typing import Any

import numpy as np


def mlp(keras: Any) -> Any:
    """A compiled classifier with Adam."""
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((5,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax", name="classes")]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def cnn(keras: Any) -> Any:
    """Convolution, batch normalization, dropout; SGD with momentum."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(4, 3, padding="same", kernel_regularizer=keras.regularizers.L2(0.01)),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("relu"),
            layers.MaxPooling2D(),
            layers.DepthwiseConv2D(3, use_bias=False),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(2, kernel_constraint=keras.constraints.MaxNorm(2.0)),
        ],
        name="small_cnn",
    )
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), keras.losses.MeanSquaredError())
    return model


def functional(keras: Any) -> Any:
    """Two inputs, a shared layer, operators and ops between the layers, two outputs."""
    layers, ops = keras.layers, keras.ops
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(6, activation="tanh", name="shared")
    left, right = shared(a), shared(b)
    both = ops.relu(left + right * 2.0)
    part = ops.concatenate([both[:, :3], 1.0 - left], axis=-1)
    mean = ops.mean(part, axis=-1, keepdims=True)
    score = layers.Dense(1, name="score")(layers.Concatenate()([part, mean]))
    label = layers.Dense(3, activation="softmax", name="label")(layers.Add()([left, right]))
    model = keras.Model([a, b], [score, label], name="two_ways")
    model.compile(
        keras.optimizers.RMSprop(0.01),
        loss={"score": "mse", "label": keras.losses.SparseCategoricalCrossentropy()},
        loss_weights={"score": 1.0, "label": 0.5},
        metrics={"score": ["mae"], "label": [keras.metrics.SparseCategoricalAccuracy()]},
    )
    return model


def nested(keras: Any) -> Any:
    """Models as layers of models, one of them used twice; a schedule, clipping and weight decay."""
    layers = keras.layers
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(3)], name="inner")
    x = keras.Input((3,))
    block = keras.Model(x, layers.LayerNormalization()(x + inner(x)), name="block")
    y = keras.Input((3,))
    model = keras.Model(y, layers.Dense(1)(block(block(y))), name="outer")
    schedule = keras.optimizers.schedules.ExponentialDecay(0.05, 10, 0.9)
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=0.01, clipnorm=1.0),
        keras.losses.Huber(),
        metrics=[keras.metrics.RootMeanSquaredError(), "mae"],
    )
    return model


def own_layer(keras: Any) -> Any:
    """A registered layer with a sublayer and a registered function as activation."""
    layers = keras.layers

    @keras.saving.register_keras_serializable("golden")
    def twice_tanh(x):
        return 2.0 * keras.ops.tanh(x)

    @keras.saving.register_keras_serializable("golden")
    class Gate(layers.Layer):
        """Its input times a learnt gate and a scale per feature."""

        def __init__(self, units, activation=None, **common):
            super().__init__(**common)
            self.units = units
            self.activation = keras.activations.get(activation)
            self.dense = layers.Dense(units, activation="sigmoid")
            self._mix = layers.Dense(units)

        def build(self, input_shape):
            self.scale = self.add_weight(shape=(self.units,), initializer="ones", name="scale")
            self.dense.build(input_shape)
            self._mix.build(input_shape)

        def call(self, x):
            return self.activation(self._mix(x)) * self.dense(x) * self.scale

        def get_config(self):
            activation = keras.activations.serialize(self.activation)
            return {**super().get_config(), "units": self.units, "activation": activation}

    model = keras.Sequential(
        [keras.Input((4,)), Gate(3, activation=twice_tanh), layers.Lambda(twice_tanh), layers.Dense(1)]
    )
    model.compile(keras.optimizers.Adagrad(0.1), "mse")
    return model


def subclassed(keras: Any) -> Any:
    """Layers in attributes, lists, nested lists, dicts and private attributes; own weights."""
    layers = keras.layers

    class Network(keras.Model):
        """Every place a layer can sit in."""

        def __init__(self):
            super().__init__()
            self.stem = layers.Dense(4, activation="relu")
            self._hidden = layers.Dense(4)
            self.blocks = [layers.Dense(4), layers.BatchNormalization(), [layers.Dense(4, activation="tanh")]]
            self.heads = {"main": layers.Dense(2), "Other": layers.Dense(1)}
            self.tail = keras.Sequential([layers.Dense(3), layers.Dropout(0.1)])
            self.Capital = layers.Dense(3)
            self.alias = self.stem
            self.scale = self.add_weight(shape=(3,), initializer="ones", name="scale")
            self.shift = self.add_weight(shape=(), initializer="zeros", name="shift", trainable=False)

        def call(self, x, training=False):
            h = self._hidden(self.stem(x))
            for block in (*self.blocks[:2], *self.blocks[2]):
                h = block(h)
            h = self.Capital(h) * self.scale + self.tail(h, training=training) + self.shift
            return keras.ops.concatenate([self.heads["main"](h), self.heads["Other"](h)], axis=-1)

    model = Network()
    model(np.zeros((1, 4), "float32"))
    model.compile(keras.optimizers.Adam(0.01), "mse")
    return model


def half(keras: Any) -> Any:
    """Weights in bfloat16, and mixed precision."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(3, dtype="bfloat16"),
            layers.Dense(3, dtype="mixed_bfloat16"),
            layers.Dense(2, dtype="float32"),
        ]
    )
    model.compile("sgd", "mse")
    return model


def fresh(keras: Any) -> Any:
    """Compiled, never trained: the optimizer has no slots in the file."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, kernel_initializer="he_normal")])
    model.compile(keras.optimizers.Adam(0.1), "mse")
    return model


def shared(keras: Any) -> Any:
    """One layer both in a model and in a model nested in it."""
    layers = keras.layers
    layer = layers.Dense(4, name="shared")
    inner = keras.Sequential([keras.Input((4,)), layer, layers.Dense(4)], name="inner")
    x = keras.Input((4,))
    model = keras.Model(x, layers.Dense(2)(inner(x) + layer(x)), name="outer")
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def vectors(keras: Any) -> Any:
    """Every layer on vectors, merging layers among them."""
    layers = keras.layers
    x = keras.Input((6,), name="x")
    a = layers.ELU(0.5)(layers.Dense(6, kernel_initializer=keras.initializers.Orthogonal(0.5))(x))
    b = layers.PReLU(alpha_regularizer=keras.regularizers.L1(0.01))(layers.Dense(6, bias_constraint="non_neg")(x))
    c = layers.LeakyReLU(0.1)(layers.ReLU(4.0, 0.1, 0.2)(layers.EinsumDense("ab,bc->ac", 6, bias_axes="c")(x)))
    merged = [
        layers.Average()([a, b, c]),
        layers.Maximum()([a, b]),
        layers.Minimum()([b, c]),
        layers.Multiply()([a, c]),
    ]
    merged += [layers.Subtract()([a, b]), layers.Dot(1, normalize=True)([a, b]), layers.Concatenate()([a, b])]
    h = layers.concatenate([*merged, layers.add([a, b])])
    h = layers.UnitNormalization()(layers.RMSNormalization()(layers.LayerNormalization(epsilon=1e-4)(h)))
    h = layers.ActivityRegularization(l2=0.01)(layers.Softmax()(layers.Identity()(h)))
    h = layers.Reshape((-1, 4))(layers.Activation("softplus")(layers.Dense(8)(h)))
    h = layers.Permute((2, 1))(layers.Masking(-7.0)(h))
    model = keras.Model(x, layers.Dense(2)(layers.Flatten()(h)))
    model.compile(keras.optimizers.Nadam(0.01), "mae")
    return model


def images(keras: Any) -> Any:
    """Every layer on images."""
    layers = keras.layers
    x = keras.Input((8, 8, 3))
    h = layers.SeparableConv2D(4, 3, depth_multiplier=2, padding="same", activation="relu")(layers.ZeroPadding2D(1)(x))
    h = layers.GroupNormalization(2)(layers.Conv2DTranspose(4, 3, strides=2, padding="same")(h))
    h = layers.BatchNormalization(scale=False)(layers.ReLU()(layers.Cropping2D(((1, 1), (2, 2)))(h)))
    h = layers.SpatialDropout2D(0.0)(h)
    h = layers.AveragePooling2D(2)(layers.Conv2D(6, (3, 2), dilation_rate=2, groups=2, name="dilated")(h))
    h = layers.MaxPooling2D(3, strides=2, padding="same")(layers.UpSampling2D(2, interpolation="bilinear")(h))
    h = layers.DepthwiseConv2D(2, depth_multiplier=2, depthwise_initializer="he_uniform")(h)
    ends = [layers.GlobalAveragePooling2D()(h), layers.GlobalMaxPooling2D()(h)]
    ends += [
        layers.Flatten()(layers.AdaptiveAveragePooling2D(2)(h)),
        layers.Flatten()(layers.AdaptiveMaxPooling2D(2)(h)),
    ]
    model = keras.Model(x, layers.Dense(2)(layers.Concatenate()(ends)))
    schedule = keras.optimizers.schedules.CosineDecay(0.05, 10, warmup_target=0.1, warmup_steps=2)
    model.compile(keras.optimizers.SGD(schedule), "mse")
    return model


def sequences(keras: Any) -> Any:
    """Every layer on sequences, from token numbers; dropout layers with rate 0."""
    layers = keras.layers
    x = keras.Input((12,), dtype="int32")
    h = layers.Conv1D(4, 3, padding="causal")(layers.Embedding(9, 4)(x))
    h = layers.SeparableConv1D(4, 2)(layers.DepthwiseConv1D(3, padding="same")(layers.ZeroPadding1D(1)(h)))
    h = layers.Conv1DTranspose(4, 3)(layers.UpSampling1D(2)(layers.Cropping1D(1)(h)))
    h = layers.SpatialDropout1D(0.0)(layers.Dropout(0.0)(layers.GaussianDropout(0.0)(layers.GaussianNoise(0.0)(h))))
    h = layers.AveragePooling1D(2)(layers.MaxPooling1D(2, 1)(layers.AlphaDropout(0.0)(h)))
    ends = [layers.GlobalAveragePooling1D()(h), layers.GlobalMaxPooling1D()(h)]
    ends += [
        layers.Flatten()(layers.AdaptiveAveragePooling1D(2)(h)),
        layers.Flatten()(layers.AdaptiveMaxPooling1D(2)(h)),
    ]
    h = layers.RepeatVector(2)(layers.Concatenate()(ends))
    model = keras.Model(x, layers.Dense(2)(h))
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([2, 4], [0.5, 0.2, 0.1])
    model.compile(
        keras.optimizers.SGD(schedule, momentum=0.5), "mse", jit_compile=False
    )  # XLA in TensorFlow lacks an op
    return model


def volumes(keras: Any) -> Any:
    """Every layer on volumes."""
    layers = keras.layers
    x = keras.Input((4, 4, 4, 2))
    h = layers.Conv3D(2, 2)(layers.ZeroPadding3D(1)(x))
    h = layers.Conv3DTranspose(2, 2)(layers.Cropping3D(1)(h))
    h = layers.SpatialDropout3D(0.0)(layers.UpSampling3D(2)(h))
    h = layers.AveragePooling3D(2, 1)(layers.MaxPooling3D(2)(h))
    ends = [layers.GlobalAveragePooling3D()(h), layers.GlobalMaxPooling3D()(h)]
    ends += [
        layers.Flatten()(layers.AdaptiveAveragePooling3D(2)(h)),
        layers.Flatten()(layers.AdaptiveMaxPooling3D(2)(h)),
    ]
    model = keras.Model(x, layers.Dense(1)(layers.Concatenate()(ends)))
    model.compile(keras.optimizers.Adamax(keras.optimizers.schedules.InverseTimeDecay(0.1, 2, 0.5)), "mse")
    return model


def operators(keras: Any) -> Any:
    """Operators, scalars and ops between layers, on a batch of unknown size."""
    layers, ops = keras.layers, keras.ops
    x = keras.Input((6,), name="pixels")
    h = layers.Dense(6, name="first")(1 - x / 255.0)
    h = ops.relu(h * 2.0 + 0.5) - ops.softmax(h, axis=-1) + ops.mean(h, axis=[-1], keepdims=True)
    h = ops.where(h > 0.3, h, ops.tanh(-h)) * ops.cast(h < 5, "float32")
    left, right = ops.split(h, 2, axis=-1)
    pair = ops.stack([left, right], axis=1)
    scores = ops.matmul(pair, ops.transpose(pair, (0, 2, 1))) / 3.0**0.5
    mixed = ops.einsum("bij,bjk->bik", ops.softmax(scores), pair)
    flat = ops.concatenate([ops.reshape(mixed, (-1, 6)), ops.sum(pair, axis=1), ops.max(pair, axis=-1)], axis=-1)
    wide = ops.expand_dims(flat, 1) + ops.clip(ops.expand_dims(flat, axis=-1), -1.0, 1.0)
    model = keras.Model(x, layers.Dense(2, name="last")(ops.squeeze(ops.mean(wide, axis=(2,), keepdims=True), -1)))
    model.compile(keras.optimizers.Adadelta(keras.optimizers.schedules.PolynomialDecay(0.5, 20)), "mse")
    return model


def slices(keras: Any) -> Any:
    """Indexing with ints, slices, `...` and None; several outputs, of which one is an op."""
    layers, ops = keras.layers, keras.ops
    x = keras.Input((4, 6), name="x")
    first, rest = x[:, 0], x[:, 1:, ::2]
    h = layers.Dense(3, name="dense")(first)[:, None] * rest + x[..., -1:][:, 1:] ** 2
    a, b = ops.unstack(h[:, :2], axis=1)
    out = layers.Dense(2, name="out")(ops.abs(a - b) / (1.0 + ops.logsumexp(h[:, 0], axis=-1, keepdims=True)))
    model = keras.Model(x, [out, ops.sigmoid(out) @ ops.ones((2, 1))])
    model.compile(keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True), ["mse", "mae"])
    return model


BUILDERS: dict[str, Callable[[Any], Any]] = {
    build.__name__: build
    for build in (
        mlp,
        cnn,
        functional,
        nested,
        own_layer,
        subclassed,
        half,
        fresh,
        shared,
        vectors,
        images,
        sequences,
        volumes,
        operators,
        slices,
    )
}
TRAINED = frozenset(BUILDERS) - {"fresh"}
RANDOM_STEP = frozenset({"cnn", "subclassed"})  # dropout: the next step is not comparable
UNREADABLE_BY_KERAS = frozenset({"shared"})  # Keras 3.15 writes such models, but cannot load them
WEIGHTS_ONLY = frozenset({"subclassed"})  # the class has no config that rebuilds it without its code


def data(name: str, rows: int = 6) -> tuple[Any, Any]:
    """Inputs and targets for a builder's model, the same on every machine."""
    rng = np.random.default_rng(sum(map(ord, name)))
    if name == "operators":  # as many rows as features: Keras on TensorFlow takes a (6, 1) summand for a bias of 6
        rows = 5

    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=(rows, *shape)).astype("float32")

    def labels(classes: int) -> np.ndarray:
        return rng.integers(0, classes, (rows, 1)).astype("int32")

    return {
        "mlp": lambda: (normal(5), labels(3)),
        "cnn": lambda: (normal(8, 8, 2), normal(2)),
        "functional": lambda: ([normal(4), normal(4)], [normal(1), labels(3)]),
        "nested": lambda: (normal(3), normal(1)),
        "own_layer": lambda: (normal(4), normal(1)),
        "vectors": lambda: (normal(6), normal(2)),
        "images": lambda: (normal(8, 8, 3), normal(2)),
        "sequences": lambda: (rng.integers(0, 9, (rows, 12)).astype("int32"), normal(2, 2)),
        "volumes": lambda: (normal(4, 4, 4, 2), normal(1)),
        "operators": lambda: (normal(6), normal(2)),
        "slices": lambda: (normal(4, 6), [normal(2), normal(1)]),
        "subclassed": lambda: (normal(4), normal(3)),
        "half": lambda: (normal(4), normal(2)),
        "shared": lambda: (normal(4), normal(2)),
        "fresh": lambda: (normal(3), normal(2)),
    }[name]()


def ending(name: str) -> str:
    """How the file of a builder's model ends."""
    return ".weights.h5" if name in WEIGHTS_ONLY else ".keras"


def flat(outputs: Any) -> list[np.ndarray]:
    """Predictions of one or several outputs as a list."""
    return [np.asarray(output, "float32") for output in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]
