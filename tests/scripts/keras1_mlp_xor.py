# Keras 1: a multi-layer perceptron on two interleaved classes; names of 2016.
import numpy as np
from keras.layers.core import Activation, Dense, Dropout
from keras.models import Sequential
from keras.optimizers import SGD
from keras.utils import np_utils

np.random.seed(1337)
nb_classes = 2
X = np.random.uniform(-1, 1, (400, 2)).astype(np.float)
y = ((X[:, 0] > 0) ^ (X[:, 1] > 0)).astype(np.int)
Y = np_utils.to_categorical(y, nb_classes)

model = Sequential()
model.add(Dense(output_dim=32, input_dim=2, init="glorot_uniform"))
model.add(Activation("tanh"))
model.add(Dropout(0.05))
model.add(Dense(nb_classes, init="uniform"))
model.add(Activation("softmax"))

sgd = SGD(lr=0.1, decay=1e-6, momentum=0.9, nesterov=True)
model.compile(loss="categorical_crossentropy", optimizer=sgd, metrics=["accuracy"])
history = model.fit(X, Y, batch_size=16, nb_epoch=40, verbose=0, validation_split=0.1)
assert len(history.history["loss"]) == 40
print(history.history["loss"])
assert history.history["loss"][-1] < 0.2

score = model.evaluate(X, Y, verbose=0)
print("Test score: %.3f, accuracy: %.3f" % (score[0], score[1]))
assert score[1] > 0.95

classes = model.predict_classes(X, batch_size=32, verbose=0)
proba = model.predict_proba(X, batch_size=32, verbose=0)
assert classes.shape == (400,)
assert proba.shape == (400, 2)
np.testing.assert_allclose(proba.sum(axis=1), 1.0, rtol=1e-5)
assert np.mean(classes == y) == np.mean(np.argmax(proba, axis=1) == y)
