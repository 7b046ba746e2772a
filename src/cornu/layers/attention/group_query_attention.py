"""Grouped-query attention: heads of queries share heads of keys and values."""

import math
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers.activations.softmax import Softmax
from cornu.layers.arguments import positive_int
from cornu.layers.attention.masks import joined, of_keys, of_queries, positions
from cornu.layers.attention.multi_head_attention import ProjectedAttention, check_lengths
from cornu.layers.attention.projections import into_heads, out_of_heads
from cornu.layers.catalog import LAYERS
from cornu.layers.regularization.dropout import Dropout


@LAYERS.add("GroupedQueryAttention", name="GroupQueryAttention")
class GroupedQueryAttention(ProjectedAttention):
    """Multi-head attention in which `num_query_heads / num_key_value_heads` heads of queries share one head of keys and values.

    Args:
        head_dim: Size of each head.
        num_query_heads: Number of heads of queries.
        num_key_value_heads: Number of heads of keys and values; it divides `num_query_heads`.
        dropout: Fraction of the weights that is dropped while training.
        sliding_window: Positions see only those less than that far away.
        flash_attention: True asks for the fused kernel of a GPU.
        use_gate: Multiply each head's result by a sigmoid of a projection of the query.
        seed: Start of the dropout's stream of random numbers.

    Calls, masks and scores are those of `MultiHeadAttention`.

    Shape: (batch, queries, dim), (batch, keys, values), (batch, keys, features) -> (batch, queries, dim).
    Raises: InvalidArgumentError if sizes are not positive or the heads cannot be shared.
    Source: keras.layers.GroupQueryAttention; Ainslie et al. 2023, arXiv:2305.13245.
    """

    def __init__(self, head_dim, num_query_heads, num_key_value_heads, dropout=0.0, use_bias=True, sliding_window=None,
                 flash_attention=None, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, use_gate=False, seed=None, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self._projection_penalty = self.activity_regularizer
        self.head_dim = positive_int("head_dim", head_dim)
        self.num_query_heads = positive_int("num_query_heads", num_query_heads)
        self.num_key_value_heads = positive_int("num_key_value_heads", num_key_value_heads)
        if num_query_heads % num_key_value_heads:
            raise InvalidArgumentError(
                f"Expected num_query_heads as a multiple of num_key_value_heads; received {num_query_heads} and "
                f"{num_key_value_heads}."
            )
        self.store_options(
            dropout, use_bias, sliding_window, flash_attention, use_gate, seed,
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip

    def build(self, query_shape, value_shape, key_shape=None):
        key_shape = value_shape if key_shape is None else key_shape
        check_lengths(query_shape, value_shape, key_shape)
        if len(query_shape) != 3:
            raise InvalidArgumentError(
                f"Expected inputs of rank 3, (batch, positions, features); received the query shape {tuple(query_shape)}."
            )
        many, few, depth, bias = self.num_query_heads, self.num_key_value_heads, self.head_dim, self.use_bias
        self._query_dense = into_heads("query", 3, many, depth, bias, **self.parts())
        self._query_dense.build(query_shape)
        self._key_dense = into_heads("key", 3, few, depth, bias, **self.parts())
        self._key_dense.build(key_shape)
        self._gate_dense = None
        if self.use_gate:
            self._gate_dense = into_heads("gate", 3, many, depth, bias, **self.parts())
            self._gate_dense.build(query_shape)
        self._value_dense = into_heads("value", 3, few, depth, bias, **self.parts())
        self._value_dense.build(value_shape)
        self._softmax = Softmax(axis=-1, dtype=self.dtype_policy)
        self._dropout_layer = Dropout(self.dropout, seed=self.seed, dtype=self.dtype_policy)
        self._output_dense = out_of_heads("attention_output", 3, (query_shape[-1],), bias, **self.parts())
        self._output_dense.build((*query_shape[:-1], many, depth))

    def call(self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
             return_attention_scores=False, training=None, use_causal_mask=False):  # fmt: skip
        self.check_scores(return_attention_scores)
        key = value if key is None else key
        mask = joined(
            of_queries(query_mask), of_keys(value_mask), of_keys(key_mask),
            positions(query.shape[1], key.shape[1], use_causal_mask, self.sliding_window), attention_mask,
        )  # fmt: skip
        if mask is not None and mask.ndim == 3:
            mask = ops.expand_dims(mask, 1)  # (batch, heads, queries, keys)
        q, k, v = self._query_dense(query), self._key_dense(key), self._value_dense(value)
        if self.dropout == 0 and not return_attention_scores:
            outputs, weights = (
                ops.dot_product_attention(q, k, v, mask=mask, flash_attention=self.flash_attention),
                None,
            )
        else:
            outputs, weights = self._attend(q, k, v, mask, training)
        if self._gate_dense is not None:
            outputs = outputs * ops.sigmoid(self._gate_dense(query))
        outputs = self._output_dense(outputs)
        return (outputs, weights) if return_attention_scores else outputs

    def _attend(self, q: Any, k: Any, v: Any, mask: Any, training: Any) -> tuple[Any, Any]:
        group = self.num_query_heads // self.num_key_value_heads
        k, v = ops.repeat(k, group, axis=2), ops.repeat(v, group, axis=2)
        scores = ops.einsum("bqhd,bkhd->bhqk", q, k) * (1 / math.sqrt(self.head_dim))
        weights = self._softmax(scores, mask=mask)
        dropped = self._dropout_layer(weights, training=training) if self.dropout else weights
        return ops.einsum("bhqk,bkhd->bqhd", dropped, v), weights

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        check_lengths(query_shape, value_shape, value_shape if key_shape is None else key_shape)
        return tuple(query_shape)
