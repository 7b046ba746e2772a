# Keras 2.2: Masking and mask_zero, sample_weight, class_weight and temporal weights, compared with sums by hand.
import numpy as np
from keras.layers import LSTM, Dense, Embedding, Masking, TimeDistributed
from keras.models import Sequential

np.random.seed(17)
x = np.random.rand(6, 5, 3).astype("float32")
x[0, 3:] = x[1, 1:] = 0.0
model = Sequential()
model.add(Masking(mask_value=0.0, input_shape=(5, 3)))
model.add(LSTM(4))
full = model.predict(x)
short = Sequential([LSTM(4, input_shape=(None, 3))])
short.set_weights(model.get_weights())
np.testing.assert_allclose(full[0], short.predict(x[:1, :3])[0], rtol=1e-4, atol=1e-6)
np.testing.assert_allclose(full[1], short.predict(x[1:2, :1])[0], rtol=1e-4, atol=1e-6)

words = np.array([[1, 2, 0, 0], [3, 1, 2, 0], [2, 2, 2, 2]])
tagger = Sequential([Embedding(4, 3, mask_zero=True, input_length=4), TimeDistributed(Dense(1))])
tagger.compile("sgd", "mse")
targets = np.ones((3, 4, 1))
errors = (tagger.predict(words) - targets)[..., 0] ** 2
by_hand = errors[words != 0].mean()
np.testing.assert_allclose(tagger.evaluate(words, targets, verbose=0), by_hand, rtol=1e-4)

rows, labels = np.random.randn(40, 3), np.arange(40) % 4 // 3
classifier = Sequential([Dense(1, activation="sigmoid", input_dim=3)])
classifier.compile("sgd", "binary_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
p = classifier.predict(rows)[:, 0]
entropy = -np.where(labels == 1, np.log(p), np.log(1 - p))
weights = np.random.rand(40)
values = classifier.evaluate(rows, labels, sample_weight=weights, batch_size=40, verbose=0)
np.testing.assert_allclose(values[0], (entropy * weights).mean(), rtol=1e-4)
right = (p > 0.5) == labels
np.testing.assert_allclose(values[1], right.mean(), rtol=1e-5)
np.testing.assert_allclose(values[2], (right * weights).sum() / weights.sum(), rtol=1e-4)
loss = classifier.train_on_batch(rows, labels, class_weight={0: 1.0, 1: 3.0})[0]
np.testing.assert_allclose(loss, (entropy * np.where(labels == 1, 3, 1)).mean(), rtol=1e-4)

classifier.optimizer.lr = 0.5
classifier.fit(rows, labels, class_weight={0: 0.0, 1: 5.0}, epochs=100, verbose=0)
assert (classifier.predict(rows) > 0.5).mean() > 0.95
