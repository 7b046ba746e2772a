# Keras 2.2: stateful LSTM fed window by window, reset_states by hand, TimeDistributed and Bidirectional after it.
import numpy as np
from keras.layers import GRU, LSTM, Bidirectional, Dense, RepeatVector, TimeDistributed
from keras.models import Sequential

np.random.seed(21)
batch_size, tsteps = 2, 5
model = Sequential()
model.add(LSTM(12, batch_input_shape=(batch_size, tsteps, 1), return_sequences=True, stateful=True))
model.add(LSTM(12, return_sequences=False, stateful=True))
model.add(Dense(1))
model.compile(loss="mse", optimizer="rmsprop")

x = np.random.rand(batch_size, tsteps, 1)
first = model.predict(x, batch_size=batch_size)
second = model.predict(x, batch_size=batch_size)
assert np.abs(first - second).max() > 1e-4
model.reset_states()
np.testing.assert_allclose(model.predict(x, batch_size=batch_size), first, rtol=1e-5, atol=1e-6)

wave = np.sin(np.arange(201) * 0.25)
windows = np.stack([wave[:100], wave[100:200]]).reshape(2, 20, tsteps)
targets = np.stack([wave[5:101:5], wave[105:201:5]])
losses = []
for epoch in range(12):
    model.reset_states()
    total = 0
    for step in range(20):
        total += model.train_on_batch(windows[:, step, :, None], targets[:, step, None])
    losses.append(total / 20)
print(losses[0], losses[-1])
assert losses[-1] < 0.3 * losses[0]

echo = Sequential()
echo.add(Bidirectional(GRU(10), input_shape=(6, 2), merge_mode="concat"))
echo.add(RepeatVector(6))
echo.add(LSTM(20, return_sequences=True))
echo.add(TimeDistributed(Dense(2)))
assert [layer.output_shape for layer in echo.layers] == [(None, 20), (None, 6, 20), (None, 6, 20), (None, 6, 2)]
echo.compile(loss="mae", optimizer="adam")
rows = np.random.rand(96, 6, 2)
history = echo.fit(rows, rows, epochs=25, batch_size=16, verbose=0)
assert history.history["loss"][-1] < 0.8 * history.history["loss"][0]
