"""What all losses share: casting, masks, sample weights, reduction, config."""

import inspect
from collections.abc import Callable
from typing import Any, Self

import jax
import jax.numpy as jnp

from cornu._base.catalog import Catalog
from cornu._base.errors import InvalidArgumentError, UndefinedMethodError
from cornu._base.names import auto_name
from cornu.core import config, dtype_policy, dtypes
from cornu.core.dispatch import op
from cornu.core.serialization import deserialize, serialize
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.losses.alignment import fit_weights, tensors_of_same_rank

_REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", None)


class Reduction:
    """Names of the reductions. Source: tf.keras.losses.Reduction."""

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"


def standard_reduction(reduction: str | None) -> str | None:
    """The reduction, checked; `"auto"` of tf.keras is `"sum_over_batch_size"`.

    Raises: InvalidArgumentError if it is unknown.
    """
    if reduction == Reduction.AUTO:
        return Reduction.SUM_OVER_BATCH_SIZE
    if reduction not in _REDUCTIONS:
        known = ", ".join(map(repr, _REDUCTIONS))
        raise InvalidArgumentError(f"Expected reduction to be one of {known}; received {reduction!r}.")
    return reduction


def standard_dtype(dtype: Any) -> dtypes.DType:
    """The dtype of a loss or metric: floatx, a dtype, or what a policy such as "mixed_bfloat16" computes in."""
    return dtypes.as_dtype(dtype_policy.get(config.floatx() if dtype is None else dtype).compute_dtype)


@op(tensors="values sample_weight mask")
def reduce_weighted(values, sample_weight=None, mask=None, reduction="sum_over_batch_size"):
    """Per-sample values weighted, masked and reduced to the loss.

    Means divide by the number of values that the mask keeps; `mean_with_sample_weight` by the sum of the weights.
    Shape: (batch, ...) -> (), or (batch, ...) with reduction "none".
    Raises: InvalidArgumentError if weights or mask do not fit the values.
    """
    weights = None
    if sample_weight is not None:
        if values.ndim == 1 and sample_weight.shape == (*values.shape, 1):
            values = values[:, None]  # the values take the rank of the weights, which shows with reduction "none"
        weights = fit_weights("a sample_weight", sample_weight.astype(values.dtype), values)
    if mask is not None:
        mask = fit_weights("a mask", mask.astype(values.dtype), values)
        weights = mask if weights is None else weights * mask
    if weights is not None:
        values = values * weights
    if reduction in ("none", None):
        return values
    if reduction == "sum":
        return jnp.sum(values)
    if reduction == "mean_with_sample_weight" and weights is not None:
        return _ratio(jnp.sum(values), jnp.sum(weights))
    mean = jnp.mean(values)
    return mean if mask is None else _ratio(mean, jnp.mean(mask))


def _ratio(x: jax.Array, y: jax.Array) -> jax.Array:
    """x / y, or 0 where y is 0: a batch that is masked out entirely has no loss."""
    return jnp.where(y == 0, 0, x / jnp.where(y == 0, 1, y)).astype(x.dtype)


class Loss:
    """A loss: `call(y_true, y_pred)` gives a value per sample; calling the object weights and reduces them.

    Args:
        name: default from the class name.
        reduction: "sum_over_batch_size" and "mean" (their mean), "sum", "mean_with_sample_weight", "none" or None.
        dtype: dtype that targets and predictions are cast to; default floatx.

    Shape: y_true, y_pred (batch, ...) -> ().
    Source: keras.Loss.
    """

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype: Any = None):
        self.name = auto_name(type(self).__name__) if name is None else name
        self.reduction = standard_reduction(reduction)
        self._dtype = standard_dtype(dtype)

    @property
    def dtype(self) -> Any:
        """The dtype that the loss is computed in."""
        return self._dtype

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """A value per sample. Subclasses define it. Raises: UndefinedMethodError if they do not."""
        raise UndefinedMethodError(f"{type(self).__name__} must define `call(self, y_true, y_pred)`.")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        mask = mask_of(y_pred)
        y_true, y_pred = self._cast(y_true), self._cast(y_pred)
        values = self.call(y_true, y_pred)
        own_mask = mask_of(values)
        if own_mask is not None:
            mask = own_mask if mask is None else mask & own_mask
        values = convert_to_tensor(values, self._dtype)
        return reduce_weighted(values, sample_weight=sample_weight, mask=mask, reduction=self.reduction)

    def _cast(self, values: Any) -> Any:
        return convert_nest(values, self._dtype)

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments. Keras leaves the dtype out, and so do files."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """A loss made from what `get_config` returned."""
        return cls(**config)


def mask_of(values: Any) -> Any:
    """The mask that travels with a tensor, or None."""
    return getattr(values, "_keras_mask", None)


def convert_nest(values: Any, dtype: Any) -> Any:
    """Dicts, and lists or tuples that hold tensors, entry by entry; anything else as one tensor of `dtype`."""
    if isinstance(values, dict):
        return {key: convert_nest(value, dtype) for key, value in values.items()}
    if isinstance(values, (list, tuple)) and any(hasattr(x, "shape") or isinstance(x, dict) for x in values):
        return type(values)(convert_nest(value, dtype) for value in values)
    return convert_to_tensor(values, dtype)


LOSSES = Catalog("loss", "keras.losses", base=Loss)


class FunctionLoss(Loss):
    """A loss whose values per sample are `fn(y_true, y_pred, **options)`; each option also is an attribute.

    Raises: InvalidArgumentError if `fn` is not callable.
    """

    # Options that Keras does not write into configs: written only where they differ from the default.
    _quiet: tuple[str, ...] = ()

    def __init__(
        self,
        fn: Callable,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
        **options: Any,
    ):
        if not callable(fn):
            raise InvalidArgumentError(f"Expected a function of (y_true, y_pred) as the loss; received {fn!r}.")
        super().__init__(name=name or getattr(fn, "__name__", None), reduction=reduction, dtype=dtype)
        self.fn, self.options = fn, options
        self.__dict__.update(options)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """A value per sample."""
        if type(self) is FunctionLoss:
            y_true, y_pred = tensors_of_same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self.options)

    def get_config(self) -> dict[str, Any]:
        """Name, reduction and the options."""
        config = super().get_config()
        if type(self) is FunctionLoss:
            config["fn"] = serialize(self.fn)
        defaults = inspect.signature(type(self).__init__).parameters
        for key, value in self.options.items():
            if key not in self._quiet or value != defaults[key].default:
                config[key] = value
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """A loss made from what `get_config` returned."""
        return cls(**{key: deserialize(value) if key == "fn" else value for key, value in config.items()})

    def __repr__(self) -> str:
        options = "".join(f", {key}={value!r}" for key, value in self.options.items())
        return f"<{type(self).__name__} {self.name!r}: {getattr(self.fn, '__name__', self.fn)}{options}>"
