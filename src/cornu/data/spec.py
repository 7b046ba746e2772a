"""What the elements of a dataset are like: shape and dtype of every part."""

from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.shapes import TensorShape, as_shape, is_unknown
from cornu.data.composite import CompositeSpec, is_composite
from cornu.data.nest import map_nest


class TensorSpec:
    """Shape (None where a size is unknown, None as a whole where the rank is) and dtype of a tensor. Source: tf.TensorSpec."""

    __slots__ = ("dtype", "name", "shape")

    def __init__(self, shape: Any = None, dtype: Any = "float32", name: str | None = None):
        self.shape = None if is_unknown(shape) else TensorShape(as_shape(shape))
        self.dtype = dtypes.as_dtype(dtype)
        self.name = name

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> "TensorSpec":
        """The spec of a tensor."""
        return cls(tensor.shape, tensor.dtype, name)

    @classmethod
    def from_spec(cls, spec: "TensorSpec", name: str | None = None) -> "TensorSpec":
        """A copy under another name."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    def is_compatible_with(self, other: Any) -> bool:
        """True if a tensor, or some tensor of the spec `other`, is one of this spec."""
        return self.dtype == other.dtype and shapes_agree(self.shape, other.shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorSpec):
            return NotImplemented
        return (self.shape, self.dtype, self.name) == (other.shape, other.dtype, other.name)

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype))

    def __repr__(self) -> str:
        shape = "<unknown>" if self.shape is None else str(self.shape)
        return f"TensorSpec(shape={shape}, dtype=tf.{self.dtype.name}, name={self.name!r})"

    def __reduce__(self) -> Any:
        shape = None if self.shape is None else tuple(self.shape)
        return TensorSpec, (shape, self.dtype.name, self.name)


class DatasetSpec:
    """A dataset as a part of an element, as `window` makes them. Source: tf.data.DatasetSpec."""

    def __init__(self, element_spec: Any):
        self.element_spec = element_spec

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatasetSpec) and other.element_spec == self.element_spec

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"DatasetSpec({self.element_spec!r}, TensorShape([]))"


def shapes_agree(a: Any, b: Any) -> bool:
    """True if a tensor can have both shapes."""
    if a is None or b is None:
        return True
    return len(a) == len(b) and all(m is None or n is None or m == n for m, n in zip(a, b, strict=True))


def spec_of(value: Any) -> Any:
    """The spec of one host value (array, NumPy scalar, bytes, None) or dataset."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return TensorSpec((), "string")
    if isinstance(value, (np.ndarray, np.generic)) or hasattr(value, "aval"):
        return TensorSpec(value.shape, value.dtype)
    if is_composite(value):
        return value._composite_spec
    return DatasetSpec(value.element_spec)


def with_rows(spec: Any, rows: int | None) -> Any:
    """The nest of specs with one more dimension in front."""

    def add(leaf: Any) -> Any:
        if leaf is None:
            return None
        if isinstance(leaf, CompositeSpec):
            return leaf.with_rows(rows)
        tensors_only(leaf, "batch")
        return TensorSpec(None if leaf.shape is None else (rows, *leaf.shape), leaf.dtype)

    return map_nest(add, spec)


def without_rows(spec: Any, what: str) -> Any:
    """The nest of specs without their first dimension.

    Raises: InvalidArgumentError if a part has none.
    """

    def remove(leaf: Any) -> Any:
        if leaf is None:
            return None
        if isinstance(leaf, CompositeSpec):
            return leaf.without_rows()
        tensors_only(leaf, what)
        if leaf.shape is not None and not leaf.shape:
            raise InvalidArgumentError(
                f"Expected every part of the elements to have at least one dimension for {what}; received {leaf!r}."
            )
        return TensorSpec(None if leaf.shape is None else leaf.shape[1:], leaf.dtype)

    return map_nest(remove, spec)


def tensors_only(leaf: Any, step: str) -> None:
    """Refuse datasets, ragged and sparse tensors inside of elements. Raises: InvalidTypeError."""
    if isinstance(leaf, CompositeSpec):
        raise InvalidTypeError(
            f"Expected elements of plain tensors for {step}; received {leaf!r}. Map them to dense ones first."
        )
    if not isinstance(leaf, TensorSpec):
        raise InvalidTypeError(
            f"Expected elements of tensors for {step}; received {leaf!r}. Flatten the inner datasets first: "
            f"`.flat_map(lambda window: window.batch(size))`."
        )


def merged(a: Any, b: Any, what: str) -> Any:
    """The most special spec that both nests satisfy.

    Raises: InvalidTypeError if a dtype differs or the ranks do not go together.
    """

    def join(one: Any, other: Any) -> Any:
        if not isinstance(one, TensorSpec) or not isinstance(other, TensorSpec):
            return one
        if one.dtype != other.dtype:
            raise InvalidTypeError(
                f"Expected elements of one dtype for {what}; received {one!r} and {other!r}. Cast one of them first."
            )
        if one.shape is None or other.shape is None or len(one.shape) != len(other.shape):
            return TensorSpec(None, one.dtype)
        return TensorSpec([m if m == n else None for m, n in zip(one.shape, other.shape, strict=True)], one.dtype)

    return map_nest(join, a, b)


def is_static(spec: TensorSpec) -> bool:
    """True if all sizes are known and the values are numbers."""
    return isinstance(spec, TensorSpec) and spec.dtype != "string" and spec.shape is not None and None not in spec.shape
