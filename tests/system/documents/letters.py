# The next letter of the alphabet: `python letters.py {onehot,embedding} {1,4}` from so many letters.
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, Embedding, SimpleRNN

coding, steps = sys.argv[1], int(sys.argv[2])
if coding == "embedding" and steps == 4:  # the whole alphabet, which does not close to a circle
    letters, units = "abcdefghijklmnopqrstuvwxyz", 10
    starts = range(len(letters) - steps)
else:
    letters, units = "abcde", 3
    starts = range(len(letters))
x_train = [[(start + step) % len(letters) for step in range(steps)] for start in starts]
y_train = [(start + steps) % len(letters) for start in starts]
np.random.seed(7)
np.random.shuffle(x_train)
np.random.seed(7)
np.random.shuffle(y_train)
tf.random.set_seed(7)
x_train, y_train = np.array(x_train), np.array(y_train)
if coding == "onehot":
    x_train = np.eye(len(letters))[x_train]


def build_model():
    first = [Embedding(len(letters), 2)] if coding == "embedding" else []
    model = tf.keras.Sequential([*first, SimpleRNN(units), Dense(len(letters), activation="softmax")])
    model.compile(
        optimizer=tf.keras.optimizers.Adam(0.01),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=["sparse_categorical_accuracy"],
    )
    return model


path = "./checkpoint/letters.ckpt"
model = build_model()
keep_best = tf.keras.callbacks.ModelCheckpoint(
    filepath=path, save_weights_only=True, save_best_only=True, monitor="loss"
)
history = model.fit(x_train, y_train, batch_size=32, epochs=100, callbacks=[keep_best], verbose=0)
print("figure parameters", model.count_params())
print("figure sparse_categorical_accuracy", history.history["sparse_categorical_accuracy"][-1])
print("figure loss", history.history["loss"][-1])

assert os.path.exists(path + ".index")
again = build_model()
again.load_weights(path)
guessed = [int(tf.argmax(again.predict(row[np.newaxis], verbose=0), axis=1)[0]) for row in x_train]
print("figure right_letters", np.mean(np.array(guessed) == y_train))
