# Keras 1: TimeDistributed from its old module, SimpleRNN with consume_less, np_utils, get_weights and set_weights.
import numpy as np
from keras.layers.core import Activation, Dense, Flatten, Permute, RepeatVector, Reshape
from keras.layers.pooling import AveragePooling2D, MaxPooling2D
from keras.layers.recurrent import SimpleRNN
from keras.layers.wrappers import TimeDistributed
from keras.models import Sequential
from keras.objectives import mean_squared_error
from keras.utils.np_utils import to_categorical

np.random.seed(2016)
model = Sequential()
model.add(
    SimpleRNN(output_dim=16, init="glorot_uniform", inner_init="orthogonal", input_shape=(5, 3), return_sequences=True)
)
model.add(TimeDistributed(Dense(4)))
model.add(Activation("softmax"))
assert model.output_shape == (None, 5, 4)
model.compile(loss="categorical_crossentropy", optimizer="rmsprop", metrics=["accuracy"])

digits = np.random.randint(0, 3, (150, 5))
X = np.eye(3)[digits]
carried = np.cumsum(digits, axis=1) % 4
Y = np.array([to_categorical(row, 4) for row in carried])
first = model.evaluate(X, Y, verbose=0)[0]
model.fit(X, Y, batch_size=10, nb_epoch=60, verbose=0)
loss, accuracy = model.evaluate(X, Y, verbose=0)
print(first, loss, accuracy)
assert loss < 0.8 * first

saved = model.get_weights()
assert [w.shape for w in saved] == [(3, 16), (16, 16), (16,), (16, 4), (4,)]
model.set_weights([np.zeros_like(w) for w in saved])
np.testing.assert_allclose(model.predict(X[:2]), 0.25, rtol=1e-6)
saved[4][:] = [5.0, 0.0, 0.0, 0.0]
model.set_weights(saved)
assert (model.predict(X)[..., 0] > 0.2).mean() > 0.8

shapes = Sequential()
shapes.add(Reshape((4, 6), input_shape=(24,)))
shapes.add(Permute((2, 1)))
shapes.add(Flatten())
shapes.add(RepeatVector(2))
values = np.arange(24.0)[None]
np.testing.assert_array_equal(shapes.predict(values)[0, 1], values.reshape(4, 6).T.ravel())
pools = Sequential([MaxPooling2D((2, 2), strides=(1, 1), border_mode="same", dim_ordering="tf", input_shape=(4, 4, 1))])
pools.add(AveragePooling2D(pool_size=(2, 2)))
assert pools.output_shape == (None, 2, 2, 1)
np.testing.assert_allclose(np.array(mean_squared_error(np.ones((2, 3)), np.zeros((2, 3)))), [1.0, 1.0])
