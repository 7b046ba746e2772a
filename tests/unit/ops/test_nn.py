"""Errors and edges of neural-network ops; values are checked against Keras in tests/golden/test_nn.py."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cornu import ops


def draw(*shape):
    return np.random.RandomState(sum(shape)).standard_normal(shape).astype("float32")


def test_integers_keep_their_kind_only_where_the_function_does():
    x = np.array([-1, 0, 2, 8], "int32")
    assert ops.relu(x).dtype == "int32" and ops.relu6(x).numpy().tolist() == [0, 0, 2, 6]
    assert ops.sigmoid(x).dtype == "float32" and ops.leaky_relu(x).numpy()[0] == np.float32(-0.2)
    assert ops.softmax(x.astype("float16")).dtype == "float16"


@pytest.mark.parametrize("name", ["elu", "celu", "selu", "softplus", "mish", "silu", "gelu", "sparsemax", "squareplus"])
def test_gradients_are_finite_far_out(name):
    function = getattr(ops, name, None) or getattr(__import__("cornu.activations").activations, name)
    x = jnp.asarray([-1e4, -100.0, 0.0, 100.0, 1e4], "float32")
    assert np.isfinite(jax.grad(lambda x: function.raw(x).sum())(x)).all()


def test_sparsemax_is_the_nearest_point_of_the_simplex():
    np.testing.assert_allclose(ops.sparsemax(np.array([-1, 0.5, 0.8], "float32")).numpy(), [0, 0.35, 0.65], rtol=1e-6)
    x = draw(4, 6) * 3
    out = ops.sparsemax(x).numpy()
    np.testing.assert_allclose(out.sum(-1), np.ones(4), rtol=1e-6)
    assert (out == 0).any() and (out >= 0).all()
    others = np.random.RandomState(0).dirichlet(np.ones(6), (200, 4))
    assert (((others - x) ** 2).sum(-1) >= ((out - x) ** 2).sum(-1)).all()
    np.testing.assert_allclose(ops.sparsemax(x.T, axis=0).numpy().T, out, rtol=1e-6)


def test_sparse_crossentropy_of_a_class_that_does_not_exist_is_nan_with_safe_gradient():
    logits = draw(3, 4)
    loss = ops.sparse_categorical_crossentropy(np.array([0, 4, -1]), logits, from_logits=True).numpy()
    assert np.isnan(loss).tolist() == [False, True, True]

    def masked(logits):
        each = ops.sparse_categorical_crossentropy.raw(jnp.asarray([0, 4, -1]), logits, True)
        return jnp.sum(jnp.where(jnp.isnan(each), 0, each))

    assert np.isfinite(jax.grad(masked)(jnp.asarray(logits))).all()


def test_sparse_crossentropy_takes_any_axis():
    logits, labels = draw(2, 5, 3), np.array([[0, 4, 2], [1, 1, 3]])
    first = ops.sparse_categorical_crossentropy(labels, logits, from_logits=True, axis=1).numpy()
    last = ops.sparse_categorical_crossentropy(labels, np.moveaxis(logits, 1, -1), from_logits=True).numpy()
    np.testing.assert_allclose(first, last, rtol=1e-6)


def test_ctc_loss_is_the_sum_over_alignments():
    logits = draw(1, 3, 3)
    p = np.exp(logits[0]) / np.exp(logits[0]).sum(-1, keepdims=True)
    paths = [(1, 2, 0), (1, 0, 2), (0, 1, 2), (1, 1, 2), (1, 2, 2)]  # all that read "1 2" over three frames
    expected = -np.log(sum(p[0, a] * p[1, b] * p[2, c] for a, b, c in paths))
    loss = ops.ctc_loss(np.array([[1, 2]]), logits, np.array([2]), np.array([3])).numpy()
    np.testing.assert_allclose(loss, [expected], rtol=1e-5)
    assert ops.ctc_loss(np.array([[1, 1, 1]]), logits, np.array([3]), np.array([3])).numpy()[0] > 1e4  # does not fit


def test_fold_is_the_transpose_of_unfold():
    x = draw(2, 3, 5, 6)
    options = {"kernel_size": (2, 3), "dilation": (1, 2), "padding": 1, "stride": (2, 1)}
    columns, pull = jax.vjp(lambda x: ops.unfold.raw(x, **options), jnp.asarray(x))
    other = draw(*columns.shape)
    np.testing.assert_allclose(
        ops.fold(other, (5, 6), **options).numpy(), pull(jnp.asarray(other))[0], rtol=1e-5, atol=1e-5
    )


def test_space_to_depth_is_undone():
    x = draw(2, 3, 4, 6)
    there = ops.space_to_depth(x, 2, "channels_first")
    assert there.shape == (2, 12, 2, 3)
    np.testing.assert_array_equal(ops.depth_to_space(there, 2, "channels_first").numpy(), x)


def test_attention_row_without_keys_stays_finite_and_cap_limits():
    q, k, v = draw(1, 2, 1, 4), draw(1, 3, 1, 4), draw(1, 3, 1, 4)
    mask = np.zeros((1, 1, 2, 3), bool)
    np.testing.assert_allclose(
        ops.dot_product_attention(q, k, v, mask=mask).numpy()[0, :, 0], np.repeat(v.mean(1)[0], 2, 0), rtol=1e-5
    )
    capped = ops.dot_product_attention(q * 1e4, k, v, attn_logits_soft_cap=1e-6).numpy()
    np.testing.assert_allclose(capped[0, :, 0], np.repeat(v.mean(1)[0], 2, 0), atol=1e-5)


def test_moments_of_halves_are_taken_in_single_precision():
    x = np.full((4096,), 0.1, "float16")
    mean, variance = ops.moments(x, 0)
    assert mean.dtype == "float16" and abs(float(mean.numpy()) - 0.1) < 1e-4 and float(variance.numpy()) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.softmax(draw(2, 3), axis=2), r"softmax: expected axis from -2 to 1 for rank 2; received 2"),
        (lambda: ops.glu(draw(2, 3)), r"glu: expected axis 1 to have an even length; received shape \(2, 3\)"),
        (lambda: ops.one_hot([0, 1], 3, sparse=True), r"one_hot: tensors are dense"),
        (lambda: ops.one_hot([0, 1], 3, axis=5), r"one_hot: expected axis from -2 to 1; received 5"),
        (lambda: ops.multi_hot([0, 1]), r"multi_hot needs num_classes"),
        (
            lambda: ops.normalize(draw(2, 3), order=0.5),
            r"normalize: expected order to be an integer of at least 1; received 0.5",
        ),
        (
            lambda: ops.batch_normalization(draw(2, 3), draw(2), draw(3), -1),
            r"expected mean of shape \(3,\) for axis 1.*\(2,\)",
        ),
        (lambda: ops.layer_normalization(draw(2, 3), draw(4)), r"weights of shape \(3,\).*received shape \(4,\)"),
        (lambda: ops.categorical_crossentropy(draw(2, 3), draw(4, 3)), r"target \(2, 3\), output \(4, 3\)"),
        (lambda: ops.binary_crossentropy(draw(2), draw(2, 1)), r"binary_crossentropy: expected target and output"),
        (lambda: ops.sparse_categorical_crossentropy(draw(2, 3), draw(2, 3)), r"One-hot targets belong to"),
        (lambda: ops.psnr(draw(2), draw(3), 1.0), r"psnr: expected two tensors of the same shape"),
        (lambda: ops.ctc_decode(draw(1, 2, 3), [2], "gredy"), r"'gredy'\. Did you mean 'greedy'"),
        (lambda: ops.ctc_decode(draw(1, 2, 3), [2], "beam_search", 2, 3), r"top_paths up to beam_width 2; received 3"),
        (lambda: ops.ctc_loss(draw(2), draw(2, 3), [1], [1]), r"ctc_loss: expected target \(batch, labels\)"),
        (lambda: ops.space_to_depth(draw(1, 3, 4, 1), 2), r"block_size 2 must divide height 3 and width 4"),
        (lambda: ops.depth_to_space(draw(1, 2, 2, 3), 2), r"must divide the 3 channels"),
        (lambda: ops.unfold(draw(2, 3), 2), r"unfold: expected images \(n, c, h, w\); received shape \(2, 3\)"),
        (lambda: ops.fold(draw(1, 4, 3), 3, 2), r"fold: expected columns \(n, c \* 4, 4\)"),
        (lambda: ops.dot_product_attention(draw(1, 2, 3), draw(1, 2, 3), draw(1, 2, 3)), r"expected rank 4"),
        (
            lambda: ops.dot_product_attention(draw(1, 2, 3, 4), draw(1, 2, 2, 4), draw(1, 2, 2, 4)),
            r"multiple of key heads",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()
