"""`model.summary()`: a table of layers, output shapes and parameter counts in Keras 3's form."""

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import jax

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core import config
from cornu.core.symbolic import OpCall, node_of
from cornu.layers.base import Layer
from cornu.layers.core.input_layer import InputLayer
from cornu.models import summary_tf2

# Titles of the columns, and how their text is set.
_COLUMNS = (("Layer (type)", str.ljust), ("Output Shape", str.ljust), ("Param #", str.rjust))
_CONNECTED, _TRAINABLE = ("Connected to", str.ljust), ("Trainable", str.center)
_WIDTHS = {3: (31, 22, 13), (4, False): (27, 21, 10, 5), (4, True): (19, 17, 10, 17), 5: (17, 15, 9, 14, 5)}
_ENDS, _ENDS_CONNECTED = (0.45, 0.80, 1.0), (0.30, 0.56, 0.74, 1.0)  # of the columns, as fractions of the line


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: list[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: list[str] | tuple[str, str] | None = None,
) -> None:
    """Print the table.

    Total params counts the weights of the model; the optimizer's are listed apart.

    Args:
        line_length: width of the table in characters, default 80.
        positions: ends of the columns as fractions of the width.
        print_fn: gets the whole text, default `print`.
        expand_nested: show the layers of nested models.
        show_trainable: add a column that says whether a layer is trained.
        layer_range: names of the first and last layer to show.
    Raises: InvalidArgumentError if a name in `layer_range` is unknown.
    """
    if config.style() == "tf2":
        summary_tf2.show(
            print_fn or print, _tf2(model, line_length, positions, expand_nested, show_trainable, layer_range)
        )
        return
    (print_fn or print)(summary_text(model, line_length, positions, expand_nested, show_trainable, layer_range))


def _tf2(
    model: Any, length: int | None, positions: Any, expand: bool, show_trainable: bool, layer_range: Any
) -> list[str]:
    """The lines in the style of tf.keras 2."""
    if not model.built:
        raise FailedPreconditionError(
            f"summary: expected a model that knows its input shape; {model.name!r} does not yet. "
            "Call model.build(shape), or fit it with some data first."
        )
    connected = not _is_chain(model)
    titles = [title for title, _ in (*_COLUMNS, *([_CONNECTED] if connected else []))]
    titles += ["Trainable"] if show_trainable else []
    rows = _rows(model, connected, expand, show_trainable, layer_range)
    for row in rows:
        row[2] = row[2].replace(",", "").removesuffix(" (unbuilt)")
        row[3:4] = ["" if cell == "-" else cell for cell in row[3:4]] if connected else row[3:4]
    trainable, everything = _count(model.trainable_weights), _count(model.weights)
    return summary_tf2.lines(
        model.name, titles, rows, (everything, trainable, everything - trainable), length, positions
    )


def summary_text(
    model: Any, line_length: int | None = None, positions: list[float] | None = None, expand_nested: bool = False,
    show_trainable: bool = False, layer_range: Any = None,
) -> str:  # fmt: skip
    """The text that `print_summary` prints."""
    connected = not _is_chain(model)
    columns = [*_COLUMNS, *([_CONNECTED] if connected else []), *([_TRAINABLE] if show_trainable else [])]
    widths = _widths(len(columns), connected, show_trainable, line_length, positions)
    rows = _rows(model, connected, expand_nested, show_trainable, layer_range)
    return "\n".join([f'Model: "{model.name}"', *_table(columns, widths, rows), *_totals(model)])


def _is_chain(model: Any) -> bool:
    """True if every layer has one input, so that connections need no column."""
    graph = getattr(model, "_graph", None)
    if graph is None or type(model).__name__ == "Sequential":
        return True
    uses: dict[int, int] = {}
    for node in graph.nodes:
        uses[id(node.operation)] = uses.get(id(node.operation), 0) + 1
        if len(node.inputs) > 1:
            return False
    parents = [id(parent) for node in graph.nodes for parent in node.parents]
    return len(graph.flat_inputs) == 1 and max(uses.values()) == 1 and len(parents) == len(set(parents))


def _widths(
    count: int, connected: bool, show_trainable: bool, length: int | None, positions: list[float] | None
) -> Sequence[int]:
    """Width of the text of each column. Without wishes the table is as wide as Keras' on a terminal of 80 characters."""
    if positions is None and length is None:
        return _WIDTHS[count, connected] if count == 4 else _WIDTHS[count]
    length = length or 80
    if positions is None:
        positions = list(_ENDS_CONNECTED if connected else _ENDS)
        positions = [0.9 * end for end in positions] + [1.0] if show_trainable else positions
    if len(positions) != count:
        raise InvalidArgumentError(f"Expected {count} positions for summary(); received {len(positions)}.")
    ends = [int(p * length) if p <= 1 else int(p) for p in positions]
    widths = [end - start - 3 for start, end in zip([0, *ends], ends, strict=False)]  # a bar and two spaces
    widths[-2] -= 1  # the last bar
    return [max(width, 1) for width in widths]


def _operations(model: Any, layer_range: Any) -> list[Any]:
    """The layers and ops of the table, from the first to the last one named."""
    operations = model.operations if getattr(model, "_graph", None) is not None else model.layers
    if type(model).__name__ == "Sequential":
        operations = model.layers
    if layer_range is not None:
        names = [operation.name for operation in operations]
        for name in layer_range:
            if name not in names:
                raise InvalidArgumentError(f"layer_range names {name!r}, which is no layer of {model.name!r}: {names}.")
        first, last = names.index(layer_range[0]), names.index(layer_range[1])
        operations = operations[min(first, last) : max(first, last) + 1]
    return operations


def _rows(model: Any, connected: bool, expand: bool, show_trainable: bool, layer_range: Any) -> list[list[str]]:
    members = {id(node) for node in model._graph.nodes} if getattr(model, "_graph", None) is not None else set()
    rows = []

    def add(operation: Any, depth: int) -> None:
        indent = "   " * depth + "└ " if depth else ""
        kind = operation.class_name if isinstance(operation, OpCall) else type(operation).__name__
        shape = _shape_text(operation)
        if config.style() == "tf2":
            is_input = isinstance(operation, InputLayer)
            shape = summary_tf2.shape_text(shape, is_input, is_input or bool(operation._inbound_nodes))
        row = [f"{indent}{operation.name} ({kind})", shape, _count_text(operation)]
        if connected:
            row.append(_connections(operation, members) if not depth else "-")
        if show_trainable:
            trainable = isinstance(operation, Layer) and bool(operation.weights)
            row.append(("Y" if operation.trainable else "N") if trainable else "-")
        rows.append(row)
        if expand and isinstance(operation, Layer) and hasattr(operation, "summary"):
            for inner in operation.layers:
                add(inner, depth + 1)

    for operation in _operations(model, layer_range):
        add(operation, 0)
    return rows


def _shape_text(operation: Any) -> str:
    if isinstance(operation, InputLayer):
        return (
            str(tuple(operation.batch_shape)) if len(operation.batch_shape) != 1 else f"({operation.batch_shape[0]},)"
        )
    nodes = operation._inbound_nodes
    if nodes:
        shapes = [
            [tuple(t.shape) for t in node.outputs]
            if isinstance(node.outputs, tuple)  # several outputs are shown as a list
            else jax.tree.map(lambda t: tuple(t.shape), node.outputs)
            for node in nodes
        ]
        return str(shapes[0]) if all(shape == shapes[0] for shape in shapes) else "multiple"
    seen = getattr(operation, "_seen_output_shape", None)
    return "?" if seen is None else str(seen)


def _count_text(operation: Any) -> str:
    if not isinstance(operation, Layer):
        return "0"
    if not operation.built:
        return "0 (unbuilt)"
    return f"{operation.count_params():,}"


def _connections(operation: Any, members: set[int]) -> str:
    places = []
    for node in operation._inbound_nodes:
        if id(node) not in members:
            continue
        for tensor in node.inputs:
            history = tensor._keras_history
            assert history is not None  # nodes are made of tensors that come from operations
            index = [id(n) for n in history.operation._inbound_nodes if id(n) in members].index(id(node_of(tensor)))
            places.append(f"{history.operation.name}[{index}][{history.tensor_index}]")
    return ", ".join(places) or "-"


def _table(columns: list, widths: Sequence[int], rows: list[list[str]]) -> list[str]:
    def rule(left: str, fill: str, middle: str, right: str) -> str:
        return left + middle.join(fill * (width + 2) for width in widths) + right

    def line(cells: list[str], bar: str) -> list[str]:
        wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
        out = []
        for i in range(max(map(len, wrapped))):
            parts = [
                place(cell[i] if i < len(cell) else "", width)
                for (_, place), cell, width in zip(columns, wrapped, widths, strict=True)
            ]
            out.append(f"{bar} " + f" {bar} ".join(parts) + f" {bar}")
        return out

    lines = [rule("┏", "━", "┳", "┓"), *line([title for title, _ in columns], "┃"), rule("┡", "━", "╇", "┩")]
    for i, row in enumerate(rows):
        lines += line(row, "│")
        if i + 1 < len(rows):
            lines.append(rule("├", "─", "┼", "┤"))
    return [*lines, rule("└", "─", "┴", "┘")]


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of whole words; a word that is too long ends in an ellipsis."""
    indent = text[: len(text) - len(text.lstrip())]
    lines = textwrap.wrap(
        text.lstrip(), width, initial_indent=indent, break_on_hyphens=False, break_long_words=False
    )  # fmt: skip
    return [line if len(line) <= width else line[: width - 1] + "…" for line in lines] or [""]


def _totals(model: Any) -> list[str]:
    trainable, all_weights = model.trainable_weights, model.weights
    known = set(map(id, trainable))
    groups = [
        ("Total", all_weights),
        ("Trainable", trainable),
        ("Non-trainable", [weight for weight in all_weights if id(weight) not in known]),
    ]
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None and getattr(optimizer, "built", False):
        groups.append(("Optimizer", optimizer.variables))
    return [f" {name} params: {_count(weights):,} ({_bytes(weights)})" for name, weights in groups]


def _count(weights: list) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _bytes(weights: list) -> str:
    size = float(sum(math.prod(weight.shape) * weight._dtype.size for weight in weights))
    power = min(int(math.log(size, 1024)), 3) if size else 0
    return f"{size / 1024**power:.2f} {('B', 'KB', 'MB', 'GB')[power]}"
