"""The loop over time steps for any function of (input, states), as one op for tapes.

The function may read and assign variables: those it reads become arguments of the op, so that gradients reach them; those
it assigns (seeds, counters, moving means) travel through the loop and are assigned once after it.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import Op
from cornu.core.scopes import FunctionalScope
from cornu.core.shapes import text
from cornu.core.symbolic import unboxed
from cornu.core.tensor import Tensor, box
from cornu.core.variable import Variable
from cornu.layers.recurrent.split_scan import keep_where, unrecorded

Step = Callable[[Any, Any], tuple[Any, Any]]  # (input, states) -> (output, states), on tensors


class Touched:
    """The variables that a loop reads or assigns (`all`), and those of them that it assigns."""

    def __init__(self, every: list[Variable], written: list[Variable]):
        self.all, self.written = every, written
        self._key = tuple(map(id, every)), tuple(map(id, written))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Touched) and self._key == other._key

    @classmethod
    def by(cls, step: Step, row: Any, states: Any) -> "Touched":
        """Those of one step, found by tracing it. Args: row, states: shapes of arrays."""
        with unrecorded(), FunctionalScope() as scope:
            jax.eval_shape(lambda x, s: unboxed(step(box(x), box(s))), row, states)
        return cls(list(scope.missed.values()), list(scope.written.values()))


class StepsOp:
    """An op of one layer's loop. It keeps compiled programs for eager calls, and goes when the layer goes.

    `run(sequences, states, extras, touched, options)` is the loop on arrays; it finds its variables' values in a scope.
    """

    def __init__(self, run: Callable[[Any, Any, Any, Touched, tuple], Any]):
        self._run = run
        self._op = Op(self.recurrent_steps, "sequences", [], ["states", "values", "extras"], False, False, False)

    def recurrent_steps(self, sequences, states, values, extras, touched: Any = None, options=()):
        """The loop's results, and the assigned variables' values after it."""
        with unrecorded(), FunctionalScope(zip(touched.all, values, strict=True)) as scope:
            outputs = self._run(sequences, states, extras, touched, options)
            return outputs, [scope.value_of(variable) for variable in touched.written]

    def __call__(self, sequences: Any, states: Any, extras: dict[str, Any], touched: Touched, options: tuple) -> Any:
        """Run on tensors; `options` are plain values that belong to the program."""
        outputs, after = self._op(sequences, states, touched.all, extras, touched=touched, options=options)
        for variable, value in zip(touched.written, after, strict=True):
            variable.assign(value)
        return outputs


def scan_steps(
    step: Step, xs: Any, states: Any, mask: jax.Array | None, written: list[Variable], collect: bool, zero: bool,
    unroll: bool,
) -> tuple[Any, Any]:  # fmt: skip
    """The last or (with `collect`) all outputs of a step function, and the states after the last step.

    Where the mask is false, states stay, and the output is that of the step before: zeros at first, or with `zero` always.

    Shape: xs (time, batch, ...), mask (time, batch) -> (batch, ...) or (time, batch, ...), states.
    Raises: InvalidArgumentError if the step changes the structure or the shapes of the states.
    """
    row = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape[1:], x.dtype), xs)

    def advance(states: Any, values: list, x: Any) -> tuple:
        with unrecorded(), FunctionalScope(zip(written, values, strict=True)) as scope:
            output, new = step(box(x), box(states))
            after = [scope.value_of(variable) for variable in written]
        return unboxed(output), _like(states, unboxed(new)), after

    values = [variable._read() for variable in written]
    shapes = jax.eval_shape(lambda s, v, x: advance(s, v, x)[0], states, values, row)
    previous = jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), shapes)

    def body(carry: tuple, row: tuple) -> tuple:
        states, values, previous = carry
        x, rows = row
        output, new, after = advance(states, values, x)
        shown = output
        if rows is not None:
            shown = keep_where(rows, output, jax.tree.map(jnp.zeros_like, output) if zero else previous)
            new = keep_where(rows, new, states)
        is_kept = not collect or (rows is not None and not zero)
        return (new, after, shown if is_kept else previous), shown if collect else None

    carry, outputs = lax.scan(body, (states, values, previous), (xs, mask), unroll=unroll)
    states, values, last = carry
    for variable, value in zip(written, values, strict=True):
        variable.assign(Tensor(value))
    return outputs if collect else last, states


def _like(states: Any, new: Any) -> Any:
    """New states in the structure and dtypes of those before."""
    before, structure = jax.tree.flatten(states)
    after = jax.tree.leaves(new)
    shapes_before, shapes_after = ([text(leaf.shape) for leaf in leaves] for leaves in (before, after))
    if shapes_before != shapes_after:
        raise InvalidArgumentError(
            f"Expected a cell to return states of the shapes it was given, {', '.join(shapes_before) or 'none'}; it returned "
            f"{', '.join(shapes_after) or 'none'}. Check `state_size` and what `call` returns: (output, states)."
        )
    return jax.tree.unflatten(structure, [a.astype(b.dtype) for a, b in zip(after, before, strict=True)])
