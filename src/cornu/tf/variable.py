"""`tf.Variable`: the house's variable, made with TensorFlow's arguments. Source: tf.Variable."""

import enum
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.core import variable
from cornu.core.shapes import TensorShape, as_shape, is_unknown
from cornu.core.tensor import is_tensor
from cornu.tf.creation import convert_to_tensor


class VariableSynchronization(enum.Enum):
    """When copies of a variable are combined; there is one copy here. Source: tf.VariableSynchronization."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(enum.Enum):
    """How copies of a variable are combined; there is one copy here. Source: tf.VariableAggregation."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3


class _AnyVariable(type):
    """Every variable is a `tf.Variable`: those of layers and optimizers too."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, variable.Variable)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return subclass is cls or issubclass(subclass, variable.Variable)


class Variable(metaclass=_AnyVariable):
    """Makes a variable with TensorFlow's arguments.

    Args:
        initial_value: number, list, array or tensor, or a function without arguments that gives one.
        trainable: whether tapes watch it by themselves; default True.
        dtype: default that of the value; Python floats are float32 and integers int32.
        shape: what values may be assigned: sizes are None where they may differ, tf.TensorShape(None) allows any shape.
            Default: the first value's.

    Raises: InvalidArgumentError without a value or if the shapes differ. Source: tf.Variable.
    """

    def __new__(
        cls,
        initial_value: Any = None,
        trainable: bool | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        shape: Any = None,
        **experimental: Any,
    ) -> Any:
        if initial_value is None:
            raise InvalidArgumentError("Variable: expected an initial value; received None. Write tf.Variable(0.0).")
        value = initial_value() if callable(initial_value) and not is_tensor(initial_value) else initial_value
        value = convert_to_tensor(value, dtype) if dtype is None or not is_tensor(value) else value
        made = variable.Variable(
            value,
            dtype=dtype,
            trainable=trainable is not False,
            autocast=False,
            name=name or "Variable",
            constraint=constraint,
        )
        if shape is not None:
            wanted = TensorShape(shape if is_unknown(shape) else as_shape(shape))
            if validate_shape and not wanted.is_compatible_with(made.shape):
                raise InvalidArgumentError(
                    f"Variable: expected an initial value of shape {wanted}; received {made.shape}."
                )
            made._shape = wanted
        return made
