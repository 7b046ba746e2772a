"""The part of a graph that runs on the host, before the compiled steps: whatever reads text, and layers like it."""

import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax

from cornu._base.user_warning import warn
from cornu.core.symbolic import KerasTensor, Node, node_of, symbolic_leaves
from cornu.layers.preprocessing.host_layer import HostLayer
from cornu.models.graph import Graph
from cornu.training.arrays import map_nest
from cornu.training.source import RunSource


class HostOutputs(NamedTuple):
    """What the host part made of a batch; a model takes it in place of its inputs."""

    arrays: list[Any]


class HostPart:
    """A graph cut in two: `before` runs on the host, `after` is numbers only and can be compiled."""

    def __init__(self, graph: Graph):
        hosted = _hosted_nodes(graph)
        entries = set(map(id, graph._entries.values()))
        edge: dict[int, KerasTensor] = {}
        for node in graph.nodes:
            if id(node) not in hosted and id(node) not in entries:
                edge.update((id(t), t) for t in node.inputs if id(node_of(t)) in hosted | entries)
        edge.update((id(t), t) for t in graph.flat_outputs if id(node_of(t)) in hosted | entries)
        cut = list(edge.values())
        self.before, self.after = Graph(graph.inputs, cut), Graph(cut, graph.outputs)
        operations = {id(node.operation): node.operation for node in graph.nodes if id(node) in hosted}.values()
        self.can_be_apart = not any(t.dtype == "string" for t in cut) and not any(
            getattr(operation, "trainable_variables", ()) for operation in operations
        )


_parts: "weakref.WeakKeyDictionary[Graph, HostPart]" = weakref.WeakKeyDictionary()


def host_part(graph: Graph) -> HostPart:
    """The parts of a graph."""
    if graph not in _parts:
        _parts[graph] = HostPart(graph)
    return _parts[graph]


def _hosted_nodes(graph: Graph) -> set[int]:
    """The nodes that read text or are host layers, and all that they need."""
    hosted: set[int] = set()
    for node in reversed(graph.nodes):
        if id(node) in graph._entries:
            continue
        if id(node) in hosted or _needs_host(node):
            hosted.add(id(node))
            hosted.update(map(id, node.parents))
    return hosted - set(graph._entries)


def _needs_host(node: Node) -> bool:
    is_text = any(tensor.dtype == "string" for tensor in (*node.inputs, *symbolic_leaves(node.outputs)))
    return is_text or isinstance(node.operation, HostLayer)


def has_host_layers(model: Any) -> bool:
    """True if a layer of the model runs on the host, so that the model may be given text."""
    return any(isinstance(layer, HostLayer) for layer in model._flatten_layers())


def host_reader(model: Any, x: Any) -> Callable[[Any], Any] | None:
    """A function of inputs of the model that runs its host part; None if it has none, or cannot be cut.

    A model that cannot be cut, such as a subclass that looks words up in its `call`, runs eagerly.
    """
    if not has_host_layers(model):
        return None
    if model._graph is None and hasattr(model, "_stack"):  # a Sequential model that gets its first data
        model._build_on(map_nest(lambda rows: rows[:1], x))
    part = host_part(model._graph) if model._graph is not None else None
    if part is None or not part.can_be_apart:
        if not model.__dict__.get("run_eagerly"):
            warn(f"The model {model.name!r} looks text up inside of its `call`, so it runs eagerly, which is slower.")
            model.run_eagerly = True
        return None

    def read(inputs: Any) -> HostOutputs:
        from cornu.models.functional import as_graph_inputs

        made = part.before.run(as_graph_inputs(part.before, inputs, model.name))
        return HostOutputs([tensor._value for tensor in jax.tree.leaves(made, is_leaf=lambda t: hasattr(t, "_value"))])

    return read


class HostedSource(RunSource):
    """Data whose batches go through the host part of a model as they come."""

    def __init__(self, data: Any, read: Callable[[Any], Any]):
        super().__init__(data)
        self._read, self.on_device = read, False

    def example(self) -> tuple:
        """The first batch."""
        x, y, sample_weight = self.data.peek()
        return self._read(x), y, sample_weight

    def batches(self, *args: Any, **kwargs: Any) -> Iterator:
        """The batches of one epoch."""
        for x, y, sample_weight in super().batches(*args, **kwargs):
            yield self._read(x), y, sample_weight


def read_batch(model: Any, batch: tuple) -> tuple:
    """A batch with what the host part of the model makes of x, if it has one."""
    read = host_reader(model, batch[0])
    return batch if read is None else (read(batch[0]), *batch[1:])


def run_source(model: Any, data: Any) -> RunSource:
    """The data of a run, with the host part of the model applied if it has one."""
    read = host_reader(model, data.peek()[0]) if has_host_layers(model) else None
    if read is not None:
        return HostedSource(data, read)
    source = RunSource(data)
    source.on_device = source.on_device and not model.__dict__.get("run_eagerly")
    return source
