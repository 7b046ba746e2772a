"""One optimizer step as a pure function of arrays: accumulate, clip, decay, update, average, constrain."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
from jax import lax

from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.tensor import Tensor, raw

if TYPE_CHECKING:
    from cornu.optimizers.base import Optimizer

Arrays = list[jax.Array]


def step(
    o: "Optimizer", state: Sequence, grads: Sequence, values: Sequence, which: Sequence[int]
) -> tuple[Arrays, Arrays]:
    """The state and the values of the variables `which` after one step of the optimizer `o`.

    `state` belongs to `o.variables`; `grads` and `values` to the variables that `which` counts among those `o` was built for.
    """
    now = _by_variable(o, state)
    iteration = now[id(o._iterations)]
    values = list(values)
    grads = [jnp.asarray(g).astype(p.dtype) for g, p in zip(grads, values, strict=True)]
    if o.loss_scale_factor is not None:
        grads = [g / o.loss_scale_factor for g in grads]
    if o.gradient_accumulation_steps:
        now, values = _accumulate(o, now, grads, values, which)
    else:
        now, values = _update(o, now, grads, values, which)
    if o.use_ema:
        _average(o, now, values, which)
    values = [_constrained(o._trainable[i], p) for i, p in zip(which, values, strict=True)]
    now[id(o._iterations)] = iteration + 1
    return [now[id(v)] for v in o._variables], values


def _by_variable(o: "Optimizer", state: Sequence) -> dict[int, Any]:
    return {id(variable): value for variable, value in zip(o._variables, state, strict=True)}


def _accumulate(o: "Optimizer", now: dict, grads: Arrays, values: Arrays, which: Sequence[int]) -> tuple[dict, Arrays]:
    """Sum gradients; every `gradient_accumulation_steps`-th time update with their mean."""
    count = o.gradient_accumulation_steps
    sums = [id(o._accumulators[i]) for i in which]
    totals = [now[s] + g for s, g in zip(sums, grads, strict=True)]

    def update(state: Arrays, values: Arrays) -> tuple[Arrays, Arrays]:
        means = [total / count for total in totals]
        after, values = _update(o, _by_variable(o, state), means, values, which)
        after |= {s: jnp.zeros_like(total) for s, total in zip(sums, totals, strict=True)}
        return [after[id(v)] for v in o._variables], values

    def wait(state: Arrays, values: Arrays) -> tuple[Arrays, Arrays]:
        after = _by_variable(o, state) | dict(zip(sums, totals, strict=True))
        return [after[id(v)] for v in o._variables], values

    is_last = (now[id(o._iterations)] + 1) % count == 0
    state, values = lax.cond(is_last, update, wait, [now[id(v)] for v in o._variables], values)
    return _by_variable(o, state), values


def _update(o: "Optimizer", now: dict, grads: Arrays, values: Arrays, which: Sequence[int]) -> tuple[dict, Arrays]:
    """Clip, decay, and the algorithm's own formula, leaf by leaf."""
    now = dict(now)
    grads = clipped(o, grads)
    rate, t = o._rate(now), updates_so_far(o, now) + 1
    decays = [o.decay_of(o._trainable[i]) if o._decays(o._trainable[i]) else None for i in which]
    values = [
        p if decay is None else p - p * decay * rate.astype(p.dtype) for p, decay in zip(values, decays, strict=True)
    ]
    if o._has_own_update_step():
        return _update_by_method(o, now, grads, values, which, rate)
    shared = {name: now[id(v)] for name, v in o._shared.items()}
    shared = o.advance(shared, t)
    now |= {id(o._shared[name]): value for name, value in shared.items()}
    after = []
    for g, p, i in zip(grads, values, which, strict=True):
        slots = {name: now[id(v)] for name, v in o._slots[i].items()}
        new_p, new_slots = o.update(g, p, slots | shared, rate.astype(p.dtype), t.astype(p.dtype))
        after.append(new_p.astype(p.dtype))
        now |= {id(o._slots[i][name]): value.astype(slots[name].dtype) for name, value in new_slots.items()}
    return now, after


def _update_by_method(
    o: "Optimizer", now: dict, grads: Arrays, values: Arrays, which: Sequence[int], rate: jax.Array
) -> tuple[dict, Arrays]:
    """The step of a subclass that overrides `update_step`, which reads and assigns variables."""
    variables = [o._trainable[i] for i in which]
    pairs = [(v, now[id(v)]) for v in o._variables] + list(zip(variables, values, strict=True))
    with FunctionalScope(pairs) as scope:
        for g, variable in zip(grads, variables, strict=True):
            o.update_step(Tensor(g), variable, Tensor(rate))
        return {id(v): scope.value_of(v) for v in o._variables}, [scope.value_of(v) for v in variables]


def updates_so_far(o: "Optimizer", now: dict) -> jax.Array:
    """How often the weights were updated; waiting for more gradients does not count."""
    iteration = now[id(o._iterations)]
    return iteration // o.gradient_accumulation_steps if o.gradient_accumulation_steps else iteration


def clipped(o: "Optimizer", grads: Arrays) -> Arrays:
    """The gradients within the optimizer's bounds."""
    if o.clipnorm:
        return [g * (o.clipnorm / jnp.maximum(_norm([g]), o.clipnorm)).astype(g.dtype) for g in grads]
    if o.global_clipnorm:
        factor = o.global_clipnorm / jnp.maximum(_norm(grads), o.global_clipnorm)
        return [g * factor.astype(g.dtype) for g in grads]
    if o.clipvalue:
        return [jnp.clip(g, -o.clipvalue, o.clipvalue) for g in grads]
    return grads


def _norm(arrays: Arrays) -> jax.Array:
    return jnp.sqrt(sum((jnp.sum(jnp.square(a)) for a in arrays), start=jnp.zeros((), arrays[0].dtype)))


def _average(o: "Optimizer", now: dict, values: Arrays, which: Sequence[int]) -> None:
    """Move the running averages towards the values; at every `ema_overwrite_frequency`-th update take them over."""
    done = updates_so_far(o, now)
    for k, i in enumerate(which):
        average = now[id(o._averages[i])]
        momentum = jnp.where(done == 0, 0.0, o.ema_momentum).astype(average.dtype)  # the first average is the value
        average = momentum * average + (1 - momentum) * values[k]
        now[id(o._averages[i])] = average
        if o.ema_overwrite_frequency:
            values[k] = jnp.where((done + 1) % o.ema_overwrite_frequency == 0, average, values[k])


def _constrained(variable: Any, value: jax.Array) -> jax.Array:
    if variable.constraint is None:
        return value
    tapes, context.tapes = context.tapes, ()  # a projection is no part of anybody's gradient
    try:
        return raw(variable.constraint(Tensor(value))).astype(value.dtype)
    finally:
        context.tapes = tapes
