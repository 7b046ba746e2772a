# Keras 1: Embedding, Convolution1D and LSTM on padded sequences, with dropout_W, dropout_U and pool_length.
import numpy as np
from keras.layers import Dense, Dropout, Embedding
from keras.layers.convolutional import Convolution1D, MaxPooling1D
from keras.layers.recurrent import LSTM
from keras.models import Sequential
from keras.preprocessing import sequence

np.random.seed(1337)
max_features, maxlen = 20, 16
lengths = np.random.randint(6, 20, 300)
X = [list(np.random.randint(1, max_features, n)) for n in lengths]
y = np.array([int(5 in x[-maxlen:]) for x in X])
X = sequence.pad_sequences(X, maxlen=maxlen)
assert X.shape == (300, 16)

model = Sequential()
model.add(Embedding(max_features, 12, input_length=maxlen))
model.add(Dropout(0.1))
model.add(Convolution1D(nb_filter=16, filter_length=3, border_mode="same", activation="relu", subsample_length=1))
model.add(MaxPooling1D(pool_length=2))
model.add(LSTM(12, dropout_W=0.05, dropout_U=0.05, inner_activation="hard_sigmoid"))
model.add(Dense(1, activation="sigmoid"))
assert model.layers[3].output_shape == (None, 8, 16)
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(X, y, batch_size=16, nb_epoch=14, verbose=0)
print(history.history["loss"][-1])
assert history.history["loss"][-1] < 0.25
score, acc = model.evaluate(X, y, batch_size=16, verbose=0)
assert acc > 0.93
