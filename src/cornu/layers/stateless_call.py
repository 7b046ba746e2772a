"""The call of a layer as a pure function of the values of its variables."""

from typing import Any

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core.scopes import FunctionalScope
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable


def stateless_call(
    layer: Any, trainable_values: list, other_values: list, args: tuple, kwargs: dict[str, Any], return_losses: bool
) -> tuple:
    """(outputs, new non-trainable values), and the losses in third place if asked for.

    Raises: InvalidArgumentError if the number of values differs from that of the variables.
    """
    if not layer.built:
        raise FailedPreconditionError(
            f"Build {layer.name!r} before stateless_call: call it on data or build(input_shape)."
        )
    trainable, others = layer.trainable_variables, layer.non_trainable_variables
    for kind, own, given in (("trainable", trainable, trainable_values), ("non-trainable", others, other_values)):
        if len(own) != len(given):
            raise InvalidArgumentError(f"Expected {len(own)} {kind} values for {layer.name!r}; received {len(given)}.")
    values = [v._read() if isinstance(v, Variable) else convert_to_tensor(v)._value
              for v in (*trainable_values, *other_values)]  # fmt: skip
    with FunctionalScope(zip(trainable + others, values, strict=True)) as scope:
        outputs = layer(*args, **kwargs)
        losses = layer.losses if return_losses else None
    after = [Tensor(scope.value_of(variable)) for variable in others]
    return (outputs, after, losses) if return_losses else (outputs, after)
