"""The losses that are compared with Keras: `(name, class or function, options, data)`; data are names of `inputs`."""

import numpy as np


def inputs():
    """Arrays by name, the same for the recorder and the test."""
    rng = np.random.RandomState(7)
    f = np.float32
    real = rng.randn(4, 3).astype(f)
    logits = rng.randn(4, 5).astype(f) * 2
    probabilities = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    embeddings = rng.randn(6, 4).astype(f)
    return {
        "real_true": real,
        "real_pred": (real + rng.randn(4, 3) * 1.5).astype(f),
        "positive_true": rng.rand(4, 3).astype(f) + f(0.1),
        "positive_pred": rng.rand(4, 3).astype(f) + f(0.1),
        "column_true": rng.randn(4).astype(f),
        "column_pred": rng.randn(4, 1).astype(f),
        "bits": (rng.rand(4, 3) > 0.5).astype(f),
        "int_bits": (rng.rand(4, 3) > 0.5).astype(np.int32),
        "signs": np.sign(rng.randn(4, 3)).astype(f),
        "unit_pred": (rng.rand(4, 3) * 0.98 + 0.01).astype(f),
        "edge_pred": np.array([[0, 1, 0.5], [1, 0, 0.2], [0, 0, 1], [1, 1, 0]], f),
        "logits3": rng.randn(4, 3).astype(f) * 3,
        "one_hot": np.eye(5, dtype=f)[[0, 3, 4, 1]],
        "classes": np.array([0, 3, 4, 1], np.int32),
        "classes_column": np.array([[0], [3], [4], [1]], np.int32),
        "logits5": logits,
        "probabilities": probabilities.astype(f),
        "scores": (rng.rand(4, 5) + 0.2).astype(f),
        "seq_classes": rng.randint(0, 3, (2, 4)).astype(np.int32),
        "seq_one_hot": np.eye(3, dtype=f)[rng.randint(0, 3, (2, 4))],
        "axis_one_hot": np.moveaxis(np.eye(4, dtype=f)[[[0, 2, 1], [3, 3, 0]]], -1, 1),
        "seq_logits": rng.randn(2, 4, 3).astype(f),
        "image_true": (rng.rand(2, 4, 4, 1) > 0.5).astype(f),
        "image_pred": rng.rand(2, 4, 4, 1).astype(f),
        "labels6": np.array([0, 1, 0, 2, 1, 0], np.int32),
        "embeddings": (embeddings / np.linalg.norm(embeddings, axis=-1, keepdims=True)).astype(f),
        "ctc_true": np.array([[1, 2, 3], [2, 2, 0]], np.int32),
        "ctc_pred": rng.randn(2, 7, 4).astype(f),
        "w_sample": np.array([1, 0.5, 2, 0], f),
        "w_column": np.array([[1], [0.5], [2], [0]], f),
        "w_seq": rng.rand(2, 4).astype(f),
        "w_two": np.array([[1], [3]], f),
        "mask_sample": np.array([True, False, True, True]),
        "mask_seq": np.array([[True, True, False, False], [True, True, True, False]]),
    }


_REAL = ("real_true", "real_pred")
_POSITIVE = ("positive_true", "positive_pred")
_UNIT = ("bits", "unit_pred")
_HOT = ("one_hot", "probabilities")

# name of the function, options, targets, predictions
FUNCTIONS = [
    ("mean_squared_error", {}, *_REAL),
    ("mean_squared_error", {}, "column_true", "column_pred"),
    ("mean_squared_error", {}, "int_bits", "unit_pred"),
    ("mean_squared_error", {}, "image_true", "image_pred"),
    ("mean_absolute_error", {}, *_REAL),
    ("mean_absolute_percentage_error", {}, *_POSITIVE),
    ("mean_absolute_percentage_error", {}, *_UNIT),
    ("mean_squared_logarithmic_error", {}, *_POSITIVE),
    ("mean_squared_logarithmic_error", {}, *_REAL),
    ("huber", {}, *_REAL),
    ("huber", {"delta": 0.4}, *_REAL),
    ("log_cosh", {}, *_REAL),
    ("cosine_similarity", {}, *_REAL),
    ("cosine_similarity", {"axis": 0}, *_REAL),
    ("hinge", {}, "signs", "real_pred"),
    ("hinge", {}, "bits", "real_pred"),
    ("squared_hinge", {}, "signs", "real_pred"),
    ("squared_hinge", {}, "bits", "real_pred"),
    ("categorical_hinge", {}, "one_hot", "logits5"),
    ("poisson", {}, *_POSITIVE),
    ("kl_divergence", {}, *_HOT),
    ("kl_divergence", {}, *_POSITIVE),
    ("binary_crossentropy", {}, *_UNIT),
    ("binary_crossentropy", {}, "int_bits", "unit_pred"),
    ("binary_crossentropy", {}, "bits", "edge_pred"),
    ("binary_crossentropy", {"from_logits": True}, "bits", "logits3"),
    ("binary_crossentropy", {"label_smoothing": 0.1}, *_UNIT),
    ("binary_crossentropy", {"axis": 0}, *_UNIT),
    ("binary_focal_crossentropy", {}, *_UNIT),
    ("binary_focal_crossentropy", {"from_logits": True, "gamma": 1.5}, "bits", "logits3"),
    ("binary_focal_crossentropy", {"apply_class_balancing": True, "alpha": 0.3, "label_smoothing": 0.2}, *_UNIT),
    ("categorical_crossentropy", {}, *_HOT),
    ("categorical_crossentropy", {}, "one_hot", "scores"),
    ("categorical_crossentropy", {"from_logits": True}, "one_hot", "logits5"),
    ("categorical_crossentropy", {"label_smoothing": 0.2}, *_HOT),
    ("categorical_crossentropy", {"from_logits": True, "axis": 1}, "axis_one_hot", "seq_logits"),
    ("categorical_focal_crossentropy", {}, *_HOT),
    ("categorical_focal_crossentropy", {"from_logits": True, "alpha": 0.4, "gamma": 1.0}, "one_hot", "logits5"),
    ("categorical_focal_crossentropy", {"label_smoothing": 0.1}, *_HOT),
    ("sparse_categorical_crossentropy", {}, "classes", "probabilities"),
    ("sparse_categorical_crossentropy", {}, "classes_column", "probabilities"),
    ("sparse_categorical_crossentropy", {"from_logits": True}, "classes", "logits5"),
    ("sparse_categorical_crossentropy", {"from_logits": True, "ignore_class": 3}, "classes", "logits5"),
    ("sparse_categorical_crossentropy", {"from_logits": True}, "seq_classes", "seq_logits"),
    ("categorical_generalized_cross_entropy", {"q": 0.5}, "classes", "probabilities"),
    ("categorical_generalized_cross_entropy", {"q": 0.2}, "classes", "probabilities"),
    ("dice", {}, "image_true", "image_pred"),
    ("dice", {"axis": (1, 2, 3)}, "image_true", "image_pred"),
    ("tversky", {}, "image_true", "image_pred"),
    ("tversky", {"alpha": 0.2, "beta": 0.9, "axis": (1, 2)}, "image_true", "image_pred"),
    ("circle", {}, "labels6", "embeddings"),
    ("circle", {"gamma": 4, "margin": 0.25}, "labels6", "embeddings"),
    ("circle", {"gamma": 4, "remove_diagonal": False}, "labels6", "embeddings"),
    ("ctc", {}, "ctc_true", "ctc_pred"),
]

_SEQ = ("seq_classes", "seq_logits")
_SCCE = {"from_logits": True}

# class, options, targets, predictions, sample weights, mask
OBJECTS = [
    *(
        ("MeanSquaredError", {"reduction": reduction}, *_REAL, weights, mask)
        for reduction in ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", None)
        for weights, mask in (
            (None, None),
            ("w_sample", None),
            ("w_column", None),
            (None, "mask_sample"),
            ("w_sample", "mask_sample"),
        )
    ),
    *(
        ("SparseCategoricalCrossentropy", {**_SCCE, "reduction": reduction}, *_SEQ, weights, mask)
        for reduction in ("sum_over_batch_size", "sum", "mean_with_sample_weight", "none")
        for weights, mask in ((None, None), ("w_seq", None), ("w_two", None), (None, "mask_seq"), ("w_seq", "mask_seq"))
    ),
    ("SparseCategoricalCrossentropy", {**_SCCE, "ignore_class": 1}, *_SEQ, None, None),
    ("SparseCategoricalCrossentropy", {**_SCCE, "ignore_class": 1}, *_SEQ, "w_seq", None),
    ("SparseCategoricalCrossentropy", {**_SCCE, "ignore_class": 1}, *_SEQ, None, "mask_seq"),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, *_UNIT, "w_sample", None),
    ("BinaryFocalCrossentropy", {"apply_class_balancing": True}, *_UNIT, None, None),
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}, *_HOT, "w_sample", None),
    ("CategoricalFocalCrossentropy", {"gamma": 3.0}, *_HOT, None, None),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.3}, "classes", "probabilities", None, None),
    ("CategoricalHinge", {}, "one_hot", "logits5", None, None),
    ("Circle", {"gamma": 4.0}, "labels6", "embeddings", None, None),
    ("CosineSimilarity", {}, *_REAL, None, None),
    ("CTC", {}, "ctc_true", "ctc_pred", None, None),
    ("Dice", {}, "image_true", "image_pred", "w_two", None),
    ("Hinge", {}, "bits", "real_pred", None, None),
    ("Huber", {}, *_REAL, "w_sample", None),
    ("KLDivergence", {}, *_HOT, None, None),
    ("LogCosh", {}, *_REAL, None, None),
    ("MeanAbsoluteError", {}, *_REAL, None, None),
    ("MeanAbsolutePercentageError", {}, *_POSITIVE, None, None),
    ("MeanSquaredLogarithmicError", {}, *_POSITIVE, None, None),
    ("Poisson", {}, *_POSITIVE, None, None),
    ("SquaredHinge", {}, "signs", "real_pred", None, None),
    ("Tversky", {"alpha": 0.3}, "image_true", "image_pred", None, None),
]
