"""The image networks of the textbooks, for 32x32x3 pictures of ten kinds, in Keras' words and by hand in PyTorch.

In Keras' words they are trained from equal weights in equal order, so that contestants end at equal losses.
"""

import math

import numpy as np

from bench.measure import compile_options, first_and_steady

RIVALS = ("keras-tensorflow", "keras-jax", "keras-torch", "keras-tensorflow-50", "keras-jax-50", "torch")
WIDTHS = {"alexnet8": (96, 256, 384, 384, 256), "vgg16": ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))}


def pictures(rows):
    """Noise, and for each a kind that its mean colour tells. Shape: (rows, 32, 32, 3), (rows,)."""
    generator = np.random.default_rng(0)
    kinds = generator.integers(0, 10, rows)
    shades = generator.random((10, 1, 1, 3), np.float32)
    return 0.5 * generator.random((rows, 32, 32, 3), np.float32) + 0.5 * shades[kinds], kinds


def compiled(keras, build):
    """The network that `build(layers, inputs)` makes of its inputs."""
    keras.utils.set_random_seed(1)
    inputs = keras.Input(shape=(32, 32, 3))
    model = keras.Model(inputs, build(keras.layers, inputs))
    model.set_weights(_weights(model))
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy"],
        **compile_options(),
    )
    return model


def race(keras, build, rows, batch_size, quick, epochs=2):
    """`fit` of the network that `build(layers, inputs)` makes of its inputs."""
    model = compiled(keras, build)
    x, y = pictures(2 * batch_size if quick else rows)
    losses = []

    def fit(epochs):
        losses.extend(model.fit(x, y, batch_size=batch_size, epochs=epochs, shuffle=False, verbose=0).history["loss"])

    return {
        **first_and_steady(fit, 1 if quick else epochs),
        "result": losses[0],
        "operations": 3 * operations(model) * len(x),
    }


def operations(model):
    """Floating-point operations of the products for one row forward; both gradients take about as many each."""
    count = 0
    for layer in model.layers:
        if getattr(layer, "kernel", None) is not None:
            count += 2 * math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:-1])
    return count


def _weights(model):
    """The same numbers for every contestant: He's scale for kernels, what Keras begins with for the rest."""
    generator = np.random.default_rng(1)
    found = []
    for value in model.get_weights():
        if value.ndim > 1:
            value = generator.normal(0, math.sqrt(2 / math.prod(value.shape[:-1])), value.shape).astype("float32")
        found.append(value)
    return found


def _block(layers, x, filters, size=3, strides=1, normalized=True, active=True):
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=not normalized)(x)
    if normalized:
        x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x) if active else x


def _head(layers, x, widths):
    x = layers.Flatten()(x)
    for width in widths:
        x = layers.Dense(width, activation="relu")(x)
    return layers.Dense(10, activation="softmax")(x)


def baseline(layers, x):
    """One convolution and one hidden layer."""
    x = layers.MaxPooling2D(2, strides=2, padding="same")(_block(layers, x, 6, 5))
    return _head(layers, x, (128,))


def lenet5(layers, x):
    """LeCun et al. 1998, with sigmoids."""
    for filters in (6, 16):
        x = layers.MaxPooling2D(2, strides=2)(layers.Conv2D(filters, 5, activation="sigmoid")(x))
    x = layers.Flatten()(x)
    for width in (120, 84):
        x = layers.Dense(width, activation="sigmoid")(x)
    return layers.Dense(10, activation="softmax")(x)


def alexnet8(layers, x):
    """Krizhevsky et al. 2012, cut to small pictures."""
    first, second, *middle, last = WIDTHS["alexnet8"]
    for filters in (first, second):
        x = layers.Conv2D(filters, 3)(x)
        x = layers.MaxPooling2D(3, strides=2)(layers.Activation("relu")(layers.BatchNormalization()(x)))
    for filters in (*middle, last):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return _head(layers, layers.MaxPooling2D(3, strides=2)(x), (2048, 2048))


def vgg16(layers, x):
    """Simonyan and Zisserman 2015."""
    for filters, count in WIDTHS["vgg16"]:
        for _ in range(count):
            x = _block(layers, x, filters)
        x = layers.MaxPooling2D(2, strides=2, padding="same")(x)
    return _head(layers, x, (512, 512))


def inception10(layers, x):
    """Szegedy et al. 2015: a stem and four blocks of four branches."""
    filters, x = 16, _block(layers, x, 16)
    for number in range(4):
        strides = 1 + (number % 2 == 0)
        branches = [
            _block(layers, x, filters, 1, strides),
            _block(layers, _block(layers, x, filters, 1, strides), filters, 3),
            _block(layers, _block(layers, x, filters, 1, strides), filters, 5),
            _block(layers, layers.MaxPooling2D(3, strides=1, padding="same")(x), filters, 1, strides),
        ]
        x = layers.Concatenate()(branches)
        filters *= 1 + number % 2
    return layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x))


def resnet18(layers, x):
    """He et al. 2016."""
    x = _block(layers, x, 64)
    for number, filters in enumerate((64, 64, 128, 128, 256, 256, 512, 512)):
        strides = 2 if number in (2, 4, 6) else 1
        shortcut = _block(layers, x, filters, 1, strides, active=False) if strides > 1 else x
        inner = _block(layers, _block(layers, x, filters, 3, strides), filters, active=False)
        x = layers.Activation("relu")(layers.Add()([inner, shortcut]))
    return layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x))
