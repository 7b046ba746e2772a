"""Models whose summaries are compared with Keras': each case builds one in the namespace it is given."""

from typing import Any

OPTIONS: dict[str, dict[str, Any]] = {
    "nested_expanded": {"expand_nested": True},
    "nested_deep": {"expand_nested": True},
    "trainable_column": {"show_trainable": True},
    "connected_trainable": {"show_trainable": True},
    "wide": {"line_length": 100},
    "wide_connected": {"line_length": 120},
    "wide_all": {"line_length": 110, "show_trainable": True},
    "narrow": {"line_length": 60},
    "positions": {"line_length": 100, "positions": [0.3, 0.6, 1.0]},
    "layer_range": {"layer_range": ["first", "second"]},
}


def sequential(keras: Any) -> Any:
    """A small convolutional stack."""
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
            layers.Dropout(0.5), layers.Dense(10),
        ]
    )  # fmt: skip


def unbuilt(keras: Any) -> Any:
    """A stack that has seen no data."""
    return keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(1)])


def built_later(keras: Any) -> Any:
    """A stack built by shape."""
    model = keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(1)])
    model.build((None, 3))
    return model


def fixed_batch(keras: Any) -> Any:
    """A stack whose Input names the batch size."""
    return keras.Sequential([keras.layers.Input((3,), batch_size=2), keras.layers.Dense(4)])


def chain(keras: Any) -> Any:
    """A functional model without branches."""
    inputs = keras.layers.Input((3,))
    return keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dense(2000)(inputs)))


def branches(keras: Any) -> Any:
    """A functional model with a residual connection, two inputs and two outputs."""
    layers = keras.layers
    left, right = layers.Input((4,), name="left"), layers.Input((4,), name="a_rather_long_name_for_an_input")
    x = layers.Dense(4, activation="relu")(left)
    x = layers.Add()([x, left])
    y = layers.Concatenate()([x, right])
    return keras.Model([left, right], [layers.Dense(1, name="score")(y), layers.Dense(3, name="label")(x)])


def shared(keras: Any) -> Any:
    """A functional model that calls one layer twice."""
    layers = keras.layers
    left, right = layers.Input((4,)), layers.Input((4,))
    dense = layers.Dense(2)
    return keras.Model([left, right], layers.Subtract()([dense(left), dense(right)]))


def operators(keras: Any) -> Any:
    """A functional model with operators between layers."""
    inputs = keras.layers.Input((3,))
    return keras.Model(inputs, keras.ops.relu(keras.layers.Dense(3)(inputs)) + inputs)


def frozen(keras: Any) -> Any:
    """Some layers are not trained."""
    model = keras.Sequential(
        [keras.layers.Input((3,)), keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    )
    model.layers[0].trainable = False
    return model


def nested(keras: Any) -> Any:
    """A model inside of a model."""
    inner = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(2)], name="inner")
    return keras.Sequential([keras.layers.Input((3,)), inner, keras.layers.Dense(1)], name="outer")


def nested_deep(keras: Any) -> Any:
    """A model inside of a model inside of a model, with a name too long for its column."""
    layers = keras.layers
    inner = keras.Sequential([layers.Input((3,)), layers.Dense(4), layers.Dense(2)], name="inner")
    long = layers.Dense(2, name="a_layer_with_a_name_that_is_far_too_long")
    middle = keras.Sequential([layers.Input((3,)), inner, long], name="middle")
    return keras.Sequential([layers.Input((3,)), middle, layers.BatchNormalization()], name="outer")


def short_names(keras: Any) -> Any:
    """Two connections that fit into one line."""
    left, right = keras.layers.Input((4,), name="a"), keras.layers.Input((4,), name="b")
    return keras.Model([left, right], keras.layers.Add(name="c")([left, right]))


def subclass(keras: Any) -> Any:
    """A subclassed model that has seen data."""
    layers = keras.layers

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = layers.Dense(4), layers.Dense(2)

        def call(self, x: Any) -> Any:
            return self.second(self.first(x))

    model = Net()
    model(keras.ops.ones((2, 3)))
    return model


def compiled(keras: Any) -> Any:
    """A model whose optimizer has variables; Cornu's `Total params` counts the weights of the model alone."""
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(4)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    return model


def named(keras: Any) -> Any:
    """Three named layers."""
    return keras.Sequential(
        [keras.layers.Input((3,)), *(keras.layers.Dense(2, name=name) for name in ("first", "second", "third"))]
    )


CASES: dict[str, Any] = {
    "sequential": sequential, "unbuilt": unbuilt, "built_later": built_later, "fixed_batch": fixed_batch, "chain": chain,
    "branches": branches, "shared": shared, "operators": operators, "short_names": short_names, "frozen": frozen,
    "nested": nested, "nested_expanded": nested, "nested_deep": nested_deep, "subclass": subclass, "compiled": compiled,
    "trainable_column": frozen, "connected_trainable": branches, "wide": sequential, "wide_connected": branches,
    "wide_all": branches, "narrow": sequential, "positions": sequential, "layer_range": named,
}  # fmt: skip
