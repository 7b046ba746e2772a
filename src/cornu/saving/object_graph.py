"""The graph of objects in a TensorFlow checkpoint: which object is which child of which, and where its values are.

Source: tensorflow/core/protobuf/trackable_object_graph.proto (numbers of fields).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cornu._base.errors import DataLossError
from cornu.io.event_file import field as wire
from cornu.io.protobuf import read_fields

KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
VALUE = "VARIABLE_VALUE"


@dataclass
class Node:
    """An object: children and values by name, and slots of an optimizer as (variable, name, slot), all by number."""

    children: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)  # attribute -> name of its array in the file
    full_name: str = ""
    slots: list[tuple[int, str, int]] = field(default_factory=list)


def read(bundle: Mapping[str, Any]) -> list[Node]:
    """The nodes of a checkpoint. Raises: DataLossError."""
    value = bundle[KEY]
    if value.dtype != object or value.ndim:
        raise DataLossError(f"The checkpoint is damaged: its graph of objects is {value.dtype} of shape {value.shape}.")
    return parse(value.item())


def parse(data: bytes) -> list[Node]:
    """The nodes; the first one is the object that was saved. Raises: DataLossError if a number names no node."""
    nodes = []
    for number, _, content in read_fields(data):
        if number != 1 or not isinstance(content, bytes):
            continue
        node = Node()
        for kind, _, part in read_fields(content):
            if kind not in (1, 2, 3) or not isinstance(part, bytes):
                continue
            found: dict[int, Any] = {n: value for n, _, value in read_fields(part)}
            if kind == 1:
                node.children[_text(found.get(2))] = _number(found.get(1, 0))
            elif kind == 2:
                node.keys[_text(found.get(1))] = _text(found.get(3))
                node.full_name = _text(found.get(2))
            else:
                node.slots.append((_number(found.get(1, 0)), _text(found.get(2)), _number(found.get(3, 0))))
        nodes.append(node)
    numbers = [i for node in nodes for i in (*node.children.values(), *(i for v, _, s in node.slots for i in (v, s)))]
    if not nodes or any(not 0 <= i < len(nodes) for i in numbers):
        raise DataLossError("The checkpoint is damaged: its graph of objects names one that is not there.")
    return nodes


def _number(value: Any) -> int:
    return value if isinstance(value, int) else -1  # names no node


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def serialize(nodes: list[Node]) -> bytes:
    """The nodes as they are saved."""
    out = []
    has_values = _with_values(nodes)
    for place, node in enumerate(nodes):
        parts = [wire(1, (wire(1, i) if i else b"") + wire(2, name)) for name, i in node.children.items()]
        parts += [wire(2, wire(1, name) + wire(2, node.full_name) + wire(3, key)) for name, key in node.keys.items()]
        parts += [wire(3, wire(1, variable) + wire(2, name) + wire(3, slot)) for variable, name, slot in node.slots]
        parts.append(wire(5, wire(1, 1) if has_values[place] else b""))
        out.append(wire(1, b"".join(parts)))
    return b"".join(out)


def _with_values(nodes: list[Node]) -> list[bool]:
    """Whether there are values at a node or below it."""
    has = [bool(node.keys or node.slots) for node in nodes]
    changed = True
    while changed:
        changed = False
        for place, node in reversed(list(enumerate(nodes))):  # parents come before their children
            if not has[place] and any(has[child] for child in node.children.values()):
                has[place] = changed = True
    return has


def escaped(name: str) -> str:
    """A child's name as a part of the name of an array."""
    return name.replace(".", "..").replace("/", ".S")
