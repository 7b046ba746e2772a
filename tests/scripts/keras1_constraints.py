# Keras 1: maxnorm and nonneg constraints, l1/l2 regularizers by their old argument names.
import numpy as np
from keras import backend as K
from keras.constraints import maxnorm, nonneg
from keras.layers.advanced_activations import LeakyReLU, PReLU
from keras.layers.core import Dense
from keras.layers.noise import GaussianNoise
from keras.layers.normalization import BatchNormalization
from keras.models import Sequential
from keras.regularizers import l1, l1l2

np.random.seed(0)
X = np.random.randn(200, 6)
y = X.dot(np.array([1.0, 2.0, 0.0, 0.5, 0.0, 3.0])) + 1.0

model = Sequential()
model.add(GaussianNoise(0.01, input_shape=(6,)))
model.add(Dense(16, W_constraint=maxnorm(1.5), W_regularizer=l1l2(l1=1e-5, l2=1e-5)))
model.add(BatchNormalization(axis=-1))
model.add(LeakyReLU(alpha=0.1))
model.add(Dense(8, W_constraint=maxnorm(1.5)))
model.add(PReLU())
model.add(Dense(1, b_constraint=nonneg()))
model.compile(loss="mean_squared_error", optimizer="rmsprop")
history = model.fit(X, y, nb_epoch=80, batch_size=20, verbose=0)
assert history.history["loss"][-1] < 2.0
norms = np.sqrt((model.layers[1].get_weights()[0] ** 2).sum(axis=0))
assert norms.max() <= 1.5 + 1e-4
assert model.layers[-1].get_weights()[1][0] >= 0

sparse = Sequential([Dense(1, input_dim=6, W_regularizer=l1(0.2), W_constraint=nonneg())])
sparse.compile(loss="mse", optimizer="adam")
K.set_value(sparse.optimizer.lr, 0.05)
sparse.fit(X, y, nb_epoch=60, verbose=0)
w = sparse.get_weights()[0][:, 0]
print(w)
assert (w >= 0).all()
assert w[2] < 0.05
assert w[4] < 0.05
assert w[5] > 2.5
