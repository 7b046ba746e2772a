"""Which variables statements change: names they bind, attributes they set, lists and dicts they change in place."""

import ast
from collections.abc import Iterable, Iterator

_CHANGING = {
    "add", "append", "appendleft", "clear", "difference_update", "discard", "extend", "insert", "intersection_update", "pop",
    "popitem", "popleft", "remove", "reverse", "setdefault", "sort", "symmetric_difference_update", "update",
}  # fmt: skip
_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def walk(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes below that belong to the same function; nested functions and classes themselves, not what is in them."""
    for node in nodes:
        yield node
        if not isinstance(node, _OWN_SCOPE):
            yield from walk(ast.iter_child_nodes(node))


def bound(nodes: Iterable[ast.AST]) -> list[str]:
    """Names that the statements bind in their function, in order."""
    names: dict[str, None] = {}
    hidden: set[int] = set()
    for node in walk(nodes):
        if isinstance(node, _COMPREHENSIONS):
            hidden.update(id(n) for part in node.generators for n in ast.walk(part.target))
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)) and id(node) not in hidden:
            names[node.id] = None
        elif isinstance(node, _NAMED) and node.name:
            names[node.name] = None
        elif isinstance(node, ast.alias):
            names[(node.asname or node.name).split(".")[0]] = None
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names[node.rest] = None
    return list(names)


def declared(nodes: Iterable[ast.AST], kind: type) -> set[str]:
    """Names in `global` or `nonlocal` statements."""
    return {name for node in walk(nodes) if isinstance(node, kind) for name in node.names}  # type: ignore[attr-defined]


def changed(nodes: list[ast.stmt]) -> list[str]:
    """What the statements change, as Python expressions: `x`, `self.count`, `rows` (by `rows.append(...)` or `rows[i] = ...`)."""
    found = dict.fromkeys(bound(nodes))
    for node in walk(nodes):
        target = None
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            target = node
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
            target = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            target = node.func.value
        if target is not None and _is_path(target):
            found[ast.unparse(target)] = None
    local = set(bound([node for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))]))
    return [path for path in found if path.split(".")[0] not in local or path in local]


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
