"""Derivatives that the user writes, and directional derivatives."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError
from cornu.core.context import context
from cornu.core.dispatch import Op
from cornu.core.tensor import Tensor, box, raw
from cornu.core.variable import Variable


def _is_leaf(x: Any) -> bool:
    return isinstance(x, (Tensor, Variable))


def _arrays(nest: Any) -> Any:
    return jax.tree.map(raw, nest, is_leaf=_is_leaf)


def _quiet(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """Call a user function inside of a trace: no tape may see its tensors."""
    saved, context.tapes = context.tapes, ()
    try:
        return function(*args, **kwargs)
    finally:
        context.tapes = saved


def custom_gradient(f: Callable) -> Callable:
    """Decorator: `f(*args)` returns `(result, grad)`, and `grad(upstream)` gives the gradient by each argument.

    `grad` may also be written as `grad(*args, upstream=None)`, as Keras has it. Keyword arguments of `f` are not
    differentiated. Source: tf.custom_gradient.
    """

    def body(*operands: Any, options: Any = None) -> Any:
        keywords = dict(options or {})

        @jax.custom_gradient
        def run(*arrays: Any) -> tuple[Any, Callable]:
            result, grad = _quiet(f, *box(arrays), **keywords)

            def backward(upstream: Any) -> tuple:
                flat = upstream if isinstance(upstream, tuple) else (upstream,)
                grads = _quiet(grad, *box(flat))
                grads = grads if isinstance(grads, (list, tuple)) else (grads,)
                if len(grads) != len(arrays):
                    raise InvalidArgumentError(
                        f"Expected the gradient function of {f.__name__} to return {len(arrays)} gradients, one per argument; "
                        f"received {len(grads)}."
                    )
                return tuple(_fit(g, x) for g, x in zip(grads, arrays, strict=True))

            return _arrays(result), backward

        return run(*operands)

    body.__name__, body.__doc__ = getattr(f, "__name__", "custom_gradient"), f.__doc__
    this = Op(body, None, [], [], inexact=False, unify=False, eager=True)

    def call(*args: Any, **kwargs: Any) -> Any:
        return this(*args, options=kwargs) if kwargs else this(*args)

    call.__name__, call.__doc__, call.__wrapped__ = body.__name__, f.__doc__, f
    return call


def _fit(gradient: Any, like: Any) -> Any:
    if gradient is None:
        return jnp.zeros_like(like)
    return raw(gradient).astype(like.dtype) if jnp.issubdtype(like.dtype, jnp.inexact) else raw(gradient)


def jvp(fun: Callable, primals: Any, tangents: Any, has_aux: bool = False) -> tuple:
    """The value of `fun(*primals)` and its change when the arguments move along `tangents`.

    With `has_aux`, `fun` returns (value, aux) and aux is returned as a third entry.
    """
    pure = lambda *args: _arrays(_quiet(fun, *box(args)))
    if not isinstance(primals, (list, tuple)) or not isinstance(tangents, (list, tuple)):
        raise InvalidArgumentError("Expected primals and tangents as tuples or lists, one entry per argument of fun.")
    return box(jax.jvp(pure, tuple(_arrays(primals)), tuple(_arrays(tangents)), has_aux=has_aux))
