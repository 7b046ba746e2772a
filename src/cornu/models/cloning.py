"""Copies of models with fresh weights."""

from collections.abc import Callable
from typing import Any

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.symbolic import KerasTensor, OpCall
from cornu.layers.base import Layer
from cornu.layers.core.input_layer import Input, InputLayer
from cornu.models.functional import Functional
from cornu.models.graph import Graph
from cornu.models.model import Model
from cornu.models.sequential import Sequential


def clone_model(
    model: Any, input_tensors: Any = None, clone_function: Callable | None = None, call_function: Callable | None = None,
    recursive: bool = False,
) -> Any:  # fmt: skip
    """A model of the same architecture with new layers and newly initialised weights.

    Args:
        input_tensors: symbolic tensors to build the copy on.
        clone_function: makes the copy of a layer, default from its config.
        call_function: makes the calls of the copy, `(layer, *args, **kwargs)`; functional models only.
        recursive: apply `clone_function` to the layers of nested models as well.
    Raises: InvalidArgumentError if `input_tensors` do not match, or a subclassed model gets options it cannot use.
    Source: keras.models.clone_model.
    """
    if not isinstance(model, Model):
        raise InvalidTypeError(f"Expected a model to clone; received {model!r:.80} of type {type(model).__name__}.")

    def copy(layer: Layer) -> Layer:
        if recursive and isinstance(layer, Model):
            return clone_model(layer, clone_function=clone_function, recursive=True)
        if clone_function is not None and not isinstance(layer, InputLayer):
            return clone_function(layer)
        if isinstance(layer, Model):
            return clone_model(layer)
        return type(layer).from_config(layer.get_config())  # built where it is called in the copy

    if isinstance(model, Sequential):
        if call_function is not None:
            raise InvalidArgumentError(
                "call_function works with functional models; a Sequential model calls its layers in order."
            )
        return _clone_sequential(model, input_tensors, copy)
    if model._graph is None:
        if input_tensors is not None or clone_function is not None or call_function is not None:
            raise InvalidArgumentError(
                f"The model {model.name!r} is a subclass without a graph: it can be cloned from its config only, without options."
            )
        return type(model).from_config(model.get_config())
    return _clone_graph(model, input_tensors, copy, call_function)


def _clone_sequential(model: Sequential, input_tensors: Any, copy: Callable) -> Sequential:
    clone = Sequential(name=model.name, trainable=model.trainable)
    if input_tensors is not None:
        tensor = input_tensors[0] if isinstance(input_tensors, (list, tuple)) else input_tensors
        clone.add(Input(batch_shape=tuple(tensor.shape), dtype=tensor.dtype, name=tensor.name))
    elif model._entry is not None:
        entry = model._stack[0]
        clone.add(Input(batch_shape=entry.batch_shape, dtype=entry.dtype, name=entry.name))  # type: ignore[attr-defined]
    for layer in model.layers:
        clone.add(copy(layer))
    return clone


def _clone_graph(model: Any, input_tensors: Any, copy: Callable, call_function: Callable | None) -> Any:
    graph: Graph = model._graph
    if input_tensors is None:
        inputs = [Input(batch_shape=tuple(t.shape), dtype=t.dtype, name=name)
                  for t, name in zip(graph.flat_inputs, model.input_names, strict=True)]  # fmt: skip
    else:
        inputs = list(input_tensors.values()) if isinstance(input_tensors, dict) else input_tensors
        inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        if len(inputs) != len(graph.flat_inputs):
            raise InvalidArgumentError(f"Expected {len(graph.flat_inputs)} input tensors; received {len(inputs)}.")
        for tensor in inputs:
            if not isinstance(tensor, KerasTensor):
                raise InvalidTypeError(
                    f"Expected symbolic input tensors, made by Input; received {type(tensor).__name__}."
                )
    copies: dict[int, Any] = {}
    for operation in graph.operations:
        if isinstance(operation, OpCall):
            copies[id(operation)] = OpCall(operation.op, operation.config, name=operation.name)
        elif not isinstance(operation, InputLayer):
            copies[id(operation)] = copy(operation)

    def call(operation: Any, *args: Any, **kwargs: Any) -> Any:
        if call_function is not None and isinstance(operation, Layer):
            return call_function(operation, *args, **kwargs)
        return operation(*args, **kwargs)

    outputs = graph.run(inputs, lambda operation, *args, **kwargs: call(copies[id(operation)], *args, **kwargs))
    structure = graph.inputs
    if isinstance(structure, KerasTensor):
        structured: Any = inputs[0]
    elif isinstance(structure, dict):
        structured = dict(zip(sorted(structure), inputs, strict=True))
    else:
        structured = inputs
    cls = type(model) if type(model).__init__ is Functional.__init__ else Functional
    return cls(structured, outputs, name=model.name)
