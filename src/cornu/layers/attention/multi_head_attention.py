"""MultiHeadAttention: several attentions side by side, each in its own projection."""

import math
from typing import Any

from cornu import ops, regularizers
from cornu._base.errors import InvalidArgumentError
from cornu.core import serialization
from cornu.core.shapes import text
from cornu.layers.activations.softmax import Softmax
from cornu.layers.arguments import axes as axes_of
from cornu.layers.arguments import fraction, positive_int, tuple_of
from cornu.layers.attention.masks import MaskOfQuery, joined, of_keys, of_queries, positions
from cornu.layers.attention.projections import into_heads, out_of_heads, plan_attention
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.parts import store_parts
from cornu.layers.regularization.dropout import Dropout


class ProjectedAttention(MaskOfQuery, Layer):
    """What multi-head and grouped-query attention share: their options, parts, and how scores become outputs."""

    supports_masking = True

    def store_options(self, dropout, use_bias, sliding_window, flash_attention, use_gate, seed, **parts):
        """Store and check the arguments that both take."""
        self.dropout, self.use_bias, self.use_gate, self.seed = fraction("dropout", dropout), use_bias, use_gate, seed
        self.sliding_window = None if sliding_window is None else positive_int("sliding_window", sliding_window)
        self.flash_attention = flash_attention
        if flash_attention and self.dropout > 0:
            raise InvalidArgumentError(
                "Expected dropout=0 with flash_attention=True, which keeps no scores to drop from; received "
                f"dropout={dropout}."
            )
        store_parts(self, **parts)

    def parts(self) -> dict[str, Any]:
        """Arguments for a projection: its own initializers, the same penalties and constraints."""
        return {
            "kernel_initializer": _twin(self.kernel_initializer),
            "bias_initializer": _twin(self.bias_initializer),
            "kernel_regularizer": self.kernel_regularizer,
            "bias_regularizer": self.bias_regularizer,
            "kernel_constraint": self.kernel_constraint,
            "bias_constraint": self.bias_constraint,
            "activity_regularizer": self._projection_penalty,
            "dtype": self.dtype_policy,
        }

    def check_scores(self, return_attention_scores: bool) -> None:
        """Raises: InvalidArgumentError if scores are asked for and the fused kernel too."""
        if return_attention_scores and self.flash_attention:
            raise InvalidArgumentError(
                "Expected return_attention_scores=False with flash_attention=True, which keeps no scores. Leave one of them out."
            )

    def get_config(self):
        config = super().get_config()
        del config["flash_attention"]
        return {**config, "activity_regularizer": serialization.serialize(self._projection_penalty)}


@LAYERS.add()
class MultiHeadAttention(ProjectedAttention):
    """For each head `softmax(q @ k / sqrt(key_dim)) @ v` of projected inputs; the heads, joined, are projected back.

    Args:
        num_heads: Number of heads.
        key_dim: Size of each head's queries and keys.
        value_dim: Size of each head's values; default `key_dim`.
        dropout: Fraction of the weights that is dropped while training.
        output_shape: Sizes of the last axes of the output; default the query's last axis.
        attention_axes: Axes to attend over; default all but the first and the last.
        sliding_window: Positions see only those less than that far away.
        flash_attention: True asks for the fused kernel of a GPU.
        use_gate: Multiply each head's result by a sigmoid of a projection of the query.
        seed: Start of the dropout's stream of random numbers.

    Call with `query, value, key` (default the value); masks of shape (batch, positions) for each of them, and
    `attention_mask`, True where a query may look at a key, of shape (batch, queries, keys) or (batch, heads, queries, keys).
    `use_causal_mask` hides later positions, `return_attention_scores` returns the weights, (batch, heads, queries, keys), as
    well.

    Shape: (batch, queries, dim), (batch, keys, values), (batch, keys, features) -> (batch, queries, output).
    Raises: InvalidArgumentError if sizes are not positive, key and value differ in length, or options exclude each other.
    Differs from Keras: `query_mask` counts whether it is given or comes with the query; Keras 3.15 overlooks a given one.
    Source: keras.layers.MultiHeadAttention; Vaswani et al. 2017, arXiv:1706.03762; Qiu et al. 2025 (gate).
    """

    output_shape: Any = None  # an argument here, in place of the base class's property

    def __init__(self, num_heads, key_dim, value_dim=None, dropout=0.0, use_bias=True, output_shape=None,
                 attention_axes=None, sliding_window=None, flash_attention=None, kernel_initializer="glorot_uniform",
                 bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, use_gate=False, seed=None, **common):  # fmt: skip
        super().__init__(**common)
        self._projection_penalty = regularizers.get(activity_regularizer)
        self.num_heads, self.key_dim = positive_int("num_heads", num_heads), positive_int("key_dim", key_dim)
        self.value_dim = positive_int("value_dim", value_dim) if value_dim else self.key_dim
        if output_shape is not None:
            sizes = output_shape if isinstance(output_shape, (list, tuple)) else (output_shape,)
            self.output_shape = tuple_of(len(sizes), "output_shape", sizes)
        given = axes_of("attention_axes", attention_axes) if attention_axes is not None else None
        self.attention_axes = given if given is None else tuple(given) if isinstance(given, list) else (given,)
        self.store_options(
            dropout, use_bias, sliding_window, flash_attention, use_gate, seed,
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip

    def build(self, query_shape, value_shape, key_shape=None):
        key_shape = value_shape if key_shape is None else key_shape
        check_lengths(query_shape, value_shape, key_shape)
        rank = len(query_shape)
        if self.attention_axes is None:
            self.attention_axes = tuple(range(1, rank - 1))
        attended: tuple[int, ...] = tuple(axis % rank for axis in self.attention_axes)
        if any(not -rank <= axis < rank or axis % rank in (0, rank - 1) for axis in self.attention_axes):
            raise InvalidArgumentError(
                f"Expected attention_axes between the first and the last axis; received {self.attention_axes} for the query "
                f"shape {text(query_shape)}."
            )
        self._attended, self._plan = attended, plan_attention(rank + 1, attended)
        heads, depth, bias = self.num_heads, self.key_dim, self.use_bias
        self._query_dense = into_heads("query", rank, heads, depth, bias, **self.parts())
        self._query_dense.build(query_shape)
        self._key_dense = into_heads("key", rank, heads, depth, bias, **self.parts())
        self._key_dense.build(key_shape)
        self._gate_dense = None
        if self.use_gate:
            self._gate_dense = into_heads("gate", rank, heads, self.value_dim, bias, **self.parts())
            self._gate_dense.build(query_shape)
        self._value_dense = into_heads("value", rank, heads, self.value_dim, bias, **self.parts())
        self._value_dense.build(value_shape)
        self._softmax = Softmax(axis=list(range(-len(attended), 0)), dtype=self.dtype_policy)
        self._dropout_layer = Dropout(self.dropout, seed=self.seed, dtype=self.dtype_policy)
        self._output_dense = out_of_heads(
            "attention_output", rank, self.output_shape or (query_shape[-1],), bias, **self.parts()
        )
        self._output_dense.build((*query_shape[:-1], heads, self.value_dim))

    def call(self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
             return_attention_scores=False, training=None, use_causal_mask=False):  # fmt: skip
        self.check_scores(return_attention_scores)
        key = value if key is None else key
        mask = joined(
            of_queries(query_mask), of_keys(value_mask), of_keys(key_mask),
            self._positions(query, key, use_causal_mask), attention_mask,
        )  # fmt: skip
        q, k, v = self._query_dense(query), self._key_dense(key), self._value_dense(value)
        if self.dropout == 0 and not return_attention_scores and q.ndim == 4:
            mask = None if mask is None else self._beside_scores(mask)
            outputs, weights = (
                ops.dot_product_attention(q, k, v, mask=mask, scale=1 / math.sqrt(self.key_dim),
                                          flash_attention=self.flash_attention),
                None,
            )  # fmt: skip
        else:
            scores = ops.einsum(self._plan.scores, q * (1 / math.sqrt(self.key_dim)), k)
            weights = self._softmax(scores, mask=None if mask is None else self._beside_scores(mask))
            dropped = self._dropout_layer(weights, training=training) if self.dropout else weights
            outputs = ops.einsum(self._plan.outputs, dropped, v)
        if self._gate_dense is not None:
            outputs = outputs * ops.sigmoid(self._gate_dense(query))
        outputs = self._output_dense(outputs)
        return (outputs, weights) if return_attention_scores else outputs

    def _positions(self, query: Any, key: Any, use_causal_mask: bool) -> Any:
        if len(self._attended) > 1 and (use_causal_mask or self.sliding_window is not None):
            raise InvalidArgumentError(
                "Expected one attention axis with use_causal_mask or sliding_window: several axes have no order; received "
                f"attention_axes={self.attention_axes}. Give an attention_mask."
            )
        axis = next(iter(self._attended))
        return positions(query.shape[axis], key.shape[axis], use_causal_mask, self.sliding_window)

    def _beside_scores(self, mask: Any) -> Any:
        """The mask with axes of size one for heads and whatever else it does not tell apart."""
        rank, attended = len(self._plan.scores.partition("->")[2]), 2 * len(self._attended)
        while mask.ndim < rank:
            mask = ops.expand_dims(mask, -attended - 1)
        return mask

    @property
    def query_dense(self):
        """The projection of the query."""
        return self._query_dense

    @property
    def key_dense(self):
        """The projection of the key."""
        return self._key_dense

    @property
    def value_dense(self):
        """The projection of the value."""
        return self._value_dense

    @property
    def output_dense(self):
        """The projection of the joined heads."""
        return self._output_dense

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        check_lengths(query_shape, value_shape, value_shape if key_shape is None else key_shape)
        return (*query_shape[:-1], *(self.output_shape or (query_shape[-1],)))


def check_lengths(query_shape: Any, value_shape: Any, key_shape: Any) -> None:
    """Raises: InvalidArgumentError if ranks differ, or key and value do in anything but their last axis."""
    if not len(query_shape) == len(value_shape) == len(key_shape) or len(query_shape) < 3:
        raise InvalidArgumentError(
            "Expected query, value and key of the same rank, 3 or more: (batch, positions, features); received query "
            f"{text(query_shape)}, value {text(value_shape)}, key {text(key_shape)}."
        )
    known = [(v, k) for v, k in zip(value_shape[1:-1], key_shape[1:-1], strict=True) if v is not None and k is not None]
    if any(v != k for v, k in known):
        raise InvalidArgumentError(
            f"Expected value and key of the same length; received value {text(value_shape)}, key {text(key_shape)}."
        )


def _twin(initializer: Any) -> Any:
    """Another such initializer, so that two projections do not start from the same random numbers."""
    return (
        type(initializer).from_config(initializer.get_config()) if hasattr(initializer, "get_config") else initializer
    )
