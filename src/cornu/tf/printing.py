"""`tf.print`. Source: tf.print."""

import sys
from pathlib import Path
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.array_texts import array_text
from cornu.core.tensor import is_tensor, raw


def print(
    *inputs: Any,
    output_stream: Any = None,
    summarize: int = 3,
    sep: str = " ",
    end: str = "\n",
    name: str | None = None,
) -> None:
    """Print values, tensors with the first and last `summarize` entries of every axis (-1: all), to standard error.

    Inside a compiled function it prints at every run, with the values of that run.

    Args:
        output_stream: `sys.stderr` (default), `sys.stdout`, or `"file://PATH"` to append to a file.

    Raises: InvalidArgumentError on another stream.
    """
    stream = _stream(output_stream)
    leaves, treedef = jax.tree.flatten(inputs, is_leaf=lambda x: is_tensor(x) or x is None)
    values = [raw(leaf) if is_tensor(leaf) else None for leaf in leaves]
    traced = {i: value for i, value in enumerate(values) if isinstance(value, jax.core.Tracer)}

    def write(*arrays: Any) -> None:
        known = dict(zip(traced, arrays, strict=True))
        shown = [
            leaf if value is None else _Shown(known.get(i, value))
            for i, (leaf, value) in enumerate(zip(leaves, values))
        ]
        stream(sep.join(_text(item, summarize) for item in jax.tree.unflatten(treedef, shown)) + end)

    if traced:
        jax.debug.callback(write, *traced.values(), ordered=True)
    else:
        write()


def _stream(output_stream: Any) -> Any:
    if output_stream is None or output_stream in (sys.stderr, sys.stdout) or hasattr(output_stream, "write"):
        out = output_stream or sys.stderr

        def write(text: str) -> None:
            out.write(text)
            out.flush()

        return write
    if isinstance(output_stream, str) and output_stream.startswith("file://"):
        path = Path(output_stream.removeprefix("file://"))

        def append(text: str) -> None:
            with path.open("a", encoding="utf-8") as file:
                file.write(text)

        return append
    raise InvalidArgumentError(f"print: expected sys.stderr, sys.stdout or 'file://PATH'; received {output_stream!r}.")


def _text(item: Any, summarize: int, is_outer: bool = True) -> str:
    if isinstance(item, _Shown):
        array = np.asarray(item.value)
        if not array.ndim and isinstance(array[()], bytes):
            return array[()].decode("utf-8", "replace")
        return array_text(array, summarize)
    if isinstance(item, str):
        return item if is_outer else repr(item)
    if isinstance(item, dict):
        return "{" + ", ".join(f"{key!r}: {_text(value, summarize, False)}" for key, value in item.items()) + "}"
    if isinstance(item, (list, tuple)):
        inner = ", ".join(_text(part, summarize, False) for part in item)
        return f"[{inner}]" if isinstance(item, list) else f"({inner}{',' if len(item) == 1 else ''})"
    return repr(item)


class _Shown:
    """A tensor's values among the things to print."""

    def __init__(self, value: Any):
        self.value = value
