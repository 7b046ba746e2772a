"""Gradients that the user writes, and values computed again for the gradient. Source: tf.custom_gradient, tf.recompute_grad."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, box, convert_to_tensor, raw
from cornu.core.variable import Variable
from cornu.tf.staging import assigned, call_once, recorded_by, with_variables


def custom_gradient(f: Callable | None = None) -> Callable:
    """Decorator: `f(*args)` returns `(result, grad)`; `grad(*upstream)` gives the gradient by each argument.

    If `f` reads trainable variables, `grad` takes `variables=` and returns two lists: by the arguments, and by the variables.
    Raises: InvalidTypeError if `f` reads variables and `grad` does not take them. Source: tf.custom_gradient.
    """
    if f is None:
        return custom_gradient

    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        return _Call(f, args, kwargs).result()

    return call


class _Call:
    """One call of a function with a gradient of its own."""

    def __init__(self, function: Callable, args: tuple, kwargs: dict):
        self._name = getattr(function, "__name__", "function")
        self._args = [arg if isinstance(arg, Variable) else convert_to_tensor(arg) for arg in args]
        given = [Tensor(raw(arg)) for arg in self._args]
        with _Reads() as reads:
            self._result, self._grad = function(*given, **kwargs)
        own = {id(arg) for arg in self._args}
        self._variables = [v for v in reads.variables if id(v) not in own and v.trainable]
        parameters = inspect.signature(self._grad).parameters.values()
        takes = any(p.name == "variables" or p.kind is p.VAR_KEYWORD for p in parameters)
        if self._variables and not takes:
            raise InvalidTypeError(
                f"{self._name} reads trainable variables, so its gradient function must take the argument 'variables'; "
                f"received {inspect.signature(self._grad)}. Return (gradients, gradients by the variables) from it."
            )

    def result(self) -> Any:
        """The result, with the gradient attached for the tapes that record."""
        leaves, treedef = jax.tree.flatten(self._result, is_leaf=lambda x: isinstance(x, (Tensor, Variable)))
        sources: list[Any] = [*self._args, *self._variables]
        values = [raw(source) for source in sources]
        outputs = [raw(leaf) for leaf in leaves]

        @jax.custom_vjp
        def replay(outputs: list, values: list) -> list:
            return outputs

        def backward(_: None, upstream: list) -> tuple:
            return [jnp.zeros_like(x) if jnp.issubdtype(x.dtype, jnp.inexact) else None for x in outputs], self._by(
                upstream
            )

        replay.defvjp(lambda outputs, values: (outputs, None), backward)
        made = [Tensor(array) for array in replay(outputs, values)]
        count = len(outputs)

        def run(*arrays: Any) -> list:
            return replay(list(arrays[:count]), list(arrays[count:]))

        for tape in context.tapes:
            tape.record(run, lambda key: key, [*map(Tensor, outputs), *sources], outputs + values, made)
        return jax.tree.unflatten(treedef, made)

    def _by(self, upstream: list) -> list:
        """The gradients by all sources."""
        with recorded_by(()):
            options = {"variables": self._variables} if self._variables else {}
            grads = self._grad(*box(list(upstream)), **options)
        of_variables: Any = ()
        if self._variables:
            grads, of_variables = grads
        grads = list(grads) if isinstance(grads, (list, tuple)) else [grads]
        if len(grads) != len(self._args) or len(of_variables) != len(self._variables):
            raise InvalidArgumentError(
                f"Expected the gradient function of {self._name} to return {len(self._args)} gradients, one per argument, and "
                f"{len(self._variables)} by variables; received {len(grads)} and {len(of_variables)}."
            )
        return [
            _fitted(g, raw(s)) for g, s in zip([*grads, *of_variables], [*self._args, *self._variables], strict=True)
        ]


class _Reads:
    """In place of the tapes: the variables that are read inside."""

    def __enter__(self) -> "_Reads":
        self.variables: list[Variable] = []
        self._context = recorded_by((self,))
        self._context.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)

    def record(self, key: Any, make: Callable, sources: Any, values: list, result: Any) -> None:
        for source in sources:
            if isinstance(source, Variable) and not any(source is v for v in self.variables):
                self.variables.append(source)

    def alias(self, variable: Variable, value: Tensor) -> None:
        self.record(None, lambda key: key, [variable], [], None)


def _fitted(gradient: Any, like: Any) -> Any:
    if not jnp.issubdtype(like.dtype, jnp.inexact):
        return None
    return jnp.zeros_like(like) if gradient is None else raw(gradient).astype(like.dtype)


def recompute_grad(f: Callable) -> Callable:
    """The function, whose intermediate values are not kept but computed again for its gradient, a tape's or that of `fit`.

    Source: tf.recompute_grad.
    """

    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        leaves, treedef = jax.tree.flatten(args, is_leaf=lambda x: isinstance(x, (Tensor, Variable)))
        if any(isinstance(leaf, KerasTensor) for leaf in leaves):
            return f(*args, **kwargs)
        if context.scope is not None:
            return _recomputed(f, leaves, treedef, kwargs)
        if not context.tapes:
            return f(*args, **kwargs)
        places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, (Tensor, Variable))]
        with _Reads() as reads:
            result = f(*args, **kwargs)
        inner = [v for v in reads.variables if not any(v is leaf for leaf in leaves)]
        flat, structure = jax.tree.flatten(result, is_leaf=lambda x: isinstance(x, Tensor))

        @jax.checkpoint
        def run(*arrays: Any) -> list:
            given = list(leaves)
            for i, array in zip(places, arrays, strict=False):
                given[i] = Tensor(array)
            with recorded_by(()), FunctionalScope(zip(inner, arrays[len(places) :], strict=True)):
                again = f(*jax.tree.unflatten(treedef, given), **kwargs)
            return [raw(leaf) for leaf in jax.tree.leaves(again, is_leaf=lambda x: isinstance(x, Tensor))]

        sources = [*[leaves[i] for i in places], *inner]
        made = [Tensor(raw(leaf)) for leaf in flat]
        for tape in context.tapes:
            tape.record(run, lambda key: key, sources, [raw(source) for source in sources], made)
        return jax.tree.unflatten(structure, made)

    return call


def _recomputed(f: Callable, leaves: list, treedef: Any, kwargs: dict) -> Any:
    """The call of `f` as a part of a compiled program: traced once, with the variables that it writes threaded through."""
    places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, (Tensor, Variable))]
    plain: list = []
    structure: Any = None

    def function(*arrays: Any) -> list:
        nonlocal plain, structure
        given = list(leaves)
        for i, array in zip(places, arrays, strict=True):
            given[i] = Tensor(array)
        result = f(*jax.tree.unflatten(treedef, given), **kwargs)
        plain, structure = jax.tree.flatten(result, is_leaf=lambda x: isinstance(x, Tensor))
        return [leaf._value for leaf in plain if isinstance(leaf, Tensor)]

    sources = [leaves[i] for i in places]
    arrays = [raw(source) for source in sources]
    body = with_variables(function, arrays)
    middle, end = len(body.constants), len(body.constants) + len(body.written)

    @jax.checkpoint
    def run(*operands: Any) -> list:
        outputs, written = body(operands[:middle], operands[middle:end], operands[end:])
        return [*outputs, *written]

    present = [v._read() for v in body.written]
    operands = [*body.constants, *present, *arrays]
    results = assigned(call_once(run, operands, [*body.sources, *map(Tensor, present), *sources]), body.written)
    rest = iter(results)
    return jax.tree.unflatten(structure, [next(rest) if isinstance(leaf, Tensor) else leaf for leaf in plain])


stop_gradient = ops.stop_gradient
