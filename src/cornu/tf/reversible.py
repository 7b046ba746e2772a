"""A while loop of unknown length that can be differentiated backwards.

XLA keeps no record of a loop's steps. The backward pass therefore runs the loop again, keeps a fixed number of states at equal
distances, and walks back from one to the previous one: up to `_KEPT**2` steps every step is computed three times, whatever the
length the memory is that of `2 * _KEPT` states. Source: Griewank and Walther 2000, Revolve (two levels).
"""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

_KEPT = 32  # states kept per level
_LEVELS = 2


def counted_loop(test: Callable, step: Callable, constants: tuple, state: tuple) -> tuple:
    """`state = step(constants, state)` while `test(constants, state)`. Everything differentiable is in the arguments."""
    return _loop(test, step, constants, state)


@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _loop(test: Callable, step: Callable, constants: tuple, state: tuple) -> tuple:
    return lax.while_loop(lambda s: test(constants, s), lambda s: step(constants, s), state)


def _forward(test: Callable, step: Callable, constants: tuple, state: tuple) -> tuple:
    count, last = lax.while_loop(
        lambda s: test(constants, s[1]), lambda s: (s[0] + 1, step(constants, s[1])), (jnp.int32(0), state)
    )
    return last, (count, constants, state)


def _backward(test: Callable, step: Callable, kept: tuple, seeds: tuple) -> tuple:
    count, constants, start = kept
    moving_constants, fixed_constants = _parted(constants)
    moving, _ = _parted(start)

    def advance(state: tuple, turns: Any) -> tuple:
        return lax.fori_loop(0, turns, lambda _, s: step(constants, s), state)

    def back(state: tuple, slopes: tuple) -> tuple:
        """One step back: the slopes (of the moving constants, of the moving parts of the state) before it."""
        of_constants, of_state = slopes
        xs, fixed = _parted(state)

        def forward(cs: list, xs: list) -> list:
            return _parted(step(_joined(cs, fixed_constants), _joined(xs, fixed)))[0]

        pull = jax.vjp(forward, moving_constants, xs)[1]
        to_constants, of_state = pull(of_state)
        return jax.tree.map(jnp.add, of_constants, to_constants), of_state

    def walk(level: int, state: tuple, turns: Any, slopes: tuple) -> tuple:
        """Back through `turns` steps that begin at `state`."""
        if not level:
            return lax.fori_loop(0, turns, lambda i, s: back(advance(state, turns - 1 - i), s), slopes)
        stride = jnp.maximum((turns + _KEPT - 1) // _KEPT, 1)
        parts = (turns + stride - 1) // stride

        def keep(i: Any, carry: tuple) -> tuple:
            state, memory = carry
            memory = jax.tree.map(lambda m, s: lax.dynamic_update_index_in_dim(m, s, i, 0), memory, state)
            return advance(state, jnp.minimum(stride, turns - i * stride)), memory

        memory = jax.tree.map(lambda s: jnp.zeros((_KEPT, *s.shape), s.dtype), state)
        memory = lax.fori_loop(0, parts, keep, (state, memory))[1]

        def part(i: Any, slopes: tuple) -> tuple:
            place = parts - 1 - i
            begin = jax.tree.map(lambda m: lax.dynamic_index_in_dim(m, place, 0, keepdims=False), memory)
            return walk(level - 1, begin, jnp.minimum(stride, turns - place * stride), slopes)

        return lax.fori_loop(0, parts, part, slopes)

    ends = [seed for seed, part in zip(seeds, start, strict=True) if _moves(part)]
    zeros = [jnp.zeros_like(c) for c in moving_constants]
    of_constants, of_state = walk(_LEVELS, start, count, (zeros, ends))
    return _slopes(constants, of_constants), _slopes(start, of_state if moving else [])


_loop.defvjp(_forward, _backward)


def _moves(array: Any) -> bool:
    return jnp.issubdtype(array.dtype, jnp.inexact)


def _parted(arrays: tuple) -> tuple[list, list]:
    """The differentiable ones; and all, with None in their places."""
    return [a for a in arrays if _moves(a)], [None if _moves(a) else a for a in arrays]


def _joined(moving: list, fixed: list) -> tuple:
    rest = iter(moving)
    return tuple([next(rest) if array is None else array for array in fixed])


def _slopes(arrays: tuple, moving: list) -> tuple:
    """Cotangents for all arrays: None where there is nothing to differentiate."""
    rest = iter(moving)
    return tuple([next(rest) if _moves(array) else None for array in arrays])
