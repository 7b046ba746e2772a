"""Attention: values averaged by how well their keys match a query."""

from typing import Any

from cornu import ops, random
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import choice, fraction
from cornu.layers.attention.masks import MaskOfQuery, joined, of_keys, positions
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS


@LAYERS.add()
class Attention(MaskOfQuery, Layer):
    """`softmax(scores) @ value`, where `scores` compare every query with every key (Luong).

    Args:
        use_scale: Scale the scores by a trained number.
        score_mode: "dot" for `scale * query @ key`, "concat" for `weight * sum(tanh(scale * (query + key)))`.
        dropout: Fraction of the weights that is dropped while training.
        seed: Start of the layer's stream of random numbers.

    Call with `[query, value]`, the value being the key too, or `[query, value, key]`; `mask` is a list of the masks of query
    and value: values where it is False get no weight, outputs where the query's is False are zero. `use_causal_mask` hides
    later positions, `return_attention_scores` returns the weights, (batch, queries, keys), as well.

    Shape: (batch, queries, dim), (batch, keys, values), (batch, keys, dim) -> (batch, queries, values).
    Raises: InvalidArgumentError unless called on two or three tensors.
    Source: keras.layers.Attention; Luong et al. 2015, arXiv:1508.04025.
    """

    supports_masking = True

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, seed=None, **common):
        super().__init__(**common)
        self.use_scale, self.score_mode = use_scale, choice("score_mode", score_mode, ("dot", "concat"))
        self.dropout, self.seed = fraction("dropout", dropout), seed
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def build(self, input_shape):
        self.shapes(input_shape)
        self.scale = self.add_weight("scale", (), "ones") if self.use_scale else None
        self.concat_score_weight = None
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight("concat_score_weight", (), "ones")

    def scores(self, query: Any, key: Any) -> Any:
        """How well keys match queries. Shape: (batch, queries, dim), (batch, keys, dim) -> (batch, queries, keys)."""
        if self.score_mode == "dot":
            products = ops.matmul(query, ops.transpose(key, axes=[0, 2, 1]))
            return products if self.scale is None else products * self.scale
        sums = ops.expand_dims(query, -2) + ops.expand_dims(key, -3)  # (batch, queries, keys, dim)
        return self.concat_score_weight * ops.sum(ops.tanh(sums if self.scale is None else self.scale * sums), axis=-1)

    def call(self, inputs, mask=None, training=False, return_attention_scores=False, use_causal_mask=False):
        self.shapes(inputs)
        query, value, key = (*inputs, inputs[1])[:3]
        query_mask, value_mask = self.masks(mask)
        scores = self.scores(query, key)
        seen = joined(of_keys(value_mask), positions(query.shape[1], key.shape[1], use_causal_mask))
        if seen is not None:
            far = 65504.0 if scores.dtype == "float16" else 1e9
            scores = scores - far * ops.cast(ops.logical_not(seen), scores.dtype)
        weights = ops.softmax(scores, axis=-1)
        if training and self.dropout > 0:
            weights = random.dropout(weights, self.dropout, seed=self.seed_generator)
        outputs = ops.matmul(weights, value)
        if query_mask is not None:
            outputs = outputs * ops.cast(ops.expand_dims(query_mask, -1), outputs.dtype)
        return (outputs, weights) if return_attention_scores else outputs

    def masks(self, mask: Any) -> tuple[Any, Any]:
        """The masks of query and value. Raises: InvalidArgumentError unless `mask` is None or a list of two or three."""
        if mask is None:
            return None, None
        if not isinstance(mask, (list, tuple)) or not 2 <= len(mask) <= 3:
            raise InvalidArgumentError(
                f"Expected mask as a list of the masks of query and value; received {_described(mask)}. Give None for one "
                "that there is not."
            )
        return mask[0], mask[1]

    def shapes(self, inputs: Any) -> Any:
        """The inputs or their shapes, checked. Raises: InvalidArgumentError unless they are two or three."""
        if isinstance(inputs, (list, tuple)) and 2 <= len(inputs) <= 3 and not isinstance(inputs[0], int):
            return inputs
        raise InvalidArgumentError(
            f"Expected {type(self).__name__} to be called on a list, [query, value] or [query, value, key]; received "
            f"{_described(inputs)}."
        )

    def compute_mask(self, inputs, mask=None):
        return self.masks(mask)[0]

    def compute_output_shape(self, input_shape):
        query, value = self.shapes(input_shape)[:2]
        return (*query[:-1], value[-1])


def _described(given: Any) -> str:
    if isinstance(given, (list, tuple)) and not all(isinstance(item, int) or item is None for item in given):
        return f"a list of {len(given)}"
    return f"one tensor of shape {text(getattr(given, 'shape', given))}"
