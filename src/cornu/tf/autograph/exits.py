"""Rewriting of `return`, `break` and `continue` into flags, so that every block is left at its end.

`if c: return a` followed by `rest` becomes `if c: <return a> else: rest`. Where only some paths of a statement leave the
block, what follows is guarded: `if flag: flag = True else: rest`; the assignment says that the flag is plainly true there.
"""

import ast
from collections.abc import Sequence
from typing import Any

from cornu.tf.autograph.bindings import walk
from cornu.tf.autograph.state import BROKEN, CONTINUED, RESULT, RETURNED

_LOOPS = (ast.While, ast.For)


def needs_lowering(body: list[ast.stmt]) -> bool:
    """True if a `return` stands inside an `if` or a loop."""
    blocks = [node for node in walk(body) if isinstance(node, (ast.If, *_LOOPS))]
    return any(isinstance(node, ast.Return) for block in blocks for node in walk([block]))


class Lowering:
    """Lowers the statements of one function."""

    def __init__(self, has_return: bool):
        self._has_return, self._loops = has_return, 0

    def function(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The function's statements with `return` as an assignment to the result and a flag."""
        if not self._has_return:
            return self.block(body, (None, None))
        last = ast.copy_location(ast.Return(None), body[-1])
        ends = body if _ends(body) else [*body, last]
        first = ast.copy_location(_assign(RETURNED, False), body[0])
        return [first, *self.block(ends, (None, None))]

    def block(self, body: Sequence[ast.stmt], loop: tuple[str | None, str | None]) -> list[ast.stmt]:
        """Lower statements in order; `loop` names the flags of `break` and `continue`."""
        done: list[ast.stmt] = []
        for i, node in enumerate(body):
            rest = list(body[i + 1 :])
            if isinstance(node, ast.If) and rest and self._leaves(node):
                if _ends(node.body):
                    node, rest = _if(node, node.body, [*node.orelse, *rest]), []
                elif node.orelse and _ends(node.orelse):
                    node, rest = _if(node, [*node.body, *rest], node.orelse), []
            flags = self._flags(node, loop)
            done += self._lowered(node, loop)
            if isinstance(node, (ast.Return, ast.Break, ast.Continue)):
                return done
            if flags and rest:
                return [*done, *_guarded(flags, self.block(rest, loop), node)]
            if not rest:
                return done
        return done

    def _leaves(self, node: ast.stmt) -> bool:
        return bool(self._flags(node, ("break", "continue")))

    def _flags(self, node: ast.stmt, loop: tuple[str | None, str | None]) -> list[str]:
        """The flags that the statement may set, as far as they matter to the block around it."""
        flags = []
        if self._has_return and any(isinstance(n, ast.Return) for n in walk([node])):
            flags.append(RETURNED)
        for kind, flag in zip((ast.Break, ast.Continue), loop, strict=True):
            if flag is not None and any(isinstance(n, kind) for n in _outside_loops([node])):
                flags.append(flag)
        return flags

    def _lowered(self, node: ast.stmt, loop: tuple[str | None, str | None]) -> list[ast.stmt]:
        if isinstance(node, ast.Return) and self._has_return:
            value = node.value or ast.Constant(None)
            return [_at(node, _assign(RESULT, value)), _at(node, _assign(RETURNED, True))]
        if isinstance(node, (ast.Break, ast.Continue)):
            flag = loop[isinstance(node, ast.Continue)]
            return [node] if flag is None else [_at(node, _assign(flag, True))]
        if isinstance(node, _LOOPS):
            return self._loop(node, loop)
        for field in ("body", "orelse", "finalbody"):
            if getattr(node, field, None) and isinstance(node, (ast.If, ast.With, ast.Try)):
                setattr(node, field, self.block(getattr(node, field), loop))
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                handler.body = self.block(handler.body, loop)
        if isinstance(node, ast.Match):
            for case in node.cases:
                case.body = self.block(case.body, loop)
        return [node]

    def _loop(self, node: ast.While | ast.For, outer: tuple[str | None, str | None]) -> list[ast.stmt]:
        """A loop whose further turns depend on flags: `going` names them for the rewriting that follows."""
        self._loops += 1
        inside = list(_outside_loops(node.body))
        breaks = f"{BROKEN}{self._loops}" if any(isinstance(n, ast.Break) for n in inside) else None
        continues = f"{CONTINUED}{self._loops}" if any(isinstance(n, ast.Continue) for n in inside) else None
        stops = [flag for flag in (breaks,) if flag]
        if self._has_return and any(isinstance(n, ast.Return) for n in walk(node.body)):
            stops.append(RETURNED)
        body = self.block(node.body, (breaks, continues))
        if continues:
            body = [_at(node, _assign(continues, False)), *body]
        orelse = self.block(node.orelse, outer)
        node.body, node.orelse, node.stops = body, [], stops  # type: ignore[attr-defined]
        before = [_at(node, _assign(breaks, False))] if breaks else []
        after = _guarded(stops, orelse, node) if stops and orelse else orelse
        return [*before, node, *after]


def _outside_loops(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    """Nodes of the same loop: what is in nested loops has its own `break`."""
    found: list[ast.AST] = []
    for node in nodes:
        found.append(node)
        if isinstance(node, _LOOPS):
            found += _outside_loops(node.orelse)
        elif not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.expr)):
            found += _outside_loops(list(ast.iter_child_nodes(node)))
    return found


def _ends(body: list[ast.stmt]) -> bool:
    """True if no path runs past the end of the statements."""
    last = body[-1] if body else None
    if isinstance(last, ast.If):
        return _ends(last.body) and _ends(last.orelse)
    if isinstance(last, ast.With):
        return _ends(last.body)
    return isinstance(last, (ast.Return, ast.Break, ast.Continue, ast.Raise))


def _guarded(flags: list[str], rest: list[ast.stmt], node: ast.stmt) -> list[ast.stmt]:
    """`rest` where none of the flags is set."""
    for flag in reversed(flags):
        rest = [_at(rest[0], ast.If(ast.Name(flag, ast.Load()), [_assign(flag, True)], rest))]
    return rest


def _if(node: ast.If, body: list[ast.stmt], orelse: list[ast.stmt]) -> ast.If:
    return _at(node, ast.If(node.test, body, orelse))


def _assign(name: str, value: ast.expr | bool) -> ast.Assign:
    value = ast.Constant(value) if isinstance(value, bool) else value
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _at(place: ast.stmt, node: Any) -> Any:
    """The node, and what was made for it, at the line of `place`."""
    for child in ast.walk(node):
        if isinstance(child, (ast.expr, ast.stmt)) and not hasattr(child, "lineno"):
            ast.copy_location(child, place)
    return node
