"""What functions of TensorFlow's root do with ragged tensors. Source: tf.reduce_*, tf.concat, tf.cast, tf.gather, ..."""

import numpy as np

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.tf.host_values import tensor
from cornu.tf.ragged import reductions
from cornu.tf.ragged.tensor import RaggedTensor


def reduce_sum(input_tensor, axis=None, keepdims=False, name=None):
    """Sums over an axis, several, or everything."""
    return reductions.reduce("sum", input_tensor, axis, bool(keepdims))


def reduce_mean(input_tensor, axis=None, keepdims=False, name=None):
    """Means over an axis, several, or everything; of integers as float64."""
    return reductions.reduce("mean", input_tensor, axis, bool(keepdims))


def reduce_prod(input_tensor, axis=None, keepdims=False, name=None):
    """Products over an axis, several, or everything."""
    return reductions.reduce("prod", input_tensor, axis, bool(keepdims))


def reduce_max(input_tensor, axis=None, keepdims=False, name=None):
    """Largest entries over an axis, several, or everything; of none the lowest number there is."""
    return reductions.reduce("max", input_tensor, axis, bool(keepdims))


def reduce_min(input_tensor, axis=None, keepdims=False, name=None):
    """Smallest entries over an axis, several, or everything; of none the highest number there is."""
    return reductions.reduce("min", input_tensor, axis, bool(keepdims))


def reduce_any(input_tensor, axis=None, keepdims=False, name=None):
    """Whether any entry is true over an axis, several, or everything."""
    return reductions.reduce("any", input_tensor, axis, bool(keepdims))


def reduce_all(input_tensor, axis=None, keepdims=False, name=None):
    """Whether all entries are true over an axis, several, or everything."""
    return reductions.reduce("all", input_tensor, axis, bool(keepdims))


def concat(values, axis, name=None):
    """Ragged (and dense) tensors one after the other along an axis."""
    return reductions.concat([values] if isinstance(values, RaggedTensor) else values, axis)


def stack(values, axis=0, name=None):
    """Ragged (and dense) tensors beside each other along an added axis."""
    return reductions.stack([values] if isinstance(values, RaggedTensor) else values, axis)


def cast(x, dtype, name=None):
    """The values in another dtype."""
    return x.with_flat_values(ops.cast(x.flat_values, dtype))


def gather(params, indices, validate_indices=None, axis=None, batch_dims=0, name=None):
    """Rows by number. Raises: InvalidArgumentError on an axis or batch_dims above 0."""
    if axis not in (None, 0) or batch_dims:
        raise InvalidArgumentError(
            f"gather takes rows of a ragged tensor (axis=0, batch_dims=0); received axis={axis}, batch_dims={batch_dims}."
        )
    return reductions.gather(params, indices)


def expand_dims(input, axis, name=None):
    """An axis of size 1 at that place."""
    rank = len(input.shape)
    if not -rank - 1 <= axis <= rank:
        raise InvalidArgumentError(f"Expected axis from {-rank - 1} to {rank}; received {axis}.")
    axis = axis % (rank + 1)
    if axis == 0:
        return RaggedTensor.from_uniform_row_length(input, len(input.lengths), 1)
    if axis == 1:
        return RaggedTensor.from_uniform_row_length(input, 1, len(input.lengths))
    inner = input.values
    is_ragged = isinstance(inner, RaggedTensor)
    return input.with_values(expand_dims(inner, axis - 1) if is_ragged else ops.expand_dims(inner, axis - 1))


def size(input, out_type=None, name=None):
    """How many values there are."""
    return tensor(np.asarray(np.prod(input.flat_values.shape), out_type or np.int32))
