"""What `while` and `for` become: Python's own on Python values, one XLA loop where tensors decide."""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp

from cornu._base.errors import DatasetLoopError, InvalidTypeError, TracedValueError
from cornu.core.tensor import Tensor, box, convert_to_tensor
from cornu.tf import staging
from cornu.tf.autograph import arrays
from cornu.tf.autograph.branches import if_stmt
from cornu.tf.autograph.dataset_loops import for_dataset
from cornu.tf.autograph.ranges import TensorRange
from cornu.tf.autograph.state import Snapshot, array_of, is_numeric, is_traced, matched
from cornu.tf.scopes import inside_function

_UNROLLED = 1024  # turns
_OPTIONS = {"parallel_iterations", "swap_memory", "maximum_iterations", "shape_invariants"}


def set_loop_options(
    parallel_iterations: int | None = None,
    swap_memory: bool | None = None,
    maximum_iterations: int | None = None,
    shape_invariants: Any = None,
) -> None:
    """Options of the loop whose body begins with this call. Source: tf.autograph.experimental.set_loop_options.

    `maximum_iterations` limits a compiled loop. A loop whose tensors change their shapes (`shape_invariants`) runs eagerly.
    The others are accepted; XLA decides what runs in parallel.
    """
    check_loop_options(locals())


def check_loop_options(options: dict[str, Any]) -> None:
    """Refuse unknown loop options. Raises: InvalidTypeError."""
    if unknown := options.keys() - _OPTIONS:
        raise InvalidTypeError(
            f"set_loop_options got the unknown argument {sorted(unknown)[0]!r}; it takes {', '.join(sorted(_OPTIONS))}."
        )


def while_stmt(
    test: Callable, body: Callable, get_state: Callable, set_state: Callable, names: Sequence[str], options: dict
) -> None:
    """`while test(): body()`, where the body assigns the variables `names`."""
    check_loop_options(options)
    turns, most, is_staged = 0, options.get("maximum_iterations"), inside_function()
    while True:
        going = test()
        if is_traced(going) or (is_staged and isinstance(going, Tensor)):
            before = Snapshot(names, get_state)
            try:
                loop = _Loop(get_state, set_state, names, body)
                return loop.run_while(test, body, None if most is None else most - turns)
            except TracedValueError:
                if is_traced(going):
                    raise
                is_staged = False  # the number of turns is known: they follow one another in the program
                before.restore(set_state)
        if not going or turns == most:
            return None
        body()
        turns += 1


def for_stmt(
    values: Any, body: Callable, going: Callable | None, get_state: Callable, set_state: Callable, names: Sequence[str],
    options: dict,
) -> None:  # fmt: skip
    """`for value in values: body(value)` as long as `going()`, if that is given, is true."""
    check_loop_options(options)
    is_staged = isinstance(values, TensorRange) or (isinstance(values, Tensor) and inside_function())
    if is_staged and values.ndim and values._value.dtype != object:
        grows = any(type(value) is list or arrays.growing(value) for value in get_state())
        if not grows or not _is_short(values):
            before = Snapshot(names, get_state)
            try:
                loop = _Loop(get_state, set_state, names, lambda: body(_first(values)))
                return loop.run_for(values, body, going, options.get("maximum_iterations"))
            except TracedValueError:
                if not _is_short(values):
                    raise
                before.restore(set_state)
    if inside_function() and hasattr(values, "element_spec"):
        raise DatasetLoopError("A loop over a dataset takes its elements from Python.")
    if hasattr(values, "element_spec"):
        return for_dataset(values, body, going, get_state, set_state, names)
    return _python_for(values, body, going, get_state, set_state, names)


def _is_short(values: Any) -> bool:
    """True if a loop over the values can be unrolled, as one has to be that makes a list longer."""
    length = values.length if isinstance(values, TensorRange) else values.shape[0]
    return isinstance(length, int) and length <= _UNROLLED


def _first(values: Any) -> Tensor:
    return Tensor(jnp.asarray(values.start)) if isinstance(values, TensorRange) else Tensor(values._value[0])


def _python_for(
    values: Any, body: Callable, going: Callable | None, get_state: Callable, set_state: Callable, names: Sequence[str]
) -> None:
    for value in values:
        on = True if going is None else going()
        if is_traced(on):  # a break that depends on a tensor: what follows it counts only where it was not reached
            if_stmt(on, lambda value=value: body(value), lambda: None, get_state, set_state, names)
            continue
        if not on:
            return
        body(value)
        if going is not None and not is_traced(on := going()) and not on:
            return  # before the iterator is asked again


class _Loop:
    """A loop over traced tensors."""

    def __init__(self, get_state: Callable, set_state: Callable, names: Sequence[str], trial: Callable):
        self._get_state, self._set_state, self._names = get_state, set_state, names
        self._before = arrays.start(Snapshot(names, get_state), get_state, set_state, [trial], is_loop=True)
        self._carried = [value for value in self._before.values if not value.is_undefined]
        self._carry = [convert_to_tensor(leaf) for value in self._carried for leaf in value.leaves if is_numeric(leaf)]
        self._after: list = []

    def _enter(self, given: Sequence) -> None:
        """Give the variables the values of the carry."""
        rest = iter(given)
        values = {
            value.name: value.rebuilt([Tensor(next(rest)) if is_numeric(leaf) else leaf for leaf in value.leaves])
            for value in self._carried
        }
        self._before.restore(self._set_state, [values.get(value.name, value.value) for value in self._before.values])

    def _step(self, run: Callable) -> list:
        """Run the body; the arrays of the carry, then those of variables that only the body defines."""
        run()
        self._after = after = Snapshot(self._names, self._get_state).values
        results = []
        for old, new in zip(self._before.values, after, strict=True):
            if not old.is_undefined:
                if new.is_undefined:
                    new.value._refuse()
                matched(old, new, "loop")
                results += [
                    array_of(b, array_of(a).dtype)
                    for a, b in zip(old.leaves, new.leaves, strict=True) if is_numeric(a)
                ]  # fmt: skip
        for old, new in zip(self._before.values, after, strict=True):
            if old.is_undefined and not new.is_undefined:
                results += [array_of(leaf) for leaf in new.leaves if is_numeric(leaf)]
        return results

    def _leave(self, results: list[Tensor]) -> None:
        """Give the variables their values after the loop."""
        rest = iter(results)
        values: list[Any] = []
        for old in self._before.values:
            if not old.is_undefined:
                old = old.rebuilt([next(rest) if is_numeric(leaf) else leaf for leaf in old.leaves])
            values.append(old)
        for i, (old, new) in enumerate(zip(self._before.values, self._after, strict=True)):
            if old.is_undefined:
                values[i] = old.value
                if not new.is_undefined:
                    values[i] = new.rebuilt([next(rest) if is_numeric(leaf) else leaf for leaf in new.leaves])
        self._before.restore(self._set_state, values)

    def run_while(self, test: Callable, body: Callable, most: int | None) -> None:
        """`while test(): body()`, at most `most` times."""

        def going(turn: Any, *given: Any) -> list:
            self._enter(given)
            on = array_of(test())
            return [on if most is None else jnp.logical_and(on.reshape(()).astype(bool), turn < most)]

        def step(turn: Any, *given: Any) -> list:
            self._enter(given)
            return [turn + 1, *self._step(body)]

        self._leave(staging.repeat(going, step, [Tensor(jnp.int32(0)), *self._carry])[1:])

    def run_for(self, values: Any, body: Callable, going: Callable | None, most: int | None) -> None:
        """`for value in values: body(value)` over the rows of a tensor or the numbers of a range."""
        length = values.length if isinstance(values, TensorRange) else values.shape[0]
        if most is not None:
            length = min(length, most) if isinstance(length, int) else jnp.minimum(length, most)
        if going is None and isinstance(length, int):
            rows = values.numbers(length) if isinstance(values, TensorRange) else values[:length]  # type: ignore[index]

            def one(*given: Any) -> list:
                self._enter(given[:-1])
                return self._step(lambda: body(Tensor(given[-1])))

            if length:
                self._leave(staging.scan(one, self._carry, [rows], length))
            return
        begin, delta = (values.start, values.delta) if isinstance(values, TensorRange) else (None, None)
        rows = [] if isinstance(values, TensorRange) else [values]

        def more(turn: Any, *given: Any) -> list:
            self._enter(given)
            on = turn < length
            return [on if going is None else jnp.logical_and(on, array_of(going()).reshape(()).astype(bool))]

        def step(turn: Any, *given: Any) -> list:
            self._enter(given)
            value = rows[0][box(turn)] if rows else Tensor(begin + delta * turn.astype(jnp.result_type(begin)))
            return [turn + 1, *self._step(lambda: body(value))]

        self._leave(staging.repeat(more, step, [Tensor(jnp.int32(0)), *self._carry])[1:])
