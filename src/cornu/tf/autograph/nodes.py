"""Syntax nodes that rewritten code is made of."""

import ast
from typing import Any

OPERATORS = "autograph_"  # the name under which rewritten code finds the operators


def operator_name(name: str) -> ast.expr:
    """The operator of that name, not called."""
    return ast.Attribute(ast.Name(OPERATORS, ast.Load()), name, ast.Load())


def operator(name: str, arguments: list) -> ast.Call:
    """A call of the operator of that name."""
    return ast.Call(operator_name(name), list(arguments), [])


def load(name: str) -> ast.expr:
    """The value of a variable."""
    return ast.Name(name, ast.Load())


def arguments(names: list[str]) -> ast.arguments:
    """Parameters of these names."""
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


def thunk(body: ast.expr) -> ast.Lambda:
    """The expression as a function without arguments."""
    return ast.Lambda(arguments([]), body)


def block(name: str, parameters: list[str], body: list, node: ast.stmt) -> ast.stmt:
    """The definition of a function, at the line of `node`."""
    made = ast.parse(f"def {name}(): pass").body[0]
    for child in ast.walk(made):
        ast.copy_location(child, node)
    made.args, made.body = arguments(parameters), body  # type: ignore[attr-defined]
    return at(node, made)


def at(place: ast.AST, node: Any) -> Any:
    """The node, and what was made for it, at the first line of `place`."""
    for child in ast.walk(node):
        if isinstance(child, (ast.expr, ast.stmt, ast.arg)) and not hasattr(child, "lineno"):
            ast.copy_location(child, place)
            child.end_lineno, child.end_col_offset = child.lineno, child.col_offset
    return node
