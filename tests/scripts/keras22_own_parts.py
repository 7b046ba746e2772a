# Keras 2.2: own layer, loss, metric, initializer, regularizer and activation, saved and loaded with custom_objects.
import numpy as np
from keras import backend as K
from keras.engine.topology import Layer
from keras.initializers import Initializer
from keras.layers import Activation, Dense
from keras.models import Sequential, load_model
from keras.regularizers import Regularizer
from keras.utils.generic_utils import get_custom_objects

np.random.seed(8)


class MyLayer(Layer):
    def __init__(self, output_dim, **kwargs):
        self.output_dim = output_dim
        super(MyLayer, self).__init__(**kwargs)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[1], self.output_dim), initializer="uniform", trainable=True
        )
        super(MyLayer, self).build(input_shape)

    def call(self, x):
        return K.dot(x, self.kernel)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.output_dim)

    def get_config(self):
        config = super(MyLayer, self).get_config()
        config["output_dim"] = self.output_dim
        return config


def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true)))


def near(y_true, y_pred):
    return K.mean(K.cast(K.abs(y_true - y_pred) < 0.5, K.floatx()))


class Quarter(Initializer):
    def __call__(self, shape, dtype=None, **kwargs):
        return 0.25 * K.ones(shape, dtype=dtype)


class SmallWeights(Regularizer):
    def __init__(self, rate=0.01):
        self.rate = rate

    def __call__(self, x):
        return self.rate * K.sum(K.abs(x))

    def get_config(self):
        return {"rate": self.rate}


def swish(x):
    return x * K.sigmoid(x)


get_custom_objects().update({"swish_2017": Activation(swish)})
model = Sequential()
model.add(MyLayer(6, input_shape=(4,)))
model.add(Activation(swish))
model.add(Dense(1, kernel_initializer=Quarter(), kernel_regularizer=SmallWeights()))
assert model.output_shape == (None, 1)
assert model.layers[0].get_weights()[0].shape == (4, 6)
assert (model.layers[-1].get_weights()[0] == 0.25).all()
model.compile(optimizer="adam", loss=rmse, metrics=[near, "mae"])

X = np.random.randn(200, 4).astype("float32")
y = (X.sum(axis=1, keepdims=True)).astype("float32")
start = model.evaluate(X, y, batch_size=200, verbose=0)
plain = model.predict(X)
penalty = 0.01 * 6 * 0.25
np.testing.assert_allclose(start[0], np.sqrt(np.mean((plain - y) ** 2)) + penalty, rtol=1e-4)
np.testing.assert_allclose(start[1], np.mean(np.abs(plain - y) < 0.5), atol=1e-6)
np.testing.assert_allclose(start[2], np.mean(np.abs(plain - y)), rtol=1e-4)
history = model.fit(X, y, epochs=60, batch_size=20, verbose=0)
assert history.history["loss"][-1] < 0.6 * start[0]
assert "near" in history.history

model.save("own.h5")
parts = {"MyLayer": MyLayer, "rmse": rmse, "near": near, "Quarter": Quarter, "SmallWeights": SmallWeights}
again = load_model("own.h5", custom_objects={**parts, "swish": swish})
np.testing.assert_allclose(again.predict(X), model.predict(X), rtol=1e-5, atol=1e-6)
np.testing.assert_allclose(
    again.evaluate(X, y, batch_size=200, verbose=0), model.evaluate(X, y, batch_size=200, verbose=0), rtol=1e-4
)
