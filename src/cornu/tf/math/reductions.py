"""Reductions, running reductions and positions of extremes of `tf.math`. `axis`: an integer, several, or None for all.

Source: tf.math.
"""

from typing import Any

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes, strict_dtypes
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor
from cornu.ops import running
from cornu.tf.known_values import known
from cornu.tf.math.arithmetic import not_equal
from cornu.tf.naming import named
from cornu.tf.ragged_rows import or_ragged

reduce_all = or_ragged(named("reduce_all(input_tensor, axis=None, keepdims=False)", ops.all, logical=True))
reduce_any = or_ragged(named("reduce_any(input_tensor, axis=None, keepdims=False)", ops.any, logical=True))
reduce_std = named("reduce_std(input_tensor, axis=None, keepdims=False)", ops.std, floating=True)
reduce_variance = named("reduce_variance(input_tensor, axis=None, keepdims=False)", ops.var, floating=True)
reduce_logsumexp = named("reduce_logsumexp(input_tensor, axis=None, keepdims=False)", ops.logsumexp, floating=True)
reduce_euclidean_norm = named(
    "reduce_euclidean_norm(input_tensor, axis=None, keepdims=False)", running.euclidean_norm, numeric=True
)
cumsum = named("cumsum(x, axis=0, exclusive=False, reverse=False)", running.running_sum, numeric=True)
cumprod = named("cumprod(x, axis=0, exclusive=False, reverse=False)", running.running_product, numeric=True)
cumulative_logsumexp = named(
    "cumulative_logsumexp(x, axis=0, exclusive=False, reverse=False)", running.running_logsumexp, floating=True
)

_sum = named("reduce_sum(input_tensor, axis=None, keepdims=False)", ops.sum, numeric=True)
_prod = named("reduce_prod(input_tensor, axis=None, keepdims=False)", ops.prod, numeric=True)
_mean = named("reduce_mean(input_tensor, axis=None, keepdims=False)", ops.mean, numeric=True)
_typed_mean = named("reduce_mean(input_tensor, axis=None, keepdims=False)", running.typed_mean, numeric=True)
_max = named("reduce_max(input_tensor, axis=None, keepdims=False, initial=None)", ops.max, numeric=True)
_min = named("reduce_min(input_tensor, axis=None, keepdims=False, initial=None)", ops.min, numeric=True)


@or_ragged
def reduce_sum(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Sum over `axis`, in the dtype of the input. Raises: InvalidArgumentError on bools. Source: tf.math.reduce_sum."""
    return _kept(_sum(input_tensor, *_options(axis, keepdims)), input_tensor)


@or_ragged
def reduce_prod(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Product over `axis`, in the dtype of the input. Raises: InvalidArgumentError on bools. Source: tf.math.reduce_prod."""
    return _kept(_prod(input_tensor, *_options(axis, keepdims)), input_tensor)


@or_ragged
def reduce_max(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Largest entry over `axis`; of none the lowest number there is. Equal ones share the gradient.

    Raises: InvalidArgumentError on bools. Source: tf.math.reduce_max.
    """
    if _is_empty(input_tensor):
        dtype = ops.convert_to_tensor(input_tensor).dtype
        return _max(input_tensor, axis, keepdims, -float("inf") if dtype.is_floating else dtype.min)
    return _max(input_tensor, *_options(axis, keepdims))


@or_ragged
def reduce_min(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Smallest entry over `axis`; of none the highest number there is. Equal ones share the gradient.

    Raises: InvalidArgumentError on bools. Source: tf.math.reduce_min.
    """
    if _is_empty(input_tensor):
        dtype = ops.convert_to_tensor(input_tensor).dtype
        return _min(input_tensor, axis, keepdims, float("inf") if dtype.is_floating else dtype.max)
    return _min(input_tensor, *_options(axis, keepdims))


def _is_empty(x: Any) -> bool:
    return not x._value.size if type(x) is Tensor else 0 in getattr(x, "shape", np.shape(x) if type(x) is list else ())


@or_ragged
def reduce_mean(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Mean over `axis`, in the dtype of the input: of integers without its fraction.

    Raises: InvalidArgumentError on bools. Source: tf.math.reduce_mean.
    """
    is_symbolic = isinstance(input_tensor, KerasTensor) and input_tensor.dtype.is_floating
    is_plain = type(input_tensor) is Tensor and input_tensor._value.dtype.kind == "f"
    return (_mean if is_symbolic or is_plain else _typed_mean)(input_tensor, *_options(axis, keepdims))


def _options(axis: Any, keepdims: Any) -> tuple:
    """The least that has to be passed on: without options an op takes its shortest way."""
    return (axis, keepdims) if keepdims else () if axis is None else (axis,)


def _kept(result: Any, like: Any) -> Any:
    """The result in the dtype of the input, which Keras' reductions widen for small integers."""
    if type(result) is Tensor and result._value.dtype.kind in "fc":
        return result
    dtype = getattr(like, "dtype", None)
    return result if dtype is None or dtypes.as_dtype(dtype) == result.dtype else ops.cast(result, dtype)


def argmax(input: Any, axis: Any = None, output_type: Any = "int64", name: str | None = None) -> Any:
    """Index of the first largest entry along `axis`, by default the first one. Source: tf.math.argmax."""
    return ops.cast(ops.argmax(input, 0 if axis is None else axis), output_type)


def argmin(input: Any, axis: Any = None, output_type: Any = "int64", name: str | None = None) -> Any:
    """Index of the first smallest entry along `axis`, by default the first one. Source: tf.math.argmin."""
    return ops.cast(ops.argmin(input, 0 if axis is None else axis), output_type)


def count_nonzero(
    input: Any, axis: Any = None, keepdims: Any = None, dtype: Any = "int64", name: str | None = None
) -> Any:
    """Number of entries that are not 0, False or the empty text. Source: tf.math.count_nonzero."""
    tensor = ops.convert_to_tensor(input)
    empty = "" if tensor.dtype == "string" else ops.zeros((), tensor.dtype)
    return ops.sum(ops.cast(not_equal(tensor, empty), dtype), axis, bool(keepdims))


def zero_fraction(value: Any, name: str | None = None) -> Any:
    """Share of the entries that are 0, float32. Source: tf.math.zero_fraction, tf.nn.zero_fraction."""
    value = ops.convert_to_tensor(value)
    return ops.mean(ops.cast(ops.equal(value, ops.zeros((), value.dtype)), "float32"))


def is_non_decreasing(x: Any, name: str | None = None) -> Any:
    """Whether no entry, read row by row, is smaller than the one before. Source: tf.math.is_non_decreasing."""
    flat = ops.reshape(x, (-1,))
    return ops.all(ops.greater_equal(flat[1:], flat[:-1]))


def is_strictly_increasing(x: Any, name: str | None = None) -> Any:
    """Whether every entry, read row by row, is larger than the one before. Source: tf.math.is_strictly_increasing."""
    flat = ops.reshape(x, (-1,))
    return ops.all(ops.greater(flat[1:], flat[:-1]))


def invert_permutation(x: Any, name: str | None = None) -> Any:
    """The places of 0, 1, ... in a permutation of them. Shape: (n,). Raises: InvalidArgumentError unless it is one.

    Source: tf.math.invert_permutation.
    """
    x = ops.convert_to_tensor(x)
    if len(x.shape) != 1 or not x.dtype.is_integer:
        raise InvalidArgumentError(
            f"invert_permutation: expected integers in one dimension; received {x.dtype.name} of shape {tuple(x.shape)}."
        )
    order = ops.argsort(x)
    values = known(x)
    if values is not None and (np.sort(values) != np.arange(values.size)).any():
        raise InvalidArgumentError(
            f"invert_permutation: expected every number from 0 to {x.shape[0] - 1} once; received {values}."
        )
    return ops.cast(order, x.dtype)


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None) -> Any:
    """`x / sqrt(max(sum(x**2), epsilon))` over `axis` (default: all); `dim` is the old name of `axis`.

    Raises: InvalidArgumentError on integers. Source: tf.math.l2_normalize, tf.nn.l2_normalize, tf.linalg.l2_normalize.
    """
    axis = dim if axis is None else axis
    return running.unit(strict_dtypes.floating("l2_normalize", x), axis=axis, epsilon=float(epsilon))
