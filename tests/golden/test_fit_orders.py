"""After `tf.random.set_seed`, `fit` goes through the rows in the orders of tf-keras, whether its steps are compiled or not."""

import json
from pathlib import Path

import cases_fit_orders as cases
import numpy as np
import pytest

import cornu
from cornu import tf
from cornu.training import row_orders

NOTES = json.loads(Path(__file__).with_name("fit_orders.json").read_text())


@pytest.fixture(autouse=True)
def tf2_style():
    """The orders are those of TensorFlow 2."""
    cornu.config.set_style("tf2")
    yield
    cornu.config.set_style("keras3")


@pytest.mark.parametrize("seed", cases.SEEDS)
@pytest.mark.parametrize("name", cases.FITS)
def test_orders_are_those_of_tf_keras(name, seed):
    """Pass after pass, and again from the start in the next call of `fit`."""
    assert cases.orders(tf, cornu, seed, *cases.FITS[name]) == NOTES[name][str(seed)]


def test_compiled_steps_see_the_same_rows():
    """With a batch of one row and a step that keeps it, the weight is the last row of the order."""

    class Last(cornu.Model):
        """Keeps the row it was given last."""

        def __init__(self):
            super().__init__()
            self.last = tf.Variable(0.0)

        def train_step(self, data):
            self.last.assign(tf.reduce_sum(data[0]))
            return {"loss": self.last}

    model = Last()
    model.compile("sgd", "mse")
    tf.random.set_seed(116)
    numbers = np.arange(7, dtype="float32")[:, None]
    model.fit(numbers, numbers, batch_size=1, epochs=3, verbose=0)
    assert float(model.last) == NOTES["last batch smaller"]["116"][0][-1]


def test_own_orders_in_the_style_of_keras_3():
    """There every run has orders of its own."""
    cornu.config.set_style("keras3")
    tf.random.set_seed(116)
    seeds = [row_orders.run_seed() for _ in range(2)]
    assert [kind for kind, _ in seeds] == ["cornu", "cornu"]
    assert seeds[0] != seeds[1]


def test_whole_batches_in_random_order():
    """`shuffle="batch"` keeps the rows of a batch together, and a smaller last batch at the end."""
    order = np.asarray(row_orders.permutation(("tensorflow", 116), 0, 10, 3))
    assert order[-1] == 9
    assert sorted(order[:9:3]) == [0, 3, 6]
    assert (np.diff(order[:9].reshape(3, 3)) == 1).all()
