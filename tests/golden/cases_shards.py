"""Models whose sharded weights are recorded, and the sizes of a shard in bytes. `keras` is Keras or Cornu."""


def mixed(keras):
    """Weights of the model itself, layers in a list, an optimizer's state."""
    layers = keras.layers

    class Mixed(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = layers.Dense(4)
            self.blocks = [layers.Dense(4), layers.Dense(4)]
            self.scale = self.add_weight(shape=(16, 4), name="scale")
            self.shift = self.add_weight(shape=(16, 4), name="shift")

        def call(self, x):
            return self.blocks[1](self.blocks[0](self.head(x))) * self.scale[0] + self.shift[0]

    return Mixed(), (2, 4)


def stack(keras):
    """A Sequential model with layers that have no weights."""
    layers = keras.layers
    sizes = [layers.Dense(16), layers.Dropout(0.5), layers.Dense(16, activation="relu"), layers.BatchNormalization()]
    return keras.Sequential([keras.Input((8,)), *sizes, layers.Dense(3)]), (2, 8)


def built(keras, make):
    """The model after one step of Adam, and what it was given."""
    model, shape = make(keras)
    x = [[(row + 1) * (column - 2) / 8 for column in range(shape[1])] for row in range(shape[0])]
    x = keras.ops.convert_to_tensor(x, "float32")
    width = model(x).shape[-1]
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit(x, keras.ops.ones((shape[0], width)), verbose=0)
    return model, x


CASES = {
    f"{make.__name__}_{size}": (make, size)
    for make, sizes in ((mixed, (256, 320, 336, 512, 1 << 20)), (stack, (1024, 1088, 1500, 2000)))
    for size in sizes
}
KEPT = ("mixed_320", "stack_2000")  # whose files are recorded too
