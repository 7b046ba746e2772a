# Tomorrow's opening price from 60 days: `python stock.py SimpleRNN`, `LSTM` or `GRU`.
import math
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, Dropout

path = os.path.join(os.environ["KERAS_HOME"], "files", "SH600519.csv")
opening = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=2)
known, later = opening[:-300], opening[-300:]
low, high = known.min(), known.max()


def windows(prices):
    scaled = (prices - low) / (high - low)
    return np.array([scaled[i - 60 : i] for i in range(60, len(scaled))]).reshape(-1, 60, 1), scaled[60:]


x_train, y_train = windows(known)
x_test, y_test = windows(later)
np.random.seed(7)
np.random.shuffle(x_train)
np.random.seed(7)
np.random.shuffle(y_train)
tf.random.set_seed(7)

layer = getattr(tf.keras.layers, sys.argv[1])
model = tf.keras.Sequential([layer(80, return_sequences=True), Dropout(0.2), layer(100), Dropout(0.2), Dense(1)])
model.compile(optimizer=tf.keras.optimizers.Adam(0.001), loss="mean_squared_error")
best = "./checkpoint/stock.ckpt"
keep_best = tf.keras.callbacks.ModelCheckpoint(
    filepath=best, save_weights_only=True, save_best_only=True, monitor="val_loss"
)
history = model.fit(
    x_train, y_train, batch_size=64, epochs=50, validation_data=(x_test, y_test), callbacks=[keep_best], verbose=0
)
assert os.path.exists(best + ".index")
predicted = model.predict(x_test, verbose=0)[:, 0] * (high - low) + low
print("figure parameters", model.count_params())
print("figure loss", history.history["loss"][-1])
print("figure root_mean_squared_error", math.sqrt(np.mean((predicted - later[60:]) ** 2)))

model.load_weights(best)
print("figure best_is_loaded", model.evaluate(x_test, y_test, verbose=0) / min(history.history["val_loss"]))
