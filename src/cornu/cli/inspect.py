"""`cornu inspect`: what a file of weights or a model holds."""

import json
from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten
from typing import Any

from cornu.saving.config_summary import LayerSummary, ModelSummary
from cornu.saving.inspection import ArraySummary, Contents, as_json, inspect

_WIDEST = 100  # characters of a column


def report(path: str, is_json: bool = False) -> str:
    """The contents of a file as text for people, or as JSON. Raises: as `saving.inspection.inspect`."""
    contents = inspect(path)
    if is_json:
        return json.dumps(as_json(contents), indent=2)
    return "\n".join(_lines(contents))


def _lines(contents: Contents) -> Iterator[str]:
    yield shown(contents.path)
    written = ", ".join(part for part in (contents.writer, contents.date) if part)
    facts = {"kind": contents.kind, "written by": written, "size": bytes_in_words(contents.size)}
    if contents.model is not None:
        facts |= _of_model(contents.model)
    for name, value in facts.items():
        if value:
            yield f"  {name:<11}{shown(value)}"
    if contents.model is not None and contents.model.layers:
        yield ""
        yield from _table(("layer", "class", "arguments"), _layer_rows(contents.model.layers))
    if contents.arrays:
        yield ""
        rows = [(array.name, _shape(array.shape), array.dtype) for array in contents.arrays]
        yield from _table(("array", "shape", "dtype"), rows)
        yield ""
        state = contents.training_state
        yield totals(contents.weights) + (f"; of optimizers and metrics {totals(state)}" if state else "")


def _of_model(model: ModelSummary) -> dict[str, str]:
    count = len(model.layers)
    name = f"{model.class_name} {model.name!r}" if model.name else model.class_name
    facts = {"model": f"{name}, {count} layer{'s' * (count != 1)}"}
    if model.compiled is not None:
        rate = model.compiled.get("learning_rate")
        optimizer = f"{model.compiled['optimizer']}{f' (learning rate {rate:.6g})' if rate is not None else ''}"
        loss, metrics = _words(model.compiled["loss"]), _words(model.compiled["metrics"])
        facts["compiled"] = f"{optimizer}, loss {loss}" + (f", metrics {metrics}" if metrics else "")
    return facts


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value)))
    return "" if value is None else str(value)


def _layer_rows(layers: Sequence[LayerSummary], indent: str = "") -> Iterator[tuple[str, str, str]]:
    for layer in layers:
        told = [f"{name}={value}" for name, value in layer.arguments.items() if value is not False]
        yield f"{indent}{layer.name}", layer.class_name, shorten(", ".join(told), _WIDEST, placeholder=" ...")
        yield from _layer_rows(layer.layers, f"{indent}  ")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they must be, up to a limit."""
    rows = [[shown(cell) for cell in row] for row in rows]
    widths = [max([len(title), *(min(len(row[i]), _WIDEST) for row in rows)]) for i, title in enumerate(head)]
    for row in (head, *rows):
        yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"


def totals(arrays: Sequence[ArraySummary]) -> str:
    """`4 arrays, 1,234 values`."""
    values = sum(array.count for array in arrays)
    return f"{len(arrays)} array{'s' * (len(arrays) != 1)}, {values:,} value{'s' * (values != 1)}"


def bytes_in_words(count: int) -> str:
    """`12.3 kB`."""
    if count < 1000:
        return f"{count} bytes"
    power = min((len(str(count)) - 1) // 3, 4)
    return f"{count / 1000**power:.1f} {('kB', 'MB', 'GB', 'TB')[power - 1]}"


def shown(text: Any) -> str:
    """Text of a file with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))
