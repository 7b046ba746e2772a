"""Python functions as ops: called on the host, also by compiled programs. Source: tf.py_function, tf.numpy_function."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError, TracedValueError
from cornu.core import dtypes
from cornu.core.scopes import init_scope
from cornu.core.tape import GradientTape
from cornu.core.tensor import Tensor, box, convert_to_tensor, raw
from cornu.core.variable import Variable
from cornu.data.spec import TensorSpec
from cornu.tf.scopes import inside_function
from cornu.tf.staging import call_once, recorded_by


def py_function(func: Callable | None = None, inp: Sequence = (), Tout: Any = None, name: str | None = None) -> Any:
    """`func(*inp)` on eager tensors, in Python whenever the program runs. Differentiable: `func` runs under a tape of its own.

    A compiled program calls all such functions in their order, also those that return nothing and those whose results it
    does not use. Without `func` it is a decorator.

    Args:
        Tout: the dtype of the result or a list of them; tf.TensorSpec tells the shape, which a compiled program needs to know.
            Without it the function is called once while tracing, on zeros, to see the shapes.

    Raises: InvalidArgumentError if the results are not what `Tout` says. Source: tf.py_function.
    """
    if func is None:
        return lambda f: lambda *args: py_function(f, args, Tout)
    wanted, is_one = _wanted(Tout)
    inputs = [item if isinstance(item, Variable) else convert_to_tensor(item) for item in inp]
    if not _is_staged(inputs):
        results = [_checked(r, w, func) for r, w in zip(_listed(func(*inputs), wanted, func), wanted, strict=True)]
        return _shaped(results, wanted, is_one, Tout)
    func, inputs = _with_texts(func, inputs, lambda text: text)

    def forward(*arrays: Any) -> list:
        with init_scope():
            results = _listed(func(*box([jax.numpy.asarray(a) for a in arrays])), wanted, func)
            return [np.asarray(_checked(r, w, func)) for r, w in zip(results, wanted, strict=True)]

    def slopes(arrays: list, seeds: list) -> list:
        with init_scope():
            given = [Tensor(jax.numpy.asarray(a)) for a in arrays]
            with GradientTape() as tape:
                tape.watch([t for t in given if t.dtype.is_floating])
                results = _listed(func(*given), wanted, func)
            seeds = [box(jax.numpy.asarray(seed)) for seed in seeds]
            moving = [(convert_to_tensor(r), s) for r, s in zip(results, seeds, strict=True) if s.dtype.is_floating]
            found = tape.gradient([r for r, _ in moving], given, [s for _, s in moving], "zero") if moving else given
            return [np.asarray(g) for g, t in zip(found, given, strict=True) if t.dtype.is_floating]

    return _shaped(_called(forward, slopes, inputs, wanted, func), wanted, is_one, Tout)


def numpy_function(
    func: Callable | None = None, inp: Sequence = (), Tout: Any = None, stateful: bool = True, name: str | None = None
) -> Any:
    """`func(*inp)` on NumPy arrays, in Python whenever the program runs. Not differentiable.

    Results are cast to `Tout`. `stateful=False` allows a compiled program to call it less often, or not at all.
    Without `func` it is a decorator. Source: tf.numpy_function.
    """
    if func is None:
        return lambda f: lambda *args: numpy_function(f, args, Tout, stateful)
    wanted, is_one = _wanted(Tout)
    inputs = [item if isinstance(item, Variable) else convert_to_tensor(item) for item in inp]
    if is_staged := _is_staged(inputs):
        func, inputs = _with_texts(func, inputs, lambda text: text.numpy())

    def forward(*arrays: Any) -> list:
        results = _listed(func(*[np.asarray(a)[()] for a in arrays]), wanted, func)
        return [np.asarray(r, _numpy(w)) for r, w in zip(results, wanted, strict=True)]

    if not is_staged:
        results = [convert_to_tensor(array) for array in forward(*[raw(item) for item in inputs])]
        return _shaped(results, wanted, is_one, Tout)
    return _shaped(_called(forward, None, inputs, wanted, func, stateful), wanted, is_one, Tout)


def _is_staged(inputs: list) -> bool:
    """True where the function is to be called by a program that is being traced."""
    return inside_function() or any(isinstance(raw(item), jax.core.Tracer) for item in inputs)


def _with_texts(func: Callable, inputs: list, convert: Callable) -> tuple[Callable, list]:
    """The function of the numbers among the inputs, and these: a compiled program holds no text."""
    texts = {i: convert(item) for i, item in enumerate(inputs) if item.dtype == "string"}
    if not texts:
        return func, inputs

    @functools.wraps(func)
    def call(*numbers: Any) -> Any:
        rest = iter(numbers)
        return func(*[texts[i] if i in texts else next(rest) for i in range(len(inputs))])

    return call, [item for i, item in enumerate(inputs) if i not in texts]


def _wanted(Tout: Any) -> tuple[list[TensorSpec], bool]:
    is_one = not isinstance(Tout, (list, tuple))
    items = [Tout] if is_one else list(Tout)
    items = [] if items == [None] else items
    return [item if isinstance(item, TensorSpec) else TensorSpec(None, item) for item in items], is_one


def _numpy(spec: TensorSpec) -> np.dtype:
    return dtypes._NUMPY[spec.dtype]


def _listed(results: Any, wanted: list, func: Callable) -> list:
    if not wanted:
        return []
    results = list(results) if isinstance(results, (list, tuple)) and len(wanted) != 1 else [results]
    if len(wanted) == 1 and isinstance(results[0], (list, tuple)) and len(results[0]) == 1:
        results = list(results[0])
    if len(results) != len(wanted):
        name = getattr(func, "__name__", "the function")
        raise InvalidArgumentError(
            f"Expected {name} to return {len(wanted)} tensors, as Tout says; received {len(results)}."
        )
    return results


def _checked(result: Any, spec: TensorSpec, func: Callable) -> Tensor:
    tensor = convert_to_tensor(result, None if hasattr(result, "dtype") else spec.dtype)
    if tensor.dtype != spec.dtype:
        name = getattr(func, "__name__", "the function")
        raise InvalidArgumentError(
            f"Expected {name} to return {spec.dtype.name}, as Tout says; received {tensor.dtype.name}."
        )
    return tensor


def _shaped(results: list, wanted: list, is_one: bool, Tout: Any) -> Any:
    if not wanted:
        return None if is_one else []
    return results[0] if is_one else results


def _called(
    forward: Callable, slopes: Callable | None, inputs: list, wanted: list, func: Callable, stateful: bool = True
) -> list[Tensor]:
    """The host's results inside of a compiled program."""
    if any(w.dtype == "string" for w in wanted):
        raise TracedValueError("A Python function that returns text cannot be a part of a compiled program.")
    arrays = [raw(item) for item in inputs]
    shapes = [
        jax.ShapeDtypeStruct(tuple(s), _numpy(w)) for s, w in zip(_sizes(forward, arrays, wanted), wanted, strict=True)
    ]

    title = getattr(func, "__name__", "the function")

    def host(*values: Any) -> list:
        made = forward(*values)
        for array, shape in zip(made, shapes, strict=True):
            if array.shape != shape.shape:
                raise InvalidArgumentError(
                    f"Expected {title} to return shape {shape.shape}; received {array.shape}. "
                    "Give the shape as tf.TensorSpec in Tout."
                )
        return made

    still = [jax.lax.stop_gradient(array) for array in arrays]
    with recorded_by(()):
        made = (
            jax.experimental.io_callback(host, shapes, *still, ordered=True)
            if stateful
            else jax.pure_callback(host, shapes, *still)
        )
    if slopes is None or not made:
        return [Tensor(array) for array in made]
    moving = [i for i, array in enumerate(arrays) if jax.numpy.issubdtype(array.dtype, jax.numpy.inexact)]

    @jax.custom_vjp
    def run(results: list, *values: Any) -> list:
        """The results, which depend on the values as `slopes` says."""
        return results

    def backward(values: tuple, seeds: list) -> tuple:
        seeds = [s if s.dtype == shape.dtype else jax.numpy.zeros(shape.shape, shape.dtype)
                 for s, shape in zip(seeds, shapes, strict=True)]  # fmt: skip
        kinds = [jax.ShapeDtypeStruct(arrays[i].shape, arrays[i].dtype) for i in moving]
        found = iter(jax.pure_callback(lambda v, s: slopes(v, s), kinds, list(values), list(seeds)))
        return None, *[next(found) if i in moving else None for i in range(len(arrays))]

    run.defvjp(lambda results, *values: (results, values), backward)
    count = len(made)
    operands, sources = [*made, *arrays], [*map(Tensor, made), *inputs]
    return call_once(lambda *given: run(list(given[:count]), *given[count:]), operands, sources)


def _sizes(forward: Callable, arrays: list, wanted: list) -> list:
    """The shapes of the results: those of `Tout`, else of a call on zeros."""
    if all(w.shape is not None and None not in w.shape for w in wanted):
        return [w.shape for w in wanted]
    return [np.shape(result) for result in forward(*[np.zeros(a.shape, a.dtype) for a in arrays])]
