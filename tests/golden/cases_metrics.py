"""The metrics that are compared with Keras: `(class, options, targets, predictions, sample weights, mask)`.

Names of data are keys of `inputs`. Each metric is updated with the data, then with the data in reverse order.
"""

import numpy as np


def inputs():
    """Arrays by name, the same for the recorder and the test."""
    rng = np.random.RandomState(11)
    f = np.float32
    real = rng.randn(6, 3).astype(f)
    scores = rng.rand(6, 4).astype(f)
    return {
        "real_true": real,
        "real_pred": (real + rng.randn(6, 3)).astype(f),
        "positive_true": rng.rand(6, 3).astype(f) + f(0.1),
        "positive_pred": rng.rand(6, 3).astype(f) + f(0.1),
        "column_true": rng.randn(6).astype(f),
        "column_pred": rng.randn(6, 1).astype(f),
        "bits": (rng.rand(6, 3) > 0.4).astype(f),
        "int_bits": (rng.rand(6, 3) > 0.5).astype(np.int64),
        "unit_pred": rng.rand(6, 3).astype(f),
        "bit_column": (rng.rand(6, 1) > 0.5).astype(f),
        "unit_column": rng.rand(6, 1).astype(f),
        "bit_row": (rng.rand(6) > 0.5).astype(np.int32),
        "coarse_pred": (rng.randint(0, 5, (6, 3)) / 4).astype(f),
        "logits3": rng.randn(6, 3).astype(f),
        "one_hot": np.eye(4, dtype=f)[[0, 3, 1, 2, 1, 0]],
        "classes": np.array([0, 3, 1, 2, 1, 0], np.int32),
        "classes_column": np.array([[0], [3], [1], [2], [1], [0]], np.float32),
        "scores": scores / scores.sum(-1, keepdims=True),
        "logits4": rng.randn(6, 4).astype(f) * 2,
        "predicted": np.array([0, 3, 2, 2, 1, 3], np.int32),
        "sorted_ids": np.argsort(-scores, axis=-1).astype(np.int32),
        "seq_classes": rng.randint(0, 3, (6, 2)).astype(np.int32),
        "seq_one_hot": np.eye(3, dtype=f)[rng.randint(0, 3, (6, 2))],
        "seq_scores": rng.rand(6, 2, 3).astype(f),
        "cube": rng.rand(6, 2, 2).astype(f),
        "w": np.array([1, 0.5, 2, 0, 1, 3], f),
        "w_column": np.array([[1], [0.5], [2], [0], [1], [3]], f),
        "w_seq": rng.rand(6, 2).astype(f),
        "w_int": np.array([1, 2, 0, 1, 3, 1], np.int32),
        "mask": np.array([True, False, True, True, False, True]),
        "mask_seq": np.array([[True, True], [True, False], [False, False], [True, True], [True, False], [True, True]]),
    }


_REAL = ("real_true", "real_pred")
_POSITIVE = ("positive_true", "positive_pred")
_UNIT = ("bits", "unit_pred")
_HOT = ("one_hot", "scores")
_SPARSE = ("classes", "scores")
_SEQ = ("seq_classes", "seq_scores")
_WEIGHTINGS = ((None, None), ("w", None), ("w_column", None), (None, "mask"), ("w", "mask"))
_UNWEIGHTED_AND = ((None, None), ("w", None))


def _each(weightings, *case):
    return [(*case, weights, mask) for weights, mask in weightings]


CASES = [
    # Mean and Sum take values, not targets and predictions.
    *_each(((None, None), ("w", None), ("w_column", None)), "Mean", {}, "real_true", None),
    *_each(((None, None), ("w", None), ("w_seq", None)), "Mean", {}, "cube", None),
    *_each(((None, None), ("w", None), ("w_column", None)), "Mean", {}, "column_true", None),
    *_each(_UNWEIGHTED_AND, "Sum", {}, "cube", None),
    *_each(_WEIGHTINGS, "MeanSquaredError", {}, *_REAL),
    ("MeanSquaredError", {}, "column_true", "column_pred", "w", None),
    *_each(_UNWEIGHTED_AND, "RootMeanSquaredError", {}, *_REAL),
    *_each(_UNWEIGHTED_AND, "MeanAbsoluteError", {}, *_REAL),
    *_each(_UNWEIGHTED_AND, "MeanAbsolutePercentageError", {}, *_POSITIVE),
    *_each(_UNWEIGHTED_AND, "MeanSquaredLogarithmicError", {}, *_POSITIVE),
    *_each(_UNWEIGHTED_AND, "CosineSimilarity", {}, *_REAL),
    *_each(_UNWEIGHTED_AND, "LogCoshError", {}, *_REAL),
    *_each(_UNWEIGHTED_AND, "R2Score", {}, *_REAL),
    ("R2Score", {"class_aggregation": None}, *_REAL, None, None),
    ("R2Score", {"class_aggregation": "variance_weighted_average", "num_regressors": 2}, *_REAL, "w", None),
    *_each(_UNWEIGHTED_AND, "PearsonCorrelation", {}, *_REAL),
    *_each(_UNWEIGHTED_AND, "ConcordanceCorrelation", {}, *_REAL),
    *_each(_UNWEIGHTED_AND, "Hinge", {}, "bits", "real_pred"),
    *_each(_UNWEIGHTED_AND, "SquaredHinge", {}, "bits", "real_pred"),
    *_each(_UNWEIGHTED_AND, "CategoricalHinge", {}, "one_hot", "logits4"),
    *_each(_UNWEIGHTED_AND, "KLDivergence", {}, *_HOT),
    *_each(_UNWEIGHTED_AND, "Poisson", {}, *_POSITIVE),
    *_each(_WEIGHTINGS, "BinaryCrossentropy", {}, *_UNIT),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "bits", "logits3", None, None),
    *_each(_UNWEIGHTED_AND, "CategoricalCrossentropy", {}, *_HOT),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "one_hot", "logits4", None, None),
    *_each(_UNWEIGHTED_AND, "SparseCategoricalCrossentropy", {}, *_SPARSE),
    ("SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 1}, "classes", "logits4", None, None),
    *_each(_UNWEIGHTED_AND, "Accuracy", {}, "classes", "predicted"),
    ("Accuracy", {}, "classes_column", "predicted", None, None),
    *_each(_WEIGHTINGS, "BinaryAccuracy", {}, *_UNIT),
    ("BinaryAccuracy", {"threshold": 0.25}, "int_bits", "coarse_pred", None, None),
    ("BinaryAccuracy", {}, "bit_row", "unit_column", "w", None),
    ("BinaryAccuracy", {}, "bit_column", "unit_column", "w", "mask"),
    *_each(_WEIGHTINGS, "CategoricalAccuracy", {}, *_HOT),
    ("CategoricalAccuracy", {}, "seq_one_hot", "seq_scores", "w_seq", "mask_seq"),
    *_each(_WEIGHTINGS, "SparseCategoricalAccuracy", {}, *_SPARSE),
    ("SparseCategoricalAccuracy", {}, "classes_column", "scores", None, None),
    *_each(
        ((None, None), ("w_seq", None), (None, "mask_seq"), ("w_column", "mask_seq")),
        "SparseCategoricalAccuracy",
        {},
        *_SEQ,
    ),
    ("TopKCategoricalAccuracy", {"k": 2}, *_HOT, "w", None),
    ("TopKCategoricalAccuracy", {}, *_HOT, None, None),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, *_SPARSE, "w", None),
    ("SparseTopKCategoricalAccuracy", {"k": 2, "from_sorted_ids": True}, "classes", "sorted_ids", None, None),
    *_each(_UNWEIGHTED_AND, "TruePositives", {}, *_UNIT),
    *_each(_UNWEIGHTED_AND, "TrueNegatives", {}, *_UNIT),
    *_each(_UNWEIGHTED_AND, "FalsePositives", {"thresholds": [0.2, 0.7]}, *_UNIT),
    *_each(_UNWEIGHTED_AND, "FalseNegatives", {"thresholds": 0.3}, *_UNIT),
    *_each(_UNWEIGHTED_AND, "Precision", {}, *_UNIT),
    ("Precision", {}, "bit_row", "unit_column", None, None),
    ("Precision", {"thresholds": [0.25, 0.5, 0.75]}, "bits", "coarse_pred", "w", None),
    ("Precision", {"top_k": 2}, *_HOT, None, None),
    ("Precision", {"top_k": 2, "class_id": 1}, *_HOT, "w", None),
    *_each(_UNWEIGHTED_AND, "Recall", {}, *_UNIT),
    ("Recall", {"class_id": 2, "thresholds": 0.4}, *_UNIT, None, None),
    *(
        ("AUC", {"num_thresholds": 7, "curve": curve, "summation_method": method}, *_UNIT, weights, None)
        for curve in ("ROC", "PR", "PRGAIN")
        for method in ("interpolation", "minoring", "majoring")
        for weights in (None, "w")
    ),
    *_each(_UNWEIGHTED_AND, "AUC", {}, "bit_column", "unit_column"),
    ("AUC", {"num_thresholds": 5}, "bits", "coarse_pred", None, None),
    ("AUC", {"thresholds": [0.5, 0.2]}, *_UNIT, None, None),
    ("AUC", {"num_thresholds": 9, "from_logits": True}, "bits", "logits3", None, None),
    ("AUC", {"num_thresholds": 9, "multi_label": True}, *_UNIT, "w", None),
    ("AUC", {"num_thresholds": 9, "multi_label": True, "num_labels": 3, "curve": "PR"}, *_UNIT, None, None),
    ("SensitivityAtSpecificity", {"specificity": 0.6, "num_thresholds": 11}, *_UNIT, "w", None),
    ("SpecificityAtSensitivity", {"sensitivity": 0.6, "num_thresholds": 11}, *_UNIT, None, None),
    ("PrecisionAtRecall", {"recall": 0.5, "num_thresholds": 11}, *_UNIT, None, None),
    ("RecallAtPrecision", {"precision": 0.7, "num_thresholds": 11, "class_id": 1}, *_UNIT, None, None),
    ("RecallAtPrecision", {"precision": 0.7}, *_UNIT, None, None),
    *_each(_UNWEIGHTED_AND, "F1Score", {}, *_HOT),
    ("F1Score", {"threshold": 0.3, "average": "micro"}, *_UNIT, "w", None),
    ("FBetaScore", {"beta": 2.0, "average": "macro"}, *_HOT, None, None),
    ("FBetaScore", {"beta": 0.5, "average": "weighted", "threshold": 0.4}, *_UNIT, "w", None),
    *_each(((None, None), ("w_int", None)), "MeanIoU", {"num_classes": 4}, "classes", "predicted"),
    ("MeanIoU", {"num_classes": 4, "dtype": "float32"}, "classes", "predicted", "w", None),
    ("MeanIoU", {"num_classes": 5, "ignore_class": 1}, "classes", "predicted", None, None),
    ("IoU", {"num_classes": 4, "target_class_ids": [0, 2]}, "classes", "predicted", None, None),
    ("IoU", {"num_classes": 4, "target_class_ids": [1], "sparse_y_pred": False}, "classes", "scores", None, None),
    ("BinaryIoU", {"threshold": 0.4}, "bit_column", "unit_column", None, None),
    ("BinaryIoU", {"target_class_ids": [1]}, "bits", "coarse_pred", None, None),
    ("OneHotIoU", {"num_classes": 4, "target_class_ids": [0, 3]}, *_HOT, None, None),
    ("OneHotMeanIoU", {"num_classes": 4}, *_HOT, "w_int", None),
    ("OneHotMeanIoU", {"num_classes": 4, "sparse_y_pred": True}, "one_hot", "predicted", None, None),
]

# function, options, targets, predictions
FUNCTIONS = [
    ("binary_accuracy", {}, *_UNIT),
    ("binary_accuracy", {"threshold": 0.2}, "int_bits", "unit_pred"),
    ("categorical_accuracy", {}, *_HOT),
    ("sparse_categorical_accuracy", {}, *_SPARSE),
    ("sparse_categorical_accuracy", {}, "classes_column", "scores"),
    ("sparse_categorical_accuracy", {}, *_SEQ),
    ("top_k_categorical_accuracy", {"k": 2}, *_HOT),
    ("sparse_top_k_categorical_accuracy", {"k": 3}, *_SPARSE),
    ("pearson_correlation", {}, *_REAL),
    ("concordance_correlation", {"axis": 0}, *_REAL),
    ("mean_squared_error", {}, *_REAL),
]
