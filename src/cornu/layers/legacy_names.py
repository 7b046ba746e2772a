"""Argument names of older Keras generations: what a class of layers now calls them. Applied by the base class.

Keys are names of classes; an entry holds for subclasses too. `NB_*` and `init` are of Keras 1, the others of Keras 2.
"""

import functools
from collections.abc import Callable
from typing import Any

_KERAS_1_PARTS = {
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
}
_KERAS_1_CONVOLUTION = {
    **_KERAS_1_PARTS,
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "subsample": "strides",
    "subsample_length": "strides",
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "atrous_rate": "dilation_rate",
}
_KERAS_1_POOLING = {
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "pool_length": "pool_size",
    "stride": "strides",
}
_KERAS_1_RECURRENT = {
    **_KERAS_1_PARTS,
    "output_dim": "units",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "consume_less": "implementation",
}
_KERAS_1_NORMALIZATION = {
    "beta_init": "beta_initializer",
    "gamma_init": "gamma_initializer",
}

# class -> {older name: today's name}
RENAMED: dict[str, dict[str, str]] = {
    "Dense": {**_KERAS_1_PARTS, "output_dim": "units"},
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "Dropout": {"p": "rate"},
    "SpatialDropout": {"p": "rate", "dim_ordering": "data_format"},
    "GaussianDropout": {"p": "rate"},
    "AlphaDropout": {"p": "rate"},
    "GaussianNoise": {"sigma": "stddev"},
    "Conv": _KERAS_1_CONVOLUTION,
    "ConvTranspose": _KERAS_1_CONVOLUTION,
    "DepthwiseConv": {
        **_KERAS_1_CONVOLUTION,
        "kernel_initializer": "depthwise_initializer",
        "kernel_regularizer": "depthwise_regularizer",
        "kernel_constraint": "depthwise_constraint",
    },
    "SeparableConv": {**_KERAS_1_CONVOLUTION, "init": "depthwise_initializer"},
    "LocallyConnected": _KERAS_1_CONVOLUTION,
    "CellRNN": _KERAS_1_RECURRENT,
    "ConvLSTM": _KERAS_1_CONVOLUTION,
    "Pooling": _KERAS_1_POOLING,
    "GlobalPooling": {"dim_ordering": "data_format"},
    "ZeroPadding": {"dim_ordering": "data_format"},
    "Cropping": {"dim_ordering": "data_format"},
    "UpSampling": {"length": "size", "dim_ordering": "data_format"},
    "BatchNormalization": _KERAS_1_NORMALIZATION,
    "LeakyReLU": {"alpha": "negative_slope"},
    "PReLU": {"init": "alpha_initializer"},
}

_KERNEL_SIDES = {2: ("nb_row", "nb_col"), 3: ("kernel_dim1", "kernel_dim2", "kernel_dim3")}


def with_kernel_size(rank: int, args: tuple, kwargs: dict[str, Any], has_old_names: bool) -> tuple:
    """The positional arguments of a convolution, with the sides of Keras 1's kernels as one `kernel_size`.

    `Convolution2D(8, 3, 3, border_mode="same")` and `Convolution2D(8, nb_row=3, nb_col=3)` mean `Conv2D(8, (3, 3))`.
    """
    sides = _KERNEL_SIDES.get(rank, ())
    if sides and all(side in kwargs for side in sides):
        kwargs["kernel_size"] = tuple(kwargs.pop(side) for side in sides)
    elif sides and has_old_names and len(args) > rank and all(isinstance(side, int) for side in args[1 : rank + 1]):
        return (args[0], args[1 : rank + 1], *args[rank + 1 :])
    return args


def with_old_names(cls: type, init: Callable) -> Callable:
    """The `__init__` of a class that also takes the argument names of older Keras generations, if there are any."""
    table = {old: new for base in reversed(cls.__mro__) for old, new in RENAMED.get(base.__name__, {}).items()}
    return _renamed(init, table) if table else init


def _renamed(init: Callable, table: dict[str, str]) -> Callable:
    """`__init__` that also takes the argument names of older Keras generations."""

    @functools.wraps(init)
    def wrapper(layer: Any, /, *args: Any, **kwargs: Any) -> None:
        old_names = [name for name in kwargs if name in table]
        args = with_kernel_size(getattr(layer, "rank", 0), args, kwargs, bool(old_names))
        for old in old_names:
            kwargs[table[old]] = kwargs.pop(old)
        init(layer, *args, **kwargs)

    return wrapper


def input_arguments(legacy: dict[str, Any]) -> dict[str, Any] | None:
    """`input_shape=(28, 28)`, `input_dim=8`, `batch_input_shape=(32, 10)` as arguments of Input."""
    shape = legacy.get("input_shape")
    if legacy.get("batch_input_shape") is not None:
        return {"batch_shape": tuple(legacy["batch_input_shape"])}
    if shape is None and legacy.get("input_dim") is not None:
        shape = (legacy["input_dim"],)
    if shape is None:
        return None
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    return {"shape": shape, "batch_size": legacy.get("batch_size"), "dtype": legacy.get("input_dtype")}
