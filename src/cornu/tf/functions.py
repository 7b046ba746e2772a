"""`tf.function`: a Python function of tensors, rewritten by AutoGraph and compiled for every kind of arguments.

Source: tf.function.
"""

import copy
import functools
import threading
import weakref
from collections.abc import Callable
from typing import Any

import jax

from cornu._base.errors import (
    DatasetLoopError,
    InvalidArgumentError,
    InvalidTypeError,
    TracedInitialValueError,
    TracedValueError,
)
from cornu._base.user_warning import warn
from cornu.core import config
from cornu.core.context import context
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import box
from cornu.core.variable import shape_changes
from cornu.tf import nests
from cornu.tf.argument_keys import identity_of, is_array, sources_of
from cornu.tf.autograph import convert
from cornu.tf.concrete_function import ConcreteFunction
from cornu.tf.config import functions_run_eagerly
from cornu.tf.function_signature import Signature
from cornu.tf.traces import CREATED, Trace

_MOST = 1024  # compiled versions of a function; the oldest one goes


def _settings() -> tuple[int, int]:
    """What is baked into traces: floatx, epsilon and the like, and the shapes of variables."""
    return config.version(), shape_changes()


class Function:
    """A compiled function. `python_function` is the function as written."""

    def __init__(
        self, python_function: Callable, input_signature: Any = None, autograph: bool = True, name: str | None = None
    ):
        functools.update_wrapper(self, python_function, updated=())
        self.python_function, self._autograph = python_function, autograph
        self._name = name or getattr(python_function, "__name__", type(python_function).__name__)
        self._given_signature = input_signature
        self._signature = Signature(python_function, input_signature)
        self._traces: dict[Any, Trace] = {}
        self._counted: set = set()
        self._count, self._is_eager, self._settings = 0, False, _settings()
        self._has_made = self._is_around_loop = False
        self._lock = threading.RLock()
        self._methods: dict[int, _Method] = {}  # by id of the instance, as long as it lives

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """The function as a method: its compiled versions belong to the instance and go with it."""
        if instance is None:
            return self
        known = self._methods.get(id(instance))
        if known is None:
            methods, key = self._methods, id(instance)
            try:
                reference: Callable = weakref.ref(instance, lambda _: methods.pop(key, None))
            except TypeError:  # nothing tells when it goes
                return BoundFunction(_Method(self, lambda: instance), instance)
            known = methods[key] = _Method(self, reference)
        return BoundFunction(known, instance)

    @property
    def input_signature(self) -> Any:
        """The specs that the arguments must fit, or None."""
        return self._signature.specs

    @property
    def function_spec(self) -> Any:
        """The function's parameters. Source: tf.function's `function_spec`."""
        return self._signature

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if context.scope is not None:
            return self.converted(*args, **kwargs)  # a part of the program around it
        if functions_run_eagerly():
            return self.python_function(*args, **kwargs)
        if self._is_eager:
            return self._run_eagerly(args, kwargs)
        args, kwargs = self._signature.bound(args, kwargs)
        leaves, treedef = jax.tree.flatten((args, kwargs))
        kind: list[Any] = [treedef]
        arrays: list[Any] = []
        for leaf in leaves:
            if is_array(leaf):
                if leaf.dtype.kind in "OSU":
                    return self._run_eagerly(box(args), box(kwargs))  # text stays on the host
                if isinstance(leaf, jax.core.Tracer):
                    return self.converted(*box(args), **box(kwargs))
                arrays.append(leaf)
                kind.append((leaf.shape, leaf.dtype))
            elif isinstance(leaf, KerasTensor):
                return self.converted(*args, **kwargs)
            else:
                kind.append(identity_of(leaf))
        key = tuple(kind)
        trace = self._traces.get(key)
        if trace is None or self._settings != _settings():
            try:
                trace = self._trace(key, leaves, treedef, arrays)
            except TracedInitialValueError:
                if self._has_made:
                    raise InvalidArgumentError(CREATED) from None
                self._has_made = True  # the first call makes the variables; the next one is traced
                return self._run_eagerly(box(args), box(kwargs))
            except DatasetLoopError:
                self._is_around_loop = self._is_eager = True
                return self._run_eagerly(box(args), box(kwargs))
            except TracedValueError as error:
                warn(f"{self._name} cannot be compiled and runs eagerly, which is slower. {error}")
                self._is_eager = True
                return self._run_eagerly(box(args), box(kwargs))
        return trace(arrays, lambda: sources_of(args, kwargs))

    def _run_eagerly(self, args: tuple, kwargs: dict) -> Any:
        function = self.converted if self._is_around_loop else self.python_function
        return nests.closed(nests.results(nests.opened(function(*args, **kwargs))))

    @functools.cached_property
    def converted(self) -> Callable:
        """The function as it is traced."""
        return convert(self.python_function) if self._autograph else self.python_function

    def _trace(self, key: Any, leaves: list, treedef: Any, arrays: list) -> Trace:
        with self._lock:
            if self._settings != _settings():
                self._settings, self._traces = _settings(), {}
            if key in self._traces:
                return self._traces[key]
            fixed = [None if is_array(leaf) else leaf for leaf in leaves]
            places = [i for i, leaf in enumerate(leaves) if fixed[i] is None and leaf is not None]

            def call(given: list) -> Any:
                filled = list(fixed)
                for i, array in zip(places, given, strict=True):
                    filled[i] = array
                args, kwargs = jax.tree.unflatten(treedef, filled)
                return self.converted(*box(args), **box(kwargs))

            saved, context.rewrite = context.rewrite, convert if self._autograph else context.rewrite
            try:
                trace = Trace(call, arrays, may_create=not self._traces)
            finally:
                context.rewrite = saved
            if len(self._traces) >= _MOST:
                del self._traces[next(iter(self._traces))]
            self._traces[key] = trace
            counted = treedef if self._signature.specs is not None else key
            if counted not in self._counted:
                self._counted.add(counted)
                self._count += trace.count
            return trace

    def experimental_get_tracing_count(self) -> int:
        """How often the function was traced. Shapes that one input signature covers count once."""
        return self._count

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The function for these kinds of arguments: tensors, tf.TensorSpec, or Python values that are fixed.

        Source: tf.function's get_concrete_function.
        """
        if self._signature.specs is not None and not args and not kwargs:
            args = tuple(self._signature.specs)
        return ConcreteFunction(self, self._name, *self._signature.bound(args, kwargs, keep_specs=True))

    def trace_for(self, args: tuple, kwargs: dict) -> Trace:
        """The compiled version for these arguments."""
        leaves, treedef = jax.tree.flatten((args, kwargs))
        arrays = [leaf for leaf in leaves if is_array(leaf)]
        kind = [(leaf.shape, leaf.dtype) if is_array(leaf) else identity_of(leaf)
                for leaf in leaves]  # fmt: skip
        key = (treedef, *kind)
        return self._traces.get(key) or self._trace(key, leaves, treedef, arrays)

    def __deepcopy__(self, memo: dict) -> "Function":
        return Function(copy.deepcopy(self.python_function, memo), self._given_signature, self._autograph, self._name)

    def __repr__(self) -> str:
        return f"<tf.function {self._name}{self._signature}>"


class _Method(Function):
    """A function of one instance, which it does not keep alive."""

    def __init__(self, function: Function, instance: Callable):
        self._instance, self._function = instance, function
        python_function = _bound(function.python_function, instance)
        super().__init__(python_function, function._given_signature, function._autograph, function._name)

    @functools.cached_property
    def converted(self) -> Callable:
        return _bound(self._function.converted, self._instance)


class BoundFunction:
    """A compiled method together with its instance; all else is the Function's."""

    __slots__ = ("__self__", "_function")

    def __init__(self, function: Function, instance: Any):
        self._function, self.__self__ = function, instance

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The method for these kinds of arguments; it keeps the instance alive."""
        concrete = self._function.get_concrete_function(*args, **kwargs)
        concrete.owner = self.__self__
        return concrete

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


def _bound(function: Callable, instance: Callable) -> Callable:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(instance(), *args, **kwargs)

    call._is_autograph_result = True  # type: ignore[attr-defined]
    call._skips_self = True  # type: ignore[attr-defined]
    return call


_HINTS = {"experimental_implements", "experimental_autograph_options", "experimental_attributes"}
_MEANT = {"experimental_relax_shapes": "reduce_retracing", "experimental_compile": "jit_compile",
          "experimental_follow_type_hints": None}  # fmt: skip


def function(
    func: Callable | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    jit_compile: bool | None = None,
    reduce_retracing: bool = False,
    **experimental: Any,
) -> Any:
    """Compile a function of tensors; a decorator, with or without arguments, for functions and methods.

    Python runs when the function is traced: once for every structure, shape and dtype of tensors and every Python value among the
    arguments. Code whose control flow cannot be compiled runs eagerly, with one warning that says why. Around a loop over a
    dataset Python runs at every call, and the body of the loop is compiled.

    Args:
        func: the function.
        input_signature: specs (tf.TensorSpec) that the tensor arguments must fit.
        autograph: whether `if`, `while`, `for` over tensors become part of the program.
        jit_compile: accepted, True and False alike: the function is always compiled.
        reduce_retracing: accepted; the results are the same. XLA's shapes are fixed, so Python runs and a program is made for
            every shape, where TensorFlow would make one for all that follow the second.

    Raises: InvalidTypeError if an argument is unknown. Source: tf.function.
    """
    for name in experimental:
        if name not in _HINTS and name not in _MEANT:
            raise InvalidTypeError(
                f"tf.function got the unknown argument {name!r}; it takes input_signature, autograph, jit_compile, "
                "reduce_retracing."
            )
    if func is None:
        return lambda f: function(f, input_signature, autograph, jit_compile, reduce_retracing, **experimental)
    if isinstance(func, Function):
        func = func.python_function
    if not callable(func):
        raise InvalidTypeError(f"Expected a function to compile; received {func!r}.")
    return Function(func, input_signature, autograph)
