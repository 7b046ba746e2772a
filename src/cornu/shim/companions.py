"""What NumPy and Pillow took away since the scripts were written, given back with one notice. Only under `cornu run`."""

import ast
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._base.user_warning import warn

_NUMPY: dict[str, Any] = {  # NumPy's removed names, and what they were
    "Inf": np.inf, "Infinity": np.inf, "infty": np.inf, "NINF": -np.inf, "PINF": np.inf, "NaN": np.nan, "NAN": np.nan,
    "NZERO": -0.0, "PZERO": 0.0,
    "int": int, "float": float, "complex": complex, "object": object, "str": str, "unicode": str, "bool8": np.bool_,
    "float_": np.float64, "complex_": np.complex128, "int0": np.intp, "uint0": np.uintp, "unicode_": np.str_,
    "string_": np.bytes_, "object0": np.object_, "cfloat": np.complex128, "singlecomplex": np.complex64,
    "asscalar": lambda a: np.asarray(a).item(), "product": np.prod, "cumproduct": np.cumprod, "sometrue": np.any,
    "alltrue": np.all, "round_": np.round, "asfarray": lambda a, dtype=np.float64: np.asarray(a, dtype),
    "find_common_type": lambda array_types, scalar_types: np.result_type(*array_types, *scalar_types),
    "msort": lambda a: np.sort(a, axis=0), "row_stack": np.vstack, "mat": np.asmatrix,
    "in1d": lambda ar1, ar2, assume_unique=False, invert=False: np.isin(
        np.ravel(ar1), ar2, assume_unique=assume_unique, invert=invert
    ),
    "trapz": lambda y, x=None, dx=1.0, axis=-1: np.trapezoid(y, x, dx, axis),
}  # fmt: skip
_PILLOW = {"ANTIALIAS": "LANCZOS", "LINEAR": "BILINEAR", "CUBIC": "BICUBIC"}
_CONVERSIONS = {"int": int, "float": float}
_told: set[str] = set()


def _tell(what: str, instead: str) -> None:
    if what not in _told:
        _told.add(what)
        warn(f"{what} is gone from today's release; `cornu run` gives it back. Write {instead}.")


def restore() -> None:
    """Give back the removed names of NumPy at once, and of Pillow when it is imported."""
    plain = np.__getattr__

    def removed(name: str) -> Any:
        if name in _NUMPY:
            _tell(
                f"np.{name}",
                f"{name} without `np.`" if name in ("int", "float", "complex", "object", "str") else "its successor",
            )
            return _NUMPY[name]
        return plain(name)  # type: ignore[reportCallIssue]

    np.__getattr__ = removed  # type: ignore[attr-defined]
    sys.meta_path.insert(0, _PillowFinder())


class _PillowFinder(importlib.abc.MetaPathFinder):
    """Lets the next finder load PIL.Image, and adds to it what is gone."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname != "PIL.Image":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_restore(module: Any) -> None:
                load(module)
                _restore_pillow(module)

            spec.loader.exec_module = load_and_restore  # type: ignore[method-assign]
        return spec


def _restore_pillow(module: Any) -> None:
    def removed(name: str) -> Any:
        if name in _PILLOW and (found := getattr(module, _PILLOW[name], None)) is not None:
            _tell(f"PIL.Image.{name}", f"PIL.Image.{_PILLOW[name]}")
            return found
        raise AttributeError(f"module 'PIL.Image' has no attribute {name!r}")

    module.__getattr__ = removed


def compiled(source: bytes, path: str) -> Any:
    """The program, in which `int(x)` and `float(x)` take arrays of one element again, as NumPy let them do before 2.4."""
    tree = ast.parse(source, path)
    if _OneElement().visit(tree).found:
        import builtins

        builtins.__dict__["_cornu_number"] = _number
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


class _OneElement(ast.NodeTransformer):
    """`int(x)` becomes `_cornu_number(int, x)`; everything else stays, with its line numbers."""

    found = False

    def visit(self, node: ast.AST) -> Any:
        changed = super().visit(node)
        return self if isinstance(node, ast.Module) else changed

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        plain = isinstance(node.func, ast.Name) and node.func.id in _CONVERSIONS and len(node.args) == 1
        if not plain or node.keywords or isinstance(node.args[0], (ast.Constant, ast.Starred)):
            return node
        self.found = True
        name = ast.Name("_cornu_number", ast.Load())
        return ast.copy_location(ast.Call(ast.copy_location(name, node), [node.func, node.args[0]], []), node)


def _number(kind: Callable[[Any], Any], value: Any) -> Any:
    """`kind(value)`; of an array of one element, of that."""
    if kind in _CONVERSIONS.values() and isinstance(value, np.ndarray) and value.ndim and value.size == 1:
        _tell(f"{kind.__name__}() of an array of shape {value.shape}", f"{kind.__name__}(x.item())")
        return kind(value.item())
    return kind(value)
