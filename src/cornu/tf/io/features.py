"""What a feature of an Example is read as. Source: tf.io.FixedLenFeature and its companions."""

from typing import Any, NamedTuple

from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes


class FixedLenFeature(NamedTuple):
    """A tensor of a known shape. Without `default_value` every Example must have it."""

    shape: Any
    dtype: Any
    default_value: Any = None


class VarLenFeature(NamedTuple):
    """Any number of values, as a sparse tensor."""

    dtype: Any


class FixedLenSequenceFeature(NamedTuple):
    """Any number of tensors of a known shape; shorter ones are filled up with `default_value`, or 0 (or empty text)."""

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


class SparseFeature(NamedTuple):
    """A sparse tensor from a feature with the places and one with the values."""

    index_key: Any
    value_key: str
    dtype: Any
    size: Any
    already_sorted: bool = False


class RaggedFeature(NamedTuple):
    """Any number of values, as a ragged tensor. `partitions`, which cut the values of one Example, must be empty."""

    dtype: Any
    value_key: str | None = None
    partitions: Any = ()
    row_splits_dtype: Any = "int32"
    validate: bool = False


def checked_dtype(name: str, feature: Any) -> str:
    """The feature's dtype. Raises: InvalidArgumentError unless it is int64, float32 or string."""
    dtype = dtypes.as_dtype(feature.dtype).name
    if dtype not in ("int64", "float32", "string"):
        raise InvalidArgumentError(
            f"Feature {name!r}: an Example holds int64, float32 or string; received {dtype}. Read one of these, then cast."
        )
    return dtype
