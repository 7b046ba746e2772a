"""What all metrics share: state in variables, update, result, reset, and the pure twins of the three."""

import functools
import math
from collections.abc import Iterable
from typing import Any, Self

import jax
import numpy as np

from cornu import initializers
from cornu._base.catalog import Catalog
from cornu._base.errors import InvalidArgumentError, InvalidTypeError, UndefinedMethodError
from cornu._base.names import auto_name
from cornu.core import dtypes
from cornu.core.scopes import FunctionalScope
from cornu.core.tensor import Tensor, box, raw
from cornu.core.variable import Variable, name_scope
from cornu.losses.base import standard_dtype

_OLD_ORDER = ("name", "shape", "aggregation", "synchronization", "initializer", "dtype")
_FEW = 2**10  # entries of zeros that are kept for the next epoch


class Metric:
    """A number gathered over batches: `update_state(...)` adds a batch, `result()` tells, `reset_state()` forgets.

    Subclasses make their state with `add_variable` in `__init__` (or at the first update). Metrics and variables that
    are set as attributes belong to the metric.

    Args:
        dtype: dtype of the state; default floatx.
        name: default from the class name.

    Source: keras.Metric.
    """

    def __init__(self, dtype: Any = None, name: str | None = None):
        if isinstance(dtype, str) and name is None and dtype not in dtypes._DTYPES and not dtype.startswith("mixed_"):
            dtype, name = None, dtype  # tf.keras has the name first
        self.name = auto_name(type(self).__name__) if name is None else name
        self._dtype = standard_dtype(dtype)

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype of the state."""
        return self._dtype

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Variable):
            self._own("_variables", [value])
        elif isinstance(value, Metric):
            self._own("_metrics", [value])
        elif isinstance(value, (list, tuple)) and value and all(isinstance(item, Metric) for item in value):
            self._own("_metrics", value)
        object.__setattr__(self, name, value)

    def _own(self, kind: str, things: Iterable[Any]) -> None:
        owned = self.__dict__.setdefault(kind, [])
        owned += [thing for thing in things if not any(thing is known for known in owned)]

    def add_variable(
        self,
        shape: Any = (),
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: str | None = "sum",
        name: str | None = None,
    ) -> Variable:
        """A new variable of the metric's state. Shape: `shape`. Source: keras.Metric.add_variable."""
        with name_scope(self.name):
            variable = Variable(
                initializers.get("zeros" if initializer is None else initializer),
                shape=shape,
                dtype=self._dtype if dtype is None else dtype,
                trainable=False,
                autocast=False,
                aggregation=aggregation,
                name=name,
            )
        self._own("_variables", [variable])
        return variable

    def add_weight(self, *args: Any, **kwargs: Any) -> Variable:
        """A new variable: `add_weight(shape=(), initializer=None, dtype=None, name=None)`.

        A name as the first argument means the order of tf.keras, `add_weight(name, shape=(), aggregation,
        synchronization, initializer, dtype)`.
        Raises: InvalidTypeError on an unknown argument.
        """
        order = _OLD_ORDER if args and isinstance(args[0], str) else ("shape", "initializer", "dtype", "name")
        given = dict(zip(order, args, strict=False)) | kwargs
        given.pop("synchronization", None)  # one process holds the state: there is nothing to synchronize
        if unknown := given.keys() - set(_OLD_ORDER):
            raise InvalidTypeError(f"add_weight takes {', '.join(order)}; received {sorted(unknown)[0]!r}.")
        return self.add_variable(**given)

    @property
    def variables(self) -> list[Variable]:
        """The variables of the state, then those of inner metrics."""
        inner = [variable for metric in self.__dict__.get("_metrics", ()) for variable in metric.variables]
        return [*self.__dict__.get("_variables", ()), *inner]

    @property
    def weights(self) -> list[Variable]:
        """The variables of the state. Source: tf.keras."""
        return self.variables

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The variables of the state: metrics are not trained. Source: tf.keras."""
        return self.variables

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Take in a batch. Subclasses define it. Raises: UndefinedMethodError if they do not."""
        raise UndefinedMethodError(f"{type(self).__name__} must define `update_state(self, y_true, y_pred, ...)`.")

    def result(self) -> Any:
        """The metric's value: a scalar, or a dict of scalars. Subclasses define it.

        Raises: UndefinedMethodError if they do not.
        """
        raise UndefinedMethodError(f"{type(self).__name__} must define `result(self)`.")

    def reset_state(self) -> None:
        """Set every variable of the state to 0."""
        if type(self).reset_states is not Metric.reset_states:
            return self.reset_states()  # a subclass written for old tf.keras
        return self._zero()

    def reset_states(self) -> None:
        """The old name of `reset_state`."""
        if type(self).reset_state is not Metric.reset_state:
            return self.reset_state()
        return self._zero()

    def _zero(self) -> None:
        for variable in self.__dict__.get("_variables", ()):
            shape, dtype = tuple(variable.shape), variable.dtype.as_numpy_dtype
            variable.assign((_zeros if math.prod(shape) <= _FEW else np.zeros)(shape, dtype))
        for metric in self.__dict__.get("_metrics", ()):
            metric.reset_state()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.update_state(*args, **kwargs)
        return self.result()

    def stateless_update_state(self, metric_variables: list[Any], *args: Any, **kwargs: Any) -> list[Tensor]:
        """What the variables become when a batch comes to the state `metric_variables`; the metric stays as it is.

        Raises: InvalidArgumentError if there is not one value for each variable.
        """
        with self._scope(metric_variables) as scope:
            self.update_state(*args, **kwargs)
        return [box(scope.value_of(variable)) for variable in self.variables]

    def stateless_result(self, metric_variables: list[Any]) -> Any:
        """The result at the state `metric_variables`.

        Raises: InvalidArgumentError if there is not one value for each variable.
        """
        with self._scope(metric_variables):
            return self.result()

    def stateless_reset_state(self) -> list[Tensor]:
        """The state at the start."""
        variables = self.variables
        with FunctionalScope((variable, variable._stored) for variable in variables) as scope:
            self.reset_state()
        return [box(scope.value_of(variable)) for variable in variables]

    def _scope(self, values: list[Any]) -> FunctionalScope:
        variables = self.variables
        if len(values) != len(variables):
            raise InvalidArgumentError(
                f"Expected a value for each of the {len(variables)} variables of the metric {self.name!r}; received "
                f"{len(values)}. A metric that makes its variables at the first update must be updated once before."
            )
        return FunctionalScope(zip(variables, map(raw, values), strict=True))

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {"name": self.name, "dtype": self._dtype.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """A metric made from what `get_config` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


@functools.lru_cache
def _zeros(shape: tuple[int, ...], dtype: Any) -> jax.Array:
    """Zeros that lie on the device already: every epoch begins with them."""
    with jax.ensure_compile_time_eval():  # also while something is traced
        return jax.device_put(np.zeros(shape, dtype))  # without a program, which would have to be compiled


METRICS = Catalog("metric", "keras.metrics", base=Metric)


def divide_no_nan(x: jax.Array, y: jax.Array) -> jax.Array:
    """x / y, and 0 where y is 0."""
    is_zero = y == 0
    return jax.numpy.where(is_zero, 0, x / jax.numpy.where(is_zero, 1, y)).astype(x.dtype)
