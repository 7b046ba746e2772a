"""A compiled function for one kind of arguments. Source: tf.function's get_concrete_function, tf.Graph (the little of it)."""

import itertools
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidTypeError
from cornu.core.symbolic import KerasTensor, infer
from cornu.core.tensor import Tensor
from cornu.core.variable import Variable
from cornu.data.spec import TensorSpec
from cornu.tf import nests

_numbers = itertools.count(1)


class Graph:
    """What a concrete function reads and gives."""

    def __init__(self, name: str, inputs: list, outputs: list, variables: tuple, structured: tuple):
        self.name, self.inputs, self.outputs, self.variables = name, inputs, outputs, variables
        self.structured_input_signature, self.structured_outputs = structured
        self.trainable_variables = tuple(v for v in variables if v.trainable)
        self.building_function = True


class ConcreteFunction:
    """The function with its Python arguments fixed; called with the tensors, by position or by name.

    Sizes that the specs leave open are compiled when they are first met.
    """

    def __init__(self, function: Any, name: str, args: tuple, kwargs: dict):
        self._function, self.owner = function, None
        self.name = f"__inference_{name}_{next(_numbers)}".encode()
        named = dict(zip(function.function_spec.names, args, strict=False))
        rest = args[len(named) :]
        specs = {key: _specs(value, key) for key, value in (named | kwargs).items()}
        self._args = tuple(specs[key] for key in named) + tuple(_specs(value, "args") for value in rest)
        self._kwargs = {key: specs[key] for key in kwargs}
        self._leaves, self._treedef = jax.tree.flatten((self._args, self._kwargs))
        self._names = list(named) + list(kwargs)
        self.structured_input_signature = (self._args, self._kwargs)
        self.function_spec = function.function_spec
        self._symbols = [KerasTensor(spec.shape, spec.dtype) for spec in self._specs()]
        outputs = infer(self._python, tuple(self._symbols), {}, name)
        self.structured_outputs = nests.closed(jax.tree.map(_spec_of, outputs))

    def _specs(self) -> list[TensorSpec]:
        return [leaf for leaf in self._leaves if isinstance(leaf, TensorSpec)]

    def _filled(self, tensors: Any) -> tuple[tuple, dict]:
        rest = iter(tensors)
        leaves = [next(rest) if isinstance(leaf, TensorSpec) else leaf for leaf in self._leaves]
        return jax.tree.unflatten(self._treedef, leaves)

    def _python(self, *tensors: Any) -> Any:
        args, kwargs = self._filled(tensors)
        return nests.results(nests.opened(self._function.converted(*args, **kwargs)))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        specs = self._specs()
        given = jax.tree.leaves(args, is_leaf=lambda x: isinstance(x, (Tensor, Variable)))
        given = [value for value in given if not isinstance(value, (str, type(None)))]
        named = dict(kwargs)
        tensors: list[Any] = []
        for spec in specs:
            if spec.name in named:
                tensors.append(named.pop(spec.name))
            elif given:
                tensors.append(given.pop(0))
            else:
                raise InvalidTypeError(
                    f"Expected {len(specs)} tensors, one for each of {specs}; {spec.name!r} is missing."
                )
        for value, leaf in zip(
            given, [leaf for leaf in self._leaves if not isinstance(leaf, TensorSpec)], strict=False
        ):
            if value != leaf:
                raise InvalidTypeError(f"Expected the Python value {leaf!r}, which is fixed; received {value!r}.")
        for spec, tensor in zip(specs, tensors, strict=True):
            dtype = getattr(tensor, "dtype", spec.dtype)
            if dtype != spec.dtype:
                raise InvalidTypeError(f"Expected {spec.name!r} to be {spec!r}; received a tensor of dtype {dtype!r}.")
        args, kwargs = self._filled(tensors)
        return self._function(*args, **kwargs)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that the function reads or writes."""
        sizes = [[1 if size is None else size for size in spec.shape or ()] for spec in self._specs()]
        examples = [
            Tensor(jax.numpy.zeros(size, spec.dtype.name)) for size, spec in zip(sizes, self._specs(), strict=True)
        ]
        trace = self._function.trace_for(*self._filled(examples))
        return tuple({id(v): v for v in [*trace.variables, *trace.written]}.values())

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        """The trainable ones of `variables`."""
        return tuple(v for v in self.variables if v.trainable)

    captured_inputs = variables

    @property
    def inputs(self) -> list[TensorSpec]:
        """The specs of the tensors it takes."""
        return self._specs()

    @property
    def outputs(self) -> list[TensorSpec]:
        """The specs of the tensors it gives."""
        return [leaf for leaf in jax.tree.leaves(self.structured_outputs) if isinstance(leaf, TensorSpec)]

    @property
    def graph(self) -> Graph:
        """What it reads and gives."""
        structured = self.structured_input_signature, self.structured_outputs
        return Graph(self.name.decode(), self.inputs, self.outputs, self.variables, structured)

    def __repr__(self) -> str:
        return f"<ConcreteFunction {self.name.decode()}{self.structured_input_signature} -> {self.structured_outputs}>"


def _specs(value: Any, name: str) -> Any:
    """The argument with specs in place of its tensors; they are called as the parameter, then `name_1`, ..."""
    count = itertools.count()

    def spec(leaf: Any) -> Any:
        if not isinstance(leaf, (Tensor, TensorSpec, jax.Array, np.ndarray)):
            return leaf
        number = next(count)
        label = name if not number else f"{name}_{number}"
        return TensorSpec(leaf.shape, leaf.dtype, getattr(leaf, "name", None) or label)

    return jax.tree.map(spec, value, is_leaf=lambda x: isinstance(x, (Tensor, Variable)))


def _spec_of(symbol: Any) -> Any:
    return TensorSpec(symbol.shape, symbol.dtype) if isinstance(symbol, KerasTensor) else symbol
