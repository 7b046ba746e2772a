"""Sequential models: a plain stack of layers."""

from typing import Any

import jax

from cornu._base.errors import CornuError, InvalidArgumentError, InvalidTypeError
from cornu.core import config, serialization
from cornu.core.dtype_policy import KERAS
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor
from cornu.layers.base import Layer
from cornu.layers.core.input_layer import InputLayer
from cornu.layers.nested_shapes import normal_shape
from cornu.models.functional import first_layer_input
from cornu.models.model import Model


def _input_name(first: Layer) -> str | None:
    """Of the entry: automatic; in the style `"tf2"` that of the first layer with `_input` behind it."""
    return f"{first.name}_input" if config.style() == "tf2" else None


@KERAS.add()
class Sequential(Model):
    """A stack of layers, each fed with the output of the one before.

    With an input shape (an Input first, or `input_shape=` on the first layer) it is built at once, otherwise when it first
    sees data. Raises: InvalidTypeError if something that is no layer is added. Source: keras.Sequential.
    """

    _is_graph = True

    def __init__(self, layers: Any = None, trainable: bool = True, name: str | None = None, **common: Any):
        super().__init__(name=name, **common)
        self._stack: list[Layer] = []
        self._tail: KerasTensor | None = None
        self._entry: KerasTensor | None = None
        self.supports_masking = True
        if isinstance(layers, (Layer, KerasTensor)):
            layers = [layers]
        for layer in layers or []:
            self.add(layer)
        if not trainable:
            self.trainable = False

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the entry."""
        return [layer for layer in self._stack if not isinstance(layer, InputLayer)]

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Put a layer on top.

        Raises: InvalidTypeError if it is none; InvalidArgumentError if an Input does not come first or a name repeats.
        """
        if isinstance(layer, KerasTensor):
            history = layer._keras_history
            if history is None or not isinstance(history.operation, InputLayer):
                raise InvalidTypeError(
                    "Expected a layer to add; received the symbolic output of one. Add the layer itself."
                )
            layer = history.operation
        if not isinstance(layer, Layer):
            if callable(layer) and hasattr(layer, "__name__") and not isinstance(layer, type):
                hint = " Wrap a function in layers.Lambda, or add an activation by name with layers.Activation."
            else:
                hint = " If it is a class, create it with parentheses." if isinstance(layer, type) else ""
            raise InvalidTypeError(
                f"Expected a layer to add to {self.name!r}; received {layer!r:.80} of type {type(layer).__name__}.{hint}"
            )
        if isinstance(layer, InputLayer) and self._stack:
            raise InvalidArgumentError(
                f"An Input must be the first of {self.name!r}; it has {len(self._stack)} layers already."
            )
        if any(layer.name == other.name for other in self._stack):
            raise InvalidArgumentError(
                f"Expected layers with different names in {self.name!r}; {layer.name!r} is used twice. "
                "Give one of them another name=."
            )
        if not self._stack and not isinstance(layer, InputLayer):
            symbol = first_layer_input(layer, _input_name(layer))
            if symbol is not None:
                self.add(symbol)
        self._stack.append(layer)
        if not isinstance(layer, InputLayer):
            self._track(layer)
        if isinstance(layer, InputLayer):
            self._entry = self._tail = layer._inbound_nodes[0].outputs
        elif self._tail is not None:
            try:
                with self._scope():
                    self._tail = layer(self._tail)
            except CornuError:
                self._stack.pop()
                self._layers[:] = [other for other in self._layers if other is not layer]
                raise
        self._forget_graph()
        if self._tail is not None and self.layers:
            self._set_graph(self._entry, self._tail)

    def pop(self, rebuild: bool = True) -> Layer:
        """Take the last layer off and return it. Raises: InvalidArgumentError if there is none."""
        if not self.layers:
            raise InvalidArgumentError(f"There is no layer to take off {self.name!r}.")
        layer = self._stack.pop()
        self._layers[:] = [other for other in self._layers if other is not layer]
        self._forget_graph()
        if self._entry is not None:
            node = layer._inbound_nodes.pop()
            self._tail = node.args[0]
            if self.layers:
                self._set_graph(self._entry, self._tail)
        return layer

    def build(self, input_shape: Any = None) -> None:
        """Build all layers for inputs of that shape (batch size first, it may be None)."""
        if self._entry is not None or input_shape is None:
            return
        if not self._stack:
            raise InvalidArgumentError(f"{self.name!r} has no layers to build. Add some first.")
        source = InputLayer(batch_shape=tuple(input_shape), name=_input_name(self._stack[0]))._inbound_nodes[0].outputs
        self._start_from(source)

    def _start_from(self, source: KerasTensor) -> None:
        tail = source
        with self._scope():
            for layer in self._stack:
                tail = layer(tail)
        self._stack.insert(0, source._keras_history.operation)  # type: ignore[union-attr]
        self._entry, self._tail = source, tail
        self._set_graph(source, tail)

    def _build_for(self, arguments: dict, first: Any) -> None:
        if self.built or not self._stack or self._entry is not None:
            return
        if isinstance(first, (Tensor, KerasTensor)) and first.ndim:
            shape = (None, *normal_shape(tuple(first.shape))[1:])
            name = _input_name(self._stack[0])
            source = InputLayer(batch_shape=shape, dtype=first.dtype, name=name)._inbound_nodes[0].outputs
            try:
                self._start_from(source)
            except InvalidTypeError:  # a layer that needs values: without a graph, each layer builds when it is called
                if isinstance(first, KerasTensor):
                    raise

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """The layers one after the other."""
        if self._graph is not None:
            return self._run_graph(inputs, mask)
        outputs = inputs
        for layer in self.layers:
            outputs = layer(outputs)
        return outputs

    def __getstate__(self) -> dict:
        return {**super().__getstate__(), "_entry": None, "_tail": None}

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        if self._graph is not None:
            self._entry, self._tail = self._graph.inputs, self._graph.outputs
        elif self._stack and isinstance(self._stack[0], InputLayer):
            self._entry = self._tail = self._stack[0]._inbound_nodes[0].outputs

    @property
    def input_shape(self) -> Any:
        """The shape of the inputs. Raises: InvalidArgumentError before the model is built."""
        return tuple(self.input.shape)

    @property
    def output_shape(self) -> Any:
        """The shape of the outputs. Raises: InvalidArgumentError before the model is built."""
        return jax.tree.map(lambda t: tuple(t.shape), self.output)

    def get_config(self) -> dict:
        """The serialized layers, and the input shape if the model is built."""
        config: dict[str, Any] = {
            "name": self.name,
            "trainable": self._trainable,
            "dtype": serialization.serialize(self.dtype_policy),
            "layers": [serialization.serialize(layer) for layer in self._stack],
        }
        if self._entry is not None:
            config["build_input_shape"] = tuple(self._entry.shape)
        return config

    def get_build_config(self) -> dict | None:
        """The input shape."""
        return None if self._entry is None else {"input_shape": tuple(self._entry.shape)}

    @classmethod
    def from_config(cls, config: Any, custom_objects: dict | None = None) -> "Sequential":
        """The model of a config; also of the bare list of layers that Keras 1 wrote."""
        if isinstance(config, list):
            config = {"layers": config}
        with serialization.CustomObjectScope(custom_objects or {}):
            model = cls(name=config.get("name"), dtype=config.get("dtype"))
            for entry in config["layers"]:
                model.add(serialization.deserialize(entry))
        shape = config.get("build_input_shape")
        if model._entry is None and shape and model._stack:
            model.build(tuple(shape))
        if config.get("trainable") is False:
            model.trainable = False
        return model
