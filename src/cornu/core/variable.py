"""Variables: mutable cells. Inside a compiled function reads and writes go through the innermost functional scope."""

import threading
import weakref
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base import names
from cornu._base.errors import InvalidArgumentError, TracedInitialValueError
from cornu.core import allocation, config, dtypes
from cornu.core.context import context
from cornu.core.reference import Reference
from cornu.core.scopes import init_scope
from cornu.core.shapes import TensorShape, as_shape
from cornu.core.tensor import Tensor, array_text, host_array, raw
from cornu.core.transfer import to_device


class _NameScopes(threading.local):
    stack: tuple[str, ...] = ()


_name_scopes = _NameScopes()
LIVE: "weakref.WeakValueDictionary[int, Variable]" = weakref.WeakValueDictionary()  # all variables, by id


class opened:
    """Variables made inside get the joined `stack` of names in front of their path."""

    def __init__(self, stack: tuple[str, ...]):
        self._stack = stack

    def __enter__(self) -> "opened":
        self._saved, _name_scopes.stack = _name_scopes.stack, self._stack
        return self

    def __exit__(self, *error: Any) -> None:
        _name_scopes.stack = self._saved


def name_scope(name: str) -> opened:
    """Variables made inside get `name/` in front of their path."""
    return opened((*_name_scopes.stack, name))


class Variable:
    """A tensor that can be assigned to.

    Args:
        initializer: the first value (array, list, number), or a callable `(shape, dtype) -> values`.
        shape: needed with a callable.
        dtype: dtype kept for life; default that of the value, floatx for Python floats and callables.
        trainable: whether layers and tapes count it among the trainable ones.
        autocast: whether a mixed-precision layer reads it in its compute dtype.
        name: default `variable`, `variable_1`, ...
        constraint, regularizer: applied by optimizers after a step, added by layers to the losses.

    Raises: InvalidArgumentError if a callable comes without a shape, or assigned shapes differ.
    Source: keras.Variable, tf.Variable.
    """

    _is_tensor_like = True
    __array_priority__ = 1000

    def __init__(
        self,
        initializer: Any = None,
        shape: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        aggregation: str | None = "none",
        synchronization: str = "auto",
        name: str | None = None,
        constraint: Callable | None = None,
        regularizer: Callable | None = None,
        **tensorflow: Any,
    ):
        if initializer is None:
            initializer = tensorflow.pop("initial_value", None)
        if unknown := tensorflow.keys() - {"validate_shape", "caching_device", "import_scope", "shape"}:
            raise InvalidArgumentError(f"Variable got the unknown argument {sorted(unknown)[0]!r}.")
        if initializer is None:
            raise InvalidArgumentError("Expected an initial value or an initializer for the variable; received None.")
        self._name = name or ("Variable" if config.style() == "tf2" else names.unique("variable"))
        self.path = "/".join((*_name_scopes.stack, self._name))
        self.trainable, self.autocast = bool(trainable), bool(autocast)
        self.aggregation, self.synchronization = aggregation, synchronization
        self.constraint, self.regularizer = constraint, regularizer
        self.overwrite_with_gradient = False
        with init_scope():
            self._stored = _first_value(initializer, shape, dtype)
        if isinstance(self._stored, jax.core.Tracer):
            raise TracedInitialValueError(
                f"Expected a concrete first value for the variable {self.path!r}; received one that is being traced."
            )
        self._shape = TensorShape(self._stored.shape)
        self._dtype = dtypes.as_dtype(self._stored.dtype)
        LIVE[id(self)] = self

    @property
    def name(self) -> str:
        """`kernel`; in the style `"tf2"` the whole path, as `dense/kernel:0`."""
        return f"{self.path}:0" if config.style() == "tf2" else self._name

    @property
    def shape(self) -> TensorShape:
        """The shape, fixed for life; sizes are None where assigned values may differ."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype; inside a mixed-precision layer's `call`, that layer's compute dtype."""
        if context.autocast and self.autocast and self._dtype.is_floating:
            return dtypes.as_dtype(context.autocast)
        return self._dtype

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self._read().ndim

    @property
    def handle(self) -> "Variable":
        """The variable itself, which identifies it."""
        return self

    def _read(self) -> Any:
        """The array as stored, or as the innermost functional scope has it."""
        scope = context.scope
        return self._stored if scope is None else scope.read(self)

    def _as_tensor(self) -> Tensor:
        value = Tensor(self._read())
        for tape in context.tapes:
            tape.alias(self, value)
        if context.autocast and self.autocast and self._dtype.is_floating and context.autocast != self._dtype:
            from cornu.ops.casting import cast

            return cast(value, context.autocast)
        return value

    @property
    def value(self) -> Tensor:
        """The current value."""
        return self._as_tensor()

    def read_value(self) -> Tensor:
        """The current value. Source: tf.Variable.read_value."""
        return self._as_tensor()

    def ref(self) -> Reference:
        """A key for dicts and sets. Source: tf.Variable.ref."""
        return Reference(self)

    def numpy(self) -> Any:
        """The current value as a NumPy array."""
        return Tensor(self._read()).numpy()

    def _checked(self, value: Any) -> Any:
        if type(value) is Tensor:
            value = value._value
        elif isinstance(value, (Variable, jax.Array)):
            value = value._read() if isinstance(value, Variable) else value
        else:
            value = self._as_numbers(host_array(value))
        if value.shape != self._shape and not self._shape.is_compatible_with(value.shape):
            raise InvalidArgumentError(
                f"Expected a value of shape {self._shape} for the variable {self.path!r}; "
                f"received shape {tuple(value.shape)}."
            )
        return value if value.dtype == self._stored.dtype else value.astype(self._stored.dtype)

    def _as_numbers(self, value: np.ndarray) -> Any:
        """An array of the host on the device, unless the variable keeps text."""
        if self._stored.dtype == object:
            return value
        try:
            return to_device(value)
        except (TypeError, ValueError):
            kind = "text" if value.dtype == object else value.dtype
            raise InvalidArgumentError(
                f"Expected numbers ({self._dtype.name}) for the variable {self.path!r}; received {kind}."
            ) from None

    def assign(self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True) -> Any:
        """Replace the value; returns the variable's new value.

        Raises: InvalidArgumentError if the shapes differ.
        """
        value = self._checked(value)
        scope = context.scope
        if scope is None:
            if isinstance(value, jax.core.Tracer):
                raise InvalidArgumentError(
                    f"The variable {self.path!r} was assigned a traced value outside of a functional scope. "
                    "Assign variables inside cornu.function, train_step, or a layer's call, not inside a bare jax.jit."
                )
            if value.shape != self._stored.shape:
                _Reshaped.count += 1
            self._stored = value
        else:
            scope.write(self, value)
        return self

    def assign_add(
        self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Add to the value."""
        return self._update(_add, value)

    def assign_sub(
        self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Subtract from the value."""
        return self._update(_subtract, value)

    def _update(self, change: Callable, value: Any) -> "Variable":
        value = value._read() if isinstance(value, Variable) else value
        if isinstance(value, (bool, int, float)):
            value = np.asarray(value)
        value = raw(value)
        if value.dtype != self._stored.dtype:
            value = value.astype(self._stored.dtype)
        if context.scope is not None:
            return self.assign(change(self._read(), value))
        with _updating:
            return self.assign(change(self._read(), value))

    def regularization(self) -> Tensor | None:
        """The penalty of the variable's regularizer, if it has one."""
        return None if self.regularizer is None else self.regularizer(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return Tensor(self._read()).__array__(dtype, copy)

    def __jax_array__(self) -> Any:
        return self._as_tensor()._value

    def __len__(self) -> int:
        return len(Tensor(self._read()))

    def __iter__(self) -> Any:
        return iter(self._as_tensor())

    def __bool__(self) -> bool:
        return bool(Tensor(self._read()))

    def __int__(self) -> int:
        return int(Tensor(self._read()))

    def __float__(self) -> float:
        return float(Tensor(self._read()))

    def __index__(self) -> int:
        return Tensor(self._read()).__index__()

    def __format__(self, spec: str) -> str:
        return format(Tensor(self._read()), spec) if spec else str(self)

    def __deepcopy__(self, memo: dict) -> "Variable":
        twin = object.__new__(type(self))
        memo[id(self)] = twin
        twin.__dict__.update(self.__dict__)  # arrays cannot change, so both may hold the same one
        return twin

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_stored": np.asarray(self._stored)}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._stored = jnp.asarray(state["_stored"])

    def __repr__(self) -> str:
        value = self._read()
        if config.style() == "tf2":
            shown = "" if isinstance(value, jax.core.Tracer) else f", numpy={array_text(value, repr)}"
            return f"<tf.Variable {self.name!r} shape={self._shape} dtype={self._dtype.name}{shown}>"
        shown = "traced" if isinstance(value, jax.core.Tracer) else f"value={np.asarray(value)}"
        return f"<Variable path={self.path}, shape={self._shape}, dtype={self._dtype.name}, {shown}>"


class _Reshaped:
    """How many assignments have changed a shape."""

    count = 0


def shape_changes() -> int:
    """Changes when a variable gets a value of another shape: programs that read it are to be traced again."""
    return _Reshaped.count


_updating = threading.Lock()  # two threads that add to a variable lose nothing
_add, _subtract = jax.jit(jnp.add), jax.jit(jnp.subtract)


def _first_value(initializer: Any, shape: Any, dtype: Any) -> Any:
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if (
        callable(initializer)
        and not hasattr(type(initializer), "_is_tensor_like")
        and not isinstance(initializer, Tensor)
    ):
        if shape is None:
            raise InvalidArgumentError("Expected a shape together with an initializer function; received shape=None.")
        allocation.claim(as_shape(shape), dtypes._NUMPY[dtype if dtype is not None else dtypes.as_dtype(None)])
        value = initializer(as_shape(shape), dtype=dtype if dtype is not None else dtypes.as_dtype(None))
    else:
        value = initializer
    if isinstance(value, Variable):
        value = value._read()
    value = raw(value) if isinstance(value, (Tensor, jax.Array)) else host_array(value)
    if value.dtype == object:
        return value
    if dtype is not None:
        value = value.astype(dtypes._NUMPY[dtype], copy=False)
    value = to_device(value)
    if shape is not None and tuple(value.shape) != as_shape(shape):
        raise InvalidArgumentError(
            f"Expected an initial value of shape {as_shape(shape)}; received {tuple(value.shape)}."
        )
    return value
