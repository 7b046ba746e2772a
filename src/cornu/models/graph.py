"""The graph of a functional model: which nodes lie between inputs and outputs, in which order they run."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax

from cornu._base.errors import InvalidArgumentError
from cornu.core.symbolic import KerasTensor, Node, node_of, symbolic_leaves
from cornu.layers.base import Layer
from cornu.layers.core.input_layer import InputLayer


class Graph:
    """Nodes between `inputs` and `outputs` (nests of symbolic tensors).

    `operations` are ordered as Keras orders layers: by distance from the outputs, farthest first.
    Raises: InvalidArgumentError if an output depends on an input that is not listed.
    """

    def __init__(self, inputs: Any, outputs: Any):
        self.inputs, self.outputs = inputs, outputs
        self.flat_inputs, self.flat_outputs = _symbolic(inputs, "inputs"), _symbolic(outputs, "outputs")
        if len({id(tensor) for tensor in self.flat_inputs}) != len(self.flat_inputs):
            raise InvalidArgumentError(f"Expected each input once; received {[t.name for t in self.flat_inputs]}.")
        order = self._visit()
        depth, operation_depth, index = self._depths(order)
        self.nodes: list[Node] = sorted(order, key=lambda node: -depth[id(node)])
        operations = {id(node.operation): node.operation for node in order}
        self.operations: list[Any] = sorted(
            operations.values(), key=lambda operation: (-operation_depth[id(operation)], index[id(operation)])
        )
        seen: dict[str, Any] = {}
        for operation in self.operations:
            if operation.name in seen:
                raise InvalidArgumentError(
                    f"Expected layers with different names in one model; {operation.name!r} is used twice. "
                    "Give one of them another name=."
                )
            seen[operation.name] = operation

    def __getstate__(self) -> dict:
        """The graph as a flat table, so that deep models are copied and pickled without deep recursion."""
        place: dict[int, _Place] = {}
        calls, specs = [], []

        def fill(x: Any) -> Any:
            return place.get(id(x), x)

        for node in self.nodes:
            produced = symbolic_leaves(node.outputs)
            arguments = ((), {})
            if id(node) not in self._entries:
                arguments = jax.tree.map(fill, (node.args, node.kwargs), is_leaf=_is_symbol)
            for tensor in produced:
                place[id(tensor)] = _Place(len(specs))
                specs.append((tuple(tensor.shape), tensor.dtype.name, tensor.name))
            outputs = jax.tree.map(fill, node.outputs, is_leaf=_is_symbol)
            calls.append((self.operations.index(node.operation), *arguments, outputs, id(node) in self._entries))
        ends = jax.tree.map(fill, (self.inputs, self.outputs), is_leaf=_is_symbol)
        return {"operations": self.operations, "calls": calls, "specs": specs, "ends": ends}

    def __setstate__(self, state: dict) -> None:
        tensors = [KerasTensor(shape, dtype, name=name) for shape, dtype, name in state["specs"]]

        def restore(nest: Any) -> Any:
            return jax.tree.map(
                lambda x: tensors[x.number] if isinstance(x, _Place) else x,
                nest,
                is_leaf=lambda x: isinstance(x, _Place),
            )

        self.operations, self.nodes, self._entries = state["operations"], [], {}
        for index, args, kwargs, outputs, is_entry in state["calls"]:
            operation = self.operations[index]
            if isinstance(operation, InputLayer):
                node = operation._inbound_nodes[0]
                tensors[outputs.number] = node.outputs
            else:
                node = Node(operation, *restore((args, kwargs, outputs)))
            self.nodes.append(node)
            if is_entry:
                self._entries[id(node)] = node
        self.inputs, self.outputs = restore(state["ends"])
        self.flat_inputs, self.flat_outputs = _symbolic(self.inputs, "inputs"), _symbolic(self.outputs, "outputs")

    @property
    def layers(self) -> list[Layer]:
        """The operations that are layers."""
        return [operation for operation in self.operations if isinstance(operation, Layer)]

    def _visit(self) -> list[Node]:
        """All nodes, each after those it needs."""
        stop = {id(tensor) for tensor in self.flat_inputs}
        order: list[Node] = []
        done: set[int] = set()
        self._entries: dict[int, Node] = {}

        def visit(tensor: KerasTensor) -> None:
            node = node_of(tensor)
            if id(node) in done:
                return
            stack = [(node, id(tensor) in stop)]
            while stack:
                current, is_entry = stack[-1]
                if id(current) in done:
                    stack.pop()
                    continue
                if not is_entry and current.is_input:
                    raise InvalidArgumentError(
                        f"The outputs depend on the input {current.operation.name!r}, which is not among the inputs of the "
                        f"model: {[t.name for t in self.flat_inputs]}. Add it to inputs=."
                    )
                waiting = (
                    []
                    if is_entry
                    else [(node_of(t), id(t) in stop) for t in current.inputs if id(node_of(t)) not in done]
                )
                if waiting:
                    stack.extend(reversed(waiting))
                else:
                    done.add(id(current))
                    order.append(current)
                    if is_entry:
                        self._entries[id(current)] = current
                    stack.pop()

        for tensor in self.flat_outputs:
            visit(tensor)
        for tensor in self.flat_inputs:
            visit(tensor)
        return order

    def _depths(self, order: list[Node]) -> tuple[dict, dict, dict]:
        """Longest distance of nodes and operations from the outputs, and the order of first visit."""
        index: dict[int, int] = {}
        for node in order:
            index.setdefault(id(node.operation), len(index))
        depth: dict[int, int] = {}
        operation_depth: dict[int, int] = {}
        for node in reversed(order):
            own = max(depth.get(id(node), 0), operation_depth.get(id(node.operation), 0))
            depth[id(node)] = own
            operation_depth[id(node.operation)] = own
            if id(node) in self._entries:
                continue
            for parent in node.parents:
                depth[id(parent)] = max(depth.get(id(parent), 0), own + 1)
        return depth, operation_depth, index

    def run(self, tensors: list[Any], call: Callable | None = None) -> Any:
        """The outputs for real (or symbolic) tensors in the order of `flat_inputs`.

        `call(operation, *args, **kwargs)` makes the calls, by default plainly.
        """
        values = {id(symbol): tensor for symbol, tensor in zip(self.flat_inputs, tensors, strict=True)}

        def fill(x: Any) -> Any:
            return values[id(x)] if isinstance(x, KerasTensor) else x

        for node in self.nodes:
            produced = symbolic_leaves(node.outputs)
            if id(node) in self._entries or all(id(tensor) in values for tensor in produced):
                continue
            args, kwargs = jax.tree.map(fill, (node.args, node.kwargs), is_leaf=lambda x: isinstance(x, KerasTensor))
            outputs = node.operation(*args, **kwargs) if call is None else call(node.operation, *args, **kwargs)
            flat = jax.tree.leaves(outputs, is_leaf=lambda x: hasattr(x, "dtype"))
            values.update((id(symbol), tensor) for symbol, tensor in zip(produced, flat, strict=True))
        return jax.tree.map(fill, self.outputs, is_leaf=lambda x: isinstance(x, KerasTensor))


def _is_symbol(x: Any) -> bool:
    return isinstance(x, KerasTensor)


class _Place(NamedTuple):
    """A symbolic tensor by its number, in the state of a graph."""

    number: int


def _symbolic(nest: Any, what: str) -> list[KerasTensor]:
    leaves = jax.tree.leaves(nest, is_leaf=lambda x: isinstance(x, KerasTensor))
    for leaf in leaves:
        if not isinstance(leaf, KerasTensor):
            raise InvalidArgumentError(
                f"Expected symbolic tensors (made by Input and layers) as {what} of a model; received {leaf!r:.80}."
            )
    if not leaves:
        raise InvalidArgumentError(f"Expected at least one tensor as {what} of a model; received none.")
    return leaves
