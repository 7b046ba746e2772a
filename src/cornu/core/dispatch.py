"""`@op`: an op is written once, as a function on JAX arrays; the decorator makes it work on everything.

It unboxes the arguments, casts them where the op asks for it, runs the body (compiled and cached when eager, directly while
tracing), boxes the results, records on tapes and builds graph nodes from symbolic tensors.
"""

import inspect
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from cornu._base.errors import CornuError, InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.core import config, constants
from cornu.core.context import context
from cornu.core.op_arguments import ARRAYS, Kinds, are_sizes, beside, follow, linked, promote
from cornu.core.static_arguments import PLAIN, freeze, thaw
from cornu.core.symbolic import OpCall, is_symbolic
from cornu.core.tensor import HostTensor, Tensor, box
from cornu.core.tracebacks import end_with_message
from cornu.core.variable import Variable

# By name; files name the ops of a functional graph. Ops that a function makes (custom gradients) live as long as they are used.
OPS: "weakref.WeakValueDictionary[str, Op]" = weakref.WeakValueDictionary()
_alive: "weakref.WeakSet[Op]" = weakref.WeakSet()


def _forget_compiled() -> None:
    for each in _alive:
        each._forget()


config.on_change.append(_forget_compiled)

_MOST = 256  # compiled versions of an op; the oldest one goes


def op(
    body: Callable | None = None,
    *,
    tensors: str | None = None,
    static: str = "",
    nests: str = "",
    inexact: bool = False,
    unify: bool = False,
    eager: bool = False,
    recorded: bool = True,
) -> Any:
    """Make an op of a function on JAX arrays.

    Args:
        tensors: names of the tensor parameters; default: all without a default value.
        static: names of parameters that are plain Python values although they have no default.
        nests: names of tensor parameters that are lists, tuples or dicts of tensors; `*operands` always are.
        inexact: integer and bool tensors are cast to floatx first.
        unify: all tensors are cast to their common dtype first.
        eager: never compiled by itself (the shape of the result depends on the data).
        recorded: whether tapes take note of it; no gradient goes through what they do not.
    """

    def decorate(function: Callable) -> Op:
        return Op(function, tensors, static.split(), nests.split(), inexact, unify, eager, recorded)

    return decorate if body is None else decorate(body)


class Op:
    """A decorated op: callable on tensors, arrays, numbers and symbolic tensors. `raw` is the undecorated body."""

    _concrete: type | None = None  # the class of JAX's arrays, once one was seen

    def __init__(
        self,
        function: Callable,
        tensors: str | None,
        static: list[str],
        nests: list[str],
        inexact: bool,
        unify: bool,
        eager: bool,
        recorded: bool = True,
    ):
        self.raw, self.name = function, function.__name__.rstrip("_")
        self.inexact, self.unify, self.eager, self.recorded = inexact, unify, eager, recorded
        self.signature = inspect.signature(function)
        self.__name__, self.__qualname__, self.__doc__ = function.__name__, function.__qualname__, function.__doc__
        self.__module__, self.__signature__, self.__wrapped__ = function.__module__, self.signature, function
        parameters = self.signature.parameters.values()
        self.rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
        self.positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        self.names = {p.name for p in parameters}
        self.required = {p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_POSITIONAL}
        if tensors is None:
            self.tensors = {name for name in self.required if name not in static}
        else:
            self.tensors = set(tensors.split())
        self.nests = set(nests)
        self.tensors |= self.nests
        if self.rest and self.rest not in static:
            self.tensors.add(self.rest)
            self.nests.add(self.rest)
        first = self.positional[:1]
        self.joins = not (eager or self.rest) and self.nests == self.required == set(first)  # it takes a list: `stack`
        self._compiled: dict[Any, Callable] = {}
        OPS.setdefault(self.name, self)
        self._forget()
        _alive.add(self)

    def _forget(self) -> None:
        self._compiled.clear()
        self._plans: dict[int, tuple[Callable, Any]] | None = None  # made at the first call: most ops are never called

    def __repr__(self) -> str:
        return f"<op {self.name}{self.signature}>"

    def __reduce__(self) -> str:
        return self.__qualname__  # pickled by its name, as functions are

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else _Bound(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not kwargs:
            result = self.at_once(args)
            if result is not None:
                return result
        given = self._bind(args, kwargs)
        if context.tapes:
            given = {name: linked(value, name in self.nests) if name in self.tensors else value
                     for name, value in given.items()}  # fmt: skip
        dynamic: dict[str, Any] = {}
        static: list[tuple[str, Any]] = []
        kinds = Kinds()
        for name, value in given.items():
            if name not in self.tensors:
                static.append((name, value if type(value) in PLAIN else freeze(value, self.name, name)))
            elif name in self.nests:
                dynamic[name] = kinds.nest(value)
            else:
                dynamic[name] = kinds.leaf(value)
        if kinds.symbolic:
            return self._symbolic(given)
        if kinds.scalars:
            kinds.settle(dynamic, self.eager)
        if self.unify and kinds.followers and kinds.boxed_float:
            dynamic = {name: follow(value, kinds.followers, kinds.boxed_float) for name, value in dynamic.items()}
        names = tuple(dynamic)
        values = tuple(dynamic.values())
        try:
            if context.scope is not None and not kinds.traced and are_sizes(values):
                with jax.ensure_compile_time_eval():  # sizes and indices stay known while a function is traced
                    result = self._body(names, tuple(static))(*values)
            elif kinds.traced or self.eager:
                result = self._body(names, tuple(static))(*values)
            else:
                key = (names, tuple(static))
                compiled = self._compiled.get(key)
                if compiled is None:
                    if len(self._compiled) >= _MOST:  # an option that is another one in every step
                        del self._compiled[next(iter(self._compiled))]
                    compiled = self._compiled[key] = jax.jit(self._body(*key))
                result = compiled(*values)
        except CornuError as error:
            end_with_message(error)
            raise
        except (TypeError, ValueError, IndexError, NotImplementedError, ZeroDivisionError) as error:
            raise self._explain(error, dynamic, static) from None
        result = Tensor(result) if isinstance(result, ARRAYS) else box(result)
        if context.tapes and self.recorded:
            self._record(given, dynamic, tuple(static), result)
        return result

    def at_once(self, args: tuple) -> Tensor | None:
        """The short way for plain tensors by position, which is most of eager code; None if this is not such a call."""
        plans = self._plans
        if plans is None:
            plans = self._plan_short_ways()
        is_joined = self.joins and len(args) == 1 and type(args[0]) is list
        if is_joined:
            args = tuple(args[0])  # the user may go on filling the list
            plan = plans.get(-len(args)) or self._plan_to_join(len(args))
        else:
            plan = plans.get(len(args))
        if plan is None or context.scope is not None:
            return None
        autocast = context.autocast
        values: list[Any] = []
        dtype, floats, lists = None, False, False
        for argument in args:
            kind = type(argument)
            if kind is Tensor or kind is HostTensor:
                value = argument._value
            elif kind is Variable and (autocast is None or autocast == argument._dtype or not argument.autocast):
                value = argument._stored
            elif kind is float:
                floats = True
                values.append(constants.of_float(argument))
                continue
            elif kind is list and self.unify:
                lists = True
                values.append(argument)
                continue
            else:
                return None
            if type(value) is not self._concrete:  # a tracer, or a NumPy array of text
                if isinstance(value, jax.core.Tracer) or type(value) is np.ndarray:
                    return None
                Op._concrete = type(value)
            dtype = value.dtype
            values.append(value)
        if floats or lists:
            if dtype is None or dtype.kind != "f":
                return None
            if lists:
                values = [beside(value, dtype) if type(value) is list else value for value in values]
                if any(value is None for value in values):
                    return None
        compiled, key = plan
        try:
            result = compiled(*values)
        except CornuError as error:
            end_with_message(error)
            raise
        except (TypeError, ValueError, IndexError, NotImplementedError, ZeroDivisionError) as error:
            given = {self.positional[0]: values} if is_joined else dict(zip(self.positional, values, strict=False))
            raise self._explain(error, given, []) from None
        result = Tensor(result) if type(result) is self._concrete else box(result)
        if self.recorded:
            for tape in context.tapes:
                tape.record(key, _replay, args, values, result)
        return result

    def _plan_short_ways(self) -> dict[int, tuple[Callable, Any]]:
        """For every number of leading plain tensor arguments: the compiled body and the key that tapes record.

        Ops that take a list have their ways under the list's negative length (`_plan_to_join`).
        """
        self._plans = plans = {}
        if self.eager or self.rest:
            return plans
        for count, name in enumerate(self.positional, start=1):
            if name not in self.tensors or name in self.nests:
                break
            names = tuple(self.positional[:count])
            if self.required <= set(names):
                plans[count] = jax.jit(self._body(names, ())), (self, tuple((n, None) for n in names), ())
        return plans

    def _plan_to_join(self, count: int) -> tuple[Callable, Any] | None:
        """As `_plan_short_ways`, for one list of so many tensors."""
        (name,) = self.nests
        if not count or self._plans is None or len(self._plans) >= _MOST:
            return None
        body = self._body((name,), ())
        key = self, ((name, jax.tree.structure([0] * count)),), ()
        plan = self._plans[-count] = jax.jit(lambda *tensors: body(list(tensors))), key
        return plan

    def by_position(self, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        """The same call with tensor arguments by position as far as that is possible; static ones may be absent."""
        given = self._bind(args, dict(kwargs), is_complete=False)
        leading: list[Any] = []
        for name in self.signature.parameters:
            if name not in self.tensors:
                continue
            if name not in given:
                break
            value = given.pop(name)
            leading += value if name == self.rest else [value]
        return tuple(leading), given

    def by_name(self, args: Sequence[Any]) -> dict[str, Any]:
        """What `by_position` put in order: tensor arguments by parameter name."""
        names = [name for name in self.signature.parameters if name in self.tensors]
        if self.rest is None:
            return dict(zip(names if len(args) <= len(names) else self.positional, args, strict=False))
        lead = names[: names.index(self.rest)]
        return {**dict(zip(lead, args, strict=False)), self.rest: list(args[len(lead) :])}

    def _bind(self, args: tuple, kwargs: dict, is_complete: bool = True) -> dict[str, Any]:
        """Given arguments by parameter name; TypeError-like sentences for wrong ones."""
        if self.rest is not None:
            lead = (
                self.positional[: self.positional.index(self.rest)] if self.rest in self.positional else self.positional
            )
            given = dict(zip(lead, args, strict=False))
            given[self.rest] = list(args[len(lead) :]) or list(kwargs.pop(self.rest, ()))  # a graph's node names them
        elif len(args) > len(self.positional):
            raise InvalidTypeError(
                f"{self.name} takes at most {len(self.positional)} arguments ({', '.join(self.positional)}); "
                f"received {len(args)}."
            )
        else:
            given = dict(zip(self.positional, args, strict=False))
        for name, value in kwargs.items():
            if name not in self.names:
                raise InvalidTypeError(
                    f"{self.name} got the unknown argument {name!r}.{did_you_mean(name, self.names)} "
                    f"It takes {', '.join(self.names)}."
                )
            if name in given:
                raise InvalidTypeError(f"{self.name} got the argument {name!r} twice.")
            given[name] = value
        if is_complete and (missing := self.required - given.keys()):
            raise InvalidTypeError(f"{self.name} needs the argument {sorted(missing)[0]!r}; it takes {self.signature}.")
        return given

    def _body(self, names: tuple[str, ...], static: tuple[tuple[str, Any], ...]) -> Callable:
        """The body as a function of the tensor arguments alone."""
        options = {name: thaw(value) for name, value in static}

        def run(*values: Any) -> Any:
            if self.inexact or self.unify:
                values = promote(values, self.inexact, self.unify)
            arguments = dict(zip(names, values, strict=True))
            if self.rest is None:
                return self.raw(**arguments, **options)
            given = arguments | options
            lead = [given.pop(p) for p in self._before_rest(given)]
            return self.raw(*lead, *given.pop(self.rest), **given)

        run.__name__ = run.__qualname__ = self.name
        return run

    def _before_rest(self, given: dict) -> list[str]:
        order = list(self.signature.parameters)
        return [p for p in order[: order.index(self.rest or "")] if p in given]

    def _symbolic(self, given: dict[str, Any]) -> Any:
        """A node of a functional graph. Tensor arguments travel with the node, static ones are the op's config."""
        static = {name: value for name, value in given.items() if name not in self.tensors}
        tensors = {name: value for name, value in given.items() if name in self.tensors}
        return OpCall(self, static)(**tensors)

    def _record(self, given: dict, dynamic: dict, static: tuple, result: Any) -> None:
        sources, values, structure = [], [], []
        for name, value in dynamic.items():
            if name in self.nests:
                originals, treedef = jax.tree.flatten(given[name], is_leaf=_is_source)
                sources += originals
                values += jax.tree.leaves(value)
                structure.append((name, treedef))
            else:
                sources.append(given[name])
                values.append(value)
                structure.append((name, None))
        key = (self, tuple(structure), static)
        for tape in context.tapes:
            tape.record(key, _replay, sources, values, result)

    def _explain(self, error: Exception, dynamic: dict, static: list) -> CornuError:
        shapes = ", ".join(f"{name}: {_describe(value)}" for name, value in dynamic.items())
        options = "".join(f", {name}={value!r}" for name, value in static)
        reason = str(error).strip().split("\n")[0].rstrip(".")
        kind = InvalidTypeError if isinstance(error, TypeError) and not isinstance(error, ValueError) else None
        kind = InvalidArgumentError if kind is None or "shape" in reason else kind
        return kind(f"{self.name} cannot take these arguments: {reason}. Received {shapes}{options}.")


class Composite(Op):
    """A function made of ops that is one node in a functional graph, and an ordinary call otherwise."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = self._bind(args, kwargs)
        if is_symbolic({name: value for name, value in given.items() if name in self.tensors}):
            return self._symbolic(given)
        return self.raw(*args, **kwargs)


def composite(function: Callable | None = None, *, tensors: str | None = None) -> Any:
    """Decorator for functions made of ops whose name a file should keep: `get_item`. Args: tensors: as in `op`."""

    def decorate(function: Callable) -> Composite:
        return Composite(function, tensors, [], [], False, False, True)

    return decorate if function is None else decorate(function)


def _replay(key: Any) -> Callable:
    """The recorded op as a function of its flattened tensor inputs."""
    this, structure, static = key
    names = tuple(name for name, _ in structure)
    body = this._body(names, static)

    def run(*flat: Any) -> Any:
        rest, values = list(flat), []
        for _, treedef in structure:
            if treedef is None:
                values.append(rest.pop(0))
            else:
                count = treedef.num_leaves
                values.append(jax.tree.unflatten(treedef, rest[:count]))
                rest = rest[count:]
        return body(*values)

    return run


class _Bound:
    """An op stored as a class attribute and read through an instance: a method."""

    def __init__(self, this: Op, instance: Any):
        self._op, self._instance = this, instance

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._op(self._instance, *args, **kwargs)


def _is_source(value: Any) -> bool:
    return isinstance(value, (Tensor, Variable))


def _describe(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_describe, value))}]"
    if hasattr(value, "shape"):
        return f"shape {tuple(value.shape)} {value.dtype}"
    return repr(value)
