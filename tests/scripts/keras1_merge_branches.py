# Keras 1: functional model of two branches with merge(mode=...), Model(input=, output=).
import numpy as np
from keras.layers import Dense, Input, merge
from keras.models import Model
from keras.regularizers import l2

np.random.seed(3)
a = Input(shape=(4,), name="left")
b = Input(shape=(4,), name="right")
shared = Dense(8, activation="relu", W_regularizer=l2(1e-4), b_regularizer=l2(1e-4))
joined = merge([shared(a), shared(b)], mode="concat", concat_axis=-1)
summed = merge([shared(a), shared(b)], mode="sum")
product = merge([shared(a), shared(b)], mode="mul")
similar = merge([a, b], mode="dot", dot_axes=1)
everything = merge([joined, summed, product, similar], mode="concat")
out = Dense(1, name="out")(Dense(16, activation="tanh", bias=True)(everything))
model = Model(input=[a, b], output=out)
assert model.output_shape == (None, 1)
assert joined.shape[-1] == 16
assert everything.shape[-1] == 33
assert model.count_params() == 4 * 8 + 8 + 33 * 16 + 16 + 17

left = np.random.randn(256, 4).astype("float32")
right = np.random.randn(256, 4).astype("float32")
target = (left * right).sum(axis=1, keepdims=True)
model.compile(optimizer="adam", loss="mse")
history = model.fit({"left": left, "right": right}, {"out": target}, nb_epoch=120, batch_size=32, verbose=0)
print(history.history["loss"][0], history.history["loss"][-1])
assert history.history["loss"][-1] < 0.3 < history.history["loss"][0]

only_dot = Model(input=[a, b], output=similar)
np.testing.assert_allclose(only_dot.predict([left, right]), target, rtol=1e-4, atol=1e-5)
