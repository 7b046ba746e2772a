"""Finding the syntax tree of a function in the file it was written in."""

import ast
import functools
import linecache
import types
from typing import Any

FunctionNode = ast.FunctionDef | ast.Lambda


class SourceNotFound(Exception):
    """There is no source text that belongs to the function."""


@functools.lru_cache(maxsize=32)
def _tree(filename: str, text: str) -> ast.Module:
    try:
        return ast.parse(text, filename)
    except SyntaxError as error:
        raise SourceNotFound(f"{filename} does not parse: {error}") from None


def find(function: types.FunctionType) -> FunctionNode:
    """The node of the function in its file's tree, with the file's line numbers. It must not be changed.

    Raises: SourceNotFound if the file cannot be read or holds another text at that line.
    """
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        raise SourceNotFound(f"the source of {function.__qualname__} cannot be read")
    tree = _tree(code.co_filename, "".join(lines))
    found = [node for node in ast.walk(tree) if _is_written_at(node, code)]
    if len(found) > 1:
        found = [node for node in found if _covers(node, code)]
    if len(found) != 1:
        raise SourceNotFound(f"the source of {function.__qualname__} is not found at line {code.co_firstlineno}")
    return found[0]  # type: ignore[return-value]


def _is_written_at(node: ast.AST, code: types.CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno and _parameters(node) == _names(code)
    if isinstance(node, ast.FunctionDef):
        first = min([node.lineno, *[decorator.lineno for decorator in node.decorator_list]])
        return node.name == code.co_name and first == code.co_firstlineno and _parameters(node) == _names(code)
    return False


def _parameters(node: FunctionNode) -> list[str]:
    args = node.args
    rest = [arg.arg for arg in (args.vararg, args.kwarg) if arg is not None]
    return [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)] + rest


def _names(code: types.CodeType) -> list[str]:
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
    return list(code.co_varnames[:count])


def _covers(node: Any, code: types.CodeType) -> bool:
    """True if the instructions lie within the lambda's body, and fill it."""
    spans = [p for p in code.co_positions() if None not in p and p[2] != p[3]]
    if not spans or not isinstance(node, ast.Lambda):
        return False
    body = node.body
    start, end = min((p[0], p[2]) for p in spans), max((p[1], p[3]) for p in spans)
    return (body.lineno, body.col_offset) <= start and end == (body.end_lineno, body.end_col_offset)
