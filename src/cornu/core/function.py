"""`function`: compile a Python function of tensors. Source: tf.function."""

import contextlib
import functools
import threading
import weakref
from collections.abc import Callable
from typing import Any

import jax

from cornu._base.errors import InvalidTypeError, TracedValueError
from cornu._base.user_warning import warn
from cornu.core import config
from cornu.core.compile_cache import enable_compile_cache
from cornu.core.compiling import Jit
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope
from cornu.core.symbolic import KerasTensor, unboxed
from cornu.core.tensor import Tensor, box
from cornu.core.tracebacks import end_with_message
from cornu.core.variable import Variable


class _Incomplete(Exception):
    """The traced code touched variables that the compiled function does not carry yet."""


class Function:
    """A compiled function. Variables it reads and writes are found while tracing and carried through.

    Tensors and arrays are traced; every other argument (numbers given as Python values included) is part of what the
    compiled version is chosen by, as is the structure of the arguments.
    """

    def __init__(self, python_function: Callable):
        self.python_function = python_function
        functools.update_wrapper(self, python_function)
        self._versions: dict[Any, _Version] = {}
        self._settings = config.version()
        self._is_eager = False
        self._lock = threading.Lock()
        self._methods: dict[int, tuple[weakref.ref, Function]] = {}  # by id of the instance, as long as it lives

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """The function as a method. Its compiled versions belong to the instance and go with it."""
        if instance is None:
            return self
        known = self._methods.get(id(instance))
        if known is None:
            methods, key = self._methods, id(instance)
            try:
                reference = weakref.ref(instance, lambda _: methods.pop(key, None))
            except TypeError:  # nothing tells when it goes
                return functools.partial(self, instance)
            known = methods[key] = reference, Function(_method(self.python_function, reference))
        return functools.partial(_call_method, known[1], instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        leaves, treedef = jax.tree.flatten((args, kwargs), is_leaf=lambda x: isinstance(x, (Tensor, Variable)))
        if self._is_eager or context.tapes or any(isinstance(leaf, KerasTensor) for leaf in leaves):
            return self._run_python(leaves, treedef)  # tapes and graphs have to see every op
        traced = [i for i, leaf in enumerate(leaves) if _is_array(leaf)]
        static = tuple((i, _identity(leaf)) for i, leaf in enumerate(leaves) if not _is_array(leaf))
        key = (treedef, static)
        if self._settings != config.version():  # floatx and epsilon are baked into what was traced
            self._settings, self._versions = config.version(), {}
        if key not in self._versions:
            self._versions[key] = _Version(self.python_function, leaves, treedef, traced, self._lock)
        arrays = [leaves[i]._value if isinstance(leaves[i], Tensor) else leaves[i] for i in traced]
        try:
            return self._versions[key](arrays)
        except TracedValueError as error:
            if any(isinstance(array, jax.core.Tracer) for array in arrays):
                raise  # the function around this one has to run eagerly
            name = getattr(self.python_function, "__name__", "function")
            warn(f"{name} cannot be compiled and runs eagerly, which is slower. {error}")
            self._is_eager = True
            return self._run_python(leaves, treedef)

    def _run_python(self, leaves: list, treedef: Any) -> Any:
        args, kwargs = jax.tree.unflatten(treedef, [box(leaf) for leaf in leaves])
        return self.python_function(*args, **kwargs)


class _Version:
    """The function for one structure of arguments and one choice of static values."""

    def __init__(self, function: Callable, leaves: list, treedef: Any, traced: list[int], lock: threading.Lock):
        enable_compile_cache()
        self._function, self._treedef, self._traced, self._lock = function, treedef, traced, lock
        self._static = {i: leaf for i, leaf in enumerate(leaves) if i not in set(traced)}
        self._count = len(leaves)
        self._read: list[Variable] = []
        self._written: list[Variable] = []
        self._outputs: dict[Any, tuple[Any, dict[int, Any]]] = {}  # by shapes: structure, and what is no array
        self._compiled = Jit(self._run)

    def _run(self, read: list, written: list, arrays: list) -> tuple[Any, list]:
        leaves: list[Any] = [None] * self._count
        for i, leaf in self._static.items():
            leaves[i] = leaf
        for i, array in zip(self._traced, arrays, strict=True):
            leaves[i] = Tensor(array)
        args, kwargs = jax.tree.unflatten(self._treedef, leaves)
        with FunctionalScope(zip(self._read + self._written, [*read, *written], strict=True)) as scope:
            outputs = unboxed(self._function(*args, **kwargs))
        new_written = [v for key, v in scope.written.items() if not any(v is w for w in self._written)]
        known = set(map(id, self._read + self._written + new_written))
        new_read = [v for key, v in scope.missed.items() if key not in known]
        if new_written or new_read:
            moved = set(map(id, new_written))
            self._read = [v for v in self._read if id(v) not in moved] + new_read
            self._written = self._written + new_written
            raise _Incomplete
        flat, structure = jax.tree.flatten(outputs)
        plain = {i: leaf for i, leaf in enumerate(flat) if not isinstance(leaf, jax.Array)}
        self._outputs[_shapes(arrays)] = structure, plain
        arrays_out = [leaf for leaf in flat if isinstance(leaf, jax.Array)]
        return arrays_out, [scope.value_of(variable) for variable in self._written]

    def __call__(self, arrays: list) -> Any:
        with contextlib.nullcontext() if _shapes(arrays) in self._outputs else self._lock:
            while True:
                try:
                    out, values = self._compiled(
                        [v._read() for v in self._read], [v._read() for v in self._written], arrays
                    )
                    break
                except _Incomplete:
                    continue
                except Exception as error:
                    end_with_message(error)
                    raise
        for variable, value in zip(self._written, values, strict=True):
            variable.assign(value)
        structure, plain = self._outputs[_shapes(arrays)]
        rest = iter(out)
        leaves = [plain[i] if i in plain else next(rest) for i in range(structure.num_leaves)]
        return box(jax.tree.unflatten(structure, leaves))


def _method(function: Callable, instance: weakref.ref) -> Callable:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(instance(), *args, **kwargs)

    return call


def _call_method(bound: Function, instance: Any, *args: Any, **kwargs: Any) -> Any:
    """`instance` is an argument so that it lives until the call is over."""
    return bound(*args, **kwargs)


def _shapes(arrays: list) -> tuple:
    return tuple([(array.shape, array.dtype) for array in arrays])


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, (Tensor, jax.Array)) or (
        hasattr(leaf, "__array__") and not isinstance(leaf, Variable) and hasattr(leaf, "dtype")
    )


def _identity(leaf: Any) -> Any:
    """A hashable stand-in for a static argument: its value if that can be hashed, else the object itself."""
    try:
        hash(leaf)
    except TypeError:
        return (type(leaf), id(leaf))
    return (type(leaf), leaf)


def function(func: Callable | None = None, *, jit_compile: bool | None = None, **options: Any) -> Any:
    """Compile a function of tensors; use it as a decorator, with or without arguments.

    Python code runs when the function is traced: once for every structure, shape and dtype of the arguments. Variables made
    outside may be read and assigned inside. If the code asks for the value of a traced tensor (`if x > 0`, `float(x)`), the
    function runs eagerly from then on, with one warning that says why.

    Args:
        func: the function.
        jit_compile: accepted; the function is always compiled.

    Source: tf.function.
    """
    if options:
        raise InvalidTypeError(f"function got the unknown argument {sorted(options)[0]!r}; it takes jit_compile.")
    return Function if func is None else Function(func)
