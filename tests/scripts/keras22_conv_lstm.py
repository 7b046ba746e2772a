# Keras 2.2: ConvLSTM2D and Conv3D that continue short films of a moving dot.
import numpy as np
from keras.layers import BatchNormalization, Conv3D, ConvLSTM2D
from keras.models import Sequential

np.random.seed(9)


def films(n, frames=5, side=8):
    out = np.zeros((n, frames + 1, side, side, 1), dtype=np.float32)
    for film in out:
        row, column, step = np.random.randint(0, side, 2).tolist() + [np.random.choice([-1, 1])]
        for t in range(frames + 1):
            film[t, row, (column + step * t) % side, 0] = 1
    return out[:, :-1], out[:, 1:]


x, y = films(64)
seq = Sequential()
seq.add(ConvLSTM2D(filters=6, kernel_size=(3, 3), input_shape=(None, 8, 8, 1), padding="same", return_sequences=True))
seq.add(BatchNormalization())
seq.add(Conv3D(filters=1, kernel_size=(3, 3, 3), activation="sigmoid", padding="same", data_format="channels_last"))
assert seq.output_shape == (None, None, 8, 8, 1)
gates = 4 * (3 * 3 * (1 + 6) * 6 + 6)
assert seq.layers[0].count_params() == gates
seq.compile(loss="binary_crossentropy", optimizer="adadelta")
seq.optimizer.lr = 1.0
history = seq.fit(x, y, batch_size=16, epochs=12, verbose=0)
print(history.history["loss"])
assert history.history["loss"][-1] < 0.35 * history.history["loss"][0]
assert seq.predict(x[:2, :3]).shape == (2, 3, 8, 8, 1)
