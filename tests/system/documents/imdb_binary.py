# Two classes of film reviews: 20 epochs to see where it overfits, then 4 epochs on everything.
import numpy as np
from keras import layers, models
from keras.datasets import imdb


def multi_hot(sequences, width=10000):
    rows = np.zeros((len(sequences), width), dtype="float32")
    for row, sequence in zip(rows, sequences):
        row[sequence] = 1.0
    return rows


def build_model(metric):
    model = models.Sequential()
    model.add(layers.Dense(16, activation="relu", input_shape=(10000,)))
    model.add(layers.Dense(16, activation="relu"))
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=[metric])
    return model


(x_train, y_train), (x_test, y_test) = imdb.load_data(num_words=10000)
x_train, x_test = multi_hot(x_train), multi_hot(x_test)
y_train, y_test = np.asarray(y_train).astype("float32"), np.asarray(y_test).astype("float32")

curves = (
    build_model("acc")
    .fit(
        x_train[10000:],
        y_train[10000:],
        epochs=20,
        batch_size=512,
        validation_data=(x_train[:10000], y_train[:10000]),
        verbose=0,
    )
    .history
)
print("figure training_accuracy", curves["acc"][-1])
print("figure best_validation_accuracy", max(curves["val_acc"]))
print("figure epoch_of_least_validation_loss", 1 + int(np.argmin(curves["val_loss"])))

model = build_model("accuracy")
model.fit(x_train, y_train, epochs=4, batch_size=512, verbose=0)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print("figure test_accuracy", accuracy)
print("figure agreement", np.mean((model.predict(x_test, verbose=0)[:, 0] > 0.5) == y_test))
