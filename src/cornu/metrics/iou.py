"""Intersection over union of segmented regions, from a confusion matrix."""

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.dispatch import op
from cornu.core.shapes import text
from cornu.losses.alignment import fit_weights, same_rank
from cornu.metrics.base import METRICS, Metric


@op(tensors="matrix y_true y_pred sample_weight")
def confusion_update(
    matrix,
    y_true,
    y_pred,
    sample_weight=None,
    ignore_class=None,
    sparse_y_true=True,
    sparse_y_pred=True,
    axis=-1,
    threshold=None,
):
    """The confusion matrix (rows: targets, columns: predictions), with a batch more.

    Class numbers outside of the matrix do not count.

    Shape: (classes, classes), labels (...) or scores with classes on `axis`.
    Raises: InvalidArgumentError if targets and predictions differ in number.
    """
    if threshold is not None:
        y_pred = y_pred >= threshold
    y_true = y_true if sparse_y_true else jnp.argmax(y_true, axis=axis)
    y_pred = y_pred if sparse_y_pred else jnp.argmax(y_pred, axis=axis)
    y_true, y_pred = same_rank(y_true.astype(jnp.int32), y_pred.astype(jnp.int32))
    if y_true.size != y_pred.size:
        raise InvalidArgumentError(
            "The metric expects as many targets as predictions; received class numbers of shapes "
            f"{text(y_true.shape)} and {text(y_pred.shape)}. Are sparse_y_true, sparse_y_pred and axis right?"
        )
    size = matrix.shape[0]
    weights = jnp.ones((), matrix.dtype)
    if sample_weight is not None:
        weights = fit_weights("a sample_weight", sample_weight.astype(matrix.dtype), y_true)
    weights = jnp.broadcast_to(weights, y_true.shape).reshape(-1)
    y_true, y_pred = y_true.reshape(-1), y_pred.reshape(-1)
    counts = (y_true >= 0) & (y_true < size) & (y_pred >= 0) & (y_pred < size)
    if ignore_class is not None:
        counts &= y_true != ignore_class
    cells = jnp.where(counts, y_true * size + y_pred, 0)
    added = jnp.zeros(size * size, matrix.dtype).at[cells].add(jnp.where(counts, weights, 0))
    return matrix + added.reshape(size, size)


@op
def intersection_over_union(matrix, target_class_ids=(), dtype="float32"):
    """Mean over the classes that occur of diagonal / (row + column - diagonal). Shape: (n, n) -> ()."""
    matrix = matrix.astype(dtype)
    chosen = jnp.asarray(target_class_ids, jnp.int32)
    both = jnp.diagonal(matrix)[chosen]
    either = (jnp.sum(matrix, axis=0) + jnp.sum(matrix, axis=1))[chosen] - both
    occurs = (either > 0).astype(dtype)
    return jnp.sum(both / (either + config.epsilon()) * occurs) / jnp.maximum(jnp.sum(occurs), 1)


@METRICS.add(also_snake=True)
class IoU(Metric):
    """Mean intersection over union of chosen classes.

    Args:
        num_classes: size of the confusion matrix.
        target_class_ids: the chosen classes.
        dtype: of the matrix; default int64, which counts exactly and cuts weights to integers.
        ignore_class: targets of this class do not count.
        sparse_y_true, sparse_y_pred: class numbers, else scores with the classes on `axis`.

    Raises: InvalidArgumentError if a chosen class does not exist. Source: keras.metrics.IoU.
    """

    def __init__(
        self,
        num_classes,
        target_class_ids,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_true=True,
        sparse_y_pred=True,
        axis=-1,
    ):
        super().__init__(name=name, dtype="int64" if dtype is None else dtype)
        self.num_classes, self.target_class_ids = num_classes, list(target_class_ids)
        for class_id in self.target_class_ids:
            if not 0 <= class_id < num_classes:
                raise InvalidArgumentError(f"Expected target_class_ids in [0, {num_classes}); received {class_id}.")
        self.ignore_class, self.axis = ignore_class, axis
        self.sparse_y_true, self.sparse_y_pred = sparse_y_true, sparse_y_pred
        self.total_confusion_matrix = self.add_variable((num_classes, num_classes), name="total_confusion_matrix")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        self._update(
            y_true, y_pred, sample_weight, ignore_class=self.ignore_class, axis=self.axis,
            sparse_y_true=self.sparse_y_true, sparse_y_pred=self.sparse_y_pred,
        )  # fmt: skip

    def _update(self, y_true, y_pred, sample_weight, **options):
        matrix = self.total_confusion_matrix
        matrix.assign(confusion_update(matrix, y_true, y_pred, sample_weight=sample_weight, **options))

    def result(self):
        """The mean so far, 0 before the first update."""
        dtype = self._dtype.name if self._dtype.is_floating else config.floatx()
        return intersection_over_union(
            self.total_confusion_matrix, target_class_ids=tuple(self.target_class_ids), dtype=dtype
        )

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "target_class_ids": self.target_class_ids,
            "ignore_class": self.ignore_class,
            "sparse_y_true": self.sparse_y_true,
            "sparse_y_pred": self.sparse_y_pred,
            "axis": self.axis,
        }

    def _config_without(self, *names: str) -> dict:
        return {key: value for key, value in IoU.get_config(self).items() if key not in names}


@METRICS.add(also_snake=True)
class BinaryIoU(IoU):
    """Intersection over union of two classes, split at a threshold. Source: keras.metrics.BinaryIoU."""

    def __init__(self, target_class_ids=(0, 1), threshold=0.5, name=None, dtype=None):
        super().__init__(2, target_class_ids, name=name, dtype=dtype)
        self.threshold = threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets (0 or 1) and predictions (in [0, 1])."""
        self._update(y_true, y_pred, sample_weight, threshold=self.threshold)

    def get_config(self):
        """The constructor's arguments."""
        config = {key: value for key, value in super().get_config().items() if key in ("name", "dtype")}
        return {"target_class_ids": self.target_class_ids, "threshold": self.threshold, **config}


@METRICS.add(also_snake=True)
class MeanIoU(IoU):
    """Mean intersection over union of all classes. Source: keras.metrics.MeanIoU."""

    def __init__(
        self,
        num_classes,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_true=True,
        sparse_y_pred=True,
        axis=-1,
    ):
        super().__init__(num_classes, range(num_classes), name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)

    def get_config(self):
        """The constructor's arguments."""
        return self._config_without("target_class_ids")


@METRICS.add(also_snake=True)
class OneHotIoU(IoU):
    """Mean intersection over union of chosen classes, for one-hot targets. Source: keras.metrics.OneHotIoU."""

    def __init__(
        self, num_classes, target_class_ids, name=None, dtype=None, ignore_class=None, sparse_y_pred=False, axis=-1
    ):
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self):
        """The constructor's arguments."""
        return self._config_without("sparse_y_true")


@METRICS.add(also_snake=True)
class OneHotMeanIoU(MeanIoU):
    """Mean intersection over union of all classes, for one-hot targets. Source: keras.metrics.OneHotMeanIoU."""

    def __init__(self, num_classes, name=None, dtype=None, ignore_class=None, sparse_y_pred=False, axis=-1):
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self):
        """The constructor's arguments."""
        return self._config_without("target_class_ids", "sparse_y_true")
