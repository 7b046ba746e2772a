# Keras 1: Convolution2D with border_mode and subsample, trained by fit_generator(samples_per_epoch=...).
import numpy as np
from keras.layers import Activation, Dense, Dropout, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D, ZeroPadding2D
from keras.models import Sequential
from keras.optimizers import Adadelta

np.random.seed(7)
nb_filters, kernel_size = 8, (3, 3)


def bars(count):
    """Pictures of one bar, upright (1) or lying (0)."""
    images = np.random.uniform(0, 0.2, (count, 12, 12, 1)).astype("float32")
    labels = np.random.randint(0, 2, count)
    for image, label in zip(images, labels):
        at = np.random.randint(1, 11)
        if label:
            image[:, at] = 1
        else:
            image[at, :] = 1
    return images, labels


def batches(size):
    while 1:
        yield bars(size)


model = Sequential()
model.add(ZeroPadding2D((1, 1), input_shape=(12, 12, 1), dim_ordering="tf"))
model.add(Convolution2D(nb_filters, kernel_size[0], kernel_size[1], border_mode="valid"))
model.add(Activation("relu"))
model.add(Convolution2D(nb_filters, 3, 3, border_mode="same", subsample=(2, 2), activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2), border_mode="valid"))
model.add(Dropout(0.1))
model.add(Flatten())
model.add(Dense(1))
model.add(Activation("sigmoid"))
assert [layer.output_shape for layer in model.layers[:2]] == [(None, 14, 14, 1), (None, 12, 12, 8)]
assert model.output_shape == (None, 1)
assert model.count_params() == 80 + 584 + 73

model.compile(loss="binary_crossentropy", optimizer=Adadelta(lr=1.0, rho=0.95, epsilon=1e-06), metrics=["accuracy"])
history = model.fit_generator(
    batches(32), samples_per_epoch=640, nb_epoch=6, verbose=0, validation_data=batches(32), nb_val_samples=128
)
print(history.history["loss"])
assert len(history.history["val_loss"]) == 6
assert history.history["loss"][-1] < 0.3
loss, accuracy = model.evaluate_generator(batches(64), val_samples=256)
assert accuracy > 0.9
