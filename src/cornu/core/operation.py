"""Operations of a graph that users write. Layers count as operations too."""

import inspect
from abc import ABCMeta
from typing import Any, Self

from cornu._base import names
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.symbolic import Node, infer, is_symbolic

_PLAIN = (type(None), bool, int, float, str)


class Operation(metaclass=ABCMeta):  # noqa: B024  # abstract only so that layers can be registered as operations
    """Base of operations: subclass it and write `call`. Calling it on symbolic tensors adds it to their graph.

    Args: name: default the class name in snake case, numbered.
    Raises: InvalidArgumentError if the name is no text or has a `/` in it.
    Example:
        >>> class Power(Operation):
        ...     def __init__(self, exponent, name=None):
        ...         super().__init__(name)
        ...         self.exponent = exponent
        ...
        ...     def call(self, x):
        ...         return x**self.exponent
        >>> float(Power(3)(cornu.convert_to_tensor(2.0)))
        8.0
    Source: keras.Operation.
    """

    built = True

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        self = super().__new__(cls)
        self._init_arguments, self._inbound_nodes = (args, kwargs), []
        return self

    def __init__(self, name: str | None = None):
        if name is not None and (not isinstance(name, str) or "/" in name):
            raise InvalidArgumentError(f"Expected the name of an operation as text without '/'; received {name!r}.")
        self.name = name or names.auto_name(type(self).__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not is_symbolic((args, kwargs)):
            return self.call(*args, **kwargs)
        outputs = self.symbolic_call(*args, **kwargs)
        Node(self, args, kwargs, outputs)
        return outputs

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """The formula. Raises: InvalidTypeError unless the class has one of its own."""
        raise InvalidTypeError(f"Expected a method `call` in {type(self).__name__}; it has none. Write one.")

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """The symbolic outputs, without a graph node."""
        return self.compute_output_spec(*args, **kwargs)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, found by tracing `call`."""
        return infer(self.call, args, kwargs, self.name)

    @property
    def input(self) -> Any:
        """The symbolic inputs of the only call. Raises: InvalidArgumentError if it was called never or twice."""
        inputs = self._only_node().inputs
        return inputs[0] if len(inputs) == 1 else inputs

    @property
    def output(self) -> Any:
        """The symbolic outputs of the only call."""
        return self._only_node().outputs

    def _only_node(self) -> Node:
        if len(self._inbound_nodes) != 1:
            raise InvalidArgumentError(
                f"Expected {self.name!r} to have been called once on symbolic tensors; it was {len(self._inbound_nodes)} times. "
                "Keep the tensors yourself."
            )
        return self._inbound_nodes[0]

    def get_config(self) -> dict[str, Any]:
        """The arguments of `__init__`. Raises: InvalidTypeError if one is not plain data: then write `get_config`."""
        args, kwargs = self._init_arguments
        signature = inspect.signature(type(self).__init__)
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        config = dict(list(bound.arguments.items())[1:])
        if "name" in config:
            config["name"] = self.name
        for name, value in config.items():
            if not _is_plain(value):
                raise InvalidTypeError(
                    f"Expected the arguments of {type(self).__name__} as numbers, text, lists or dicts; received {name} of type "
                    f"{type(value).__name__}. Write get_config and from_config."
                )
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """The operation of a config."""
        return cls(**config)

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_inbound_nodes": []}  # the calls belong to graphs

    def __repr__(self) -> str:
        return f"<Operation name={self.name}>"


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return isinstance(value, _PLAIN)
