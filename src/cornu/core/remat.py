"""Recomputing intermediate results in the backward pass instead of keeping them."""

import functools
import math
import threading
from collections.abc import Callable, Iterable
from typing import Any, Literal, Self

import jax

from cornu._base.errors import InvalidArgumentError
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.symbolic import KerasTensor, is_symbolic, symbolic_leaves, unboxed
from cornu.core.tensor import Tensor, raw


def remat(f: Callable) -> Callable:
    """`f`, a function or a layer, whose intermediate results compiled training computes again for the gradient.

    Saves memory and costs time; values and gradients are the same. Eager calls, symbolic inputs and what a GradientTape records
    run as they are. Assignments to variables inside take effect once.

    Source: keras.remat; Chen et al. 2016, arXiv:1604.06174.
    """

    @functools.wraps(f, updated=())
    def rematerialized(*args: Any, **kwargs: Any) -> Any:
        if context.scope is None or context.inferring or context.tapes or is_symbolic((args, kwargs)):
            return f(*args, **kwargs)
        leaves, structure = jax.tree.flatten((args, kwargs), is_leaf=_is_tensor)
        places = [i for i, leaf in enumerate(leaves) if _is_tensor(leaf)]
        written: list[Any] = []
        added: list[Tensor] = []

        def pure(arrays: list[Any]) -> Any:
            inputs = list(leaves)
            for i, array in zip(places, arrays, strict=True):
                inputs[i] = Tensor(array)
                inputs[i]._keras_mask = leaves[i]._keras_mask
            given_args, given_kwargs = jax.tree.unflatten(structure, inputs)
            with FunctionalScope() as scope:
                scope.losses = []
                outputs = f(*given_args, **given_kwargs)
                written[:] = scope.written.values()
                made = [leaf for leaf in jax.tree.leaves(outputs, is_leaf=_is_tensor) if _is_tensor(leaf)]
                masks = [None if tensor._keras_mask is None else raw(tensor._keras_mask) for tensor in made]
                values = [scope.value_of(variable) for variable in written]
                added[:] = scope.losses
                return unboxed(outputs), values, masks, [raw(loss) for loss in added]

        outputs, values, masks, losses = jax.checkpoint(pure)([leaves[i]._value for i in places])
        for variable, value in zip(written, values, strict=True):
            variable.assign(value)
        for loss, value in zip(added, losses, strict=True):
            loss._value = value  # the layers keep these tensors; what they held ends with the recomputed part
        if context.scope.losses is not None:
            context.scope.losses += added
        made = jax.tree.map(lambda x: Tensor(x) if isinstance(x, jax.Array) else x, outputs)
        tensors = [leaf for leaf in jax.tree.leaves(made, is_leaf=_is_tensor) if _is_tensor(leaf)]
        for tensor, mask in zip(tensors, masks, strict=True):
            tensor._keras_mask = None if mask is None else Tensor(mask)
        return made

    return rematerialized


def _is_tensor(x: Any) -> bool:
    return isinstance(x, Tensor)


_MODES = ("full", "activations", "larger_than", "list_of_layers", None)
_opened = threading.local()


class RematScope:
    """Layers made inside compute their intermediate results again in the backward pass of compiled training.

    Args:
        mode: "full": all layers; "activations": only their activation functions; "larger_than": layers whose output has more
            than `output_size_threshold` entries; "list_of_layers": those whose name is in `layer_names`; None: no layer.

    Raises: InvalidArgumentError on another mode.
    Example:
        >>> with RematScope(mode="list_of_layers", layer_names=["wide"]):
        ...     layer = cornu.layers.Dense(4096, name="wide")
    Source: keras.RematScope; Chen et al. 2016, arXiv:1604.06174.
    """

    def __init__(
        self,
        mode: Literal["full", "activations", "larger_than", "list_of_layers"] | None = "full",
        output_size_threshold: int = 1024,
        layer_names: Iterable[str] | None = None,
    ):
        if mode not in _MODES:
            raise InvalidArgumentError(f"Expected mode {', '.join(map(repr, _MODES))}; received {mode!r}.")
        self.mode, self.output_size_threshold, self.layer_names = mode, output_size_threshold, list(layer_names or ())

    def __enter__(self) -> Self:
        _opened.stack = [*getattr(_opened, "stack", ()), self]
        return self

    def __exit__(self, *error: Any) -> None:
        _opened.stack.pop()

    def run(self, layer: Any, call: Callable, args: tuple, kwargs: dict) -> Any:
        """The layer's `call`, or the part of it that the mode means, rematerialized."""
        if context.scope is None or context.inferring or context.tapes:
            return call(*args, **kwargs)
        if self.mode == "activations" and callable(getattr(layer, "activation", None)):
            kept = layer.activation
            object.__setattr__(layer, "activation", remat(kept))
            try:
                return call(*args, **kwargs)
            finally:
                object.__setattr__(layer, "activation", kept)
        chosen = (
            self.mode == "full"
            or (self.mode == "list_of_layers" and layer.name in self.layer_names)
            or (self.mode == "larger_than" and _output_size(layer, args, kwargs) > self.output_size_threshold)
        )
        return (remat(call) if chosen else call)(*args, **kwargs)


def open_scope() -> RematScope | None:
    """The innermost RematScope; None outside of all, or in one with the mode None."""
    stack = getattr(_opened, "stack", ())
    return stack[-1] if stack and stack[-1].mode is not None else None


def _output_size(layer: Any, args: tuple, kwargs: dict) -> int:
    symbols = jax.tree.map(
        lambda x: KerasTensor(x.shape, x.dtype) if _is_tensor(x) else x, (args, kwargs), is_leaf=_is_tensor
    )
    outputs = layer.compute_output_spec(*symbols[0], **symbols[1])
    return sum(math.prod(tensor.shape) for tensor in symbolic_leaves(outputs))
