"""Models: layers that can be trained, summarised and saved."""

import json
from typing import Any, NoReturn

import jax

from cornu._base.errors import CornuError, FailedPreconditionError, InvalidArgumentError, NotFoundError, UnsafeFileError
from cornu._base.suggest import did_you_mean
from cornu.core import serialization
from cornu.core.dtype_policy import KERAS
from cornu.core.symbolic import KerasTensor, infer, node_of, symbolic_leaves
from cornu.core.tensor import Tensor
from cornu.layers.base import Layer
from cornu.layers.nested_shapes import is_shape
from cornu.models.generator_methods import GeneratorMethods
from cornu.models.graph import Graph
from cornu.models.host_part import HostOutputs, host_part
from cornu.models.preparing import symbols as symbols_like
from cornu.models.state_tree import read as read_state_tree
from cornu.models.state_tree import write as write_state_tree
from cornu.models.trainer import Trainer


def _is_functional(args: tuple, kwargs: dict) -> bool:
    return len(args) >= 2 or "inputs" in kwargs or "input" in kwargs or (len(args) == 1 and "outputs" in kwargs)


def _graph_ends(kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """What `inputs=` and `outputs=` are, or `input=` and `output=` as Keras 1 had them; taken out of the arguments."""
    ends = [kwargs.pop(name, None) if name in kwargs else kwargs.pop(name[:-1], None) for name in ("inputs", "outputs")]
    return ends[0], ends[1]


@KERAS.add()
class Model(GeneratorMethods, Trainer):
    """A model: `Model(inputs, outputs)` for a functional graph, or a subclass with layers in `__init__` and a `call`.

    Args:
        inputs, outputs: symbolic tensors (lists, dicts) of a functional model.
        name: default the class name in snake case, numbered.

    Source: keras.Model.
    """

    def __new__(cls, *args: Any, **kwargs: Any):
        if cls is Model and _is_functional(args, kwargs):
            from cornu.models.functional import Functional

            cls = Functional
        self = super().__new__(cls, *args, **kwargs)
        object.__setattr__(self, "_graph", None)
        object.__setattr__(self, "_graph_losses", None)
        object.__setattr__(self, "compiled", False)
        return self

    def __init__(self, *args: Any, **kwargs: Any):
        graph = None
        if _is_functional(args, kwargs):
            names = ("inputs", "outputs", "name")
            kwargs.update(zip(names, args, strict=False))
            graph = _graph_ends(kwargs)
        elif args:
            raise InvalidArgumentError(
                f"{type(self).__name__}.__init__ got {len(args)} arguments without names; a functional model takes inputs and "
                "outputs."
            )
        super().__init__(**kwargs)
        if graph is not None:
            self._set_graph(*graph)

    # -- the graph of functional and sequential models

    def _set_graph(self, inputs: Any, outputs: Any) -> None:
        graph = Graph(inputs, outputs)
        object.__setattr__(self, "_graph", graph)
        for layer in graph.layers:
            self._track(layer)
        names = [node_of(tensor).operation.name for tensor in graph.flat_outputs]
        object.__setattr__(self, "output_names", sorted(outputs) if _is_flat_dict(outputs) else names)
        object.__setattr__(self, "input_names", [node_of(tensor).operation.name for tensor in graph.flat_inputs])
        object.__setattr__(self, "autocast", False)  # every layer casts for itself
        self.built = True

    def _forget_graph(self) -> None:
        object.__setattr__(self, "_graph", None)
        object.__setattr__(self, "_graph_losses", None)
        self.__dict__.pop("_programs", None)  # they run the layers of before
        self.built = False

    def _run_graph(self, inputs: Any, mask: Any = None) -> Any:
        from cornu.models.functional import as_graph_inputs

        if isinstance(inputs, HostOutputs):
            return host_part(self._graph).after.run(list(inputs.arrays))
        tensors = as_graph_inputs(self._graph, inputs, self.name)
        if mask is not None:
            masks = jax.tree.leaves(mask, is_leaf=lambda m: m is None or isinstance(m, Tensor))
            for i, given in enumerate(masks):
                if given is not None:
                    tensors[i] = Tensor(tensors[i]._value)
                    tensors[i]._keras_mask = given
        return self._graph.run(tensors) if self._graph_losses is None else self._graph_losses.run(self, tensors)

    def add_loss(self, loss: Any) -> None:
        """Add to what training minimises; of a functional model also symbolic tensors of its graph."""
        for item in loss if isinstance(loss, (list, tuple)) else [loss]:
            if self._graph is not None and isinstance(item, KerasTensor):
                self._add_to_graph(item)
            else:
                super().add_loss(item)

    def add_metric(self, value: Any, name: str | None = None, aggregation: str | None = None) -> None:
        """Follow the mean of `value` under `name`; of a functional model also a symbolic tensor of its graph."""
        if self._graph is not None and isinstance(value, KerasTensor):
            self._add_to_graph(value, name or "metric")
        else:
            super().add_metric(value, name, aggregation)

    def _add_to_graph(self, tensor: KerasTensor, name: str | None = None) -> None:
        from cornu.models.graph_losses import GraphLosses

        losses = self._graph_losses or GraphLosses(self)
        losses.add(self, tensor, name)
        object.__setattr__(self, "_graph_losses", losses)
        self.__dict__.pop("_programs", None)

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """The outputs for the inputs. Subclasses define it."""
        if self._graph is None:
            raise NotFoundError(
                f"The model {type(self).__name__} has no `call(self, inputs)` method; define what it computes there."
            )
        return self._run_graph(inputs, mask)

    @property
    def layers(self) -> list[Layer]:
        """The direct layers, in the order of the graph or of their creation."""
        return list(self._layers) if self._graph is None else self._graph.layers

    @property
    def operations(self) -> list[Any]:
        """Layers and ops of the graph."""
        return self.layers if self._graph is None else self._graph.operations

    @property
    def inputs(self) -> list[KerasTensor] | None:
        """The symbolic inputs; None for a model without a graph."""
        return None if self._graph is None else self._graph.flat_inputs

    @property
    def outputs(self) -> list[KerasTensor] | None:
        """The symbolic outputs; None for a model without a graph."""
        return None if self._graph is None else self._graph.flat_outputs

    @property
    def input(self) -> Any:
        """The symbolic inputs in the structure they were given."""
        return self._require_graph().inputs

    @property
    def output(self) -> Any:
        """The symbolic outputs in the structure they were given."""
        return self._require_graph().outputs

    def _require_graph(self) -> Graph:
        if self._graph is None:
            raise FailedPreconditionError(
                f"The model {self.name!r} has no symbolic inputs and outputs: it is not functional, or not built yet. "
                "Call it on data or give an input shape."
            )
        return self._graph

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer of that name, or at that place.

        Raises: NotFoundError naming the nearest names, or how many layers there are.
        """
        if (name is None) == (index is None):
            raise InvalidArgumentError("Expected either a name or an index of a layer.")
        if index is not None:
            if not -len(self.layers) <= index < len(self.layers):
                raise NotFoundError(
                    f"There is no layer {index}: the model {self.name!r} has {len(self.layers)} layers."
                )
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in self.layers]
        raise NotFoundError(
            f"No layer of {self.name!r} is called {name!r}.{did_you_mean(str(name), known)} There are {known}."
        )

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs; text is not traced, every layer tells what it makes of it."""
        if self._graph is None or not any(t.dtype == "string" for t in symbolic_leaves((args, kwargs))):
            return super().compute_output_spec(*args, **kwargs)
        from cornu.models.functional import as_graph_inputs

        tensors = as_graph_inputs(self._graph, args[0], self.name)
        return self._graph.run(tensors, call=_output_spec)

    # -- building

    def build(self, input_shape: Any = None) -> None:
        """Build the layers of a subclassed model by tracing its `call` on inputs of that shape (batch size first).

        Raises: InvalidArgumentError if `call` cannot be traced.
        """
        if self.built or input_shape is None:
            return
        symbols = jax.tree.map(
            lambda shape: KerasTensor(tuple(shape), self.compute_dtype), input_shape, is_leaf=is_shape
        )
        self._build_on(symbols)
        object.__setattr__(self, "_build_shapes", {"input_shape": input_shape})

    build._by_call = True  # type: ignore[attr-defined]

    def _build_on(self, x: Any) -> None:
        """Build for a batch like `x` (arrays or symbolic tensors)."""
        symbols = x if any(isinstance(leaf, KerasTensor) for leaf in jax.tree.leaves(x)) else symbols_like(x)
        if not self.built:
            with self._scope():
                self._build_for({"inputs": symbols}, symbols)
        if not self.built or any(not layer.built for layer in self._flatten_layers()):
            outputs = self.compute_output_spec(symbols)
            object.__setattr__(self, "_output_spec", outputs)
            if self._build_shapes is None and isinstance(symbols, KerasTensor):
                object.__setattr__(self, "_build_shapes", {"input_shape": tuple(symbols.shape)})
        self.built = True

    def build_from_config(self, config: dict) -> None:
        """Build from what `get_build_config` gave; a model that needs more than a shape is built when it sees data."""
        if self.built or not config:
            return
        try:
            super().build_from_config(config)
        except (CornuError, TypeError, ValueError):
            self.built = False

    # -- presentation

    def summary(
        self, line_length: int | None = None, positions: list | None = None, print_fn: Any = None, expand_nested: bool = False,
        show_trainable: bool = False, layer_range: list | None = None,
    ) -> None:  # fmt: skip
        """Print a table of the layers with output shapes and numbers of parameters."""
        from cornu.models.summary import print_summary

        print_summary(
            self, line_length=line_length, positions=positions, print_fn=print_fn, expand_nested=expand_nested,
            show_trainable=show_trainable, layer_range=layer_range,
        )  # fmt: skip

    def __getstate__(self) -> dict:
        state = super().__getstate__()
        state.pop("_programs", None)  # compiled again when needed
        return state

    # -- configs and files

    def get_config(self) -> dict:
        """The arguments of a subclass's `__init__`; of functional models the graph."""
        if self._graph is not None and type(self).__init__ in (Model.__init__,):
            from cornu.models.functional import graph_config

            return graph_config(self._graph, self.name, self._trainable)
        return super().get_config()

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> Any:
        """A model of that class from a config; a functional config gives a functional model."""
        with serialization.CustomObjectScope(custom_objects or {}):
            if "layers" in config and "input_layers" in config:
                from cornu.models.functional import Functional, model_from_graph_config

                return model_from_graph_config(Functional if cls is Model else cls, config)
            return super().from_config(config)

    def get_state_tree(self, value_format: str = "backend_tensor") -> dict[str, dict]:
        """All variables as nested dicts: trainable, non-trainable, the optimizer's, the metrics'.

        Args:
            value_format: `"backend_tensor"`, or `"numpy_array"`.
        Source: keras.Model.get_state_tree.
        """
        return read_state_tree(self, value_format)

    def set_state_tree(self, state_tree: dict[str, dict]) -> None:
        """Assign the values of a tree as `get_state_tree` gives it; variables it does not name keep theirs.

        Raises: InvalidArgumentError on an unknown path or another shape; nothing is assigned then.
        Source: keras.Model.set_state_tree.
        """
        write_state_tree(self, state_tree)

    def reset_states(self) -> None:
        """Let stateful layers (recurrent ones with `stateful=True`) start afresh. Source: tf.keras.Model.reset_states."""
        for layer in self._flatten_layers(include_self=False):
            for name in ("reset_states", "reset_state"):
                if hasattr(layer, name):
                    getattr(layer, name)()
                    break

    def to_json(self, **options: Any) -> str:
        """The model's architecture as JSON. `options` go to `json.dumps`."""
        return json.dumps(serialization.serialize(self), **options)

    def save(
        self, filepath: Any, overwrite: bool = True, include_optimizer: bool = True, save_format: str | None = None,
        **options: Any,
    ) -> None:  # fmt: skip
        """Write architecture, weights, optimizer and compile state to a `.keras` or `.h5` file. See `saving.save_model`."""
        from cornu import saving

        saving.save_model(
            self, filepath, overwrite, include_optimizer=include_optimizer, save_format=save_format, **options
        )

    def save_weights(
        self, filepath: Any, overwrite: bool = True, save_format: str | None = None, options: Any = None, **others: Any
    ) -> None:
        """Write the weights to a `.weights.h5` file, or to a TensorFlow checkpoint (`.ckpt`, `save_format="tf"`).

        `options` told TensorFlow about remote devices and has no effect.
        """
        from cornu import saving

        saving.save_weights(self, filepath, overwrite=overwrite, save_format=save_format, **others)

    def load_weights(
        self, filepath: Any, skip_mismatch: bool = False, by_name: bool = False, options: Any = None
    ) -> Any:
        """Read weights from a file of any generation; `by_name` only those of layers of the same name.

        `options` told TensorFlow about remote devices and has no effect.
        """
        from cornu import saving

        return saving.load_weights(self, filepath, skip_mismatch=skip_mismatch, by_name=by_name)


def _output_spec(operation: Any, *args: Any, **kwargs: Any) -> Any:
    """What a layer or op makes of symbolic tensors, without a node of the graph."""
    if isinstance(operation, Layer):
        return operation.compute_output_spec(*args, **kwargs)
    return infer(lambda *a, **k: operation(*a, **k), args, kwargs, operation.name)


def _is_flat_dict(nest: Any) -> bool:
    return isinstance(nest, dict) and all(isinstance(item, KerasTensor) for item in nest.values())


def model_from_yaml(yaml_string: str, custom_objects: dict | None = None) -> NoReturn:
    """Nothing: YAML can name code, so no model is read from it. Raises: UnsafeFileError always."""
    raise UnsafeFileError(
        "A model in YAML is not read: YAML can name code to run. Where it was made, save the model with to_json() or save()."
    )


def model_from_json(json_string: str, custom_objects: dict | None = None) -> Any:
    """A model from `to_json`. Raises: InvalidArgumentError if the text is not JSON."""
    try:
        config = json.loads(json_string)
    except json.JSONDecodeError as error:
        raise InvalidArgumentError(f"Expected the JSON text of a model; it cannot be read: {error}.") from None
    if isinstance(config, dict) and "keras_version" in config:  # of an older generation
        from cornu import saving

        config = saving.upgraded(config, config["keras_version"])
    return serialization.deserialize(config, custom_objects=custom_objects)
