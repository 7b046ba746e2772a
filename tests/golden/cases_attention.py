"""The attention calls that `record_attention.py` and `test_attention.py` share. Nothing here imports a framework."""

from typing import Any, NamedTuple

import numpy as np

QUERY, VALUE = (2, 3, 4), (2, 5, 4)
IMAGE, WIDE = (2, 3, 4, 5), (2, 3, 6, 5)
HEADS = {"num_heads": 2, "key_dim": 3}
GROUPS = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}


class Case(NamedTuple):
    """One attention layer called once on query, value and perhaps key of those shapes.

    `masks` are names: query, value, key (True for the first entries), pairs (of query and key), heads (pairs by head).
    """

    layer: str
    arguments: dict[str, Any]
    shapes: tuple[tuple[int, ...], ...] = (QUERY, VALUE)
    masks: tuple[str, ...] = ()
    causal: bool = False
    scores: bool = True
    attached: bool = False  # the masks of query and value come with the tensors


def dot(*masks: str, key: bool = False, **arguments: Any) -> Case:
    """Attention on query and value, or with a key too."""
    return Case("Attention", arguments, (QUERY, VALUE, VALUE) if key else (QUERY, VALUE), masks)


def heads(
    *masks: str, scores: bool = False, shapes: tuple = (QUERY, VALUE), causal: bool = False, **arguments: Any
) -> Case:
    """Multi-head attention."""
    return Case("MultiHeadAttention", {**HEADS, **arguments}, shapes, masks, causal, scores)


def groups(
    *masks: str, scores: bool = False, shapes: tuple = (QUERY, VALUE), causal: bool = False, **arguments: Any
) -> Case:
    """Grouped-query attention."""
    return Case("GroupQueryAttention", {**GROUPS, **arguments}, shapes, masks, causal, scores)


ATTENTION = {
    "dot": dot(),
    "dot_scaled_key": dot(use_scale=True, key=True),
    "dot_masks": dot("query", "value"),
    "dot_dropout_still": dot(dropout=0.5, seed=3),
    "concat": dot(score_mode="concat", key=True),
    "concat_scaled": dot("value", score_mode="concat", use_scale=True),
    "dot_causal": Case("Attention", {}, causal=True, masks=("value",)),
    "additive": Case("AdditiveAttention", {}),
    "additive_plain": Case("AdditiveAttention", {"use_scale": False}, (QUERY, VALUE, VALUE), ("query", "value"), True),
    "heads": heads(),
    "heads_scores": heads(scores=True),
    "heads_key": heads("value", "key", shapes=(QUERY, VALUE, VALUE), value_dim=5, output_shape=7, use_bias=False),
    "heads_masks": heads("value", "pairs", scores=True),
    "heads_masked_fast": heads("value", "pairs"),
    "heads_masked_inputs": heads("value", "query", scores=True)._replace(attached=True),
    "heads_masked_inputs_fast": heads("value", "query")._replace(attached=True),
    "heads_by_head": heads("heads"),
    "heads_causal_window": heads(causal=True, sliding_window=2, shapes=(VALUE, VALUE)),
    "heads_window": heads(sliding_window=2, scores=True),
    "heads_gate": heads(use_gate=True, value_dim=2, output_shape=(3, 2)),
    "heads_dropout_still": heads(dropout=0.5, seed=3),
    "heads_axes": heads(attention_axes=(1, 2), shapes=(IMAGE, WIDE), scores=True),
    "heads_axis": heads(attention_axes=2, shapes=(IMAGE, WIDE)),
    "heads_first_axis": heads(attention_axes=(1,), shapes=(IMAGE, IMAGE), scores=True, causal=True),
    "heads_penalties": heads(kernel_regularizer="l2", activity_regularizer="l1", bias_constraint="non_neg"),
    "groups": groups(),
    "groups_scores": groups("query", "value", "pairs", scores=True),
    "groups_fast": groups("value", "key", causal=True, shapes=(QUERY, VALUE, VALUE)),
    "groups_gate": groups(use_gate=True, use_bias=False, sliding_window=2),
    "groups_penalties": groups(activity_regularizer="l1", dropout=0.3),
    "groups_masked_inputs": groups("value", "query", causal=True)._replace(attached=True),
    "groups_one": groups(num_key_value_heads=1),
}

# Gradients are compared for these: each way a score is made, and each way it is used. Programs take long to compile.
DIFFERENTIATED = ("dot_scaled_key", "concat_scaled", "additive", "heads_masks", "heads_masked_fast", "heads_gate",
                  "heads_axes", "groups_scores", "groups_gate")  # fmt: skip

# layer, arguments, size of the features: the distribution of the first weights.
INITIAL = [
    ("MultiHeadAttention", {"num_heads": 8, "key_dim": 60, "value_dim": 40}, 200),
    ("GroupQueryAttention", {"head_dim": 60, "num_query_heads": 8, "num_key_value_heads": 4}, 200),
    ("AdditiveAttention", {}, 3000),
]


def inputs_of(key: str, case: Case) -> list[np.ndarray]:
    """Query, value, and key if there is one."""
    rng = np.random.RandomState(sum(map(ord, key)))
    return [rng.normal(size=shape).astype("float32") for shape in case.shapes]


def masks_of(case: Case) -> dict[str, np.ndarray]:
    """The masks by name; every row has something to look at."""
    queries, keys = case.shapes[0][1], case.shapes[1][1]
    below = np.tril(np.ones((queries, keys), bool))
    made = {
        "query": np.arange(queries) < np.array([[queries], [queries - 1]]),
        "value": np.arange(keys) < np.array([[keys - 1], [keys - 3]]),
        "key": np.arange(keys) != 1,
        "pairs": np.stack([below, np.flip(below, 0)]),
        "heads": np.stack([np.stack([below, np.ones_like(below)])] * 2),
    }
    made["key"] = np.stack([made["key"]] * 2)
    return {name: made[name] for name in case.masks}


def call_of(case: Case, inputs: list, masks: dict) -> tuple[list, dict[str, Any]]:
    """Positional and keyword arguments of the call."""
    options: dict[str, Any] = {"return_attention_scores": True} if case.scores else {}
    if case.causal:
        options["use_causal_mask"] = True
    if case.attached:
        for tensor, name in zip(inputs, ("query", "value", "key"), strict=False):
            if name in masks:
                tensor._keras_mask = masks[name]
        return inputs, options
    if case.layer in ("Attention", "AdditiveAttention"):
        if masks:
            options["mask"] = [masks.get("query"), masks.get("value")]
        return [inputs], options
    names = {"query": "query_mask", "value": "value_mask", "key": "key_mask", "pairs": "attention_mask",
             "heads": "attention_mask"}  # fmt: skip
    return inputs, {**options, **{names[name]: mask for name, mask in masks.items()}}


def weights_of(key: str, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Values for the weights."""
    rng = np.random.RandomState(7 + sum(map(ord, key)))
    return [rng.uniform(-1.0, 1.0, size=shape).astype("float32") for shape in shapes]


def cotangent_of(shape: tuple[int, ...]) -> np.ndarray:
    """What an output is multiplied with before it is summed for the gradient."""
    return np.random.RandomState(11).normal(size=shape).astype("float32")
