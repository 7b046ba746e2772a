"""Branches and loops over tensors, with user functions that take and return tensors.

Outside of compiled functions the functions run as plain Python where that is possible; inside they become one XLA branch or
loop. Variables may be read and assigned in them. While a GradientTape records, loops run step by step so that it sees
every step.
"""

import builtins
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.symbolic import KerasTensor, OpCall, is_symbolic
from cornu.core.tensor import Tensor, box, convert_to_tensor, raw
from cornu.core.variable import Variable
from cornu.ops.indexing import get_item, select_where
from cornu.ops.shaping import concatenate, stack


class HigherOrder:
    """A function that takes functions and nests of tensors; on symbolic tensors it becomes a node of the graph."""

    def __init__(self, function: Callable, tensors: str):
        self.function, self.name, self.tensors = function, function.__name__.rstrip("_"), set(tensors.split())
        self.signature = self.__signature__ = inspect.signature(function)
        self.__name__, self.__doc__, self.__wrapped__ = function.__name__, function.__doc__, function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = self.signature.bind(*args, **kwargs).arguments
        tensors = {name: value for name, value in given.items() if name in self.tensors}
        if not is_symbolic(tensors):
            return self.function(*args, **kwargs)
        return OpCall(self, {name: value for name, value in given.items() if name not in tensors})(**tensors)


def _higher_order(tensors: str) -> Callable[[Callable], HigherOrder]:
    return lambda function: HigherOrder(function, tensors)


def _arrays(nest: Any) -> Any:
    """The nest with JAX arrays in place of tensors, variables and numbers."""
    return jax.tree.map(raw, nest, is_leaf=lambda x: isinstance(x, (Tensor, Variable)))


def _tensors(nest: Any) -> Any:
    return jax.tree.map(convert_to_tensor, nest, is_leaf=lambda x: isinstance(x, (Tensor, Variable)))


def _number(x: Any) -> Any:
    """A Python or NumPy number as a NumPy array, which stays known while compiling; a tensor's array otherwise."""
    return np.asarray(x) if isinstance(x, (bool, int, float, np.generic, np.ndarray)) else raw(x)


def _is_traced(nest: Any) -> bool:
    leaves = jax.tree.leaves(nest, is_leaf=lambda x: isinstance(x, Tensor))
    return any(isinstance(leaf._value if isinstance(leaf, Tensor) else leaf, jax.core.Tracer) for leaf in leaves)


class _unrecorded:
    """No tape sees what happens inside: tensors of an inner trace mean nothing outside of it."""

    def __enter__(self) -> None:
        self._saved, context.tapes = context.tapes, ()

    def __exit__(self, *error: Any) -> None:
        context.tapes = self._saved


def _assigned(functions: Iterable[Callable], *args: Any) -> list[Variable]:
    """The variables that the functions assign, found by tracing them once."""
    found: dict[int, Variable] = {}
    for function in functions:
        with _unrecorded(), FunctionalScope() as scope:
            jax.eval_shape(lambda *a, f=function: _arrays(f(*box(a))), *args)
        found.update(scope.written)
    return list(found.values())


def _pure(function: Callable, variables: list[Variable]) -> Callable:
    """`(values of the variables, *arrays) -> (arrays, new values)`."""

    def run(values: list, *args: Any) -> tuple[Any, list]:
        with _unrecorded(), FunctionalScope(zip(variables, values, strict=True)) as scope:
            return _arrays(function(*box(args))), [scope.value_of(variable) for variable in variables]

    return run


def _read(variables: list[Variable]) -> list:
    return [variable._read() for variable in variables]


def _assign(variables: list[Variable], values: list) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def cond(pred: Any, true_fn: Callable, false_fn: Callable) -> Any:
    """`true_fn()` if the scalar `pred` is true, else `false_fn()`; both return tensors of the same structure.

    Raises: InvalidArgumentError if the branches return different structures, shapes or dtypes while compiling.
    """
    if isinstance(pred, KerasTensor):
        return jax.tree.map(lambda a, b: select_where(pred, a, b), true_fn(), false_fn(), is_leaf=_is_leaf)
    index = _number(pred)
    if index.ndim:
        raise InvalidArgumentError(f"Expected a scalar condition; received shape {tuple(index.shape)}.")
    if not isinstance(index, jax.core.Tracer):
        return true_fn() if bool(index) else false_fn()
    return _branch(index.astype(bool).astype(jnp.int32), [false_fn, true_fn], ())


def switch(index: Any, branches: list[Callable], *operands: Any) -> Any:
    """`branches[index](*operands)`; an index outside of the list takes the nearest branch."""
    where = _number(index)
    if where.ndim:
        raise InvalidArgumentError(f"Expected a scalar index for switch; received shape {tuple(where.shape)}.")
    if not isinstance(where, jax.core.Tracer):
        return branches[builtins.min(builtins.max(int(where), 0), len(branches) - 1)](*_tensors(operands))
    return _branch(jnp.clip(where, 0, len(branches) - 1).astype(jnp.int32), list(branches), operands)


def _is_leaf(x: Any) -> bool:
    return isinstance(x, (Tensor, Variable, KerasTensor))


def _branch(index: Any, branches: list[Callable], operands: tuple) -> Any:
    """One of the branches by a traced index."""
    if context.tapes:
        return _all_branches(index, branches, operands)
    args = _arrays(operands)
    variables = _assigned(branches, *args)
    try:
        result, values = lax.switch(index, [_pure(branch, variables) for branch in branches], _read(variables), *args)
    except TypeError as error:
        raise InvalidArgumentError(f"Expected branches that return the same shapes and dtypes. {error}") from None
    _assign(variables, values)
    return box(result)


def _all_branches(index: Any, branches: list[Callable], operands: tuple) -> Any:
    """Every branch computed and one result picked: a tape can follow this."""
    results, scopes, written = [], [], {}
    for branch in branches:
        with FunctionalScope() as scope:
            results.append(branch(*_tensors(operands)))
        scopes.append(scope)
        written.update(scope.written)
    for variable in written.values():
        value = variable._read()
        for i, scope in enumerate(scopes):
            if id(variable) in scope.written:
                value = jnp.where(index == i, scope.value_of(variable), value)
        variable.assign(value)
    picked = results[0]
    for i, result in enumerate(results[1:], 1):
        picked = jax.tree.map(lambda a, b, i=i: select_where(box(index == i), a, b), result, picked, is_leaf=_is_leaf)
    return picked


def _call(function: Callable, loop_vars: Any) -> Any:
    return function(*loop_vars) if isinstance(loop_vars, (list, tuple)) else function(loop_vars)


@_higher_order("loop_vars")
def while_loop(cond: Callable, body: Callable, loop_vars: Any, maximum_iterations: int | None = None) -> Any:
    """`loop_vars = body(*loop_vars)` as long as `cond(*loop_vars)` is true, at most `maximum_iterations` times.

    Raises: InvalidArgumentError if a tape records a compiled loop whose number of steps is not known and not limited.
    """
    state = _tensors(loop_vars)
    count = 0
    while maximum_iterations is None or count < maximum_iterations:
        if _is_traced(state) and not context.tapes:
            return _compiled_while(cond, body, state, maximum_iterations, count)
        going = _number(_call(cond, state))
        if isinstance(going, jax.core.Tracer):
            return _recorded_while(cond, body, state, maximum_iterations, count)
        if not bool(going):
            break
        state = _same_structure(state, _call(body, state))
        count += 1
    return state


def _same_structure(state: Any, result: Any) -> Any:
    """The body's result in the structure of the loop variables (a list may come back as a tuple)."""
    leaves = jax.tree.leaves(result, is_leaf=_is_leaf)
    treedef = jax.tree.structure(state, is_leaf=_is_leaf)
    if len(leaves) != treedef.num_leaves:
        raise InvalidArgumentError(
            f"Expected the loop body to return {treedef.num_leaves} tensors, one per loop variable; received {len(leaves)}."
        )
    return jax.tree.unflatten(treedef, [convert_to_tensor(leaf) for leaf in leaves])


def _compiled_while(cond: Callable, body: Callable, state: Any, maximum: int | None, count: int) -> Any:
    start, treedef = jax.tree.flatten(_arrays(state))
    unpack = lambda flat: box(jax.tree.unflatten(treedef, flat))
    step = lambda flat: jax.tree.leaves(_arrays(_same_structure(unpack(flat), _call(body, unpack(flat)))))
    variables = _assigned([step], start)
    run, test = _pure(step, variables), _pure(lambda flat: _call(cond, unpack(flat)), variables)

    def go_on(carry: tuple) -> Any:
        turn, flat, values = carry
        going = test(values, flat)[0].reshape(()).astype(bool)
        return going if maximum is None else jnp.logical_and(going, turn < maximum)

    def advance(carry: tuple) -> tuple:
        turn, flat, values = carry
        new, values = run(values, flat)
        return turn + 1, new, values

    _, flat, values = _lowered(lambda: lax.while_loop(go_on, advance, (jnp.int32(count), start, _read(variables))))
    _assign(variables, values)
    return unpack(flat)


def _recorded_while(cond: Callable, body: Callable, state: Any, maximum: int | None, count: int) -> Any:
    """A loop of unknown length under a tape: all steps up to the maximum, each kept only while the condition holds."""
    if maximum is None:
        raise InvalidArgumentError(
            "A GradientTape needs to know how often a compiled while_loop can run. Pass maximum_iterations, or leave the loop "
            "outside of the tape (tape.stop_recording())."
        )
    going = convert_to_tensor(True)
    for _ in range(count, maximum):
        going = select_where(going, _call(cond, state), False)
        new = _same_structure(state, _call(body, state))
        state = jax.tree.map(lambda a, b, g=going: select_where(g, a, b), new, state, is_leaf=_is_leaf)
    return state


def _lowered(run: Callable) -> Any:
    try:
        return run()
    except TypeError as error:
        text = str(error).split("\n\n")[0]
        raise InvalidArgumentError(
            f"Expected the loop body to return the shapes and dtypes it was given. {text}"
        ) from None


@_higher_order("init_val")
def fori_loop(lower: Any, upper: Any, body_fun: Callable, init_val: Any) -> Any:
    """`val = body_fun(i, val)` for i (int32) from `lower` up to, without, `upper`."""
    bounds = [_number(lower), _number(upper)]
    if context.tapes and not _is_traced(bounds):
        state = _tensors(init_val)
        for i in range(int(bounds[0]), int(bounds[1])):
            state = _same_structure(state, body_fun(convert_to_tensor(np.int32(i)), state))
        return state
    if context.tapes:
        raise InvalidArgumentError("A GradientTape needs fori_loop bounds that are plain numbers; received tensors.")
    start = _arrays(init_val)
    first = jnp.int32(0)

    def step(i: Any, state: Any) -> Any:
        return _same_structure(state, body_fun(i, state))

    variables = _assigned([step], first, start)
    run = _pure(step, variables)
    begin, end = (jnp.asarray(bound, jnp.int32) for bound in bounds)
    result, values = _lowered(
        lambda: lax.fori_loop(begin, end, lambda i, carry: run(carry[1], i, carry[0]), (start, _read(variables)))
    )
    _assign(variables, values)
    return box(result)


def _length(xs: Any, length: int | None, axis: int = 0) -> int:
    sizes = {leaf.shape[axis] for leaf in jax.tree.leaves(_arrays(xs))}
    sizes |= set() if length is None else {int(length)}
    if len(sizes) != 1:
        raise InvalidArgumentError(
            f"Expected elements of one common length; received {sorted(sizes) or 'neither xs nor length'}."
        )
    return sizes.pop()


def _row(xs: Any, i: int) -> Any:
    return jax.tree.map(lambda x: get_item(x, i), _tensors(xs), is_leaf=_is_leaf)


def _stacked(rows: list) -> Any:
    return jax.tree.map(lambda *leaves: stack(list(leaves)), *rows, is_leaf=_is_leaf)


@_higher_order("init xs")
def scan(
    f: Callable, init: Any, xs: Any = None, length: int | None = None, reverse: bool = False, unroll: int | bool = 1
) -> tuple[Any, Any]:
    """`carry, y = f(carry, x)` over the rows x of `xs`; returns the last carry and the stacked ys.

    Args:
        length: number of steps, needed without `xs`.
        reverse: from the last row to the first; ys stay in the order of `xs`.
        unroll: steps per turn of the compiled loop; True for all.
    """
    if not isinstance(unroll, (bool, int)) or (unroll is not True and unroll is not False and unroll < 1):
        raise InvalidArgumentError(f"Expected unroll to be a positive integer or a bool; received {unroll!r}.")
    if not callable(f):
        raise InvalidArgumentError(f"Expected f to be a function of (carry, x); received {f!r}.")
    count = _length(xs, length)
    if context.tapes and count:
        return _recorded_scan(f, init, xs, count, reverse)
    start, rows = _arrays(init), _arrays(xs)
    first = jax.tree.map(lambda x: jax.ShapeDtypeStruct(x.shape[1:], x.dtype), rows)

    def step(state: Any, row: Any) -> tuple[Any, Any]:
        carry, out = f(state, row)
        return _same_structure(state, carry), out

    variables = _assigned([step], start, first)
    run = _pure(step, variables)

    def advance(carry: tuple, row: Any) -> tuple:
        (state, out), values = run(carry[1], carry[0], row)
        return (state, values), out

    (state, values), outs = _lowered(
        lambda: lax.scan(advance, (start, _read(variables)), rows, length=count, reverse=reverse, unroll=unroll)
    )
    _assign(variables, values)
    return box(state), box(outs)


def _recorded_scan(f: Callable, init: Any, xs: Any, count: int, reverse: bool) -> tuple[Any, Any]:
    carry, outs = _tensors(init), []
    for i in reversed(range(count)) if reverse else range(count):
        carry, out = f(carry, _row(xs, i))
        outs.append(out)
    return carry, _stacked(outs[::-1] if reverse else outs)


@_higher_order("xs")
def map(f: Callable, xs: Any) -> Any:
    """`f` on every row of `xs`, one after the other; the results stacked."""
    return scan(lambda carry, row: (carry, f(row)), (), xs)[1]


@_higher_order("elements")
def vectorized_map(function: Callable, elements: Any) -> Any:
    """`function` on all rows of `elements` at once; the results stacked."""
    if context.tapes:
        return _stacked([function(_row(elements, i)) for i in range(_length(elements, None))])
    with _unrecorded():
        return box(jax.vmap(lambda row: _arrays(function(box(row))))(_arrays(elements)))


@_higher_order("elems")
def associative_scan(f: Callable, elems: Any, reverse: bool = False, axis: int = 0) -> Any:
    """Running result of the associative `f(a, b)` along `axis`, computed in a tree. Shape: that of `elems`."""
    if not callable(f):
        raise InvalidArgumentError(f"Expected f to be a function of two arguments; received {f!r}.")
    count = _length(elems, None, axis)
    if context.tapes and count:
        return _recorded_associative_scan(f, elems, reverse, axis, count)
    with _unrecorded():
        combine = lambda a, b: _arrays(f(box(a), box(b)))
        return box(lax.associative_scan(combine, _arrays(elems), reverse=reverse, axis=axis))


def _recorded_associative_scan(f: Callable, elems: Any, reverse: bool, axis: int, count: int) -> Any:
    def part(i: int) -> Any:
        def cut(x: Any) -> Any:
            where = axis % len(x.shape)
            return get_item(x, (slice(None),) * where + (slice(i, i + 1),))

        return jax.tree.map(cut, _tensors(elems), is_leaf=_is_leaf)

    order = list(reversed(range(count)) if reverse else range(count))
    results = [part(order[0])]
    for i in order[1:]:
        results.append(f(results[-1], part(i)))
    results = results[::-1] if reverse else results
    return jax.tree.map(lambda *leaves: concatenate(list(leaves), axis), *results, is_leaf=_is_leaf)


def vectorize(pyfunc: Callable, *, excluded: Any = None, signature: str | None = None) -> Callable:
    """A function that applies `pyfunc` to every element (or core array of `signature`) of broadcast arguments.

    Source: numpy.vectorize.
    """
    if not callable(pyfunc):
        raise InvalidArgumentError(f"Expected pyfunc to be a function; received {pyfunc!r}.")

    def on_arrays(*args: Any) -> Any:
        return _arrays(pyfunc(*box(args)))

    mapped = jnp.vectorize(on_arrays, excluded=frozenset(excluded or ()), signature=signature)

    def run(*args: Any) -> Any:
        with _unrecorded():
            return box(mapped(*_arrays(args)))

    run.__name__, run.__doc__ = getattr(pyfunc, "__name__", "vectorized"), pyfunc.__doc__
    return run


__all__ = [
    "associative_scan", "cond", "fori_loop", "map", "scan", "switch", "vectorize", "vectorized_map",
    "while_loop",
]  # fmt: skip
