"""Where a symbolic tensor comes from. Source: keras.utils.get_source_inputs."""

from typing import Any

from cornu.core.symbolic import KerasTensor, node_of, symbolic_leaves


def get_source_inputs(tensor: Any) -> Any:
    """The `Input` tensors that a symbolic tensor was computed from; anything else is returned as it is."""
    if not isinstance(tensor, KerasTensor):
        return tensor
    found: list[KerasTensor] = []
    seen: set[int] = set()
    waiting = [tensor]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        node = node_of(current)
        earlier = symbolic_leaves((node.args, node.kwargs))
        waiting += reversed(earlier)  # depth first, arguments in order
        if not earlier:
            found.append(current)
    return found
