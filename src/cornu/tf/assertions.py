"""Checks that run inside of compiled programs. Source: tf.debugging.Assert."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import convert_to_tensor, is_tensor


class _Checks(threading.local):
    failed: list[str] | None = None  # of the function that is being traced; None outside


_checks = _Checks()


@contextlib.contextmanager
def collected() -> Iterator[list]:
    """Checks of the function traced inside. The list is empty if there are none; else its entry collects failures."""
    saved, found = _checks.failed, []
    _checks.failed = found
    try:
        yield found
    finally:
        _checks.failed = saved


def raise_failed(checks: list) -> None:
    """Wait for the program, and raise what failed in it. Raises: InvalidArgumentError."""
    jax.effects_barrier()
    failed = checks[0]
    if failed:
        message = failed[0]
        failed.clear()
        raise InvalidArgumentError(message)


def assert_true(condition: Any, data: Sequence = (), summarize: int | None = None, name: str | None = None) -> None:
    """Check that all of `condition` is true; the message shows `data`, at most `summarize` entries of each.

    Raises: InvalidArgumentError, from a compiled function when its call is over.
    """
    condition = convert_to_tensor(condition)
    tensors = [convert_to_tensor(item)._value if is_tensor(item) else item for item in data]
    traced = [item for item in tensors if isinstance(item, jax.core.Tracer)]
    if not isinstance(condition._value, jax.core.Tracer) and not traced:
        if not np.all(np.asarray(condition)):
            raise InvalidArgumentError(_message(tensors, summarize))
        return
    places = [i for i, item in enumerate(tensors) if isinstance(item, jax.core.Tracer)]

    def problem(holds: Any, *values: Any) -> str | None:
        if np.all(holds):
            return None
        shown = list(tensors)
        for place, value in zip(places, values, strict=True):
            shown[place] = value
        return _message(shown, summarize)

    check_when_run(problem, condition._value, *traced)


def check_when_run(problem: Callable[..., str | None], *arrays: Any) -> None:
    """Call `problem` with the arrays' values whenever the program that is being traced runs; a text it returns is the error.

    A `tf.function` raises it as InvalidArgumentError when its call is over; in other compiled programs, such as `fit`'s, it
    ends the program with that text among the engine's own.
    """
    collecting = _checks.failed
    if collecting is not None and not collecting:
        collecting.append([])  # type: ignore[arg-type]

    def check(*values: Any) -> None:
        if (text := problem(*values)) is not None:
            if collecting is None:
                raise InvalidArgumentError(text)
            collecting[0].append(text)  # type: ignore[attr-defined]

    jax.debug.callback(check, *arrays)


def _message(data: Sequence, summarize: int | None) -> str:
    most = 3 if summarize is None else summarize
    shown = []
    for item in data:
        if item is None:
            continue
        array = np.asarray(item)
        if array.ndim == 0:
            shown.append(str(array[()]))
        else:
            flat = array.reshape(-1)
            entries = [str(entry) for entry in (flat if most < 0 else flat[:most])]
            shown.append(" ".join([*entries, *(["..."] if 0 <= most < flat.size else [])]))
    text = " ".join(f"[{item}]" for item in shown)
    return f"assertion failed: {text}" if text else "assertion failed"
