import numpy as np

import cornu
from cornu import layers


class Net(cornu.Model):
    def __init__(self, wrap):
        super().__init__()
        self.words, self.memory = layers.Embedding(5, 4, mask_zero=True), layers.LSTM(3)
        self.head = layers.Dense(2, activity_regularizer="l2")
        self.run_memory, self.run_head = wrap(self.memory), wrap(self.head)

    def call(self, x):
        return self.run_head(self.run_memory(self.words(x)))


def test_masks_and_losses_pass_through():
    x, y = np.array([[1, 2, 0, 0], [3, 4, 1, 0]]), np.ones((2, 2))
    histories = []
    for wrap in (lambda layer: layer, cornu.remat):
        cornu.utils.set_random_seed(0)
        model = Net(wrap)
        model.compile("sgd", "mse")
        histories.append(model.fit(x, y, epochs=2, verbose=0).history["loss"])
    np.testing.assert_allclose(*histories, rtol=1e-6)
