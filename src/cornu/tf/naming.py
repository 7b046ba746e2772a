"""TensorFlow's functions are rows: a signature in TensorFlow's names, and the op it stands for."""

import ast
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.core import strict_dtypes
from cornu.core.strict_dtypes import array_of

_PARAMETER = re.compile(r"(?P<name>\w+)(:(?P<target>\w+))?(=(?P<default>.+))?")


def named(
    signature: str, op: Callable, alike: int = 0, floating: bool = False, numeric: bool = False, logical: bool = False
) -> Callable[..., Any]:
    """A function with TensorFlow's parameter names over an op.

    Args:
        signature: `"reduce_sum(input_tensor, axis=None, keepdims=False)"`. A parameter stands for the op's parameter at the
            same place; `input:x` says which one it is. `name` is always taken, and ignored: it labels nodes of a graph file.
        alike: so many leading arguments are tensors that must have one dtype (`strict_dtypes.alike`).
        floating: integers are refused, as TensorFlow does.
        numeric: bools are refused.
        logical: the tensors that are `alike` (or the first one) must be bools.

    The function raises InvalidTypeError, with the nearest name, on an argument that it does not take.
    """
    title, _, inner = signature.rstrip(")").partition("(")
    own = [name for name, p in inspect.signature(op).parameters.items() if p.kind is not p.KEYWORD_ONLY]
    targets: dict[str, str] = {}
    parameters: list[inspect.Parameter] = []
    for place, text in enumerate(filter(None, inner.split(", "))):
        found = _PARAMETER.fullmatch(text)
        assert found, f"{signature}: {text!r} is not a parameter"
        targets[found["name"]] = found["target"] or own[place]
        default = inspect.Parameter.empty if found["default"] is None else ast.literal_eval(found["default"])
        parameters.append(inspect.Parameter(found["name"], inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default))
    names = (*targets, "name")
    same_place = _leading(list(targets.values()), own)
    required = [p.name for p in parameters if p.default is inspect.Parameter.empty]
    defaults = {
        targets[p.name]: p.default
        for p in parameters
        if p.name not in required and _differs(op, targets[p.name], p.default)
    }
    is_plain = not (defaults or alike or floating or numeric or logical)
    kinds = "fcV" if floating else "iufcV" if numeric else "b" if logical else "biufcV"

    def function(*args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) > same_place or len(args) < len(required):
            args, kwargs = _bind(title, names, targets, same_place, required, args, kwargs)
        if is_plain:
            return op(*args, **kwargs)
        if not _is_ready(args, alike, kinds):
            args = _checked(title, args, alike, floating, numeric, logical)
        given = own[: len(args)]
        return op(*args, **{n: v for n, v in defaults.items() if n not in given and n not in kwargs}, **kwargs)

    function.__name__ = function.__qualname__ = title
    function.__doc__ = op.__doc__
    name = inspect.Parameter("name", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None)
    function.__signature__ = inspect.Signature([*parameters, name])  # type: ignore[attr-defined]
    return function


def _is_ready(args: tuple, alike: int, kinds: str) -> bool:
    """Whether the leading arguments are tensors of one dtype of these kinds already: most calls, at little cost."""
    if not args or (first := array_of(args[0])) is None or first.dtype.kind not in kinds:
        return False
    for each in args[1:alike]:
        array = array_of(each)
        if array is None or array.dtype != first.dtype:
            return False
    return True


def _checked(title: str, args: tuple, alike: int, floating: bool, numeric: bool, logical: bool) -> tuple:
    """The arguments with the leading ones as tensors of a dtype that the function takes. Raises as `named` says."""
    if logical:
        return (*(strict_dtypes.logical(title, each) for each in args[: alike or 1]), *args[alike or 1 :])
    if alike and len(args) >= alike:
        args = (*strict_dtypes.alike(title, list(args[:alike])), *args[alike:])
    if floating:
        return (strict_dtypes.floating(title, args[0]), *args[1:])
    return (strict_dtypes.numeric(title, args[0]), *args[1:]) if numeric else args


def _leading(targets: list[str], own: list[str]) -> int:
    """How many of TensorFlow's parameters stand at the same place as the op's."""
    count = 0
    while count < min(len(targets), len(own)) and targets[count] == own[count]:
        count += 1
    return count


def _differs(op: Callable, name: str, default: Any) -> bool:
    parameter = inspect.signature(op).parameters[name]
    return parameter.default is inspect.Parameter.empty or parameter.default != default


def _bind(
    title: str, names: tuple, targets: dict, same_place: int, required: Iterable[str], args: tuple, kwargs: dict
) -> tuple[tuple, dict]:
    """The same call for the op: leading arguments by position, the others by the op's names."""
    if len(args) > len(names):
        raise InvalidTypeError(
            f"{title} takes at most {len(names)} arguments ({', '.join(names)}); received {len(args)}."
        )
    given = dict(zip(names, args, strict=False))
    for key, value in kwargs.items():
        if key not in names:
            raise InvalidTypeError(
                f"{title} got the unknown argument {key!r}.{did_you_mean(key, names)} It takes {', '.join(names)}."
            )
        if key in given:
            raise InvalidTypeError(f"{title} got the argument {key!r} twice.")
        given[key] = value
    if missing := [name for name in required if name not in given]:
        raise InvalidTypeError(f"{title} needs the argument {missing[0]!r}; it takes {', '.join(names)}.")
    given.pop("name", None)
    leading = []
    for name in names[:same_place]:
        if name not in given:
            break
        leading.append(given.pop(name))
    return tuple(leading), {targets[name]: value for name, value in given.items()}
