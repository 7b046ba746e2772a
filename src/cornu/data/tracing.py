"""Functions of elements, compiled where that is possible.

A function given to `map` or `filter` is traced once, when it is given (as TensorFlow does). If it works on any values (tensor
operations only), writes no variable and draws no random numbers, the trace is kept: it runs compiled, on many rows at a time
where the rows lie in memory. Any other function runs as plain Python, element by element.
"""

import logging
import random
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.extend.core import jaxpr_as_fun

from cornu.core import dtypes
from cornu.core.context import context
from cornu.core.global_seed import pairs_drawn
from cornu.core.scopes import FunctionalScope
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable
from cornu.data.nest import flatten, map_nest, pack
from cornu.data.spec import TensorSpec, is_static
from cornu.data.values import element_to_host, to_tensors

_PROBES = 24, 48  # stand-ins for unknown sizes while tracing


class _NotTraceable(Exception):
    """The function has to run as Python; the text says why."""


def call(function: Callable, element: Any) -> Any:
    """The user's function on an element: the parts of a tuple are its arguments; a list it returns is a tuple."""
    made = function(*element) if isinstance(element, tuple) else function(element)
    return tuple(made) if type(made) is list else made


class Traced:
    """A function of elements as a compiled function of arrays."""

    def __init__(self, function: Callable, input_spec: Any):
        self._function, self._input = function, input_spec
        self._variables: list[Variable] = []
        self._outputs: Any = None  # structure of what the function gives
        leaves = flatten(input_spec)
        if not leaves or not all(
            isinstance(s, TensorSpec) and s.dtype != "string" and s.shape is not None for s in leaves
        ):
            raise _NotTraceable("its elements are not tensors of numbers of a known rank")
        self.static = all(map(is_static, leaves))
        before = _random_state()
        first = self._trace(_PROBES[0])
        if self.static:
            shapes = [s.shape for s in first.out_avals]
            self._flat = jaxpr_as_fun(first)
        else:
            second = self._trace(_PROBES[1])
            shapes = [_common(a.shape, b.shape) for a, b in zip(first.out_avals, second.out_avals, strict=True)]
            self._flat = self._run
        if _random_state() != before:
            raise _NotTraceable("it draws random numbers")
        dtypes_out = [s.dtype for s in first.out_avals]
        self.output_spec = pack(self._outputs, [TensorSpec(s, d) for s, d in zip(shapes, dtypes_out, strict=True)])
        self._each = jax.jit(self._flat)
        count = len(self._variables)
        self._over_rows = jax.jit(jax.vmap(self._flat, in_axes=[None] * count + [0] * len(leaves)))
        if self.static:
            jax.eval_shape(self._over_rows, *self._values(), *[_struct(s, 1, rows=2) for s in leaves])

    @property
    def is_constant(self) -> bool:
        """True if it reads no variable: it will always give the same."""
        return not self._variables

    def _trace(self, probe: int) -> Any:
        """The function as a jaxpr, with those of its variables as first arguments that it turned out to read."""
        structs = [_struct(leaf, probe) for leaf in flatten(self._input)]
        while True:
            known = len(self._variables)
            found = jax.make_jaxpr(self._run)(*self._values(), *structs)
            if len(self._variables) == known:
                return found

    def _values(self) -> list[Any]:
        return [variable._stored for variable in self._variables]

    def _run(self, *arrays: Any) -> list[Any]:
        count = len(self._variables)
        saved = context.tapes, context.autocast
        context.tapes, context.autocast = (), None
        try:
            with FunctionalScope(zip(self._variables, arrays[:count], strict=True)) as scope:
                outputs = call(self._function, pack(self._input, map(Tensor, arrays[count:])))
                outputs = map_nest(_value, outputs)
        finally:
            context.tapes, context.autocast = saved
        if scope.written:
            raise _NotTraceable("it writes variables")
        self._variables += scope.missed.values()
        self._outputs = outputs = map_nest(lambda leaf: leaf, outputs)
        flat = flatten(outputs)
        self._outputs = pack(outputs, [None] * len(flat))
        return flat

    def __call__(self, element: Any) -> Any:
        """The function of one element (or of one batch, if it is a function of batches), on host values."""
        found = self._each(*self._values(), *flatten(element))
        return pack(self._outputs, map(np.asarray, found))

    def rows(self, chunk: Any, count: int, padded_to: int) -> Any:
        """The function of every row of a chunk. Chunks are filled up to one size, for which it is compiled once."""
        leaves = flatten(chunk)
        if count < padded_to:
            leaves = [np.concatenate([c, np.zeros((padded_to - count, *c.shape[1:]), c.dtype)]) for c in leaves]
        found = self._over_rows(*self._values(), *leaves)
        return pack(self._outputs, [np.asarray(column)[:count] for column in found])


def _value(leaf: Any) -> Any:
    if leaf is None or hasattr(leaf, "_step"):
        raise _NotTraceable("it makes None or datasets")
    value = convert_to_tensor(leaf)._value
    if value.dtype == object:
        raise _NotTraceable("it makes text")
    return value


def _struct(spec: TensorSpec, probe: int, rows: int | None = None) -> jax.ShapeDtypeStruct:
    shape = [probe if size is None else size for size in spec.shape]  # type: ignore[union-attr]
    return jax.ShapeDtypeStruct(shape if rows is None else [rows, *shape], dtypes._NUMPY[spec.dtype])


def _common(a: tuple[int, ...], b: tuple[int, ...]) -> Any:
    return None if len(a) != len(b) else [m if m == n else None for m, n in zip(a, b, strict=True)]


def _random_state() -> Any:
    """Whatever changes when Python code draws random numbers."""
    words = np.random.get_state()  # type: ignore[misc]
    return random.getstate(), words[1].tobytes(), words[2], pairs_drawn()  # type: ignore[index]


def traced(function: Callable, input_spec: Any) -> Traced | None:
    """The function compiled, or None if it has to run as Python; the log of "cornu" says why, at level DEBUG.

    Whatever is wrong with the function shows at the first element.
    """
    before = random.getstate(), np.random.get_state()
    try:
        return Traced(function, input_spec)
    except Exception as error:  # code written for values may fail on tracers in any way, and still be right as Python
        name = getattr(function, "__qualname__", function)
        reason = error if isinstance(error, _NotTraceable) else repr(error)
        logging.getLogger("cornu").debug("The function %s of a dataset runs as Python: %s", name, reason)
        random.setstate(before[0])
        np.random.set_state(before[1])
        return None


def run_python(function: Callable, element: Any) -> Any:
    """The user's function on host values, as plain Python on tensors."""
    return element_to_host(call(function, to_tensors(element)))
