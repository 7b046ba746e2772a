# House prices by 4-fold cross-validation, 100 epochs of single rows.
import numpy as np
from keras import layers, models
from keras.datasets import boston_housing

(rows, prices), _ = boston_housing.load_data()
rows -= rows.mean(axis=0)
rows /= rows.std(axis=0)


def build_model():
    model = models.Sequential()
    model.add(layers.Dense(64, activation="relu", input_shape=(rows.shape[1],)))
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(1))
    model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
    return model


folds = 4
held_out = len(rows) // folds
scores = []
for fold in range(folds):
    chosen = slice(fold * held_out, (fold + 1) * held_out)
    model = build_model()
    model.fit(np.delete(rows, chosen, axis=0), np.delete(prices, chosen), epochs=100, batch_size=1, verbose=0)
    mse, mae = model.evaluate(rows[chosen], prices[chosen], verbose=0)
    scores.append(mae)
print("figure mean_absolute_error", np.mean(scores))
