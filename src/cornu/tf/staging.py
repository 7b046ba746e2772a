"""Branches and loops over traced tensors as single calls: XLA's control flow, one entry on the tapes, variables threaded through.

A branch or loop body is traced once to a jaxpr. What it reads from outside are the jaxpr's constants; the tensors and variables
that they came from become the sources of the entry, so that gradients flow into everything the body mentions.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import ClosedJaxpr, jaxpr_as_fun

from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.tensor import Tensor
from cornu.core.variable import Variable
from cornu.tf.reversible import counted_loop


class _Sources:
    """In place of the tapes while a body is traced: tells which tensor or variable a value belongs to."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Any, Any]] = {}  # with the value, so that its id stays unique

    def record(self, key: Any, make: Callable, sources: Sequence, values: list, result: Any) -> None:
        for source, value in zip(sources, values, strict=False):
            self._found.setdefault(id(value), (source, value))

    def alias(self, variable: Variable, value: Tensor) -> None:
        self._found.setdefault(id(value._value), (variable, value._value))

    def of(self, value: Any) -> Any:
        return self._found[id(value)][0] if id(value) in self._found else Tensor(value)


@contextlib.contextmanager
def recorded_by(tapes: tuple) -> Iterator[None]:
    """Only these tapes see what happens inside."""
    saved, context.tapes = context.tapes, tapes
    try:
        yield
    finally:
        context.tapes = saved


class Body:
    """A function `(*arrays) -> list of arrays` as a jaxpr, with the variables it writes as further inputs and outputs.

    `variables` are inputs; `written` lists what the function assigned, in the order in which the new values are returned.
    """

    def __init__(self, function: Callable, arrays: Sequence, variables: Sequence[Variable] = ()):
        seen, self.variables = _Sources(), variables
        self.written: list[Variable] = []

        def run(values: list, given: list) -> list:
            with FunctionalScope(zip(variables, values, strict=True)) as scope:
                with recorded_by((seen,) if context.tapes else ()):
                    outputs = [plain(array) for array in function(*given)]
            extra = [v for v in scope.written.values() if not any(v is known for known in variables)]
            self.written = [*variables, *extra]
            return [*outputs, *[plain(scope.value_of(v)) for v in self.written]]

        closed = jax.make_jaxpr(run)([v._read() for v in variables], list(arrays))
        self._jaxpr, self.constants = closed.jaxpr, list(closed.consts)
        self.sources = [seen.of(value) for value in self.constants]
        self.outputs = closed.out_avals[: len(closed.out_avals) - len(self.written)]

    def __call__(self, constants: Sequence, values: Sequence, arrays: Sequence) -> tuple[list, list]:
        """The outputs and the new values of the written variables."""
        results = jaxpr_as_fun(ClosedJaxpr(self._jaxpr, list(constants)))(*values, *arrays)
        return list(results[: len(self.outputs)]), list(results[len(self.outputs) :])


def plain(array: Any) -> Any:
    """The array with a dtype of its own, not a Python number's that gives way to others."""
    array = jnp.asarray(array)
    return lax.convert_element_type(array, array.dtype)


def with_variables(function: Callable, arrays: Sequence) -> Body:
    """The function as a Body whose written variables all are inputs as well."""
    body = Body(function, arrays)
    while len(body.written) > len(body.variables):
        body = Body(function, arrays, body.written)
    return body


def call_once(run: Callable, operands: list, sources: list) -> list[Tensor]:
    """`run(*operands)`, a list of arrays, as one entry on the tapes."""
    results = [Tensor(array) for array in run(*operands)]
    for tape in context.tapes:
        tape.record(run, _itself, sources, operands, results)
    return results


def _itself(run: Callable) -> Callable:
    return run


def _operands(bodies: Sequence[Body]) -> tuple[list, list, list[slice]]:
    """The constants of all bodies, their sources, and which of them belong to which body."""
    values, sources, places = [], [], []
    for body in bodies:
        places.append(slice(len(values), len(values) + len(body.constants)))
        values += body.constants
        sources += body.sources
    return values, sources, places


def branch(index: Tensor, bodies: Sequence[Body], choose: Callable[[int, list], list]) -> list[Tensor]:
    """The outputs of `bodies[index]`; `choose(i, outputs)` makes the outputs of all bodies alike."""
    variables = list({id(v): v for body in bodies for v in body.written}.values())
    values, sources, places = _operands(bodies)
    start = len(values)
    values += [v._read() for v in variables]
    sources += [Tensor(value) for value in values[start:]]

    def run(which: Any, *operands: Any) -> list:
        def one(i: int) -> Callable:
            def take(*operands: Any) -> list:
                body, present = bodies[i], dict(zip(map(id, variables), operands[start:], strict=True))
                outputs, written = body(operands[places[i]], [], [])
                present.update(zip(map(id, body.written), written, strict=True))
                return [*choose(i, outputs), *present.values()]

            return take

        return lax.switch(which, [one(i) for i in range(len(bodies))], *operands)

    results = call_once(run, [index._value, *values], [index, *sources])
    return assigned(results, variables)


def repeat(test: Callable, step: Callable, carry: list[Tensor], ignored: int = 0) -> list[Tensor]:
    """`carry = step(*carry)` while `test(*carry)`; both get arrays. Differentiable though the number of turns is unknown.

    Args:
        ignored: how many outputs of `step`, after those of the carry, are kept from the last turn only; zeros without any.
    """
    arrays = [tensor._value for tensor in carry]
    body = with_variables(step, arrays)
    variables = body.written
    going = Body(test, arrays, variables)
    values, sources, places = _operands([body, going])
    initial = [plain(array) for array in arrays]
    initial += [jnp.zeros(aval.shape, aval.dtype) for aval in body.outputs[len(carry) :]]
    count, own = len(initial), len(values)
    present = [plain(v._read()) for v in variables]

    def run(*operands: Any) -> list:
        def go_on(constants: tuple, state: tuple) -> Any:
            return going(constants[places[1]], state[count:], state[: len(carry)])[0][0].reshape(()).astype(bool)

        def advance(constants: tuple, state: tuple) -> tuple:
            outputs, written = body(constants[places[0]], state[count:], state[: len(carry)])
            return (*outputs, *written)

        return list(counted_loop(go_on, advance, tuple(operands[:own]), tuple(operands[own:])))

    operands = [*values, *initial, *present]
    fresh = [Tensor(array) for array in [*initial[len(carry) :], *present]]
    return assigned(call_once(run, operands, [*sources, *carry, *fresh]), variables)


def scan(step: Callable, carry: list[Tensor], rows: list[Tensor], length: int) -> list[Tensor]:
    """`carry = step(*carry, *row)` over the rows, `length` of them. Further outputs of `step` are kept from the last turn."""
    arrays, count = [tensor._value for tensor in carry], len(carry)
    body = with_variables(step, [*arrays, *[jax.ShapeDtypeStruct(r._value.shape[1:], r._value.dtype) for r in rows]])
    variables, own = body.written, len(body.constants)
    initial = [plain(array) for array in arrays]
    initial += [jnp.zeros(aval.shape, aval.dtype) for aval in body.outputs[count:]]
    total, present = len(initial), [plain(v._read()) for v in variables]

    def run(*operands: Any) -> list:
        constants, state = operands[:own], operands[own : own + total + len(variables)]

        def advance(state: tuple, row: tuple) -> tuple:
            outputs, written = body(constants, state[total:], [*state[:count], *row])
            return (*outputs, *written), None

        return list(lax.scan(advance, tuple(state), tuple(operands[own + len(state) :]), length=length)[0])

    operands = [*body.constants, *initial, *present, *[row._value for row in rows]]
    fresh = [Tensor(array) for array in [*initial[count:], *present]]
    return assigned(call_once(run, operands, [*body.sources, *carry, *fresh, *rows]), variables)


def assigned(results: list[Tensor], variables: list[Variable]) -> list[Tensor]:
    """The results that are not the variables' new values; those are assigned."""
    count = len(results) - len(variables)
    for variable, value in zip(variables, results[count:], strict=True):
        variable.assign(value)
    return results[:count]
