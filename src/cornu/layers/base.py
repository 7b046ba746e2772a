"""The base of all layers.

A layer stores its arguments in `__init__`, makes its variables in `build`, and is a formula in `call`. Everything else -
casting, building, checking, masks, the training flag, graph nodes, configs, tracking - happens once, here.
"""

import functools
from typing import Any

import jax

from cornu import regularizers
from cornu._base import names
from cornu._base.errors import CornuError, FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.core import config, dtype_policy, symbolic
from cornu.core.context import context
from cornu.core.dtype_policy_map import DTypePolicyMap
from cornu.core.remat import open_scope
from cornu.core.scopes import autocast
from cornu.core.symbolic import KerasTensor, Node
from cornu.core.tensor import box
from cornu.core.variable import _name_scopes, opened
from cornu.layers.added_losses import AddedLosses
from cornu.layers.building import build_for, managed_build
from cornu.layers.call_context import current_training, entered
from cornu.layers.call_plan import call_plan
from cornu.layers.call_values import as_input, has_tensor, shape_texts, tensors_of
from cornu.layers.init_arguments import from_json, parameters_of
from cornu.layers.input_spec import check_inputs
from cornu.layers.layer_config import config_of
from cornu.layers.legacy_names import input_arguments, with_old_names
from cornu.layers.masks import Masks
from cornu.layers.nested_shapes import as_shapes, is_shape, shapes_of
from cornu.layers.stateless_call import stateless_call
from cornu.layers.weights import Weights

_LEGACY_COMMON = ("input_shape", "batch_input_shape", "input_dim", "batch_size", "input_dtype", "weights", "dynamic")


class Layer(Weights, AddedLosses, Masks):
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
            cls.build = managed_build(cls.__dict__["build"])  # type: ignore[method-assign]
        if "__init__" in cls.__dict__ and cls.__module__.startswith("cornu."):
            cls.__init__ = with_old_names(cls, cls.__init__)  # type: ignore[method-assign]

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
        object.__setattr__(self, "_input_layer_arguments", input_arguments(legacy))

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
        build_for(self, arguments, first)

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
        return stateless_call(self, trainable_variables, non_trainable_variables, args, kwargs, return_losses)

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
        return config_of(self)

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

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _only_node(layer: Layer) -> Node:
    if len(layer._inbound_nodes) != 1:
        raise InvalidArgumentError(
            f"The layer {layer.name!r} was called on symbolic inputs {len(layer._inbound_nodes)} times, so its input and output "
            "are not one thing. Call it exactly once, or keep the tensors yourself."
        )
    return layer._inbound_nodes[0]
