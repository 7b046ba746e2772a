"""FlaxLayer: a module of Flax as a layer."""

import inspect
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core import serialization
from cornu.layers.catalog import LAYERS
from cornu.layers.core.jax_layer import JaxLayer


@LAYERS.add()
class FlaxLayer(JaxLayer):
    """A `flax.linen.Module` as a layer. Its collection "params" is trained, the others are state that is carried on.

    Args:
        module: The module.
        method: What to call: a name, a method, or a function of `(module, inputs)`; it may take `training`. Default `__call__`.
        variables: The collections to start from, as `module.init` gives them; by default that is called.

    Raises: FailedPreconditionError if Flax is not installed; InvalidTypeError if `module` is no module of it.
    Source: keras.layers.FlaxLayer.
    """

    def __init__(self, module: Any, method: Callable | str | None = None, variables: Any = None, **common: Any):
        _check_module(module)
        function = getattr(module, method) if isinstance(method, str) else method or module.__call__
        takes_training = "training" in inspect.signature(function).parameters
        variables = None if variables is None else dict(variables)
        if variables is not None and "params" not in variables:
            raise InvalidArgumentError(
                f"Expected variables with the collection 'params'; received {sorted(variables)}."
            )
        params = None if variables is None else variables.pop("params")

        def apply(params: Any, state: Any, rng: Any, inputs: Any, training: Any) -> Any:
            options = {"training": training} if takes_training else {}
            return module.apply(
                {"params": params, **state}, inputs, rngs=rng, method=method, mutable=list(state), **options
            )

        def initial(rng: Any, inputs: Any) -> tuple[Any, Any]:
            collections = dict(
                module.init(rng, inputs, method=method, **({"training": True} if takes_training else {}))
            )
            return collections.pop("params", {}), collections

        super().__init__(apply, initial, params, variables, **common)
        self.module, self.method = module, method

    def get_config(self) -> dict[str, Any]:
        """Module and method. Raises: InvalidTypeError if the module's class has no `get_config`."""
        method = self.method
        if callable(method) and hasattr(type(self.module), method.__name__):
            method = method.__name__
        arguments = {"name": self.name, "trainable": self.trainable, "dtype": self._dtype_policy, "module": self.module,
                     "method": method}  # fmt: skip
        return serialization.serialize(arguments)


def _check_module(module: Any) -> None:
    linen = sys.modules.get(
        "flax.linen"
    )  # a file that names this layer does not import it: a module exists only after that
    if linen is None and find_spec("flax") is None:
        raise FailedPreconditionError(
            "FlaxLayer needs Flax, which is not installed: run `pip install flax`, or give JaxLayer a function."
        )
    if linen is None or not isinstance(module, linen.Module):
        raise InvalidTypeError(
            f"Expected a flax.linen.Module; received {module!r:.80} of type {type(module).__name__}."
        )
