"""The parameters of a compiled function: defaults filled in, keywords put in order, tensors checked against specs."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from cornu._base.errors import CornuError, InvalidTypeError
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable
from cornu.data.spec import TensorSpec, shapes_agree


class Signature:
    """How arguments are bound to the parameters of `function`, and the specs that tensors must fit."""

    def __init__(self, function: Callable, specs: Sequence | None):
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):  # a builtin
            signature = inspect.Signature([inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL)])
        parameters = list(signature.parameters.values())
        if getattr(function, "_skips_self", False):
            parameters = parameters[1:]
        self._signature = signature.replace(parameters=parameters)
        self.names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self._is_simple = len(self.names) == len(parameters)
        self._function = function
        if specs is not None and not isinstance(specs, (list, tuple)):
            raise InvalidTypeError(
                f"Expected input_signature to be a list or tuple of tf.TensorSpec; received {specs!r}."
            )
        self.specs = None if specs is None else tuple(specs)

    def bound(self, args: tuple, kwargs: dict, keep_specs: bool = False) -> tuple[tuple, dict]:
        """The arguments in their places. Raises: InvalidTypeError if they do not fit."""
        if kwargs or not self._is_simple or len(args) != len(self.names):
            given_args, given_kwargs = args, kwargs
            try:
                given = self._signature.bind(*args, **kwargs)
            except TypeError as error:
                raise self._error(str(error), given_args, given_kwargs) from None
            given.apply_defaults()
            args, kwargs = given.args, given.kwargs
        if self.specs is None:
            return args, kwargs
        return self._fitted(args, kwargs, keep_specs), kwargs

    def _fitted(self, args: tuple, kwargs: dict, keep_specs: bool) -> tuple:
        specs = self.specs or ()
        if len(args) < len(specs):
            raise self._error(f"missing a required argument: {self.names[len(args)]!r}", args, kwargs)
        if len(args) > len(specs) and len(args) > len(self.names):
            raise self._error("too many positional arguments", args, kwargs)

        def fit(spec: Any, value: Any) -> Any:
            if not isinstance(spec, TensorSpec):
                return value
            if isinstance(value, TensorSpec):
                if keep_specs and spec.dtype == value.dtype and shapes_agree(spec.shape, value.shape):
                    return value
                raise self._error(f"Can not cast {value!r} to {spec!r}", args, kwargs)
            try:
                tensor = (
                    value if isinstance(value, (Tensor, Variable)) else convert_to_tensor(value, _dtype(spec, value))
                )
            except CornuError:
                raise self._error(f"Can not cast {value!r} to {spec!r}", args, kwargs) from None
            if tensor.dtype != spec.dtype or not shapes_agree(spec.shape, tensor.shape):
                raise self._error(f"Can not cast {TensorSpec.from_tensor(tensor)!r} to {spec!r}", args, kwargs)
            return tensor.read_value() if isinstance(tensor, Variable) else tensor

        fitted = []
        for spec, value in zip(specs, args, strict=False):
            treedef = jax.tree.structure(spec)
            try:
                parts = treedef.flatten_up_to(value)
            except ValueError:
                raise self._error(f"Can not cast {value!r} to {spec!r}", args, kwargs) from None
            fitted.append(jax.tree.unflatten(treedef, list(map(fit, jax.tree.leaves(spec), parts))))
        return (*fitted, *args[len(specs) :])

    def _error(self, reason: str, args: tuple, kwargs: dict) -> InvalidTypeError:
        return InvalidTypeError(
            f"Binding inputs to tf.function failed due to `{reason}`. Received args: {args} and kwargs: {kwargs} for signature: "
            f"{self}."
        )

    def __str__(self) -> str:
        if self.specs is None:
            return str(self._signature)
        shown = [f"{name}: {spec!r}" for name, spec in zip(self.names, self.specs, strict=False)]
        return f"({', '.join([*shown, *self.names[len(self.specs) :]])})"


def _dtype(spec: TensorSpec, value: Any) -> Any:
    """The dtype in which Python numbers become tensors; arrays keep theirs."""
    return None if isinstance(value, (np.ndarray, np.generic, jax.Array)) else spec.dtype
