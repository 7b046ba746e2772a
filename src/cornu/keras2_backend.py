"""The functions of Keras 2's backend, `K.mean`, `K.function`, ...: offered by `keras.backend` too. Source: tf.keras.backend.

Those that have a twin in `cornu.ops` are that op. `K.function` compiles a part of a functional model.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from cornu import activations, models, ops, random
from cornu._base import names
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core import config, dtypes
from cornu.core.context import context
from cornu.core.function import function as compiled
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import convert_to_tensor, is_tensor
from cornu.core.variable import Variable
from cornu.core.variable import name_scope as name_scope
from cornu.layers import Input

abs, all, any, cos, exp, log, log1p, max, mean, min, prod, round, sign, sin = (
    ops.abs, ops.all, ops.any, ops.cos, ops.exp, ops.log, ops.log1p, ops.max, ops.mean, ops.min, ops.prod, ops.round,
    ops.sign, ops.sin,
)  # fmt: skip
square, std, sum, tanh, var, logsumexp = (
    ops.square, ops.std, ops.sum, ops.tanh, ops.var, ops.logsumexp,
)  # fmt: skip
equal, not_equal, greater, greater_equal, less, less_equal, maximum, minimum = (
    ops.equal, ops.not_equal, ops.greater, ops.greater_equal, ops.less, ops.less_equal, ops.maximum, ops.minimum,
)  # fmt: skip
elu, sigmoid, softmax, softplus, softsign, stack, stop_gradient, transpose = (
    ops.elu, ops.sigmoid, ops.softmax, ops.softplus, ops.softsign, ops.stack, ops.stop_gradient, ops.transpose,
)  # fmt: skip
cast, squeeze, separable_conv2d, depthwise_conv2d = ops.cast, ops.squeeze, ops.separable_conv, ops.depthwise_conv
conv1d = conv2d = conv3d = ops.conv
hard_sigmoid = activations.hard_sigmoid


def sqrt(x: Any) -> Any:
    """The root; of negative numbers 0."""
    return ops.sqrt(ops.maximum(x, 0.0))


def pow(x: Any, a: Any) -> Any:
    """`x` to the power of `a`."""
    return ops.power(x, a)


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """`x` above the threshold, `alpha * (x - threshold)` below it, `max_value` at most."""
    return activations.relu(x, negative_slope=alpha, max_value=max_value, threshold=threshold)


def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """The values kept between two bounds."""
    low = -np.inf if min_value is None else min_value
    return ops.clip(x, low, np.inf if max_value is None else max_value)


def argmax(x: Any, axis: int = -1) -> Any:
    """Where the largest value of an axis is, int64."""
    return ops.cast(ops.argmax(x, axis), "int64")


def argmin(x: Any, axis: int = -1) -> Any:
    """Where the smallest value of an axis is, int64."""
    return ops.cast(ops.argmin(x, axis), "int64")


def cumsum(x: Any, axis: int = 0) -> Any:
    """Running sums."""
    return ops.cumsum(x, axis)


def cumprod(x: Any, axis: int = 0) -> Any:
    """Running products."""
    return ops.cumprod(x, axis)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Numbers from `start` up to, without, `stop`."""
    if stop is None:
        start, stop = 0, start
    return ops.arange(start, stop, step, dtype=dtype)


# -- shapes


def ndim(x: Any) -> int:
    """Number of dimensions."""
    return len(x.shape)


def int_shape(x: Any) -> tuple[int | None, ...]:
    """The shape, None where a size is unknown."""
    return tuple(x.shape)


def shape(x: Any) -> Any:
    """The shape as a tensor; of a symbolic tensor, a tuple of its sizes."""
    return ops.shape(x) if isinstance(x, KerasTensor) else convert_to_tensor(np.asarray(x.shape, np.int32))


def dtype(x: Any) -> str:
    """The dtype's name."""
    return dtypes.name(x.dtype)


def reshape(x: Any, shape: Any) -> Any:
    """The same values in another shape."""
    return ops.reshape(x, tuple(int(size) for size in shape))


def flatten(x: Any) -> Any:
    """All values in one dimension."""
    return ops.reshape(x, (-1,))


def batch_flatten(x: Any) -> Any:
    """The values of each row in one dimension. Shape: (rows, ...) -> (rows, n)."""
    return ops.reshape(x, (-1, int(np.prod(tuple(x.shape)[1:]))))


def expand_dims(x: Any, axis: int = -1) -> Any:
    """With another axis of size 1."""
    return ops.expand_dims(x, axis)


def permute_dimensions(x: Any, pattern: Sequence[int]) -> Any:
    """The axes in another order."""
    return ops.transpose(x, tuple(pattern))


def concatenate(tensors: Sequence[Any], axis: int = -1) -> Any:
    """Tensors one after the other along an axis."""
    return ops.concatenate(list(tensors), axis)


def repeat(x: Any, n: int) -> Any:
    """Every row `n` times. Shape: (rows, k) -> (rows, n, k). Raises: InvalidArgumentError unless `x` has two dimensions."""
    if len(x.shape) != 2:
        raise InvalidArgumentError(f"repeat: expected two dimensions; received shape {tuple(x.shape)}.")
    return ops.repeat(ops.expand_dims(x, 1), int(n), 1)


def repeat_elements(x: Any, rep: int, axis: int) -> Any:
    """Every entry of an axis `rep` times."""
    return ops.repeat(x, int(rep), axis)


def tile(x: Any, n: Any) -> Any:
    """The tensor repeated so many times along each axis."""
    return ops.tile(x, (n,) if isinstance(n, int) else tuple(n))


def reverse(x: Any, axes: Any) -> Any:
    """Backwards along the axes."""
    return ops.flip(x, axes if isinstance(axes, int) else tuple(axes))


def gather(reference: Any, indices: Any) -> Any:
    """The rows that `indices` names."""
    return ops.take(reference, indices, axis=0)


def one_hot(indices: Any, num_classes: int) -> Any:
    """A one at the place of each index."""
    return ops.one_hot(indices, int(num_classes))


def temporal_padding(x: Any, padding: tuple[int, int] = (1, 1)) -> Any:
    """Zeros before and after the time axis. Shape: (rows, time, k) -> (rows, time + both, k)."""
    return ops.pad(x, ((0, 0), tuple(padding), (0, 0)))


def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Zeros around images."""
    return _padded(x, padding, data_format)


def spatial_3d_padding(x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Zeros around volumes."""
    return _padded(x, padding, data_format)


def _padded(x: Any, padding: Any, data_format: str | None) -> Any:
    width = tuple(tuple(pair) for pair in padding)
    last = (data_format or config.image_data_format()) == "channels_last"
    return ops.pad(x, ((0, 0), *width, (0, 0)) if last else ((0, 0), (0, 0), *width))


# -- products


def dot(x: Any, y: Any) -> Any:
    """The last axis of `x` times the last but one of `y`. Shape: (..., n), (..., n, m) -> (..., ..., m)."""
    return ops.dot(x, y)


def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """Products of each row with its row: over one axis of both. Shape: (rows, ...), (rows, ...) -> (rows, ..., ...).

    Args:
        axes: the axis of `x` and of `y`, or one number for both; default the last of `x` and the last but one of `y`
            (the last of two).
    """
    rank_x, rank_y = len(x.shape), len(y.shape)
    if axes is None:
        axes = (rank_x - 1, rank_y - 1 if rank_y == 2 else rank_y - 2)
    a, b = (axes, axes) if isinstance(axes, int) else axes
    a, b = a % rank_x, b % rank_y
    letters = "abcdefghijklmnopqrstuvwxyz"
    left = ["z", *letters[: rank_x - 1]]
    right = ["z", *letters[rank_x - 1 : rank_x + rank_y - 2]]
    right[b] = left[a]
    out = [c for i, c in enumerate(left) if i != a] + [c for i, c in enumerate(right) if i not in (0, b)]
    product = ops.einsum(f"{''.join(left)},{''.join(right)}->{''.join(out)}", x, y)
    return ops.expand_dims(product, 1) if len(out) == 1 else product


def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """The bias added to the channels."""
    if (data_format or config.image_data_format()) == "channels_first" and len(x.shape) > 2:
        bias = ops.reshape(bias, (*tuple(bias.shape), *(1 for _ in tuple(x.shape)[2:])))
    return x + bias


def l2_normalize(x: Any, axis: int | None = None) -> Any:
    """Divided by the L2 norm."""
    squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
    return x * ops.rsqrt(ops.maximum(squares, 1e-12))


def conv2d_transpose(
    x: Any, kernel: Any, output_shape: Any, strides: Any = (1, 1), padding: str = "valid", data_format: str | None = None,
    dilation_rate: Any = (1, 1),
) -> Any:  # fmt: skip
    """The transposed convolution, cut or filled to `output_shape`."""
    data_format = data_format or config.image_data_format()
    plain = ops.conv_transpose(x, kernel, strides, padding, None, data_format, dilation_rate)
    first = 1 if data_format == "channels_last" else 2
    wanted = [int(size) for size in tuple(output_shape)[first : first + 2]]
    extra = [want - have for want, have in zip(wanted, tuple(plain.shape)[first : first + 2], strict=True)]
    if extra == [0, 0]:
        return plain
    return ops.conv_transpose(x, kernel, strides, padding, tuple(extra), data_format, dilation_rate)


def pool2d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Maxima (`"max"`) or means (`"avg"`) of windows of images."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode)


def pool3d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Maxima (`"max"`) or means (`"avg"`) of windows of volumes."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode)


def _pool(x: Any, size: Any, strides: Any, padding: str, data_format: str | None, mode: str) -> Any:
    if mode not in ("max", "avg"):
        raise InvalidArgumentError(f"Expected pool_mode 'max' or 'avg'; received {mode!r}.")
    return (ops.max_pool if mode == "max" else ops.average_pool)(x, size, strides, padding, data_format)


def resize_images(
    x: Any, height_factor: int, width_factor: int, data_format: str, interpolation: str = "nearest"
) -> Any:
    """Images so many times as high and wide."""
    first = 1 if data_format == "channels_last" else 2
    height, width = tuple(x.shape)[first : first + 2]
    size = (int(height * height_factor), int(width * width_factor))
    return ops.image.resize(x, size, interpolation=interpolation, data_format=data_format)


def resize_volumes(x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: str) -> Any:
    """Volumes so many times as deep, high and wide."""
    first = 1 if data_format == "channels_last" else 2
    for axis, factor in enumerate((depth_factor, height_factor, width_factor), start=first):
        x = ops.repeat(x, int(factor), axis)
    return x


def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Whether each target is among the `k` largest predictions."""
    return ops.in_top_k(targets, predictions, k)


def batch_normalization(
    x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1, epsilon: float = 1e-3
) -> Any:
    """`(x - mean) / sqrt(var + epsilon) * gamma + beta`."""
    flat = lambda value: None if value is None else ops.reshape(value, (-1,))
    return ops.batch_normalization(x, flat(mean), flat(var), axis, flat(beta), flat(gamma), epsilon)


def normalize_batch_in_training(x: Any, gamma: Any, beta: Any, reduction_axes: Any, epsilon: float = 1e-3) -> tuple:
    """The batch normalized by its own mean and variance. Returns: (normalized, mean, variance)."""
    axes = list(reduction_axes)
    kept_mean, kept_variance = ops.moments(x, axes, keepdims=True)
    out = (x - kept_mean) * ops.rsqrt(kept_variance + epsilon)
    place = [1 if axis in axes else size for axis, size in enumerate(tuple(x.shape))]
    place = [-1 if size is None else size for size in place]
    out = out if gamma is None else out * ops.reshape(gamma, place)
    out = out if beta is None else out + ops.reshape(beta, place)
    return out, ops.squeeze(kept_mean, tuple(axes)), ops.squeeze(kept_variance, tuple(axes))


# -- losses


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """Crossentropy of every entry."""
    return ops.binary_crossentropy(target, output, from_logits)


def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """Crossentropy of every row, for one-hot targets."""
    return ops.categorical_crossentropy(target, output, from_logits, axis)


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1, ignore_class: int | None = None
) -> Any:
    """Crossentropy of every row, for class numbers; rows of `ignore_class` give 0."""
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(target, output, from_logits, axis)
    kept = ops.not_equal(target, ignore_class)
    losses = ops.sparse_categorical_crossentropy(ops.where(kept, target, 0), output, from_logits, axis)
    return ops.where(ops.reshape(kept, tuple(losses.shape)), losses, 0.0)


def ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Any:
    """CTC loss of every row; the last class is the blank. Shape: (rows, labels), (rows, time, classes) -> (rows, 1)."""
    classes = y_pred.shape[-1]
    logits = ops.log(y_pred + config.epsilon())
    logits = ops.roll(logits, 1, -1)  # the blank to the front, where the op has it
    rows = lambda length: ops.reshape(ops.cast(length, "int32"), (-1,))
    labels = ops.mod(ops.cast(y_true, "int32") + 1, classes)
    return ops.expand_dims(ops.ctc_loss(labels, logits, rows(label_length), rows(input_length), 0), 1)


def ctc_decode(
    y_pred: Any, input_length: Any, greedy: bool = True, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[Any], Any]:
    """The most likely label sequences, -1 behind their ends, and their scores. The last class is the blank."""
    logits = ops.log(y_pred + config.epsilon())
    decoded, scores = ops.ctc_decode(
        logits, ops.reshape(ops.cast(input_length, "int32"), (-1,)), "greedy" if greedy else "beam_search",
        beam_width, top_paths, True, y_pred.shape[-1] - 1,
    )  # fmt: skip
    return [decoded[i] for i in range(decoded.shape[0])], scores


# -- variables and values


def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Callable | None = None) -> Variable:
    """A variable; Python numbers and NumPy arrays of floats become floatx."""
    if dtype is None and not is_tensor(value):
        kind = np.asarray(value).dtype.kind
        dtype = config.floatx() if kind in "fiu" else None
    return Variable(value, dtype=dtype, name=name, constraint=constraint)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Any:
    """A tensor; floatx unless `dtype` says otherwise."""
    tensor = convert_to_tensor(value, dtype or config.floatx())
    return tensor if shape is None else ops.broadcast_to(tensor, tuple(shape))


def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """A variable of zeros."""
    return Variable(np.zeros(tuple(shape)), dtype=dtype or config.floatx(), name=name)


def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """A variable of ones."""
    return Variable(np.ones(tuple(shape)), dtype=dtype or config.floatx(), name=name)


def eye(size: int, dtype: Any = None, name: str | None = None) -> Variable:
    """A variable with the identity matrix."""
    return Variable(np.eye(size), dtype=dtype or config.floatx(), name=name)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Zeros of the shape of `x`."""
    return ops.zeros_like(x, dtype)


def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Ones of the shape of `x`."""
    return ops.ones_like(x, dtype)


def cast_to_floatx(x: Any) -> Any:
    """The values in the default float type; NumPy arrays stay NumPy arrays."""
    return ops.cast(x, config.floatx()) if is_tensor(x) else np.asarray(x, dtypes._NUMPY[config.floatx()])


def get_value(x: Any) -> Any:
    """The values as a NumPy array."""
    return x.numpy() if is_tensor(x) else x


eval = get_value


def set_value(x: Variable, value: Any) -> None:
    """Assign to a variable."""
    x.assign(value)


def batch_get_value(tensors: Sequence[Any]) -> list[Any]:
    """The values of several variables."""
    return [get_value(each) for each in tensors]


def batch_set_value(tuples: Sequence[tuple[Variable, Any]]) -> None:
    """Assign to several variables: (variable, value) pairs."""
    for each, value in tuples:
        each.assign(value)


def update(x: Variable, new_x: Any) -> Variable:
    """Assign to a variable."""
    return x.assign(new_x)


def update_add(x: Variable, increment: Any) -> Variable:
    """Add to a variable."""
    return x.assign_add(increment)


def update_sub(x: Variable, decrement: Any) -> Variable:
    """Subtract from a variable."""
    return x.assign_sub(decrement)


def moving_average_update(x: Variable, value: Any, momentum: Any) -> Variable:
    """`x = momentum * x + (1 - momentum) * value`."""
    return x.assign(x * momentum + value * (1 - momentum))


def count_params(x: Any) -> int:
    """Number of entries."""
    return int(np.prod(tuple(x.shape)))


def print_tensor(x: Any, message: str = "", summarize: int = 3) -> Any:
    """Print the message and the values to standard error; the tensor comes back."""
    import jax

    jax.debug.callback(lambda values: print(message, np.asarray(values), file=sys.stderr), convert_to_tensor(x)._value)
    return x


def is_sparse(tensor: Any) -> bool:
    """False: tensors are dense."""
    return False


def to_dense(tensor: Any) -> Any:
    """The tensor, which is dense."""
    return tensor


# -- random numbers


def random_normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Normally distributed numbers."""
    return random.normal(tuple(shape), mean, stddev, dtype, seed)


def random_uniform(shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Uniformly distributed numbers."""
    return random.uniform(tuple(shape), minval, maxval, dtype, seed)


def truncated_normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    """Normally distributed numbers within two standard deviations."""
    return random.truncated_normal(tuple(shape), mean, stddev, dtype, seed)


def random_bernoulli(shape: Any, p: float = 0.0, dtype: Any = None, seed: Any = None) -> Any:
    """Ones with probability `p`, else zeros."""
    return ops.cast(random.uniform(tuple(shape), seed=seed) <= p, dtype or config.floatx())


random_binomial = random_bernoulli


def random_normal_variable(
    shape: Any, mean: float, scale: float, dtype: Any = None, name: str | None = None, seed: Any = None
) -> Variable:
    """A variable of normally distributed numbers."""
    return Variable(random_normal(shape, mean, scale, dtype, seed), name=name)


def random_uniform_variable(
    shape: Any, low: float, high: float, dtype: Any = None, name: str | None = None, seed: Any = None
) -> Variable:
    """A variable of uniformly distributed numbers."""
    return Variable(random_uniform(shape, low, high, dtype, seed), name=name)


def dropout(x: Any, level: float, noise_shape: Any = None, seed: Any = None) -> Any:
    """Entries set to 0 with probability `level`, the others scaled up."""
    return random.dropout(x, level, noise_shape, seed)


# -- graphs, phases, control flow


def placeholder(
    shape: Any = None,
    ndim: int | None = None,
    dtype: Any = None,
    sparse: bool = False,
    name: str | None = None,
    ragged: bool = False,
) -> Any:
    """A symbolic input. `shape` has the batch size in front; `ndim` alone leaves all sizes open."""
    sizes = tuple(shape) if shape is not None else (None,) * (ndim or 0)
    return Input(batch_shape=sizes, dtype=dtype, name=name, sparse=sparse, ragged=ragged)


def function(
    inputs: Sequence[Any], outputs: Any, updates: Any = None, name: str | None = None, **session: Any
) -> Callable[[Sequence[Any]], Any]:
    """A compiled function of a part of a functional model: `K.function([model.input], [layer.output])([x])`.

    Its values are NumPy arrays. A learning phase among the inputs says whether layers are in training mode.
    Raises: InvalidArgumentError for `updates`, which belong to TensorFlow 1's graphs.
    """
    if updates:
        raise InvalidArgumentError("function: expected no updates; assign to variables in a layer's call instead.")
    given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    phase = next((i for i, each in enumerate(given) if isinstance(each, _LearningPhase)), None)
    symbols = [each for each in given if not isinstance(each, _LearningPhase)]
    model = models.Model(symbols, outputs, name=name)
    run = compiled(lambda values, training: model(values, training=training))

    def call(values: Sequence[Any]) -> Any:
        values = list(values) if isinstance(values, (list, tuple)) else [values]
        training = bool(values.pop(phase)) if phase is not None else bool(_phase.value)
        tensors = [convert_to_tensor(v, s.dtype) for v, s in zip(values, symbols, strict=True)]
        found = run(tensors if len(tensors) > 1 else tensors[0], training)
        if isinstance(found, (list, tuple)):
            return [each.numpy() for each in found]
        return [found.numpy()] if isinstance(outputs, (list, tuple)) else found.numpy()

    return call


def gradients(loss: Any, variables: Any) -> Any:
    """Raises FailedPreconditionError: ops run at once, and gradients of what was computed before need a tape.

    Source: tf.keras.backend.gradients, which works in TensorFlow 1's graphs only.
    """
    raise FailedPreconditionError(
        "gradients: expected to be inside a TensorFlow 1 graph; ops run at once here. "
        "Record them: `with tf.GradientTape() as tape: ...`, then `tape.gradient(loss, variables)`."
    )


class _LearningPhase(int):
    """0 or 1: whether layers are in training mode."""

    @property
    def value(self) -> int:
        """The number."""
        return int(_state["phase"])


_state = {"phase": 0}
_phase = _LearningPhase(0)


def learning_phase() -> Any:
    """Whether layers are in training mode (1) or not (0). Inside of a layer's call that of the call."""
    call = context.call
    if call is not None and getattr(call, "training", None) is not None:
        return int(bool(call.training))
    return _LearningPhase(_state["phase"])


def set_learning_phase(value: int) -> None:
    """Set what `learning_phase` gives outside of calls. Raises: InvalidArgumentError unless it is 0 or 1."""
    if value not in (0, 1):
        raise InvalidArgumentError(f"Expected a learning phase of 0 or 1; received {value!r}.")
    _state["phase"] = int(value)


@contextlib.contextmanager
def learning_phase_scope(value: int) -> Iterator[None]:
    """`set_learning_phase` inside a `with` block."""
    saved = _state["phase"]
    set_learning_phase(value)
    try:
        yield
    finally:
        _state["phase"] = saved


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`x` in training mode, else `alt`; both may be functions without arguments."""
    chosen = x if (learning_phase() if training is None else training) else alt
    return chosen() if callable(chosen) and not is_tensor(chosen) else chosen


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`alt` in training mode, else `x`; both may be functions without arguments."""
    return in_train_phase(alt, x, training)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two tensors, or results of two functions: by a scalar, or entry by entry."""
    value = lambda x: x() if callable(x) and not is_tensor(x) else x
    if not len(condition.shape if is_tensor(condition) else np.shape(condition)):
        if callable(then_expression) and callable(else_expression):
            return ops.cond(ops.cast(condition, "bool"), then_expression, else_expression)
        return ops.where(ops.cast(condition, "bool"), value(then_expression), value(else_expression))
    then, other = value(then_expression), value(else_expression)
    more = len(then.shape) - len(condition.shape)
    wide = ops.reshape(condition, (*tuple(condition.shape), *(1 for _ in range(more))))
    return ops.where(ops.cast(wide, "bool"), then, other)


def map_fn(fn: Callable, elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """The function of every row."""
    return ops.map(fn, elems if is_tensor(elems) else convert_to_tensor(elems))


def foldl(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """The function of what there is and the next row, from the first row on."""
    rows: Any = elems if is_tensor(elems) else convert_to_tensor(elems)
    if initializer is None:
        initializer, rows = rows[0], rows[1:]
    return ops.scan(lambda carry, row: (fn(carry, row), None), convert_to_tensor(initializer), rows)[0]


def foldr(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """The function of what there is and the next row, from the last row on."""
    return foldl(fn, ops.flip(elems if is_tensor(elems) else convert_to_tensor(elems), 0), initializer)


def rnn(
    step_function: Callable,
    inputs: Any,
    initial_states: Sequence[Any],
    go_backwards: bool = False,
    mask: Any = None,
    constants: Sequence[Any] | None = None,
    unroll: bool = False,
    input_length: int | None = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """The step function over the time axis.

    Args:
        step_function: (input, states) -> (output, states); constants are behind the states.
        inputs: (rows, time, ...), or (time, rows, ...) with `time_major`.
        mask: (rows, time); where it is false, the output before and the states stay (zeros with `zero_output_for_mask`).

    Returns: last output, all outputs (the last one alone without `return_all_outputs`), last states.
    """
    swap = lambda x: x if time_major else ops.swapaxes(x, 0, 1)
    steps = swap(inputs)
    marks = None if mask is None else swap(ops.cast(mask, "bool"))
    if go_backwards:
        steps, marks = ops.flip(steps, 0), None if marks is None else ops.flip(marks, 0)
    extra = list(constants or [])
    states = [convert_to_tensor(state) for state in initial_states]
    first, _ = step_function(steps[0], [*states, *extra])

    def step(carry: Any, current: Any) -> tuple[Any, Any]:
        before, last = carry
        row, mark = current if marks is not None else (current, None)
        output, after = step_function(row, [*before, *extra])
        if mark is not None:
            kept = ops.zeros_like(output) if zero_output_for_mask else last
            output = ops.where(_wide(mark, output), output, kept)
            after = [ops.where(_wide(mark, new), new, old) for new, old in zip(after, before, strict=True)]
            last = ops.where(_wide(mark, output), output, last)
        else:
            last = output
        return (list(after), last), output

    stacked = steps if marks is None else (steps, marks)
    (states, last), outputs = ops.scan(step, (states, ops.zeros_like(first)), stacked)
    outputs = outputs if return_all_outputs else ops.expand_dims(last, 0)
    return last, outputs if time_major else ops.swapaxes(outputs, 0, 1), list(states)


def _wide(mark: Any, like: Any) -> Any:
    return ops.reshape(mark, (-1, *(1 for _ in tuple(like.shape)[1:])))


def reset_uids() -> None:
    """Start automatic names afresh."""
    names.reset()


def manual_variable_initialization(value: bool) -> None:
    """Nothing to choose: variables have their values when they are made. Raises: InvalidArgumentError if `value` is true."""
    if value:
        raise InvalidArgumentError(
            "Expected False: variables have their values when they are made; there is no session."
        )


def get_session(*args: Any, **kwargs: Any) -> Any:
    """Raises FailedPreconditionError: there are no sessions."""
    raise FailedPreconditionError(
        "get_session: expected a TensorFlow 1 session; ops run at once here. Read values by `x.numpy()` or K.get_value(x)."
    )


def set_session(session: Any) -> None:
    """A session only carried settings of devices, which have their effect by `tf.config` here."""


NAMES = [  # what `keras.backend` offers of these
name for name in dir() if not name.startswith("_") and name not in {
    "Any", "Callable", "FailedPreconditionError", "Input", "InvalidArgumentError", "Iterator", "KerasTensor", "Sequence",
    "Tensor", "Variable", "activations", "compiled", "config", "context", "contextlib", "convert_to_tensor", "dtypes",
    "is_tensor", "models", "names", "np", "ops", "random", "sys",
}]  # fmt: skip
