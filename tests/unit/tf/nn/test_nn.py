"""`tf.nn`: random functions, sparse lookups, options and errors that the golden values do not reach."""

import numpy as np
import pytest

import cornu
from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import convert_to_tensor
from cornu.tf import nn
from cornu.tf.nn.blocks import batch_to_space
from cornu.tf.nn.candidate_sampling import log_uniform_candidate_sampler
from cornu.tf.sparse import SparseTensor

TABLE = np.arange(10, dtype="float32").reshape(5, 2)
IDS = SparseTensor([[0, 0], [0, 2], [2, 1]], np.array([1, 3, 4]), [4, 3])


@pytest.mark.parametrize(
    "combiner, first", [("sum", [8.0, 10.0]), ("mean", [4.0, 5.0]), ("sqrtn", [8 / 2**0.5, 10 / 2**0.5])]
)
def test_embedding_lookup_sparse(combiner, first):
    found = nn.embedding_lookup_sparse(TABLE, IDS, None, combiner).numpy()
    np.testing.assert_allclose(found, [first, [0, 0], [8, 9]], rtol=1e-6)


def test_weighted_embedding_lookup():
    weights = IDS.with_values(np.float32([1, 3, 2]))
    found = nn.embedding_lookup_sparse(TABLE, IDS, weights, "mean").numpy()
    np.testing.assert_allclose(found[0], (TABLE[1] + 3 * TABLE[3]) / 4)


def test_safe_embedding_lookup_fills_empty_rows():
    found = nn.safe_embedding_lookup_sparse(TABLE, IDS).numpy()
    np.testing.assert_allclose(found, [[4, 5], [0, 0], [8, 9], [0, 0]])
    found = nn.safe_embedding_lookup_sparse(TABLE, IDS, default_id=2).numpy()
    np.testing.assert_allclose(found[[1, 3]], [TABLE[2], TABLE[2]])


def test_unique_candidates():
    found = log_uniform_candidate_sampler(np.array([[1], [7]]), 1, 6, True, 8, seed=3)
    drawn = found.sampled_candidates.numpy()
    assert len(set(drawn.tolist())) == 6 and drawn.min() >= 0 and drawn.max() < 8
    expected = found.sampled_expected_count.numpy()
    assert ((expected > 0) & (expected <= 1)).all()
    assert np.argsort(-expected).tolist() == np.argsort(drawn).tolist()


def test_candidates_have_their_distribution():
    found = log_uniform_candidate_sampler(np.array([[0]]), 1, 20000, False, 9, seed=1)
    shares = np.bincount(found.sampled_candidates.numpy(), minlength=9) / 20000
    wanted = np.log1p(1 / np.arange(1, 10)) / np.log(10)
    np.testing.assert_allclose(shares, wanted, atol=0.015)


def test_fixed_unigrams_respect_weights_and_shards():
    found = nn.fixed_unigram_candidate_sampler(
        np.array([[1]]), 1, 200, False, 4, unigrams=[1.0, 2.0, 0.0, 3.0], num_shards=2, shard=1, seed=2
    )
    assert set(found.sampled_candidates.numpy().tolist()) == {1, 3}
    with pytest.raises(InvalidArgumentError, match="either vocab_file or unigrams"):
        nn.fixed_unigram_candidate_sampler(np.array([[1]]), 1, 2, False, 4)


def test_losses_of_drawn_classes_without_given_candidates():
    args = TABLE, np.zeros(5, "float32"), np.array([[1], [2]]), np.ones((2, 2), "float32"), 3, 5
    for loss in (nn.nce_loss, nn.sampled_softmax_loss):
        assert loss(*args).shape == (2,) and np.isfinite(loss(*args).numpy()).all()


def test_fractional_pools_cover_the_image():
    x = ops.reshape(ops.arange(36, dtype="float32"), (1, 6, 6, 1))
    for options in ({}, {"pseudo_random": True}, {"overlapping": True}):
        found = nn.fractional_max_pool(x, 1.5, seed=4, **options)
        assert found.output.shape == (1, 4, 4, 1)
        rows = found.row_pooling_sequence.numpy()
        assert rows[0] == 0 and rows[-1] == 6 and set(np.diff(rows).tolist()) <= {1, 2, 3}
        assert found.output.numpy().max() == 35
    mean = nn.fractional_avg_pool(x, 2.0, seed=4)
    np.testing.assert_allclose(mean.output.numpy(), nn.avg_pool2d(x, 2, 2, "VALID").numpy())


def test_space_to_batch_and_back():
    x = np.arange(2 * 4 * 6 * 3, dtype="float32").reshape(2, 4, 6, 3)
    there = nn.space_to_batch(x, [2, 3], [[1, 1], [0, 3]])
    assert there.shape == (12, 3, 3, 3)
    np.testing.assert_array_equal(batch_to_space(there, [2, 3], [[1, 1], [0, 3]]).numpy(), x)


def test_dropout_keeps_the_mean():
    found = nn.dropout(ops.ones((100, 100)), 0.4, seed=1).numpy()
    assert set(np.unique(found).tolist()) == {0.0, np.float32(1 / np.float32(0.6))}
    assert found.mean() == pytest.approx(1, abs=0.05)
    rows = nn.dropout(ops.ones((50, 4)), 0.5, noise_shape=[50, 1], seed=2).numpy()
    assert (rows == rows[:, :1]).all()


def test_sparse_labels_of_ctc():
    labels = SparseTensor([[0, 0], [0, 1], [1, 0]], np.array([1, 2, 0]), [2, 2])
    logits = np.random.default_rng(0).normal(size=(4, 2, 4)).astype("float32")
    sparse = nn.ctc_loss(labels, logits, None, [4, 3], blank_index=-1)
    dense = nn.ctc_loss(np.array([[1, 2], [0, 0]]), logits, np.array([2, 1]), np.array([4, 3]), blank_index=3)
    np.testing.assert_allclose(sparse.numpy(), dense.numpy())
    with pytest.raises(InvalidArgumentError, match="blank_index with sparse labels"):
        nn.ctc_loss(labels, logits, None, [4, 3])


def test_channels_first_is_the_same_convolution():
    rng = np.random.default_rng(1)
    x, kernel = rng.normal(size=(1, 5, 6, 2)).astype("float32"), rng.normal(size=(3, 3, 2, 4)).astype("float32")
    last = nn.conv2d(x, kernel, [1, 2, 1, 1], "SAME").numpy()
    first = nn.conv2d(np.moveaxis(x, -1, 1), kernel, [1, 1, 2, 1], "SAME", data_format="NCHW").numpy()
    np.testing.assert_allclose(np.moveaxis(first, 1, -1), last, rtol=1e-5, atol=1e-6)


def test_extra_batch_axes():
    x = np.random.default_rng(2).normal(size=(2, 3, 5, 2)).astype("float32")
    kernel = np.ones((3, 2, 1), "float32")
    found = nn.conv1d(x, kernel, 1, "VALID")
    assert found.shape == (2, 3, 3, 1)
    np.testing.assert_allclose(found.numpy()[1, 2], nn.conv1d(x[1, 2:3], kernel, 1, "VALID").numpy()[0], rtol=1e-5)


def test_in_a_model_that_is_fitted():
    class Net(cornu.Model):
        def build(self, shape):
            self.w = self.add_weight(name="w", shape=(3, 1))

        def call(self, x):
            return nn.leaky_relu(ops.matmul(x, self.w))

    model = Net()
    model.compile("sgd", "mse")
    history = model.fit(np.ones((8, 3), "float32"), np.ones((8, 1), "float32"), epochs=5, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert convert_to_tensor(model.w).shape == (3, 1)
