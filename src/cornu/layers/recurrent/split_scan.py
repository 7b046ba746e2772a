"""The loop over time steps for cells whose step is one product with the recurrent weights and arithmetic per entry.

The gradient that JAX derives for `lax.scan` adds to the weights' gradient in every step, which is a matrix product and a
pass over the whole matrix each time. Here the backward loop only carries the states back and keeps the gradients of
the products; one product over all steps then gives the weights' gradient. What is cheap (gates) is computed again in the
backward loop instead of being kept.
"""

import functools
from typing import Any, Protocol

import jax
import jax.numpy as jnp
from jax import lax

from cornu.core.context import context
from cornu.core.symbolic import unboxed
from cornu.core.tensor import box

Arrays = tuple[jax.Array, ...]
Gates = list[jax.Array]


class SplitStep(Protocol):
    """A step in two parts, on tensors; hashable. The output is the first state.

    `is_additive` says that `update` depends on `x + product` alone; it gets the sum in place of `x`, and None.
    """

    is_additive: bool

    def mix(self, h: Any, weights: Any) -> Any:
        """The list of products of states with the recurrent weights, for any number of leading axes. Linear in `weights`."""

    def update(self, x: list[Any], product: Any, states: Any) -> Any:
        """The new states of projected inputs, the products and the states before."""


class unrecorded:
    """No tape sees what happens inside: tensors of an inner trace mean nothing outside of it."""

    def __enter__(self) -> None:
        self._saved, context.tapes = context.tapes, ()

    def __exit__(self, *error: Any) -> None:
        context.tapes = self._saved


def keep_where(mask: jax.Array | None, new: Any, old: Any) -> Any:
    """`new` in rows where the mask is true, else `old`. Shape: (batch,), (batch, ...) -> (batch, ...)."""
    if mask is None:
        return new
    return jax.tree.map(lambda a, b: jnp.where(mask.reshape(-1, *(1,) * (a.ndim - 1)), a, b), new, old)


def _mix(step: SplitStep, h: jax.Array, weights: Any) -> Gates:
    with unrecorded():
        return unboxed(step.mix(box(h), box(weights)))


def _gates(step: SplitStep, x: Gates, product: Gates) -> tuple[Gates, Gates | None]:
    return ([a + b for a, b in zip(x, product, strict=True)], None) if step.is_additive else (x, product)


def _update(step: SplitStep, x: Gates, product: Gates | None, states: Arrays, mask: Any) -> Arrays:
    with unrecorded():
        new = tuple(unboxed(list(step.update(box(x), box(product), list(box(states))))))
    return keep_where(mask, new, states)


@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1, 2))
def split_scan(
    step: SplitStep, collect: bool, unroll: bool, weights: Any, xs: Gates, states: Arrays, mask: jax.Array | None
) -> tuple[Arrays, jax.Array | None]:
    """The states after all steps, and with `collect` the outputs of every step.

    Args: weights: arrays for `step.mix`. xs: projected inputs, time first. mask: rows that a step changes.
    Shape: xs (time, batch, ...) each, states (batch, ...) each, mask (time, batch) -> states, (time, batch, ...).
    """

    def advance(states: Arrays, row: tuple) -> tuple[Arrays, jax.Array | None]:
        x, rows = row
        new = _update(step, *_gates(step, x, _mix(step, states[0], weights)), states, rows)
        return new, new[0] if collect else None

    return lax.scan(advance, states, (xs, mask), unroll=unroll)


def _forward(step, collect, unroll, weights, xs, states, mask):
    def advance(states: Arrays, row: tuple) -> tuple:
        x, rows = row
        gates, product = _gates(step, x, _mix(step, states[0], weights))
        new = _update(step, gates, product, states, rows)
        return new, (new[0] if collect else None, states, gates if product is None else product)

    last, (outputs, before, kept) = lax.scan(advance, states, (xs, mask), unroll=unroll)
    gates = (kept, None) if step.is_additive else (xs, kept)
    return (last, outputs), (weights, before, gates, mask)


def _backward(step, collect, unroll, saved, gradient):
    weights, before, gates, mask = saved
    d_last, d_outputs = gradient

    def go_back(d_states: Arrays, row: tuple) -> tuple:
        states, (x, product), rows, d_output = row
        if collect:
            d_states = (d_states[0] + d_output, *d_states[1:])
        _, pull = jax.vjp(lambda x, p, s: _update(step, x, p, s, rows), x, product, states)
        d_x, d_product, d_states = pull(d_states)
        _, pull = jax.vjp(lambda h: _mix(step, h, weights), states[0])
        (d_h,) = pull(d_x if step.is_additive else d_product)
        return (d_states[0] + d_h, *d_states[1:]), (d_x, d_product)

    rows = (before, gates, mask, d_outputs)
    d_states, (d_xs, d_products) = lax.scan(go_back, d_last, rows, reverse=True, unroll=unroll)
    _, pull = jax.vjp(lambda w: _mix(step, before[0], w), weights)
    (d_weights,) = pull(d_xs if step.is_additive else d_products)
    return d_weights, d_xs, d_states, None


split_scan.defvjp(_forward, _backward)
