"""`build` of layers: run in the layer's name scope, for the tensors of a call, and remembered."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from cornu.core.restoring import restore_when_built
from cornu.core.scopes import autocast, init_scope
from cornu.layers.call_values import has_tensor
from cornu.layers.nested_shapes import normal_shape, shapes_of


def managed_build(build: Callable) -> Callable:
    """`build` inside the layer's name scope; afterwards the layer is built and remembers the shapes."""
    if getattr(build, "_managed", False):
        return build
    parameters = list(inspect.signature(build).parameters)[1:]

    @functools.wraps(build)
    def managed(layer: Any, /, *args: Any, **kwargs: Any) -> None:
        args = tuple(normal_shape(a) for a in args)
        kwargs = {name: normal_shape(shape) for name, shape in kwargs.items()}
        with layer._scope():
            build(layer, *args, **kwargs)
        layer.built = True
        shapes = {**dict(zip(parameters, args, strict=False)), **kwargs}
        if shapes:
            object.__setattr__(layer, "_build_shapes", shapes)

    managed._managed = True  # type: ignore[attr-defined]
    return managed


def build_for(layer: Any, arguments: dict[str, Any], first: Any) -> None:
    """Build for the tensors of a call, with gradients, scopes and tracing left outside."""
    if layer.built:
        return
    if getattr(type(layer).build, "_by_call", False):  # a model without a build of its own: its layers build in `call`
        return
    shapes = {name: shapes_of(value) for name, value in arguments.items() if has_tensor(value)}
    parameters = list(inspect.signature(layer.build).parameters.values())
    with autocast(None), init_scope():
        if len(parameters) <= 1 or len(shapes) <= 1:
            if parameters:
                layer.build(shapes_of(first))
            else:
                layer.build()
        else:
            wanted = {p.name for p in parameters}
            given = {f"{name}_shape": shape for name, shape in shapes.items() if f"{name}_shape" in wanted}
            if given:
                layer.build(**given)
            else:
                layer.build(shapes_of(first))
    layer.built = True
    if layer._initial_weights is not None:
        with init_scope():
            layer.set_weights(layer._initial_weights)
        layer._initial_weights = None
    restore_when_built(layer)
