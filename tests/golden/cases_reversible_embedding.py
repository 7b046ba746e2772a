"""The table that drives both `record_reversible_embedding.py` and its test: arguments of ReversibleEmbedding, and inputs."""

import numpy as np

CASES = {
    "tied": {"embeddings_regularizer": "l2", "embeddings_constraint": "non_neg"},
    "free": {"tie_weights": False, "mask_zero": True},
    "capped": {"tie_weights": False, "logit_soft_cap": 1.5},
    "mixed": {"dtype": "mixed_bfloat16"},
    "mixed_reverse": {"dtype": "mixed_bfloat16", "reverse_dtype": "float32"},
}
INDICES = np.array([[0, 4, 2], [1, 1, 3]])
VECTORS = np.random.RandomState(5).normal(size=(2, 3, 4)).astype("float32")


def weights_of(shapes):
    """Values for weights of these shapes."""
    return [np.random.RandomState(n).normal(size=shape).astype("float32") for n, shape in enumerate(shapes)]
