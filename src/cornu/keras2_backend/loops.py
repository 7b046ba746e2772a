"""Loops over rows and over time. Source: tf.keras.backend."""

from collections.abc import Callable, Sequence
from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import convert_to_tensor, is_tensor


def map_fn(fn: Callable, elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """The function of every row."""
    return ops.map(fn, elems if is_tensor(elems) else convert_to_tensor(elems))


def foldl(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """The function of what there is and the next row, from the first row on."""
    rows: Any = elems if is_tensor(elems) else convert_to_tensor(elems)
    if initializer is None:
        initializer, rows = rows[0], rows[1:]
    return ops.scan(lambda carry, row: (fn(carry, row), None), convert_to_tensor(initializer), rows)[0]


def foldr(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """The function of what there is and the next row, from the last row on."""
    return foldl(fn, ops.flip(elems if is_tensor(elems) else convert_to_tensor(elems), 0), initializer)


def rnn(
    step_function: Callable,
    inputs: Any,
    initial_states: Sequence[Any],
    go_backwards: bool = False,
    mask: Any = None,
    constants: Sequence[Any] | None = None,
    unroll: bool = False,
    input_length: Any = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """The step function over the time axis.

    Args:
        step_function: (input, states) -> (output, states); constants are behind the states.
        inputs: (rows, time, ...), or (time, rows, ...) with `time_major`.
        mask: (rows, time); where it is false, the output before and the states stay (zeros with `zero_output_for_mask`).
        unroll: Python calls the step function once for every step, instead of once in all.
        input_length: the number of steps; or a tensor with that of every row, which masks what comes after.

    Raises: InvalidArgumentError with `unroll` if the number of steps is unknown.
    Returns: last output, all outputs (the last one alone without `return_all_outputs`), last states.
    """
    swap = lambda x: x if time_major else ops.swapaxes(x, 0, 1)
    steps = swap(inputs)
    if mask is None and is_tensor(input_length) and len(input_length.shape):
        places = ops.arange(steps.shape[0], dtype="int32")
        mask = ops.expand_dims(places, 0) < ops.expand_dims(ops.cast(input_length, "int32"), 1)
        mask = ops.swapaxes(mask, 0, 1) if time_major else mask
    marks = None if mask is None else swap(ops.cast(mask, "bool"))
    if go_backwards:
        steps, marks = ops.flip(steps, 0), None if marks is None else ops.flip(marks, 0)
    extra = list(constants or [])
    states = [convert_to_tensor(state) for state in initial_states]

    def step(carry: Any, current: Any) -> tuple[Any, Any]:
        before, last = carry
        row, mark = current if marks is not None else (current, None)
        output, after = step_function(row, [*before, *extra])
        if mark is not None:
            last = ops.zeros_like(output) if last is None else last
            kept = ops.zeros_like(output) if zero_output_for_mask else last
            output = ops.where(_wide(mark, output), output, kept)
            after = [ops.where(_wide(mark, new), new, old) for new, old in zip(after, before, strict=True)]
            last = ops.where(_wide(mark, output), output, last)
        else:
            last = output
        return (list(after), last), output

    if unroll:
        states, last, outputs = _unrolled(step, states, steps, marks)
    else:
        first, _ = step_function(steps[0], [*states, *extra])
        stacked = steps if marks is None else (steps, marks)
        (states, last), outputs = ops.scan(step, (states, ops.zeros_like(first)), stacked)
    outputs = outputs if return_all_outputs else ops.expand_dims(last, 0)
    return last, outputs if time_major else ops.swapaxes(outputs, 0, 1), list(states)


def _unrolled(step: Callable, states: list[Any], steps: Any, marks: Any) -> tuple[list[Any], Any, Any]:
    """The steps one by one. Returns: last states, last output, all outputs."""
    if steps.shape[0] is None:
        raise InvalidArgumentError(
            "Expected a known number of steps for unroll=True; received None. Give the time axis a size."
        )
    carry, outputs = (states, None), []
    for place in range(steps.shape[0]):
        carry, output = step(carry, steps[place] if marks is None else (steps[place], marks[place]))
        outputs.append(output)
    return carry[0], carry[1], ops.stack(outputs)


def _wide(mark: Any, like: Any) -> Any:
    return ops.reshape(mark, (-1, *(1 for _ in tuple(like.shape)[1:])))
