"""`convert(function)`: the function with its control flow rewritten, and every function of the user's that it calls."""

import ast
import contextlib
import copy
import functools
import inspect
import sys
import types
import weakref
from collections.abc import Callable
from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu.tf.autograph import operators, source, verbosity
from cornu.tf.autograph.builtins import REPLACEMENTS, iterated_range
from cornu.tf.autograph.nodes import OPERATORS
from cornu.tf.autograph.rewrite import Rewriter, is_plain

_LIBRARIES = {
    "IPython", "PIL", "absl", "cornu", "h5py", "jax", "jaxlib", "keras", "matplotlib", "ml_dtypes", "numpy", "pandas", "pytest",
    "scipy", "sklearn", "tensorflow", "tf_keras", "torch", "tqdm",
}  # fmt: skip
_converted: "weakref.WeakKeyDictionary[types.CodeType, Any]" = weakref.WeakKeyDictionary()


def convert(function: Callable) -> Callable:
    """The function with `if`, `while`, `for`, `and`, ... over tensors made branches and loops of the compiled program.

    Library functions, generators, and functions without source text come back as they are.
    """
    if isinstance(function, types.MethodType):
        twin = convert(function.__func__)
        return function if twin is function.__func__ else types.MethodType(twin, function.__self__)
    if isinstance(function, functools.partial):
        return functools.partial(convert(function.func), *function.args, **function.keywords)
    if not isinstance(function, types.FunctionType):
        return _converted_object(function)
    if not _is_convertible(function):
        return function
    code = _code_of(function)
    if code is None:
        return function
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells[OPERATORS] = types.CellType(_operators())
    closure = tuple([cells[name] for name in code.co_freevars])
    twin = types.FunctionType(code, function.__globals__, function.__name__, function.__defaults__, closure)
    twin.__kwdefaults__, twin.__qualname__, twin.__doc__ = (
        function.__kwdefaults__,
        function.__qualname__,
        function.__doc__,
    )
    twin.__dict__.update(function.__dict__)
    return converted(twin)


def _converted_object(function: Any) -> Callable:
    """An object with a `__call__` of the user's is called through the rewritten one."""
    call = getattr(type(function), "__call__", None)  # noqa: B004
    if inspect.isclass(function) or not isinstance(call, types.FunctionType) or not _is_convertible(call):
        return function
    return types.MethodType(convert(call), function)


def _is_convertible(function: types.FunctionType) -> bool:
    if hasattr(function, "_is_autograph_result") or hasattr(function, "_is_not_for_autograph"):
        return False
    module = (function.__module__ or "").split(".")[0]
    if module in _LIBRARIES or (module in sys.stdlib_module_names and module != "__main__"):
        return False
    return not (inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function))


def converted(function: Any) -> Any:
    """Mark a function as one that needs no conversion any more."""
    with contextlib.suppress(AttributeError):
        function._is_autograph_result = True
    return function


def do_not_convert(func: Callable | None = None) -> Any:
    """Decorator: the function is traced as it is. Source: tf.autograph.experimental.do_not_convert."""
    if func is None:
        return do_not_convert
    if not isinstance(func, (types.FunctionType, types.MethodType)):
        return func

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **kwargs)

    call._is_not_for_autograph = True  # type: ignore[attr-defined]
    return call


def _code_of(function: types.FunctionType) -> types.CodeType | None:
    code = function.__code__
    if code not in _converted:
        try:
            node = rewritten(function)
            _converted[code] = None if node is None else _compiled(node, function)
            if node is not None:
                verbosity.report(function.__qualname__, lambda: ast.unparse(node))
        except (source.SourceNotFound, SyntaxError, RecursionError):
            _converted[code] = None  # it runs as it is; what cannot be traced falls back to eager execution
    return _converted[code]


def rewritten(function: types.FunctionType) -> ast.FunctionDef | None:
    """The rewritten syntax tree of the function; None for a generator. Raises: SourceNotFound."""
    node = copy.deepcopy(source.find(function))
    if not is_plain(node):
        return None
    if isinstance(node, ast.Lambda):
        made = ast.parse("def function(): return 0").body[0]
        for child in ast.walk(made):
            ast.copy_location(child, node)
        made.args, made.body[0].value = node.args, node.body  # type: ignore[attr-defined]
        node = made
    assert isinstance(node, ast.FunctionDef)  # our own invariant: there are no other nodes of plain functions
    node.decorator_list, node.returns = [], None
    node.args = copy.deepcopy(node.args)
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    node.args.defaults = [ast.copy_location(ast.Constant(None), default) for default in node.args.defaults]
    node.args.kw_defaults = [d and ast.copy_location(ast.Constant(None), d) for d in node.args.kw_defaults]
    parameters = [*node.args.posonlyargs, *node.args.args]
    return Rewriter(_class_of(function), parameters[0].arg if parameters else None).function(node)


def _class_of(function: types.FunctionType) -> str | None:
    path = function.__qualname__.split(".")
    return path[-2] if len(path) > 1 and path[-2] != "<locals>" else None


def _compiled(node: ast.FunctionDef, function: types.FunctionType) -> types.CodeType:
    """The code of the rewritten function. Around it stands one whose parameters are its free variables."""
    code = function.__code__
    free = [*code.co_freevars, OPERATORS]
    factory = ast.parse(f"def around({', '.join(free)}): pass").body[0]
    for child in ast.walk(factory):
        ast.copy_location(child, node)
    node.name = "function_"  # its own name, where the body uses it, is a global or free variable
    factory.body = [ast.fix_missing_locations(node)]  # type: ignore[attr-defined]
    module = compile(ast.Module([factory], []), code.co_filename, "exec", flags=_future_flags(code), dont_inherit=True)
    inner = next(c for c in module.co_consts if isinstance(c, types.CodeType))
    made = next(c for c in inner.co_consts if isinstance(c, types.CodeType) and c.co_name == node.name)
    return made.replace(co_name=code.co_name, co_qualname=code.co_qualname)


def _future_flags(code: types.CodeType) -> int:
    import __future__

    known = [getattr(__future__, name).compiler_flag for name in __future__.all_feature_names]
    return sum(flag for flag in set(known) if code.co_flags & flag)


@functools.cache
def _operators() -> Any:
    """What rewritten code calls, in one namespace."""
    return types.SimpleNamespace(
        **{name: getattr(operators, name) for name in operators.__all__},
        callee=callee, iterated=iterated, converted=converted,
    )  # fmt: skip


def callee(function: Any) -> Any:
    """What is called in place of the function that the user's code names."""
    try:
        replacement = REPLACEMENTS.get(function)
    except TypeError:  # not hashable
        replacement = None
    return convert(function) if replacement is None else replacement


def iterated(function: Any) -> Any:
    """The same for a call whose result a `for` loop runs over."""
    return iterated_range(function) or callee(function)


def to_code(entity: Callable, recursive: bool = True, experimental_optional_features: Any = None) -> str:
    """The rewritten source text of a function. Source: tf.autograph.to_code.

    `recursive` and `experimental_optional_features` are accepted: what a function calls is rewritten when it is called.

    Raises: InvalidTypeError if it has none.
    """
    function = inspect.unwrap(getattr(entity, "python_function", entity))
    function = getattr(function, "__func__", function)
    try:
        node = rewritten(function) if isinstance(function, types.FunctionType) else None
    except source.SourceNotFound as error:
        raise InvalidTypeError(f"Expected a function whose source text can be read; {error}.") from None
    if node is None:
        raise InvalidTypeError(f"Expected a Python function to rewrite; received {entity!r}.")
    return ast.unparse(node)


def to_graph(entity: Callable, recursive: bool = True, experimental_optional_features: Any = None) -> Callable:
    """The rewritten function; the options are those of `to_code`. Source: tf.autograph.to_graph."""
    return convert(getattr(entity, "python_function", entity))
