"""A scope in which variables have given values, and what is assigned stays in the scope."""

from collections.abc import Iterable
from typing import Any, Self

from cornu._base.errors import InvalidArgumentError
from cornu.core.scopes import FunctionalScope
from cornu.core.tensor import Tensor, raw
from cornu.core.variable import Variable


class StatelessScope:
    """Inside, variables have the values of `state_mapping`; assignments are kept by the scope, not by the variables.

    Args:
        state_mapping: pairs (variable, value).
        collect_losses: keep what layers called inside give to `add_loss`, in `losses`.
        initialize_variables: True: a variable made inside has its first value at once.
    Raises: InvalidArgumentError for what is no variable, a value of another shape, or `initialize_variables=False`.
    Example:
        >>> v = cornu.Variable(1.0)
        >>> with StatelessScope([(v, 5.0)]) as scope:
        ...     v.assign_add(1.0)
        >>> float(scope.get_current_value(v)), float(v)
        (6.0, 1.0)
    Source: keras.StatelessScope.
    """

    def __init__(
        self,
        state_mapping: Iterable[tuple[Variable, Any]] | None = None,
        collect_losses: bool = False,
        initialize_variables: bool = True,
    ):
        if not initialize_variables:
            raise InvalidArgumentError(
                "Expected initialize_variables=True: a variable has its first value from the moment it is made; received False."
            )
        pairs = []
        for variable, value in state_mapping or ():
            if not isinstance(variable, Variable):
                raise InvalidArgumentError(
                    f"Expected state_mapping as pairs (variable, value); received {variable!r} in the place of a variable."
                )
            pairs.append((variable, raw(variable._checked(value))))
        self.collect_losses = collect_losses
        self._scope = FunctionalScope(pairs)
        self._scope.losses = [] if collect_losses else None

    @property
    def losses(self) -> list[Any]:
        """What layers gave to `add_loss` inside."""
        return list(self._scope.losses or ())

    def get_current_value(self, variable: Variable) -> Tensor | None:
        """The value that the variable was given or assigned in the scope; None if neither."""
        known = id(variable) in self._scope.given or id(variable) in self._scope.written
        return Tensor(self._scope.value_of(variable)) if known else None

    def __enter__(self) -> Self:
        self._scope.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._scope.__exit__(*error)
