# Keras 2.2: K.function for the activations of inner layers, learning phase included.
import numpy as np
from keras import backend as K
from keras.layers import Activation, Dense, Dropout, Flatten, MaxPooling2D, Conv2D
from keras.models import Model, Sequential

np.random.seed(2)
model = Sequential()
model.add(Conv2D(4, (3, 3), padding="same", input_shape=(8, 8, 1), name="conv"))
model.add(Activation("relu", name="relu"))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dropout(0.5, name="drop"))
model.add(Dense(3, activation="softmax", name="probs"))
x = np.random.rand(5, 8, 8, 1).astype("float32")

get_activations = K.function([model.layers[0].input], [model.get_layer("relu").output])
relu = get_activations([x])[0]
assert relu.shape == (5, 8, 8, 4)
kernel, bias = model.get_layer("conv").get_weights()
expected = np.zeros_like(relu)
padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), "constant")
for i in range(3):
    for j in range(3):
        expected += padded[:, i : i + 8, j : j + 8, :1] * kernel[i, j, 0]
np.testing.assert_allclose(relu, np.maximum(expected + bias, 0), rtol=1e-4, atol=1e-5)

inner = Model(inputs=model.input, outputs=model.get_layer("relu").output)
np.testing.assert_allclose(inner.predict(x), relu, rtol=1e-5, atol=1e-6)
two = K.function([model.input], [model.get_layer("drop").output, model.output])
dropped, probs = two([x])
assert dropped.shape == (5, 64)
np.testing.assert_allclose(probs, model.predict(x), rtol=1e-5)

assert K.eval(K.sum(K.variable(np.arange(6.0).reshape(2, 3)), axis=0)).tolist() == [3.0, 5.0, 7.0]
assert K.int_shape(model.output) == (None, 3)
assert K.get_value(K.dot(K.constant([[1.0, 2.0]]), K.constant([[3.0], [4.0]]))).tolist() == [[11.0]]
K.set_value(model.get_layer("probs").bias, [0.0, 10.0, 0.0])
assert (model.predict(x).argmax(axis=1) == 1).all()
assert K.image_data_format() == "channels_last"
assert K.epsilon() == 1e-7
