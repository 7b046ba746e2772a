"""Rewriting of a function's syntax tree: control flow becomes calls of the operators that choose between Python and XLA.

A block becomes a nested function that shares its variables by `nonlocal`, so on Python values nothing changes: the operator calls
the block where the statement would have run it. All nodes keep their places in the file, and so do errors.
"""

import ast
from typing import Any

from cornu.tf.autograph import bindings, exits
from cornu.tf.autograph.nodes import at, block, load, operator, operator_name, thunk
from cornu.tf.autograph.state import RESULT, RETURNED

_VALUES = "values_"  # the parameter of functions that set the state


class Rewriter(ast.NodeTransformer):
    """Rewrites one function. `class_name` is that of the class around it, for names that begin with two underscores."""

    def __init__(self, class_name: str | None, first_parameter: str | None):
        self._class_name, self._first = class_name, first_parameter
        self._count = 0
        self._shared: dict[str, None] = {}  # names that nested blocks assign
        self._globals: set[str] = set()

    def function(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """The function with its body rewritten; decorators, defaults and annotations are left as they are."""
        self._globals = bindings.declared(node.body, ast.Global)
        outer = bindings.declared(node.body, ast.Nonlocal)
        has_return = exits.needs_lowering(node.body)
        body = [self._visited(child) for child in exits.Lowering(has_return).function(node.body)]
        body = [child for group in body for child in group]
        if has_return:
            arguments = [ast.Name(RETURNED, ast.Load()), thunk(ast.Name(RESULT, ast.Load()))]
            body.append(at(node.body[-1], ast.Return(operator("returned", arguments))))
        local = [name for name in self._shared if name not in self._globals | outer]
        if local:  # `nonlocal` in a block needs a binding in the function, which need not run
            targets: list[ast.expr] = [ast.Name(name, ast.Store()) for name in local]
            never = ast.If(ast.Constant(False), [ast.Assign(targets, ast.Constant(None))], [])
            place = 1 if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) else 0
            declarations = [child for child in body if isinstance(child, (ast.Global, ast.Nonlocal))]
            body = [child for child in body if child not in declarations]
            place = min(place, len(body))
            body[place:place] = [*declarations, at(node.body[0], never)]
        node.body = body
        return node

    def _visited(self, node: ast.stmt) -> list[ast.stmt]:
        made = self.visit(node)
        return made if isinstance(made, list) else [made]

    def _name(self, what: str) -> str:
        self._count += 1
        return f"{what}_{self._count}"

    # statements

    def visit_If(self, node: ast.If) -> Any:
        state, names = self._state([*node.body, *node.orelse], node)
        body, orelse = self._name("main_branch"), self._name("else_branch")
        test = self.visit(node.test)
        blocks = [
            self._block(body, node.body, names, node),
            self._block(orelse, node.orelse or [ast.Pass()], names, node),
        ]
        arguments = [test, load(body), load(orelse), *state.arguments]
        return [*blocks, *state.functions, at(node, ast.Expr(operator("if_stmt", arguments)))]

    def visit_While(self, node: ast.While) -> Any:
        options = self._options(node)
        state, names = self._state(node.body, node)
        body, test = self._name("loop_body"), self._name("loop_test")
        stops = [ast.UnaryOp(ast.Not(), ast.Name(flag, ast.Load())) for flag in getattr(node, "stops", [])]
        condition = ast.BoolOp(ast.And(), [*stops, node.test]) if stops else node.test
        condition = at(node, ast.Expr(condition)).value  # type: ignore[attr-defined]
        blocks = [
            self._block(body, node.body, names, node),
            block(test, [], [ast.Return(self.visit(condition))], node),
        ]
        arguments = [load(test), load(body), *state.arguments, options]
        call = at(node, ast.Expr(operator("while_stmt", arguments)))
        return [*blocks, *state.functions, call, *[made for child in node.orelse for made in self._visited(child)]]

    def visit_For(self, node: ast.For) -> Any:
        options = self._options(node)
        value = self._name("loop_value")
        assign = at(node.target, ast.Assign([node.target], ast.Name(value, ast.Load())))  # type: ignore[arg-type]
        statements = [assign, *node.body]
        state, names = self._state(statements, node)
        body = self._name("loop_body")
        blocks = [self._block(body, statements, names, node, [value])]
        going: ast.expr = ast.Constant(None)
        stops: list[ast.expr] = [
            ast.UnaryOp(ast.Not(), ast.Name(flag, ast.Load())) for flag in getattr(node, "stops", [])
        ]
        if stops:
            test = self._name("loop_test")
            condition = stops[0] if len(stops) == 1 else ast.BoolOp(ast.And(), stops)
            condition = at(node, ast.Expr(condition)).value  # type: ignore[attr-defined]
            blocks.append(block(test, [], [ast.Return(self.visit(condition))], node))
            going = load(test)
        arguments = [self._iterated(node.iter), load(body), going, *state.arguments, options]
        call = at(node, ast.Expr(operator("for_stmt", arguments)))
        return [*blocks, *state.functions, call, *[made for child in node.orelse for made in self._visited(child)]]

    def visit_Return(self, node: ast.Return) -> Any:
        self.generic_visit(node)
        if isinstance(node.value, (ast.Name, ast.Attribute)):
            node.value = operator("defined", [node.value])
        return at(node, node)

    def visit_Assert(self, node: ast.Assert) -> Any:
        test, message = self.visit(node.test), self.visit(node.msg) if node.msg else ast.Constant(None)
        return at(node, ast.Expr(operator("assert_stmt", [test, thunk(message)])))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.args = self.visit(node.args)
        if is_plain(node):
            node = Rewriter(self._class_name, self._first).function(node)
            node.decorator_list.append(at(node, ast.Expr(operator_name("converted"))).value)  # type: ignore[attr-defined]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        return node

    # expressions

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        if not is_plain(node):
            return node
        node.args, node.body = self.visit(node.args), self.visit(node.body)
        return ast.copy_location(operator("converted", [node]), node)

    def visit_Call(self, node: ast.Call) -> Any:
        return self._call(node, "callee")

    def _call(self, node: ast.Call, wrapper: str) -> ast.Call:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            if self._first is not None:
                node.args = [load("__class__"), load(self._first)]
            return at(node, node)
        if isinstance(node.func, ast.Name) and node.func.id in ("locals", "vars", "eval", "exec"):
            return self.generic_visit(node)  # type: ignore[return-value]
        node = self.generic_visit(node)  # type: ignore[assignment]
        node.func = ast.copy_location(operator(wrapper, [node.func]), node.func)
        return at(node, node)

    def _iterated(self, node: ast.expr) -> ast.expr:
        """What a loop runs over; a range over tensors need not become a tensor."""
        return self._call(node, "iterated") if isinstance(node, ast.Call) else self.visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        if _binds(node):
            return self.generic_visit(node)
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        return at(node, operator(name, [thunk(self.visit(value)) for value in node.values]))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        self.generic_visit(node)
        return at(node, operator("not_", [node.operand])) if isinstance(node.op, ast.Not) else node

    def visit_Compare(self, node: ast.Compare) -> Any:
        if len(node.ops) == 1 or _binds(node):
            return self.generic_visit(node)
        names = ast.Tuple([ast.Constant(type(op).__name__) for op in node.ops], ast.Load())
        rest = [thunk(self.visit(value)) for value in node.comparators]
        return at(node, operator("compare", [self.visit(node.left), names, *rest]))

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        if _binds(node):
            return self.generic_visit(node)
        sides = [thunk(self.visit(side)) for side in (node.body, node.orelse)]
        return at(node, operator("if_exp", [self.visit(node.test), *sides]))

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        node.attr = self._mangled(node.attr)
        return node

    def visit_Name(self, node: ast.Name) -> Any:
        node.id = self._mangled(node.id)
        return node

    def _mangled(self, name: str) -> str:
        if self._class_name is None or not name.startswith("__") or name.endswith("__"):
            return name
        return f"_{self._class_name.lstrip('_')}{name}"

    # parts

    def _state(self, body: list[ast.stmt], node: ast.stmt) -> tuple["_State", list[str]]:
        paths = [self._mangled_path(path) for path in bindings.changed(body)]
        names = [name for name in bindings.bound(body) if name not in self._globals]
        self._shared.update(dict.fromkeys(names))
        return _State(
            paths, self._declarations(names, body), self._name("get_state"), self._name("set_state"), node
        ), names

    def _mangled_path(self, path: str) -> str:
        return ".".join(map(self._mangled, path.split(".")))

    def _declarations(self, names: list[str], body: list[ast.stmt]) -> list[ast.stmt]:
        declared: list[ast.stmt] = [ast.Nonlocal(list(names))] if names else []
        assigned = [name for name in bindings.bound(body) if name in self._globals]
        return [*declared, ast.Global(assigned)] if assigned else declared

    def _block(
        self, name: str, body: list[ast.stmt], names: list[str], node: ast.stmt, parameters: list[str] | None = None
    ) -> ast.stmt:
        own = bindings.bound(body)
        declarations = self._declarations([each for each in names if each in own], body)
        statements = [made for child in body for made in self._visited(child)]
        statements = [made for made in statements if not isinstance(made, (ast.Global, ast.Nonlocal))]
        return block(name, parameters or [], [*declarations, *(statements or [ast.Pass()])], node)

    def _options(self, node: ast.While | ast.For) -> ast.expr:
        """The loop's options as a dict; the call that sets them leaves the body."""
        for child in node.body:
            call = child.value if isinstance(child, ast.Expr) else None
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("set_loop_options"):
                node.body = [each for each in node.body if each is not child] or [ast.copy_location(ast.Pass(), child)]
                keywords = [ast.Constant(keyword.arg) for keyword in call.keywords]
                return at(node, ast.Dict(list(keywords), [self.visit(keyword.value) for keyword in call.keywords]))
        return ast.Dict([], [])


class _State:
    """The functions that read and write what a block changes, and the arguments that operators take."""

    def __init__(self, paths: list[str], declarations: list[ast.stmt], getter: str, setter: str, node: ast.stmt):
        loads = [operator("load", [ast.Constant(path), thunk(ast.parse(path, mode="eval").body)]) for path in paths]
        reading = [ast.Return(ast.Tuple(list(loads), ast.Load()))]
        targets = [ast.parse(f"{path} = 0").body[0].targets[0] for path in paths]  # type: ignore[attr-defined]
        values = load(_VALUES)
        writing: list[ast.stmt] = []
        if targets:
            writing = [ast.Assign([ast.Tuple(targets, ast.Store())], values)]
        self.functions = [
            block(getter, [], list(reading), node),
            block(setter, [_VALUES], [*declarations, *(writing or [ast.Pass()])], node),
        ]
        names = ast.Tuple([ast.Constant(path) for path in paths], ast.Load())
        self.arguments: list[ast.expr] = [load(getter), load(setter), names]


def is_plain(node: ast.FunctionDef | ast.Lambda) -> bool:
    """True unless the function is a generator or awaits."""
    body = node.body if isinstance(node.body, list) else [node.body]
    return not any(isinstance(n, (ast.Yield, ast.YieldFrom, ast.Await)) for n in bindings.walk(body))


def _binds(node: ast.expr) -> bool:
    """True if part of the expression assigns (`:=`), which it could not do from inside of a lambda."""
    return any(isinstance(n, (ast.NamedExpr, ast.Await, ast.Yield)) for n in bindings.walk([node]))
