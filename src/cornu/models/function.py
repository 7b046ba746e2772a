"""Function: a graph between symbolic tensors as one operation, without state of its own."""

from typing import Any

import jax

from cornu._base.errors import InvalidArgumentError
from cornu.core.operation import Operation
from cornu.core.symbolic import KerasTensor, Node, infer, symbolic_leaves
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.layers.base import Layer
from cornu.layers.call_values import is_tensor
from cornu.layers.nested_shapes import is_shape
from cornu.models.functional import Functional
from cornu.models.graph import Graph


class Function(Operation):
    """What computes `outputs` of `inputs`, to be called on other tensors of the same nest.

    Args:
        inputs, outputs: Symbolic tensors, or lists and dicts of them.
        name: Default `function`, numbered.

    Raises: InvalidArgumentError if an output depends on another input, or on a call with other nests or shapes.
    Example:
        >>> x = cornu.KerasTensor((None, 2))
        >>> Function(x, cornu.ops.relu(x) + 1)([[-1.0, 2.0]]).numpy().tolist()
        [[1.0, 3.0]]
    Source: keras.Function.
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None):
        super().__init__(name)
        self._entries = [_Entry(tensor) for tensor in symbolic_leaves(inputs) if tensor._keras_history is None]
        self._graph = Graph(inputs, outputs)

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs, flat."""
        return list(self._graph.flat_inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs, flat."""
        return list(self._graph.flat_outputs)

    @property
    def operations(self) -> list[Any]:
        """What the graph calls, in order."""
        return [operation for operation in self._graph.operations if not isinstance(operation, _Entry)]

    def call(self, inputs: Any) -> Any:
        """The outputs for these values."""
        wanted = self._graph.inputs
        if isinstance(wanted, KerasTensor) and not is_tensor(inputs):
            inputs = convert_to_tensor(inputs)
        flat, structure = jax.tree.flatten(inputs, is_leaf=lambda x: isinstance(x, (Tensor, KerasTensor)))
        if structure != jax.tree.structure(wanted):
            raise InvalidArgumentError(
                f"Expected inputs of {self.name!r} as {jax.tree.structure(wanted)}; received {structure}. Give the nest that it "
                "was made with."
            )
        tensors = [x if isinstance(x, KerasTensor) else convert_to_tensor(x) for x in flat]
        for symbol, tensor in zip(self._graph.flat_inputs, tensors, strict=True):
            sizes = tuple(tensor.shape)
            fits = len(sizes) == len(symbol.shape)
            if not fits or any(None not in (a, b) and a != b for a, b in zip(symbol.shape, sizes, strict=True)):
                raise InvalidArgumentError(
                    f"Expected shape {symbol.shape} for the input {symbol.name!r} of {self.name!r}; received {sizes}."
                )
        return self._graph.run(tensors)

    def compute_output_spec(self, inputs: Any) -> Any:
        """Symbolic outputs for symbolic inputs."""
        return infer(self.call, (inputs,), {}, self.name)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shapes of the outputs for shapes of the inputs."""
        shapes = jax.tree.leaves(input_shape, is_leaf=is_shape)
        symbols = [KerasTensor(s, t.dtype) for s, t in zip(shapes, self._graph.flat_inputs, strict=True)]
        spec = self.compute_output_spec(jax.tree.unflatten(jax.tree.structure(self._graph.inputs), symbols))
        return jax.tree.map(lambda tensor: tuple(tensor.shape), spec)


class _Entry(Operation):
    """Where a symbolic tensor that no operation made enters a graph."""

    def __init__(self, tensor: KerasTensor):
        super().__init__()
        Node(self, (), {}, tensor)


Operation.register(Layer)
Function.register(Functional)
