"""Functional models: a graph of layer calls between symbolic inputs and outputs."""

from typing import Any

import jax

from cornu._base import names
from cornu._base.catalog import CATALOGS
from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu._base.suggest import did_you_mean
from cornu.core import config as settings
from cornu.core import dtypes, keras_ops, serialization
from cornu.core.dispatch import OPS
from cornu.core.dtype_policy import KERAS
from cornu.core.registry import find_custom
from cornu.core.shapes import text
from cornu.core.symbolic import KerasTensor, Node, OpCall, node_of, symbolic_leaves
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.layers.base import Layer
from cornu.layers.core.input_layer import InputLayer
from cornu.models.graph import Graph
from cornu.models.model import Model


def _auto_name() -> str:
    """`functional`, numbered; `model` in the style `"tf2"`."""
    return names.auto_name("Model" if settings.style() == "tf2" else "Functional")


@KERAS.add()
class Functional(Model):
    """A model made of a graph: `Model(inputs, outputs)`.

    Args:
        inputs, outputs: symbolic tensors, or lists and dicts of them.
        name: default `functional`, numbered.

    Raises: InvalidArgumentError if an output depends on an input that is not listed. Source: keras.Model.
    """

    _is_graph = True

    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None, **common: Any):
        inputs, outputs = common.pop("input", inputs), common.pop("output", outputs)  # as Keras 1 calls them
        trainable = common.pop("trainable", None)
        super().__init__(name=name or (_auto_name() if type(self) is Functional else None), **common)
        self._set_graph(inputs, outputs)
        if trainable is not None:
            self.trainable = trainable

    def get_config(self) -> dict:
        """The layers, how they are connected, and which are inputs and outputs."""
        if type(self) is not Functional and type(self).__init__ is not Functional.__init__:
            return super().get_config()
        return graph_config(self._graph, self.name, self._trainable)

    def get_build_config(self) -> dict:
        """No shapes: a graph is built when it is made. Keras writes the same."""
        return {"input_shape": None}

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "Model":
        """The model of a config."""
        if "layers" not in config or "input_layers" not in config:
            return super().from_config(config)
        with serialization.CustomObjectScope(custom_objects or {}):
            return model_from_graph_config(cls, config)


def graph_config(graph: Graph, name: str, trainable: bool) -> dict:
    """The config of a functional model in Keras 3's format."""
    kept: dict[int, int] = {}  # id of a node -> its index among the nodes of its operation that belong to the model
    members = {id(node) for node in graph.nodes}
    layers = []
    for operation in graph.operations:
        nodes = [node for node in operation._inbound_nodes if id(node) in members]
        kept.update((id(node), index) for index, node in enumerate(nodes))
    place = _Places(kept)
    for operation in graph.operations:
        entry = _op_entry(operation) if isinstance(operation, OpCall) else serialization.serialize(operation)
        entry["name"] = operation.name
        entry["inbound_nodes"] = [
            place.node(node) for node in operation._inbound_nodes if id(node) in members and not node.is_input
        ]
        layers.append(entry)
    return {
        "name": name,
        "trainable": trainable,
        "layers": layers,
        "input_layers": place.nest(graph.inputs),
        "output_layers": place.nest(graph.outputs),
    }


def _op_entry(operation: OpCall) -> dict:
    name = operation.class_name
    _, _, config = _op_arguments(operation, operation._inbound_nodes[0])
    return {
        "module": keras_ops.keras_module(operation.op.name),
        "class_name": name,
        "config": {key: serialization.serialize(value) for key, value in config.items()},
        "registered_name": name,
    }


def _op_arguments(operation: OpCall, node: Node) -> tuple[tuple, dict, dict]:
    """The node's args and kwargs, and the op's config, as Keras' files have them."""
    op, config = operation.op, operation.get_config()
    for name in keras_ops.UNKNOWN.get(op.name, ()):
        config.pop(name)
    for name in keras_ops.FILLED_IN.get(op.name, ()):
        if config[name] is None:
            config[name] = settings.image_data_format() if name == "data_format" else settings.floatx()
    args, kwargs = op.by_position(node.args, node.kwargs)
    if op.name not in keras_ops.ARGUMENTS:
        return args, kwargs, config
    lead, named = keras_ops.ARGUMENTS[op.name]
    given = {p.name: p.default for p in op.signature.parameters.values() if p.default is not p.empty}
    given |= config | op.by_name(args) | kwargs
    args = tuple(given.pop(name) for name in lead)
    kwargs = {name: given.pop(name) for name in [*given] if name in named or symbolic_leaves(given[name])}
    return args, kwargs, {"name": given.pop("name"), **given}


class _Places:
    """Writes symbolic tensors as (layer, node, tensor) places."""

    def __init__(self, kept: dict[int, int]):
        self.kept = kept

    def of(self, tensor: KerasTensor) -> list:
        node = node_of(tensor)
        position = [id(output) for output in symbolic_leaves(node.outputs)].index(id(tensor))
        return [node.operation.name, self.kept[id(node)], position]

    def nest(self, nest: Any) -> Any:
        if isinstance(nest, KerasTensor):
            return self.of(nest)
        if isinstance(nest, dict):
            return {name: self.nest(item) for name, item in nest.items()}
        return [self.nest(item) for item in nest]

    def argument(self, value: Any) -> Any:
        if isinstance(value, KerasTensor):
            config = {"shape": list(value.shape), "dtype": value.dtype.name, "keras_history": self.of(value)}
            return {"class_name": "__keras_tensor__", "config": config}
        if isinstance(value, (list, tuple)):
            return [self.argument(item) for item in value]
        if isinstance(value, dict):
            return {name: self.argument(item) for name, item in value.items()}
        return serialization.serialize(value)

    def node(self, node: Node) -> dict:
        args, kwargs = node.args, node.kwargs
        if isinstance(node.operation, OpCall):
            args, kwargs, _ = _op_arguments(node.operation, node)
        return {
            "args": [self.argument(value) for value in args],
            "kwargs": {name: self.argument(value) for name, value in kwargs.items()},
        }


def model_from_graph_config(cls: type, config: dict) -> Any:
    """Make the layers of the config, then call them along its nodes."""
    operations: dict[str, Any] = {}
    waiting: list[tuple[Any, int, dict]] = []
    for entry in config["layers"]:
        operation = _operation_from(entry)
        operations[entry["name"]] = operation
        nodes = entry.get("inbound_nodes") or []
        waiting += [(operation, index, node) for index, node in enumerate(nodes)]
    made: dict[tuple[str, int], Node] = {}
    for name, operation in operations.items():
        if isinstance(operation, InputLayer):
            made[name, 0] = operation._inbound_nodes[0]
    by_id = {id(operation): name for name, operation in operations.items()}

    def tensor(place: Any) -> KerasTensor | None:
        name, index, position = place[0], int(place[1]), int(place[2])
        if name not in operations:
            raise NotFoundError(
                f"The model's config connects to a layer {name!r} that it does not hold.{did_you_mean(name, operations)}"
            )
        node = made.get((name, index))
        if node is None:
            return None
        return jax.tree.leaves(node.outputs, is_leaf=lambda x: isinstance(x, KerasTensor))[position]

    while waiting:
        later = []
        for operation, index, node in waiting:
            try:
                args, kwargs = (
                    _arguments(node.get(part) or default, tensor) for part, default in (("args", []), ("kwargs", {}))
                )
            except _NotYet:
                later.append((operation, index, node))
                continue
            if (
                isinstance(operation, OpCall) and operation.op.name == "get_item"
            ):  # JSON made a list of x[0, 1:2]'s tuple
                args = [args[0], tuple(args[1]) if isinstance(args[1], list) else args[1]]
            if isinstance(operation, OpCall):
                names, _ = keras_ops.ARGUMENTS.get(operation.op.name, (None, ()))
                named = dict(zip(names, args, strict=False)) if names else operation.op.by_name(args)
                args, kwargs = [], named | kwargs
            count = len(operation._inbound_nodes)
            operation(*args, **kwargs)
            made[by_id[id(operation)], index] = operation._inbound_nodes[count]
        if len(later) == len(waiting):
            raise InvalidArgumentError(
                f"The model's config connects layers in a circle or to missing ones: {[by_id[id(o)] for o, _, _ in later]}."
            )
        waiting = later

    def nest(places: Any) -> Any:
        if isinstance(places, dict):
            return {name: nest(item) for name, item in places.items()}
        if len(places) == 3 and isinstance(places[0], str) and not isinstance(places[1], (list, str)):
            return tensor(places)
        return [nest(item) for item in places]

    inputs, outputs = nest(config["input_layers"]), nest(config["output_layers"])
    options = {key: config[key] for key in ("name", "trainable") if key in config}
    return cls(inputs=inputs, outputs=outputs, **options)


class _NotYet(Exception):
    """An argument's layer was not called so far."""


def _arguments(value: Any, tensor: Any) -> Any:
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        found = tensor(value["config"]["keras_history"])
        if found is None:
            raise _NotYet
        return found
    if isinstance(value, dict) and "class_name" in value and "config" in value:
        return serialization.deserialize(value)
    if isinstance(value, dict):
        return {name: _arguments(item, tensor) for name, item in value.items()}
    if isinstance(value, list):
        return [_arguments(item, tensor) for item in value]
    return value


def _operation_from(entry: dict) -> Any:
    """A layer, or an op of the graph, from its entry."""
    module = entry.get("module") or ""
    if module.startswith(("keras.src.ops", "keras.ops")) or (
        module == ""
        and entry["class_name"] not in CATALOGS["keras.layers"]
        and find_custom(entry.get("registered_name"), entry["class_name"]) is None
    ):
        name = keras_ops.op_name(entry["class_name"])
        if name == "copy" and entry["config"].get("dtype"):  # convert_to_tensor with a dtype
            name = "cast"
        op = OPS.get(name) or OPS.get(_op_spelling(entry["class_name"]))
        if op is not None:
            config = {name: _static(value) for name, value in entry["config"].items() if name in op.names}
            return OpCall(op, config, name=entry["config"].get("name", entry["name"]))
        raise NotFoundError(f"Unknown op in the model's config: {entry['class_name']!r}.{did_you_mean(name, OPS)}")
    return serialization.deserialize(entry)


def _op_spelling(class_name: str) -> str:
    """The op whose class spelling this is, whatever its digits and capitals."""
    wanted = class_name.lower()
    return next((name for name in OPS if name.replace("_", "") == wanted), class_name)


def _static(value: Any) -> Any:
    if isinstance(value, dict) and "class_name" in value:
        return serialization.deserialize(value)
    return tuple(map(_static, value)) if isinstance(value, list) else value


def as_graph_inputs(graph: Graph, inputs: Any, model_name: str) -> list[Tensor]:
    """The user's inputs in the order of the graph's, with dtype and rank of its inputs.

    Raises: InvalidArgumentError naming the model, the input and both shapes.
    """
    symbols = graph.flat_inputs
    labels = [symbol.name if symbol._keras_history is None else node_of(symbol).operation.name for symbol in symbols]
    if isinstance(inputs, dict):
        keys = sorted(graph.inputs) if isinstance(graph.inputs, dict) else labels
        if missing := [key for key in keys if key not in inputs]:
            raise InvalidArgumentError(
                f"The model {model_name!r} misses the input {missing[0]!r}; it received {sorted(inputs)}."
                f"{did_you_mean(missing[0], inputs)}"
            )
        flat = [inputs[key] for key in keys]
    else:
        flat = jax.tree.leaves(
            inputs, is_leaf=lambda x: x is None or isinstance(x, (Tensor, KerasTensor)) or hasattr(x, "shape")
        )
        if isinstance(graph.inputs, dict) and len(flat) == len(symbols):
            order = {
                id(tensor): i for i, tensor in enumerate(graph.inputs.values())
            }  # a list follows the dict's own order
            flat = [flat[order[id(symbol)]] for symbol in symbols]
    if len(flat) != len(symbols):
        raise InvalidArgumentError(
            f"The model {model_name!r} expects {len(symbols)} inputs ({', '.join(labels)}); received {len(flat)}."
        )
    return [_fit(value, symbol, label, model_name) for value, symbol, label in zip(flat, symbols, labels, strict=True)]


def _fit(value: Any, symbol: KerasTensor, label: str, model_name: str) -> Any:
    if value is None:
        return None
    tensor = value if isinstance(value, KerasTensor) else convert_to_tensor(value)
    mask = tensor._keras_mask
    expected = symbol.shape
    if tensor.dtype == "string" and isinstance(tensor, Tensor):
        tensor = _text_of_rank(tensor, len(expected))
    elif tensor.ndim == len(expected) + 1 and tensor.shape[-1] == 1:
        from cornu.ops.shaping import squeeze

        tensor = squeeze(tensor, axis=-1)
    elif tensor.ndim == len(expected) - 1 and expected[-1] == 1:
        from cornu.ops.shaping import expand_dims

        tensor = expand_dims(tensor, axis=-1)
    shape = tensor.shape
    fits = len(shape) == len(expected) and all(
        e is None or s is None or e == s for e, s in zip(expected, shape, strict=True)
    )
    if not fits:
        raise InvalidArgumentError(
            f"The input {label!r} of the model {model_name!r} expects shape {text(expected)}; received shape {text(shape)}."
        )
    if tensor.dtype != symbol.dtype and dtypes.as_dtype(symbol.dtype).is_floating:
        from cornu.ops.casting import cast

        tensor = cast(tensor, symbol.dtype)
    if mask is not None:
        tensor._keras_mask = mask
    return tensor


def _text_of_rank(tensor: Tensor, rank: int) -> Tensor:
    """Text, which ops do not take, with a last axis of one entry more or less."""
    shape = tuple(tensor.shape)
    if len(shape) == rank - 1:
        return Tensor(tensor._value.reshape(*shape, 1))
    return Tensor(tensor._value[..., 0]) if len(shape) == rank + 1 and shape[-1] == 1 else tensor


def first_layer_input(layer: Layer, name: str | None = None) -> KerasTensor | None:
    """The symbolic input a model would need to start with this layer, if the layer tells its shape."""
    arguments = layer._input_layer_arguments
    if arguments is not None:
        return InputLayer(**{"name": name} | arguments)._inbound_nodes[0].outputs
    graph = getattr(layer, "_graph", None)
    if graph is not None and len(graph.flat_inputs) == 1:
        symbol = graph.flat_inputs[0]
        return InputLayer(batch_shape=tuple(symbol.shape), dtype=symbol.dtype, name=name)._inbound_nodes[0].outputs
    return None
