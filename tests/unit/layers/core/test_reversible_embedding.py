"""ReversibleEmbedding leads back by its own table or by another matrix."""

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import InvalidArgumentError

VECTORS = np.random.RandomState(3).normal(size=(1, 2, 3)).astype("float32")


def made(**arguments):
    layer = layers.ReversibleEmbedding(5, 3, **arguments)
    layer.build((None, 4))
    return layer


def test_tied_projection_uses_the_table():
    layer = made(embeddings_regularizer="l2", embeddings_constraint="non_neg")
    assert [(w.name, tuple(w.shape)) for w in layer.weights] == [("embeddings", (5, 3))]
    (table,) = layer.get_weights()
    np.testing.assert_allclose(layer(VECTORS, reverse=True), VECTORS @ table.T, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(layer(np.array([[4, 1]])), table[[[4, 1]]])


def test_free_projection_has_a_matrix_and_a_soft_cap():
    layer = made(tie_weights=False, logit_soft_cap=0.05, embeddings_regularizer="l2", embeddings_constraint="non_neg")
    assert [(w.name, tuple(w.shape)) for w in layer.weights] == [("embeddings", (5, 3)), ("reverse_embeddings", (3, 5))]
    assert layer.reverse_embeddings.regularizer is None and layer.reverse_embeddings.constraint is None
    scores = VECTORS @ layer.get_weights()[1]
    np.testing.assert_allclose(layer(VECTORS, reverse=True), np.tanh(scores / 0.05) * 0.05, rtol=1e-4, atol=1e-6)


def test_low_rank_update_is_projected_too():
    layer = made(lora_rank=2)
    layer.set_weights([np.random.RandomState(n).normal(size=w.shape) for n, w in enumerate(layer.weights)])
    weights = {w.name: w.numpy() for w in layer.weights}
    table = weights["embeddings"] + weights["lora_embeddings_a"] @ weights["lora_embeddings_b"]
    np.testing.assert_allclose(layer(VECTORS, reverse=True), VECTORS @ table.T, rtol=1e-4, atol=1e-5)


def test_mask_is_that_of_indices_only():
    layer = made(mask_zero=True)
    embedded = layer(np.array([[0, 1, 4]]))
    np.testing.assert_array_equal(embedded._keras_mask.numpy(), [[False, True, True]])
    assert layer(embedded, reverse=True)._keras_mask is None
    np.testing.assert_array_equal(layer(np.array([[2, 0]]))._keras_mask.numpy(), [[True, False]])


@pytest.mark.parametrize(
    ("reverse_dtype", "expected"), [(None, "bfloat16"), ("float32", "float32"), ("float16", "float16")]
)
def test_reverse_dtype(reverse_dtype, expected):
    layer = made(dtype="mixed_bfloat16", reverse_dtype=reverse_dtype)
    hidden = layer(np.array([[1, 2]]))
    assert hidden.dtype == "bfloat16"
    assert layer(hidden, reverse=True).dtype == expected


def test_in_a_model():
    layer = layers.ReversibleEmbedding(7, 3)
    indices = layers.Input((4,), dtype="int32")
    model = cornu.Model(indices, layer(layer(indices), reverse=True))
    assert tuple(model.output_shape) == (None, 4, 7)
    assert layer.compute_output_shape((2, 4)) == (2, 4, 3)
    assert layer.compute_output_shape((2, 4, 3), reverse=True) == (2, 4, 7)
    table = layer.get_weights()[0]
    twin = cornu.Model.from_config(model.get_config())
    twin.set_weights([table])
    np.testing.assert_allclose(twin(np.array([[1, 2, 3, 6]]))[0], table[[1, 2, 3, 6]] @ table.T, rtol=1e-5, atol=1e-7)


def test_wrong_arguments():
    with pytest.raises(InvalidArgumentError, match="size 3 .output_dim. with reverse=True; received shape .1, 4."):
        made()(np.ones((1, 4), "float32"), reverse=True)
    with pytest.raises(InvalidArgumentError, match="logit_soft_cap as a positive number or None; received 0"):
        made(logit_soft_cap=0)
    with pytest.raises(InvalidArgumentError, match="floaty"):
        made(reverse_dtype="floaty")
