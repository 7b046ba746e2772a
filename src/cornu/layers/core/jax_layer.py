"""JaxLayer: a model written in plain JAX as a layer."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.dispatch import op
from cornu.core.random_state import SeedGenerator
from cornu.core.tensor import raw
from cornu.core.variable import Variable
from cornu.layers.base import Layer
from cornu.layers.call_values import is_tensor
from cornu.layers.catalog import LAYERS
from cornu.layers.nested_shapes import is_shape

_PLATFORMS = ("cpu", "cuda", "rocm", "tpu")


@op(static="function structure options dtype", nests="leaves", eager=True)
def jax_function(leaves, function, structure, options, dtype):
    """What `function` gives for the arguments that `leaves` and `structure` make, float64 in `dtype`. Tapes see one op."""
    result = function(**jax.tree.unflatten(structure, leaves), **options)
    return jax.tree.map(lambda x: jnp.astype(x, dtype) if jnp.result_type(x) == np.float64 else x, result)


@LAYERS.add()
class JaxLayer(Layer):
    """A function on JAX arrays as a layer: `outputs = call_fn(params, inputs)`.

    Args:
        call_fn: Takes `inputs` and any of `params` (trained), `state` (carried on; it then returns `(outputs, new_state)`),
            `rng` (a key while training, else None) and `training`, by these names.
        init_fn: Takes `rng` and `inputs` (ones of the layer's shape), perhaps `training`; returns `params`, or `(params, state)`.
        params, state: Nests of arrays to start from, in place of `init_fn`.
        seed: Of the random keys; drawn by default.
        native_serialization_platforms: Kept for Keras' files; XLA compiles for the platform that runs.

    Raises: InvalidArgumentError on functions with other arguments, or if nothing says how params and state begin.
    Differs from Keras: 64-bit types are on, so `jnp.zeros(2)` is float64; float64 outputs come out in the compute dtype.
    Example:
        >>> layer = JaxLayer(lambda params, inputs: inputs * params, params=2.0)
        >>> layer(np.float32([1.0, 2.0])).numpy().tolist()
        [2.0, 4.0]
    Source: keras.layers.JaxLayer.
    """

    def __init__(self, call_fn: Callable, init_fn: Callable | None = None, params: Any = None, state: Any = None,
                 seed: int | None = None, native_serialization_platforms: Sequence[str] | None = None,
                 **common: Any):  # fmt: skip
        super().__init__(**common)
        self._names = _accepted("call_fn", call_fn, {"params", "state", "rng", "inputs", "training"}, {"inputs"})
        if init_fn is not None:
            self._init_names = _accepted("init_fn", init_fn, {"rng", "inputs", "training"}, {"inputs"})
        elif params is None and state is None and self._names & {"params", "state"}:
            raise InvalidArgumentError(
                "Expected init_fn, params or state, as call_fn takes params or state; received none of them. A layer read from a "
                "file needs init_fn: the file has the values, not their structure."
            )
        for platform in native_serialization_platforms or ():
            if platform not in _PLATFORMS:
                raise InvalidArgumentError(f"Expected platforms among {', '.join(_PLATFORMS)}; received {platform!r}.")
        self.call_fn, self.seed = call_fn, seed
        self.init_fn: Any = init_fn
        self.native_serialization_platforms = native_serialization_platforms
        self._given = (params, state)
        self._generator: Any = SeedGenerator(seed) if "rng" in self._names else None

    def build(self, input_shape):
        params, state = self._given
        if params is None and state is None and self._names & {"params", "state"}:
            params, state = self._initialised_by(input_shape)
        self.params, self._params_structure = self._variables(params, "params")
        self.state, self._state_structure = self._variables(state, "state")

    def _initialised_by(self, input_shape: Any) -> tuple[Any, Any]:
        dtype = dtypes._NUMPY[self.compute_dtype]
        ones = jax.tree.map(
            lambda s: jnp.ones([1 if n is None else n for n in s], dtype), input_shape, is_leaf=is_shape
        )
        given = {"rng": jax.random.PRNGKey(SeedGenerator(self.seed)._initial_seed), "inputs": ones, "training": True}
        made = self.init_fn(**{name: given[name] for name in self._init_names})
        if "state" not in self._names:
            return made, None
        if not isinstance(made, tuple) or len(made) != 2:
            raise InvalidTypeError(
                f"Expected (params, state) from init_fn, as call_fn takes state; received {made!r:.80}."
            )
        return made

    def _variables(self, values: Any, kind: str) -> tuple[list[Variable], Any]:
        """A weight for each array of the nest, named by its place, and the nest's structure."""
        leaves, structure = jax.tree_util.tree_flatten_with_path(values, is_leaf=is_tensor)
        names = (jax.tree_util.keystr(path, simple=True, separator="_") for path, _ in leaves)
        return [
            self._variable(f"{kind}_{name}".rstrip("_"), raw(x)) for name, (_, x) in zip(names, leaves, strict=True)
        ], structure

    def _variable(self, name: str, value: Any) -> Variable:
        value = np.asarray(value)
        is_float = jnp.issubdtype(value.dtype, jnp.floating)
        dtype = self.variable_dtype if is_float else "int32" if value.dtype == np.int64 else value.dtype.name
        trainable = is_float and name.startswith("params")
        return self.add_weight(name, value.shape, lambda *_, **__: value, dtype=dtype, trainable=trainable)

    def call(self, inputs, training=False):
        given: dict[str, Any] = {"inputs": inputs}
        if "params" in self._names:
            given["params"] = jax.tree.unflatten(self._params_structure, list(self.params))
        if "state" in self._names:
            given["state"] = jax.tree.unflatten(self._state_structure, list(self.state))
        if "rng" in self._names:
            given["rng"] = self._generator.next() if training else None
        leaves, structure = jax.tree.flatten(given, is_leaf=lambda x: is_tensor(x) or isinstance(x, Variable))
        options = {"training": training} if "training" in self._names else {}
        result = jax_function(leaves, self.call_fn, structure, options, self.compute_dtype)
        return self._carried_on(result) if "state" in self._names else result

    def _carried_on(self, result: Any) -> Any:
        """The outputs; the new state becomes the layer's."""
        if not isinstance(result, tuple) or len(result) != 2:
            raise InvalidTypeError(
                f"Expected (outputs, state) from call_fn, as it takes state; received {type(result).__name__}."
            )
        outputs, state = result
        leaves, structure = jax.tree.flatten(state, is_leaf=is_tensor)
        if structure != self._state_structure:
            raise InvalidArgumentError(
                f"Expected a state of the structure {self._state_structure} from call_fn; received {structure}."
            )
        for variable, leaf in zip(self.state, leaves, strict=True):
            variable.assign(leaf)
        return outputs

    def get_config(self) -> dict[str, Any]:
        """The functions; params and state are in the file of weights. The seed only if one was given."""
        config = super().get_config()
        del config["params"], config["state"]
        if config["seed"] is None:
            del config["seed"]
        return config


def _accepted(what: str, function: Any, known: set[str], required: set[str]) -> set[str]:
    """The names of the function's parameters."""
    if not callable(function):
        raise InvalidTypeError(
            f"Expected {what} as a function; received {function!r} of type {type(function).__name__}."
        )
    parameters = inspect.signature(function).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return known
    names = {p.name for p in parameters}
    if names - known or required - names:
        raise InvalidArgumentError(
            f"Expected {what} to take {', '.join(sorted(required))} and perhaps {', '.join(sorted(known - required))}; "
            f"received {what}({', '.join(p.name for p in parameters)}). Wrap it in a function with these names."
        )
    return names
