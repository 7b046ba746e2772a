"""Pictures: the graph of a model, and a confusion matrix. Graphviz, pydot and matplotlib are needed only when one is made."""

import html
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core.symbolic import Node, OpCall, node_of
from cornu.core.tensor import convert_to_tensor
from cornu.io import atomic
from cornu.layers.core.input_layer import InputLayer
from cornu.models import Model

_DIRECTIONS = ("TB", "LR", "BT", "RL")


def plot_model(
    model: Any,
    to_file: Any = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int | None = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    layer_range: Sequence[str] | None = None,
) -> Any:
    """Draw the graph of a model into a file; its suffix says as what (`.png`, `.svg`, `.pdf`, `.dot`, ...).

    Args:
        show_shapes, show_dtype: shapes of inputs and outputs, dtype of outputs.
        show_layer_names: names beside the classes.
        rankdir: where data flows to: "TB" down, "LR" to the right, "BT", "RL".
        expand_nested: draw the layers of nested models, in a dashed frame.
        dpi: resolution of the picture.
        show_layer_activations, show_trainable: what their names say.
        splines: how Graphviz draws edges ("ortho", "curved", "line", ...).
        layer_range: names of the first and last layer to draw.

    Returns: an image to show in a notebook, None elsewhere.
    Raises: FailedPreconditionError if the model has no layers yet or Graphviz is missing (`.dot` needs none).
    Source: keras.utils.plot_model.
    """
    text = dot_text(
        model, show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi, show_layer_activations,
        show_trainable, splines, layer_range,
    )  # fmt: skip
    path = Path(to_file)
    form = path.suffix.removeprefix(".") or "png"
    path = path if path.suffix else path.with_suffix(".png")
    if form == "dot":
        atomic.write_bytes(path, text.encode())
        return None
    program = shutil.which("dot")
    if program is None:
        raise FailedPreconditionError(
            f"Drawing {path.name!r} needs the program `dot` of Graphviz, which was not found: install Graphviz "
            "(https://graphviz.org/download), or write to_file='model.dot' and draw that elsewhere."
        )
    drawn = subprocess.run([program, f"-T{form}"], input=text.encode(), capture_output=True)
    if drawn.returncode:
        raise InvalidArgumentError(
            f"Graphviz could not draw {path.name!r}: {drawn.stderr.decode(errors='replace').strip() or 'it gave no reason'}"
        )
    atomic.write_bytes(path, drawn.stdout)
    return _notebook_image(path) if form == "png" else None


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int | None = 200,
    subgraph: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    layer_range: Sequence[str] | None = None,
) -> Any:
    """The graph of a model as a `pydot.Dot`, or as a `pydot.Cluster` with `subgraph`; for the others see `plot_model`.

    Raises: FailedPreconditionError if the model has no layers yet or pydot is missing. Source: keras.utils.model_to_dot.
    """
    try:
        import pydot
    except ImportError:
        raise FailedPreconditionError(
            "model_to_dot needs pydot: `pip install pydot`. plot_model draws without it."
        ) from None
    text = dot_text(
        model, show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi, show_layer_activations,
        show_trainable, splines, layer_range,
    )  # fmt: skip
    made: Any = (pydot.graph_from_dot_data(text) or [None])[0]
    if not subgraph:
        return made
    cluster = pydot.Cluster(graph_name=model.name, label=model.name, style="dashed")
    for node in made.get_nodes():
        if node.get_name() not in ("node", "edge", "graph"):
            cluster.add_node(node)
    for edge in made.get_edges():
        cluster.add_edge(edge)
    for inner in made.get_subgraphs():
        cluster.add_subgraph(inner)
    return cluster


def dot_text(
    model: Any, show_shapes: bool, show_dtype: bool, show_layer_names: bool, rankdir: str, expand_nested: bool,
    dpi: int | None, show_layer_activations: bool, show_trainable: bool, splines: str,
    layer_range: Sequence[str] | None = None,
) -> str:  # fmt: skip
    """The graph of a model in Graphviz' language."""
    if rankdir not in _DIRECTIONS:
        raise InvalidArgumentError(f"Expected rankdir as one of {', '.join(_DIRECTIONS)}; received {rankdir!r}.")
    if not isinstance(model, Model) or not model.layers or (getattr(model, "_graph", None) is None and not model.built):
        raise FailedPreconditionError(
            f"Expected a model with layers to draw; {getattr(model, 'name', model)!r} has none or is not built. Call it on "
            "data, build it, or give it an Input."
        )
    shown = {"shapes": show_shapes, "dtype": show_dtype, "names": show_layer_names, "nested": expand_nested,
             "activations": show_layer_activations, "trainable": show_trainable}  # fmt: skip
    drawing = _Drawing(shown, _names_between(model, layer_range))
    drawing.add_model(model, None)
    head = [
        f"rankdir={rankdir};",
        "concentrate=true;",
        f"splines={_quoted(splines)};",
        "fontname=Helvetica;",
        "node [shape=plain, fontname=Helvetica];",
    ]
    head += [f"dpi={int(dpi)};"] if dpi else []
    return "\n".join(["digraph G {", *head, *drawing.lines, *drawing.edges, "}"]) + "\n"


class _Drawing:
    """Boxes and arrows in the order in which they are met. A layer has one box, however often it is called."""

    def __init__(self, shown: dict[str, bool], kept: set[str] | None):
        self.shown, self.kept = shown, kept
        self.lines: list[str] = []
        self.edges: dict[str, None] = {}
        self._boxes: dict[int, str] = {}
        self._exits: dict[int, list[list[str]]] = {}

    def add_model(self, model: Any, feeds: list[list[str]] | None) -> list[list[str]]:
        """Draw a model. `feeds` are the boxes before each input of a nested one. Returns: those behind each output."""
        graph = getattr(model, "_graph", None)
        if graph is None:  # a subclassed model: what is connected to what is known to its `call` alone
            boxes = [self._box(layer, None) for layer in model.layers]
            return [[box] for box in boxes[-1:] if box]
        behind: dict[int, list[list[str]]] = {}
        entries = {id(node_of(tensor)): i for i, tensor in enumerate(graph.flat_inputs)}
        for node in graph.nodes:
            if id(node) in entries and feeds is not None:
                behind[id(node)] = [feeds[entries[id(node)]] if entries[id(node)] < len(feeds) else []]
            else:
                behind[id(node)] = self._add_node(node, [_behind(behind, tensor) for tensor in node.inputs])
        return [_behind(behind, tensor) for tensor in graph.flat_outputs]

    def _add_node(self, node: Node, before: list[list[str]]) -> list[list[str]]:
        operation = node.operation
        if self.kept is not None and operation.name not in self.kept:
            return [[]]
        if self.shown["nested"] and isinstance(operation, Model) and getattr(operation, "_graph", None) is not None:
            if id(operation) not in self._exits:
                self.lines += [f"subgraph {_quoted(f'cluster_{operation.name}')} {{", "style=dashed;", "labeljust=l;",
                               f"label={_quoted(operation.name)};"]  # fmt: skip
                kept, self.kept = self.kept, None
                self._exits[id(operation)] = self.add_model(operation, before)
                self.kept = kept
                self.lines.append("}")
            return self._exits[id(operation)]
        box = self._box(operation, node)
        for source in (source for sources in before for source in sources):
            self.edges[f"{source} -> {box};"] = None
        return [[box]]

    def _box(self, operation: Any, node: Node | None) -> str:
        if id(operation) not in self._boxes:
            self._boxes[id(operation)] = box = f"layer{len(self._boxes)}"
            self.lines.append(f"{box} [label=<{self._label(operation, node)}>];")
        return self._boxes[id(operation)]

    def _label(self, operation: Any, node: Node | None) -> str:
        kind = operation.class_name if isinstance(operation, OpCall) else type(operation).__name__
        title = (
            f"<b>{_escaped(operation.name)}</b> ({_escaped(kind)})"
            if self.shown["names"]
            else f"<b>{_escaped(kind)}</b>"
        )
        cells = list(self._cells(operation, node))
        span = f' colspan="{max(len(cells), 1)}"'
        rows = [f'<tr><td{span} bgcolor="#1f2937"><font color="white">{title}</font></td></tr>']
        activation = getattr(operation, "activation", None)
        if self.shown["activations"] and activation is not None:
            name = getattr(activation, "__name__", None) or getattr(activation, "name", type(activation).__name__)
            rows.append(f"<tr><td{span}>Activation: <b>{_escaped(name)}</b></td></tr>")
        if cells:
            rows.append(f"<tr>{''.join(cells)}</tr>")
        return (
            '<table border="0" cellborder="1" cellspacing="0" cellpadding="8" color="#1f2937">'
            + "".join(rows)
            + "</table>"
        )

    def _cells(self, operation: Any, node: Node | None) -> Iterator[str]:
        outputs = [] if node is None else _flat(node.outputs)
        if self.shown["shapes"] and node is not None:
            if not isinstance(operation, InputLayer):
                yield f"<td>Input shape: <b>{_escaped(_listed(t.shape for t in node.inputs))}</b></td>"
            yield f"<td>Output shape: <b>{_escaped(_listed(t.shape for t in outputs))}</b></td>"
        if self.shown["dtype"] and node is not None:
            kinds = list(dict.fromkeys(t.dtype.name for t in outputs))
            yield f"<td>Output dtype: <b>{_escaped(', '.join(kinds))}</b></td>"
        if self.shown["trainable"] and getattr(operation, "weights", None):
            is_trained = bool(operation.trainable)
            color, text = ("#15803d", "Trainable") if is_trained else ("#b91c1c", "Non-trainable")
            yield f'<td bgcolor="{color}"><font color="white"><b>{text}</b></font></td>'


def _behind(behind: dict[int, list[list[str]]], tensor: Any) -> list[str]:
    """The boxes that a tensor comes from: one, or none if it is outside of what is drawn."""
    exits = behind.get(id(node_of(tensor)), [[]])
    place = tensor._keras_history.tensor_index
    return exits[place] if place < len(exits) else exits[0]


def _flat(nest: Any) -> list:
    if isinstance(nest, dict):
        return [leaf for item in nest.values() for leaf in _flat(item)]
    return [leaf for item in nest for leaf in _flat(item)] if isinstance(nest, (list, tuple)) else [nest]


def _listed(shapes: Any) -> str:
    texts = [str(tuple(shape)) for shape in shapes]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _names_between(model: Any, layer_range: Sequence[str] | None) -> set[str] | None:
    if layer_range is None:
        return None
    graph = getattr(model, "_graph", None)
    names = [operation.name for operation in (model.layers if graph is None else graph.operations)]
    for name in layer_range:
        if name not in names:
            raise InvalidArgumentError(
                f"Expected layer_range to name layers of {model.name!r}; received {name!r}.{did_you_mean(name, names)}"
            )
    first, last = sorted((names.index(layer_range[0]), names.index(layer_range[-1])))
    return set(names[first : last + 1])


def _quoted(text: str) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(text: Any) -> str:
    return html.escape(str(text))


def _notebook_image(path: Path) -> Any:
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        return None
    from IPython.display import Image  # type: ignore[import-not-found]

    return Image(filename=str(path))


def plot_confusion_matrix(
    y_true: Any,
    y_pred: Any,
    labels: Sequence[Any] | None = None,
    title: str | None = None,
    path: Any = None,
    ax: Any = None,
) -> Any:
    """How often each class was taken for which: numbers, and shares of each row as colours.

    Args:
        y_true: class indices, or one-hot rows.
        y_pred: class indices, one-hot rows or probabilities; single probabilities are rounded.
        labels: names of the classes, default their numbers.
        title: default how many are right.
        path: where to save the picture.
        ax: axes of matplotlib to draw into, default a new figure.

    Returns: the figure of matplotlib.
    Raises: InvalidArgumentError if lengths differ or a class has no label; FailedPreconditionError without matplotlib.
    """
    truth, guess = _classes("y_true", y_true), _classes("y_pred", y_pred)
    if truth.shape != guess.shape or not truth.size:
        raise InvalidArgumentError(
            f"Expected y_true and y_pred of the same length, at least 1; received {len(truth)} and {len(guess)}."
        )
    largest = int(max(truth.max(), guess.max()))
    count = largest + 1 if labels is None else len(labels)
    if largest >= count or min(truth.min(), guess.min()) < 0:
        raise InvalidArgumentError(
            f"Expected classes from 0 to {count - 1}, one for each label; received {min(truth.min(), guess.min())} to {largest}."
        )
    counts = np.zeros((count, count), int)
    np.add.at(counts, (truth, guess), 1)
    plt = pyplot()
    if ax is None:
        side = min(max(4.0, 0.45 * count + 2), 16)
        figure, ax = plt.subplots(figsize=(side, side), layout="constrained")
    else:
        figure = ax.figure
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(counts), strict=True):
        color = "white" if shares[row, column] > 0.5 else "black"
        ax.text(column, row, counts[row, column], ha="center", va="center", color=color)
    names = [str(label) for label in (range(count) if labels is None else labels)]
    turn = 45 if max(map(len, names)) > 3 else 0
    ax.set_xticks(range(count), names, rotation=turn, ha="right" if turn else "center")
    ax.set_yticks(range(count), names)
    right = int(np.trace(counts))
    ax.set(title=title or f"{right} of {len(truth)} right", xlabel="predicted", ylabel="true")
    if path is not None:
        figure.savefig(path, dpi=110)
    return figure


def pyplot() -> Any:
    """matplotlib.pyplot. Raises: FailedPreconditionError if matplotlib is missing."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise FailedPreconditionError("Drawing needs matplotlib: `pip install matplotlib`.") from None
    return plt


def _classes(name: str, values: Any) -> np.ndarray:
    array = np.asarray(convert_to_tensor(values).numpy() if not isinstance(values, np.ndarray) else values)
    if array.ndim == 2 and array.shape[1] > 1:
        return array.argmax(axis=1)
    array = array.reshape(-1) if array.ndim == 2 else array
    if array.ndim != 1:
        raise InvalidArgumentError(f"Expected {name} of rank 1 or 2; received shape {array.shape}.")
    if array.dtype.kind == "f":
        return (array > 0.5).astype(int) if ((array >= 0) & (array <= 1)).all() else array.round().astype(int)
    return array.astype(int)
