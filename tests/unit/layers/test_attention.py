"""Attention: what cannot be, said in a sentence; masks that go on; dropout that drops."""

import json

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu._base.errors import InvalidArgumentError

QUERY = np.random.RandomState(0).normal(size=(2, 3, 4)).astype("float32")
VALUE = np.random.RandomState(1).normal(size=(2, 5, 4)).astype("float32")


def masked(x, mask):
    tensor = cornu.convert_to_tensor(x)
    tensor._keras_mask = cornu.convert_to_tensor(mask)
    return tensor


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: layers.Attention(score_mode="cat"), "Expected score_mode as one of 'dot' or 'concat'"),
        (lambda: layers.Attention()(QUERY), r"Expected Attention to be called on a list, .* one tensor of shape"),
        (lambda: layers.AdditiveAttention()([QUERY]), "Expected AdditiveAttention to be called on .* a list of 1"),
        (lambda: layers.Attention()([QUERY, VALUE], mask=[None]), "Expected mask as a list of the masks of query and"),
        (lambda: layers.MultiHeadAttention(0, 3), "Expected num_heads as a positive integer"),
        (lambda: layers.MultiHeadAttention(2, 3, sliding_window=0), "Expected sliding_window as a positive integer"),
        (lambda: layers.MultiHeadAttention(2, 3, dropout=0.1, flash_attention=True), "Expected dropout=0 with flash"),
        (lambda: layers.MultiHeadAttention(2, 3)(QUERY, VALUE, QUERY), "Expected value and key of the same length"),
        (lambda: layers.MultiHeadAttention(2, 3)(QUERY, VALUE[0]), "Expected query, value and key of the same rank"),
        (lambda: layers.MultiHeadAttention(2, 3, attention_axes=0)(QUERY, VALUE), "Expected attention_axes between"),
        (
            lambda: layers.MultiHeadAttention(2, 3, flash_attention=True)(QUERY, VALUE, return_attention_scores=True),
            "Expected return_attention_scores=False with flash_attention=True",
        ),
        (
            lambda: layers.MultiHeadAttention(2, 3)(*[np.ones((2, 3, 4, 5), "float32")] * 2, use_causal_mask=True),
            "Expected one attention axis with use_causal_mask",
        ),
        (lambda: layers.GroupQueryAttention(2, 4, 3), "Expected num_query_heads as a multiple of num_key_value_heads"),
        (lambda: layers.GroupQueryAttention(2, 2, 2)(*[np.ones((2, 3, 4, 5))] * 2), "Expected inputs of rank 3"),
    ],
)
def test_what_cannot_be_is_said(call, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        call()


@pytest.mark.parametrize("scores", [False, True])
def test_outputs_have_the_mask_of_the_query(scores):
    seen, other = [[True, True, False], [True, False, False]], np.ones((2, 5), bool)
    for layer in (layers.Attention(), layers.MultiHeadAttention(1, 2), layers.GroupQueryAttention(2, 1, 1)):
        inputs = [masked(QUERY, seen), masked(VALUE, other)]
        given = [inputs] if isinstance(layer, layers.Attention) else inputs
        outputs = layer(*given, return_attention_scores=scores)
        first, *rest = outputs if scores else (outputs,)
        np.testing.assert_array_equal(first._keras_mask.numpy(), seen)
        if isinstance(layer, layers.Attention):  # the scores of the others come out of a Softmax layer with its mask
            assert all(other._keras_mask is None for other in rest)


def test_dropout_drops_from_the_weights_while_training():
    layer = layers.Attention(dropout=0.5, seed=1)
    weights = layer([QUERY, VALUE], return_attention_scores=True, training=True)[1].numpy()
    still = layer([QUERY, VALUE], return_attention_scores=True)[1].numpy()
    kept = weights > 0
    assert 0 < kept.mean() < 1
    np.testing.assert_allclose(weights[kept], 2 * still[kept], rtol=1e-5)
    heads = layers.MultiHeadAttention(2, 3, dropout=0.5, seed=1)
    still = heads(QUERY, VALUE).numpy()
    assert not np.allclose(heads(QUERY, VALUE, training=True).numpy(), still)
    scores = heads(QUERY, VALUE, training=True, return_attention_scores=True)[1].numpy()
    np.testing.assert_allclose(scores.sum(-1), 1, rtol=1e-5)  # what is returned is what was before the dropout


def test_projections_start_apart():
    layer = layers.MultiHeadAttention(2, 3)
    layer.build((2, 3, 4), (2, 5, 4))
    query, key = layer.query_dense.kernel.numpy(), layer.key_dense.kernel.numpy()
    assert not np.array_equal(query, key)


def test_it_trains_and_is_saved(tmp_path):
    words = layers.Input((6,))
    embedded = layers.Embedding(10, 8, mask_zero=True)(words)
    x = layers.MultiHeadAttention(2, 4, use_gate=True)(embedded, embedded, use_causal_mask=True)
    x = layers.Attention(use_scale=True)([x, embedded])
    model = cornu.Model(words, layers.Dense(1)(layers.GlobalAveragePooling1D()(x)))
    model.compile(cornu.optimizers.Adam(0.02), "mse")
    data = np.random.RandomState(0).randint(0, 10, (64, 6))
    history = model.fit(data, (data == 3).any(1, keepdims=True).astype("float32"), epochs=8, verbose=0)
    assert history.history["loss"][-1] < 0.9 * history.history["loss"][0]
    model.save(tmp_path / "attending.keras")
    again = cornu.models.load_model(tmp_path / "attending.keras")
    np.testing.assert_array_equal(again.predict(data, verbose=0), model.predict(data, verbose=0))


@pytest.mark.parametrize("dtype, expected", [(None, "float32"), ("int32", "int32")])
def test_tensors_that_keras_converts_in_graphs_with_masks_are_read(dtype, expected):
    inputs = layers.Input((3,))
    text = json.dumps(cornu.Model(inputs, cornu.ops.copy(inputs)).get_config())
    config = json.loads(text.replace('"Copy"', '"ConvertToTensor"'))
    entry = next(item for item in config["layers"] if item["class_name"] == "ConvertToTensor")
    entry["config"]["dtype"] = dtype
    outputs = cornu.Model.from_config(config)(np.full((1, 3), 2.5, "float32"))
    assert outputs.dtype == expected
