# Keras 2.2: architecture as JSON, weights as HDF5 and as arrays, get_config and from_config, layers by name.
import json

import numpy as np
from keras.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D, concatenate
from keras.models import Model, Sequential, clone_model, model_from_json

np.random.seed(33)
inp = Input(shape=(8, 8, 3), name="picture")
a = Conv2D(4, (3, 3), activation="relu", name="narrow")(inp)
b = Conv2D(4, (3, 3), dilation_rate=(1, 1), padding="valid", activation="tanh", name="wide")(inp)
x = concatenate([a, b], axis=-1)
x = MaxPooling2D((2, 2))(x)
x = Flatten(name="flat")(x)
model = Model(inputs=inp, outputs=Dense(5, activation="softmax", name="probs")(x))
x = np.random.rand(6, 8, 8, 3)
expected = model.predict(x)

json_string = model.to_json()
assert json.loads(json_string)["class_name"] in ("Model", "Functional")
with open("model.json", "w") as json_file:
    json_file.write(json_string)
model.save_weights("model.h5")
with open("model.json", "r") as json_file:
    loaded = model_from_json(json_file.read())
assert np.abs(loaded.predict(x) - expected).max() > 1e-4
loaded.load_weights("model.h5")
np.testing.assert_allclose(loaded.predict(x), expected, rtol=1e-5)
assert [layer.name for layer in loaded.layers] == [layer.name for layer in model.layers]

twin = Model.from_config(model.get_config())
twin.set_weights(model.get_weights())
np.testing.assert_allclose(twin.predict(x), expected, rtol=1e-5)
copy = clone_model(model)
for source, target in zip(model.layers, copy.layers):
    target.set_weights(source.get_weights())
np.testing.assert_allclose(copy.predict(x), expected, rtol=1e-5)

other = Sequential()
other.add(Conv2D(4, (3, 3), input_shape=(8, 8, 3), name="narrow"))
other.add(Flatten())
other.add(Dense(2, name="fresh"))
before = other.get_layer("fresh").get_weights()[0].copy()
other.load_weights("model.h5", by_name=True)
np.testing.assert_array_equal(other.get_layer("narrow").get_weights()[0], model.get_layer("narrow").get_weights()[0])
np.testing.assert_array_equal(other.get_layer("fresh").get_weights()[0], before)
lines = []
model.summary(print_fn=lines.append)
text = "\n".join(lines)
assert "narrow" in text
assert "{:,}".format(model.count_params()) in text
