"""One compiled version of a function: for arguments of one structure, with fixed shapes, dtypes and Python values."""

import contextlib
import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.core import ClosedJaxpr, jaxpr_as_fun

from cornu._base.errors import InvalidArgumentError
from cornu.core.compile_cache import enable_compile_cache
from cornu.core.compiling import Jit
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.tensor import Tensor
from cornu.core.tracebacks import end_with_message
from cornu.core.variable import LIVE, Variable
from cornu.tf import assertions, nests
from cornu.tf.messages import without_messages
from cornu.tf.staging import recorded_by

CREATED = (
    "tf.function: expected variables to be made in the first call only; this call made one more. "
    "Make it outside of the function, or only if it is not there yet."
)
_writing = threading.Lock()  # two threads that call functions which assign to variables lose nothing


class Trace:
    """The function as one XLA program. Python runs while it is traced, once; twice if it makes variables.

    Every live variable is an input while tracing; those that play no part are dropped from the program.
    """

    def __init__(self, function: Callable, arrays: Sequence, may_create: bool):
        enable_compile_cache()
        self.count = 0
        extra: list[Variable] = []
        while True:
            before = set(LIVE)
            known = [v for v in [*list(LIVE.values()), *extra] if v._stored.dtype != object]
            closed, scope = self._traced(function, known, arrays)
            made = [v for v in list(LIVE.values()) if id(v) not in before]
            missed = [v for v in scope.missed.values() if v._stored.dtype != object]
            if not made and not missed:
                break
            if not may_create and any(id(v) in {id(m) for m in made} for v in (missed or made)):
                raise InvalidArgumentError(CREATED)
            may_create = False
            extra = [v for v in missed if id(v) not in LIVE]
        self._keep(closed, known)
        self._compiled = Jit(self.flat)

    def _traced(self, function: Callable, known: list[Variable], arrays: Sequence) -> tuple[Any, FunctionalScope]:
        scope = FunctionalScope()

        def run(values: list, given: list) -> list:
            scope.__init__(zip(known, values, strict=True))
            with scope, recorded_by(()), assertions.collected() as self.checks:
                result = nests.results(nests.opened(function(list(given))))
            leaves, self.structure = jax.tree.flatten(result, is_leaf=_is_tensor)
            self.plain = {i: leaf for i, leaf in enumerate(leaves) if not _is_numeric(leaf)}
            outputs = [leaf._value for leaf in leaves if _is_numeric(leaf)]
            self.width, self.written = len(outputs), list(scope.written.values())
            return [*outputs, *[scope.value_of(v) for v in self.written]]

        self.count += 1
        try:
            closed = jax.make_jaxpr(run)([v._stored for v in known], list(arrays))
        except Exception as error:
            end_with_message(error)
            raise
        self.outputs = closed.out_avals[: self.width]
        return closed, scope

    def _keep(self, closed: Any, known: list[Variable]) -> None:
        jaxpr = closed.jaxpr
        used = {id(var) for eqn in jaxpr.eqns for var in eqn.invars} | {id(var) for var in jaxpr.outvars}
        self._places = [i for i in range(len(known)) if id(jaxpr.invars[i]) in used]
        self._total, self._jaxpr = len(known), jaxpr
        self.variables = [known[i] for i in self._places]
        self.constants = [jnp.asarray(value) for value in closed.consts]

    def flat(self, *operands: Any, is_replay: bool = False) -> list:
        """Outputs and new values of the written variables, by (variables, constants, arguments)."""
        middle, end = len(self.variables), len(self.variables) + len(self.constants)
        inputs: list[Any] = [0] * self._total  # in the places of variables that nothing reads
        for i, value in zip(self._places, operands[:middle], strict=True):
            inputs[i] = value
        closed = ClosedJaxpr(self._silent if is_replay else self._jaxpr, list(operands[middle:end]))
        return list(jaxpr_as_fun(closed)(*inputs, *operands[end:]))

    def outputs_only(self, *operands: Any) -> list:
        """The outputs alone, as tapes replay them: nothing is printed or told to Python again."""
        return self.flat(*operands, is_replay=True)[: self.width]

    @functools.cached_property
    def _silent(self) -> Any:
        return without_messages(self._jaxpr)

    def __call__(self, arrays: Sequence, sources: Callable[[], list]) -> Any:
        """Run the program. `sources()` gives the tensors that the arrays belong to, for tapes."""
        with _writing if self.written else contextlib.nullcontext():
            operands = [*[v._stored for v in self.variables], *self.constants, *arrays]
            results = self._compiled(*operands)
            if self.checks:
                assertions.raise_failed(self.checks)
            for variable, value in zip(self.written, results[self.width :], strict=True):
                variable.assign(value)
        made = [Tensor(array) for array in results[: self.width]]
        if context.tapes:
            origins = [*self.variables, *map(_watched, self.constants), *sources()]
            for tape in context.tapes:
                tape.record(self.outputs_only, _itself, origins, operands, made)
        return made[0] if self.structure == _LEAF and made else self.rebuilt(made)

    def rebuilt(self, tensors: list) -> Any:
        """The result with these in the places of its tensors."""
        rest = iter(tensors)
        leaves = [self.plain[i] if i in self.plain else next(rest) for i in range(self.structure.num_leaves)]
        return nests.closed(jax.tree.unflatten(self.structure, leaves))


def _watched(value: Any) -> Tensor:
    """The tensor of this value that a tape watches, if there is one: the function reads it from outside of its arguments."""
    for tape in context.tapes:
        for source in tape._watched:
            if isinstance(source, Tensor) and source._value is value:
                return source
    return Tensor(value)


def _itself(function: Callable) -> Callable:
    return function


def _is_tensor(x: Any) -> bool:
    return isinstance(x, Tensor)


def _is_numeric(leaf: Any) -> bool:
    return isinstance(leaf, Tensor) and leaf._value.dtype != object


_LEAF = jax.tree.structure(0)
