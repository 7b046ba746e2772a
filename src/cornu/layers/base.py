"""The base of all layers.

A layer stores its arguments in `__init__`, makes its variables in `build`, and is a formula in `call`. Everything else -
casting, building, checking, masks, the training flag, graph nodes, configs, tracking - happens once, here.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import jax
import numpy as np

from cornu import activations, initializers, regularizers
from cornu._base import names
from cornu._base.errors import CornuError, FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.core import config, dtype_policy, dtypes, serialization, symbolic
from cornu.core.context import context
from cornu.core.dtype_policy_map import DTypePolicyMap
from cornu.core.random_state import SeedGenerator
from cornu.core.remat import open_scope
from cornu.core.restoring import restore_when_built
from cornu.core.scopes import FunctionalScope, autocast, init_scope
from cornu.core.shapes import text
from cornu.core.symbolic import KerasTensor, Node
from cornu.core.tensor import Tensor, box, convert_to_tensor
from cornu.core.variable import Variable, _name_scopes, opened
from cornu.layers.call_context import current_training, entered
from cornu.layers.call_plan import CallPlan, call_plan
from cornu.layers.call_values import as_input, has_tensor, is_tensor, leaves, shape_texts, tensors_of
from cornu.layers.init_arguments import from_json, parameters_of, recorded_arguments
from cornu.layers.input_spec import check_inputs
from cornu.layers.legacy_names import RENAMED, with_kernel_size
from cornu.layers.nested_shapes import as_shapes, is_shape, normal_shape, shapes_of
from cornu.layers.tracking import TrackedDict, TrackedList, holds

_LEGACY_COMMON = ("input_shape", "batch_input_shape", "input_dim", "batch_size", "input_dtype", "weights", "dynamic")
_UNTRACKED = ("_input_layer_arguments", "_init_arguments")


class Layer:
    """Base class of layers: subclass it, write `build` and `call`.

    Args:
        activity_regularizer: penalty on the outputs.
        trainable: whether the variables are updated by training.
        dtype: dtype or policy (`"float32"`, `"mixed_bfloat16"`).
        autocast: whether float inputs are cast to the compute dtype.
        name: default the class name in snake case, numbered.
        input_shape, input_dim, batch_input_shape: shape of the inputs, for the first layer of a Sequential model.

    Raises: InvalidTypeError on an unknown argument, naming the nearest ones. Source: keras.layers.Layer.
    """

    supports_masking = False
    _remat: Any = None  # the RematScope in which the layer was made
    _is_graph = False  # its layers were called before it: in the style "tf2" its name is not part of theirs

    def __new__(cls, *args: Any, **kwargs: Any):
        self = super().__new__(cls)
        set_plain = functools.partial(object.__setattr__, self)
        for attribute in ("_layers", "_trainable_variables", "_non_trainable_variables", "_metrics", "_seed_generators",
                          "_inbound_nodes", "_call_losses"):  # fmt: skip
            set_plain(attribute, [])
        set_plain("_init_arguments", (args, kwargs))
        set_plain("built", False)
        set_plain("_trainable", True)
        set_plain("_build_shapes", None)
        set_plain("_initialised", False)
        return self

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:
            cls.build = _managed_build(cls.__dict__["build"])  # type: ignore[method-assign]
        if "__init__" in cls.__dict__ and cls.__module__.startswith("cornu."):
            table = {old: new for base in reversed(cls.__mro__) for old, new in RENAMED.get(base.__name__, {}).items()}
            if table:
                cls.__init__ = _renamed(cls.__init__, table)  # type: ignore[method-assign]

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **legacy: Any,
    ):
        if unknown := [argument for argument in legacy if argument not in _LEGACY_COMMON]:
            known = [*parameters_of(type(self)), "name", "dtype", "trainable", "activity_regularizer", *_LEGACY_COMMON]
            raise InvalidTypeError(
                f"{type(self).__name__} got the unknown argument {unknown[0]!r}.{did_you_mean(unknown[0], known)} "
                f"It takes {', '.join(parameters_of(type(self))) or 'no arguments of its own'}, name, dtype and trainable."
            )
        if name is not None and not isinstance(name, str):
            raise InvalidTypeError(f"Expected the name of a layer as a string; received {name!r}.")
        self.name = name or names.auto_name(type(self).__name__)
        self.dtype_policy = dtype
        self.autocast = autocast
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.input_spec: Any = None
        self._trainable = bool(trainable)
        if scope := open_scope():
            self._remat = scope
        self._initialised = True
        self._initial_weights = legacy.get("weights")
        object.__setattr__(self, "_input_layer_arguments", _input_arguments(legacy))

    # -- variables and sublayers

    def add_weight(
        self,
        name: Any = None,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        autocast: bool = True,
        aggregation: str | None = None,
        overwrite_with_gradient: bool = False,
        **legacy: Any,
    ) -> Variable:
        """A new variable of this layer.

        Args:
            name: its name; a shape in this place (Keras 3's order) is understood too.
            shape: default `()`.
            initializer: default Glorot-uniform for floats, zeros otherwise.
            dtype: default the layer's variable dtype.
            trainable, regularizer, constraint: as for Variable.
            autocast: read in the compute dtype inside `call`.
        """
        if unknown := legacy.keys() - {
            "synchronization",
            "use_resource",
            "getter",
            "collections",
            "experimental_autocast",
        }:
            raise InvalidTypeError(f"add_weight got the unknown argument {sorted(unknown)[0]!r}.")
        if name is not None and not isinstance(name, str):
            if isinstance(shape, str) or callable(shape) or hasattr(shape, "get_config"):
                shape, initializer = None, shape
            name, shape = None, name
        dtype = self.variable_dtype if dtype is None else dtype
        if initializer is None:
            initializer = "glorot_uniform" if dtypes.is_float(dtype) else "zeros"
        variable = Variable(
            initializers.get(initializer),
            shape=() if shape is None else tuple(shape) if not isinstance(shape, int) else (shape,),
            dtype=dtype,
            trainable=trainable,
            autocast=autocast,
            aggregation=aggregation,
            name=name,
            regularizer=regularizers.get(regularizer),
            constraint=_constraint(constraint),
        )
        variable.overwrite_with_gradient = overwrite_with_gradient
        self._track(variable)
        if not self._trainable:
            variable.trainable = False
        return variable

    def add_variable(self, *args: Any, **kwargs: Any) -> Variable:
        """Old name of `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _UNTRACKED and not (name.startswith("_") and name in _OWN_LISTS):
            value = self._track(value)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        value = getattr(self, name, None)
        object.__delattr__(self, name)
        self._untrack([value])

    def _untrack(self, values: Iterable) -> None:
        """Forget variables, layers and metrics (alone or in containers) that no attribute holds any more."""
        own = (
            self._layers,
            self._trainable_variables,
            self._non_trainable_variables,
            self._metrics,
            self._seed_generators,
        )
        attributes = [value for name, value in self.__dict__.items() if name not in _OWN_LISTS]
        for value in values:
            if isinstance(value, (list, tuple, set, dict)):
                self._untrack(value.values() if isinstance(value, dict) else value)
                continue
            for tracked in own:
                if any(item is value for item in tracked) and not holds(attributes, value):
                    tracked[:] = [item for item in tracked if item is not value]

    def _track(self, value: Any) -> Any:
        """Note a variable, layer, metric or seed generator, alone or in lists, tuples and dicts."""
        if isinstance(value, Variable):
            own = self._trainable_variables if value.trainable else self._non_trainable_variables
            if not any(value is v for v in self._trainable_variables + self._non_trainable_variables):
                own.append(value)
        elif isinstance(value, Layer):
            if not any(value is layer for layer in self._layers) and value is not self:
                self._layers.append(value)
        elif isinstance(value, SeedGenerator):
            if not any(value is generator for generator in self._seed_generators):
                self._seed_generators.append(value)
        elif hasattr(value, "update_state") and hasattr(value, "result") and hasattr(value, "variables"):
            if not any(value is metric for metric in self._metrics):
                self._metrics.append(value)
        elif type(value) in (list, TrackedList):  # also that of another layer
            return TrackedList(value, self)
        elif type(value) in (dict, TrackedDict):
            return TrackedDict(value, self)
        elif type(value) in (tuple, set):
            for item in value:
                self._track(item)
        return value

    def _flatten_layers(self, include_self: bool = True) -> list["Layer"]:
        """This layer and all below it, each once, depth first."""
        found: dict[int, Layer] = {}

        def visit(layer: Layer) -> None:
            if id(layer) not in found:
                found[id(layer)] = layer
                for child in layer._layers:
                    visit(child)

        visit(self)
        return list(found.values())[0 if include_self else 1 :]

    @property
    def variables(self) -> list[Variable]:
        """All state: weights, seed states and metric variables."""
        extra = []
        for layer in self._flatten_layers():
            extra += [generator.state for generator in layer._seed_generators]
            extra += [variable for metric in layer._metrics for variable in metric.variables]
        return _once(self.weights + extra)

    @property
    def weights(self) -> list[Variable]:
        """The weights of this layer and those below: own trainable, own others, then layer by layer."""
        own = self._trainable_variables + self._non_trainable_variables
        return _once(own + [variable for layer in self._layers for variable in layer.weights])

    @property
    def trainable_variables(self) -> list[Variable]:
        """What training updates. Empty if `trainable` is False."""
        if not self._trainable:
            return []
        own = [variable for variable in self._trainable_variables if variable.trainable]
        return _once(own + [variable for layer in self._layers for variable in layer.trainable_variables])

    @property
    def trainable_weights(self) -> list[Variable]:
        """The same as `trainable_variables`."""
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        trainable = set(map(id, self.trainable_variables))
        return [variable for variable in self.weights if id(variable) not in trainable]

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """All state that training does not differentiate."""
        trainable = set(map(id, self.trainable_variables))
        return [variable for variable in self.variables if id(variable) not in trainable]

    @property
    def metrics_variables(self) -> list[Variable]:
        """The variables of all metrics of this layer and those below."""
        return _once([v for layer in self._flatten_layers() for metric in layer._metrics for v in metric.variables])

    @property
    def trainable(self) -> bool:
        """Whether training updates the variables; setting it sets it for all layers below."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        value = bool(value)
        object.__setattr__(self, "_trainable", value)
        for variable in self._trainable_variables:
            variable.trainable = value
        for layer in self._layers:
            layer.trainable = value

    @property
    def dtype_policy(self) -> Any:
        """What the layer computes in and keeps variables in. Of a DTypePolicyMap, what matches the layer's path, else the map."""
        policy = self._dtype_policy
        return policy.match(self.path) or policy if isinstance(policy, DTypePolicyMap) else policy

    @dtype_policy.setter
    def dtype_policy(self, policy: Any) -> None:
        self._dtype_policy = dtype_policy.get(policy)

    @property
    def dtype(self) -> str:
        """The dtype of the variables."""
        return self.dtype_policy.variable_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of the variables."""
        return self.dtype_policy.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """The dtype that `call` computes in."""
        return self.dtype_policy.compute_dtype

    input_dtype = compute_dtype

    @property
    def path(self) -> str:
        """Where the layer sits: `model/block/dense`; its name before it was built inside of something."""
        return getattr(self, "_path", self.name)

    def count_params(self) -> int:
        """The number of elements of all weights. Raises: FailedPreconditionError before `build`."""
        if not self.built:
            raise FailedPreconditionError(
                f"The parameters of {self.name!r} cannot be counted before it is built. Call it on data, call "
                "build(input_shape), or give an input shape."
            )
        return sum(int(np.prod(variable.shape)) for variable in self.weights)

    def get_weights(self) -> list[np.ndarray]:
        """The weights as NumPy arrays."""
        return [variable.numpy() for variable in self.weights]

    def set_weights(self, weights: list) -> None:
        """Set all weights from arrays in the order of `get_weights`.

        Raises: InvalidArgumentError if their number or a shape differs.
        """
        own = self.weights
        if len(own) != len(weights):
            raise InvalidArgumentError(
                f"Expected {len(own)} arrays for the weights of {self.name!r} ({', '.join(v.path for v in own) or 'none'}); "
                f"received {len(weights)}."
            )
        arrays = [np.asarray(weight) for weight in weights]
        for variable, array in zip(own, arrays, strict=True):
            if tuple(array.shape) != tuple(variable.shape):
                raise InvalidArgumentError(
                    f"Expected shape {text(variable.shape)} for the weight {variable.path!r} of {self.name!r}; "
                    f"received {text(array.shape)}."
                )
        for variable, array in zip(own, arrays, strict=True):
            variable.assign(array)

    def save_own_variables(self, store: Any) -> None:
        """Write the layer's own variables (not those of sublayers) into a dict-like store under "0", "1", ..."""
        for index, variable in enumerate(self._trainable_variables + self._non_trainable_variables):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Read what `save_own_variables` wrote.

        Raises: InvalidArgumentError naming the layer if the number or a shape differs.
        """
        own = self._trainable_variables + self._non_trainable_variables
        if len(store.keys()) != len(own):
            hint = "" if self.built else " The layer is not built: call the model on data or build it before loading."
            raise InvalidArgumentError(
                f"The layer {self.path!r} has {len(own)} variables, the file has {len(store.keys())} for it.{hint}"
            )
        for index, variable in enumerate(own):
            array = store[str(index)]
            if tuple(array.shape) != tuple(variable.shape):
                raise InvalidArgumentError(
                    f"Expected shape {text(variable.shape)} for {variable.path!r} of the layer {self.path!r}; "
                    f"the file has {text(array.shape)}."
                )
        for index, variable in enumerate(own):
            variable.assign(np.asarray(store[str(index)]))

    # -- losses and metrics

    def add_loss(self, loss: Any) -> None:
        """Add a scalar (or several) to what training minimises. It lasts for one call; a function without arguments stays.

        Raises: InvalidTypeError on symbolic tensors.
        """
        for item in loss if isinstance(loss, (list, tuple)) else [loss]:
            if isinstance(item, KerasTensor):
                raise InvalidTypeError(
                    f"Expected a loss with values for {self.name!r}; received the symbolic tensor {item.name!r}. "
                    "Write a layer whose `call` computes it and calls self.add_loss, and use that in the model."
                )
            if callable(item) and context.call is not None:
                item = item()
            self._call_losses.append(item if callable(item) else convert_to_tensor(item))
            if context.scope is not None and context.scope.losses is not None:
                context.scope.losses.append(self._call_losses[-1])

    def add_metric(self, value: Any, name: str | None = None, aggregation: str | None = None) -> None:
        """Follow the mean of `value` under `name` during training. Source: tf.keras 2, Layer.add_metric."""
        from cornu.metrics import Mean

        name = name or "metric"
        found = next((metric for metric in self._metrics if metric.name == name), None)
        if found is None:
            with init_scope():
                found = Mean(name=name)
            self._track(found)
        found.update_state(value)

    @property
    def losses(self) -> list[Any]:
        """Penalties: `add_loss` of the last call, then regularizers of the trainable weights."""
        layers = self._flatten_layers()
        added = [loss() if callable(loss) else loss for layer in layers for loss in layer._call_losses]
        return added + [
            variable.regularizer(variable) for variable in self.trainable_variables if variable.regularizer is not None
        ]

    def _clear_losses(self) -> None:
        for layer in self._flatten_layers():
            layer._call_losses[:] = filter(callable, layer._call_losses)

    @property
    def metrics(self) -> list[Any]:
        """The metrics of this layer and those below."""
        return _once([metric for layer in self._flatten_layers() for metric in layer._metrics])

    # -- building

    def build(self, input_shape: Any = None) -> None:
        """Make the variables for inputs of that shape. A layer without variables needs none."""
        self.built = True

    def build_from_config(self, config: dict) -> None:
        """Build from what `get_build_config` gave."""
        if not config or self.built:
            return
        if "shapes_dict" in config:
            self.build(**{name: as_shapes(shape) for name, shape in config["shapes_dict"].items()})
        elif config.get("input_shape") is not None:
            self.build(as_shapes(config["input_shape"]))

    def get_build_config(self) -> dict | None:
        """The input shapes that the layer was built with."""
        shapes = self._build_shapes
        if shapes is None:
            return None
        if len(shapes) == 1:
            return {"input_shape": next(iter(shapes.values()))}
        return {"shapes_dict": shapes}

    def _build_for(self, arguments: dict[str, Any], first: Any) -> None:
        """Build for the tensors of a call, with gradients, scopes and tracing left outside."""
        if self.built:
            return
        if getattr(
            type(self).build, "_by_call", False
        ):  # a model without a build of its own: its layers build in `call`
            return
        shapes = {name: shapes_of(value) for name, value in arguments.items() if has_tensor(value)}
        parameters = list(inspect.signature(self.build).parameters.values())
        with autocast(None), init_scope():
            if len(parameters) <= 1 or len(shapes) <= 1:
                if parameters:
                    self.build(shapes_of(first))
                else:
                    self.build()
            else:
                wanted = {p.name for p in parameters}
                given = {f"{name}_shape": shape for name, shape in shapes.items() if f"{name}_shape" in wanted}
                if given:
                    self.build(**given)
                else:
                    self.build(shapes_of(first))
        self.built = True
        if self._initial_weights is not None:
            with init_scope():
                self.set_weights(self._initial_weights)
            self._initial_weights = None
        restore_when_built(self)

    # -- calling

    def _scope(self) -> Any:
        """The layer's name scope; its path is where it was opened last. Opening it inside itself changes nothing."""
        stack = _name_scopes.stack
        if not stack or stack[-1] != self.name:
            stack = (*stack, self.name)
        object.__setattr__(self, "_path", "/".join(stack))
        return opened(() if self._is_graph and config.style() == "tf2" else stack)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """The formula of the layer."""
        raise InvalidTypeError(
            f"{type(self).__name__} has no `call(self, inputs)` method; define what it computes there."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self._initialised:
            raise FailedPreconditionError(
                f"{type(self).__name__}.__init__ did not call super().__init__(). Do so first in the layer's __init__."
            )
        plan = call_plan(type(self))
        compute = self.compute_dtype if self.autocast else None
        args = tuple(as_input(a, compute, i == 0) for i, a in enumerate(args))
        kwargs = {name: as_input(value, compute, False) for name, value in kwargs.items()}
        if symbolic.is_symbolic((args, kwargs)):
            return self._symbolic_call(args, kwargs)
        training = kwargs.pop("training", None) if not plan.has_training else plan.argument(args, kwargs, "training")
        if training is None:
            training = current_training()
        if training is None and plan.needs_training:
            training = False
        if plan.has_training and training is not None:
            args, kwargs = plan.with_argument(args, kwargs, "training", training)
        arguments = plan.bind(self, args, kwargs)
        first = next(iter(arguments.values()), None) if arguments else None
        kwargs = self._with_masks(plan, args, kwargs, arguments)
        outermost = context.call is None
        if outermost:
            self._clear_losses()
        try:
            check_inputs(self.input_spec, first, f"Layer {self.path!r}")
            with self._scope(), entered(self, training), autocast(compute):
                if not self.built:
                    self._build_for(arguments, first)
                call = context.traceable(self.call)
                outputs = call(*args, **kwargs) if self._remat is None else self._remat.run(self, call, args, kwargs)
        except CornuError as error:
            raise self._at(error, first) from None
        except (TypeError, ValueError) as error:  # of JAX, NumPy or the user's own code: say where, once
            if not getattr(error, "__notes__", None):
                error.add_note(f"In the layer {self.path!r} ({type(self).__name__}), called on {shape_texts(first)}.")
            raise
        if not self.built:  # a model without a build of its own: its layers were built by the call
            self.built = True
            if self._build_shapes is None and has_tensor(first):
                object.__setattr__(self, "_build_shapes", {"input_shape": shapes_of(first)})
        outputs = box(outputs)
        if self.activity_regularizer is not None:
            for output in tensors_of(outputs):
                rows = output.shape[0] if output.ndim else 1
                self.add_loss(self.activity_regularizer(output) / max(rows, 1))
        self._set_masks(first, plan.argument(args, kwargs, "mask") if "mask" in plan.names else None, outputs)
        if context.inferring or "_seen_output_shape" not in self.__dict__:  # for summaries of models that have no graph
            object.__setattr__(self, "_seen_output_shape", shapes_of(outputs))
        return outputs

    def _with_masks(self, plan: "CallPlan", args: tuple, kwargs: dict, arguments: dict) -> dict:
        """Masks that came with the tensors, for `call` methods that take them and were not given any."""
        for position, (name, value) in enumerate(arguments.items()):
            # as in Keras 3: with several tensor arguments, each one's mask has its name
            wanted = "mask" if position == 0 and len(arguments) == 1 and "mask" in plan.names else f"{name}_mask"
            if wanted in plan.names and plan.argument(args, kwargs, wanted) is None:
                masks = jax.tree.map(lambda t: getattr(t, "_keras_mask", None), value, is_leaf=is_tensor)
                if any(mask is not None for mask in leaves(masks)):
                    kwargs = {**kwargs, wanted: masks}
        return kwargs

    def _set_masks(self, inputs: Any, given: Any, outputs: Any) -> None:
        """Give the outputs their masks, which follow from those of the inputs, or from the argument `mask` if there is one."""
        masks = jax.tree.map(lambda t: getattr(t, "_keras_mask", None), inputs, is_leaf=is_tensor)
        masks = masks if given is None else given
        has_mask = any(mask is not None for mask in leaves(masks))
        overridden = type(self).compute_mask is not Layer.compute_mask
        if not has_mask and not overridden:
            return
        if not self.supports_masking and not overridden:
            return
        new = self.compute_mask(inputs, masks)
        tensors = tensors_of(outputs)
        flat = leaves(new) if isinstance(new, (list, tuple)) and len(tensors) > 1 else [new] * len(tensors)
        for tensor, mask in zip(tensors, flat, strict=False):
            if mask is not None and tensor._keras_mask is None:
                tensor._keras_mask = mask

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask of the outputs; by default that of the inputs."""
        return previous_mask

    def _symbolic_call(self, args: tuple, kwargs: dict) -> Any:
        plan = call_plan(type(self))
        arguments = plan.bind(self, args, kwargs)
        first = next(iter(arguments.values()), None)
        try:
            check_inputs(self.input_spec, first, f"Layer {self.name!r}")
            with self._scope():
                if not self.built:
                    self._build_for(arguments, first)
                outputs = self.compute_output_spec(*args, **kwargs)
        except CornuError as error:
            raise self._at(error, first) from None
        self.built = True
        Node(self, args, kwargs, outputs)
        return outputs

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, found by tracing `call`."""
        saved, context.call = context.call, None
        try:
            return symbolic.infer(functools.partial(Layer.__call__, self), args, kwargs, self.name)
        except (jax.errors.JAXTypeError, CornuError):  # perhaps only because unknown sizes were traced with one number
            if type(self).compute_output_shape is Layer.compute_output_shape:
                raise
            shape = self.compute_output_shape(shapes_of(args[0]))
            return jax.tree.map(lambda s: KerasTensor(s, self.compute_dtype), shape, is_leaf=is_shape)
        finally:
            context.call = saved
            self._clear_losses()

    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any:
        """The shapes of the outputs for input shapes (None for unknown sizes), found by tracing."""
        tensors = [jax.tree.map(lambda s: KerasTensor(s, self.compute_dtype), a, is_leaf=is_shape) for a in args]
        named = {name.removesuffix("_shape"): KerasTensor(s, self.compute_dtype) for name, s in kwargs.items()}
        if not self.built:
            self._build_for(
                {"inputs": tensors[0] if tensors else next(iter(named.values()))}, tensors[0] if tensors else named
            )
        spec = self.compute_output_spec(*tensors, **named)
        return jax.tree.map(lambda t: tuple(t.shape), spec)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """The symbolic outputs, without a graph node."""
        return self.compute_output_spec(*args, **kwargs)

    def stateless_call(
        self,
        trainable_variables: list,
        non_trainable_variables: list,
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> tuple:
        """The call as a pure function of the variables' values.

        Returns: (outputs, new non-trainable values), and the losses in third place if asked for.
        Raises: InvalidArgumentError if the number of values differs from that of the variables.
        """
        if not self.built:
            raise FailedPreconditionError(
                f"Build {self.name!r} before stateless_call: call it on data or build(input_shape)."
            )
        trainable, others = self.trainable_variables, self.non_trainable_variables
        for kind, own, given in (
            ("trainable", trainable, trainable_variables),
            ("non-trainable", others, non_trainable_variables),
        ):
            if len(own) != len(given):
                raise InvalidArgumentError(
                    f"Expected {len(own)} {kind} values for {self.name!r}; received {len(given)}."
                )
        values = [v._read() if isinstance(v, Variable) else convert_to_tensor(v)._value
                  for v in (*trainable_variables, *non_trainable_variables)]  # fmt: skip
        with FunctionalScope(zip(trainable + others, values, strict=True)) as scope:
            outputs = self(*args, **kwargs)
            losses = self.losses if return_losses else None
        after = [Tensor(scope.value_of(variable)) for variable in others]
        return (outputs, after, losses) if return_losses else (outputs, after)

    def _at(self, error: CornuError, inputs: Any) -> CornuError:
        """The error with the layer's path added, once."""
        message = str(error)
        if f"{self.path!r}" in message or "layer '" in message.lower():
            return error
        place = f"In the layer {self.path!r} ({type(self).__name__}), called on {shape_texts(inputs)}."
        return type(error)(f"{message} {place}")

    # -- configs

    def get_config(self) -> dict:
        """Everything needed to make the layer again: name, trainable, dtype, and the arguments of `__init__`."""
        config: dict[str, Any] = {
            "name": self.name,
            "trainable": self._trainable,
            "dtype": serialization.serialize(self._dtype_policy),
        }
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = serialization.serialize(self.activity_regularizer)
        recorded = recorded_arguments(self)
        for parameter, is_users in parameters_of(type(self)).items():
            if parameter in config:
                continue
            if is_users and parameter in recorded:  # the attribute may hold what was made of it
                value = recorded[parameter]
            else:
                value = getattr(self, parameter) if hasattr(self, parameter) else recorded.get(parameter, _MISSING)
            if value is _MISSING:
                raise InvalidTypeError(
                    f"{type(self).__name__} takes {parameter!r} but does not keep it: store it as self.{parameter} in __init__, "
                    "or write get_config."
                )
            is_activation = parameter.endswith("activation") and callable(value)
            config[parameter] = activations.serialize(value) if is_activation else serialization.serialize(value)
        return config

    @classmethod
    def from_config(cls, config: dict) -> Any:
        """A layer from a config; nested serialized objects become objects."""
        return cls(**{name: from_json(value) for name, value in config.items()})

    @property
    def input(self) -> Any:
        """The symbolic inputs of the layer's only call. Raises: InvalidArgumentError if it was called never or twice."""
        return _only_node(self).args[0] if len(_only_node(self).args) == 1 else _only_node(self).inputs

    @property
    def output(self) -> Any:
        """The symbolic outputs of the layer's only call."""
        return _only_node(self).outputs

    @property
    def input_shape(self) -> Any:
        """The shape of `input`."""
        return jax.tree.map(lambda t: tuple(t.shape), self.input)

    @property
    def output_shape(self) -> Any:
        """The shape of `output`."""
        return jax.tree.map(lambda t: tuple(t.shape), self.output)

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_inbound_nodes": [], "_call_losses": []}  # the calls belong to graphs, see Graph

    def __setstate__(self, state: dict) -> None:
        for name, value in state.items():
            tracked = type(value) in (list, dict) and name not in _OWN_LISTS
            object.__setattr__(self, name, self._track(value) if tracked else value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


_OWN_LISTS = frozenset(
    {"_layers", "_trainable_variables", "_non_trainable_variables", "_metrics", "_seed_generators", "_inbound_nodes",
     "_call_losses", "_trainable", "_initialised", "_build_shapes"}
)  # fmt: skip
_MISSING = object()


def _managed_build(build: Callable) -> Callable:
    """`build` inside the layer's name scope; afterwards the layer is built and remembers the shapes."""
    if getattr(build, "_managed", False):
        return build
    parameters = list(inspect.signature(build).parameters)[1:]

    @functools.wraps(build)
    def managed(self: Layer, *args: Any, **kwargs: Any) -> None:
        args = tuple(normal_shape(a) for a in args)
        kwargs = {name: normal_shape(shape) for name, shape in kwargs.items()}
        with self._scope():
            build(self, *args, **kwargs)
        self.built = True
        shapes = {**dict(zip(parameters, args, strict=False)), **kwargs}
        if shapes:
            object.__setattr__(self, "_build_shapes", shapes)

    managed._managed = True  # type: ignore[attr-defined]
    return managed


def _renamed(init: Callable, table: dict[str, str]) -> Callable:
    """`__init__` that also takes the argument names of older Keras generations."""

    @functools.wraps(init)
    def with_old_names(self: Layer, *args: Any, **kwargs: Any) -> None:
        old_names = [name for name in kwargs if name in table]
        args = with_kernel_size(getattr(self, "rank", 0), args, kwargs, bool(old_names))
        for old in old_names:
            kwargs[table[old]] = kwargs.pop(old)
        init(self, *args, **kwargs)

    return with_old_names


def _input_arguments(legacy: dict[str, Any]) -> dict[str, Any] | None:
    """`input_shape=(28, 28)`, `input_dim=8`, `batch_input_shape=(32, 10)` as arguments of Input."""
    shape = legacy.get("input_shape")
    if legacy.get("batch_input_shape") is not None:
        return {"batch_shape": tuple(legacy["batch_input_shape"])}
    if shape is None and legacy.get("input_dim") is not None:
        shape = (legacy["input_dim"],)
    if shape is None:
        return None
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    return {"shape": shape, "batch_size": legacy.get("batch_size"), "dtype": legacy.get("input_dtype")}


def _constraint(identifier: Any) -> Any:
    from cornu import constraints

    return constraints.get(identifier)


def _only_node(layer: Layer) -> Node:
    if len(layer._inbound_nodes) != 1:
        raise InvalidArgumentError(
            f"The layer {layer.name!r} was called on symbolic inputs {len(layer._inbound_nodes)} times, so its input and output "
            "are not one thing. Call it exactly once, or keep the tensors yourself."
        )
    return layer._inbound_nodes[0]


def _once(items: list) -> list:
    return list({id(item): item for item in items}.values())
