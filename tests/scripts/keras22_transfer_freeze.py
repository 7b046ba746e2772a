# Keras 2.2: a trained base without its head, frozen by layer.trainable = False, then fine-tuned.
import numpy as np
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Model, Sequential
from keras.optimizers import SGD, Adam

np.random.seed(19)


def pictures(n, classes):
    x = np.random.rand(n, 10, 10, 1).astype("float32") * 0.3
    y = np.random.randint(0, classes, n)
    for image, label in zip(x, y):
        image[2 * label : 2 * label + 2] += 0.8
    return x, y


x, y = pictures(200, 3)
base = Sequential()
base.add(Conv2D(8, (3, 3), activation="relu", input_shape=(10, 10, 1), name="block1"))
base.add(MaxPooling2D((2, 1)))
base.add(Conv2D(8, (3, 3), activation="relu", name="block2"))
base.add(Flatten(name="features"))
base.add(Dense(3, activation="softmax", name="head"))
base.compile(Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
base.fit(x, y, epochs=8, verbose=0)
assert base.evaluate(x, y, verbose=0)[1] > 0.9

x, y = pictures(200, 5)
features = base.get_layer("features").output
out = Dense(5, activation="softmax", name="new_head")(Dropout(0.05)(features))
model = Model(inputs=base.input, outputs=out)
for layer in model.layers:
    if isinstance(layer, Conv2D):
        layer.trainable = False
assert len(model.trainable_weights) == 2
assert len(model.non_trainable_weights) == 4
frozen = [layer.get_weights() for layer in model.layers if isinstance(layer, Conv2D)]
model.compile(Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=15, verbose=0)
for layer, old in zip([l for l in model.layers if isinstance(l, Conv2D)], frozen):
    for a, b in zip(layer.get_weights(), old):
        np.testing.assert_array_equal(a, b)
first = model.evaluate(x, y, verbose=0)[1]
assert first > 0.8

for layer in model.layers[-5:]:
    layer.trainable = True
assert len(model.trainable_weights) == 4
model.compile(SGD(lr=0.01, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=6, verbose=0)
assert np.abs(model.get_layer("block2").get_weights()[0] - frozen[1][0]).max() > 0
np.testing.assert_array_equal(model.get_layer("block1").get_weights()[0], frozen[0][0])
print(first, model.evaluate(x, y, verbose=0)[1])
assert model.evaluate(x, y, verbose=0)[1] > 0.85
