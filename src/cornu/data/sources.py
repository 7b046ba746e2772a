"""Where elements come from: arrays, generators, numbers."""

import inspect
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes
from cornu.core.tensor import Tensor
from cornu.data import plan
from cornu.data.composite import CompositeSpec, is_composite
from cornu.data.nest import check_structure, flatten, map_nest, pack
from cornu.data.seeds import PassSeeds, Words
from cornu.data.spec import TensorSpec, shapes_agree, spec_of, without_rows
from cornu.data.step import INFINITE, UNKNOWN, Step
from cornu.data.values import element_to_host, is_dataset, read_only, to_host, to_numpy


def _kept(part: Any) -> Any:
    """A part as a host value that nobody else changes."""
    value = to_host(part)
    if isinstance(value, np.ndarray):
        return read_only(value, copy=isinstance(part, np.ndarray) or not isinstance(part, (Tensor, list)))
    return value


class Tensors(Step):
    """One element."""

    title, printed = "from_tensors", "_TensorDataset"

    def __init__(self, element: Any):
        self._element = map_nest(_kept, element)

    def spec(self) -> Any:
        """That of the element."""
        return map_nest(spec_of, self._element)

    def cardinality(self) -> int:
        """1."""
        return 1

    def stream(self) -> Iterator[Any]:
        """The element."""
        yield self._element


class Slices(Step):
    """The rows of arrays."""

    title, printed = "from_tensor_slices", "_TensorSliceDataset"

    def __init__(self, arrays: Any):
        self._columns = map_nest(_rows_kept, arrays)
        leaves = flatten(self._columns)
        for leaf in leaves:
            if is_dataset(leaf) or leaf is None or not (isinstance(leaf, _Rows) or getattr(leaf, "ndim", 0)):
                raise InvalidArgumentError(
                    "Expected arrays with at least one dimension to cut into slices; received "
                    f"{leaf!r:.80}. Use from_tensors for a single element."
                )
        if not leaves:
            raise InvalidArgumentError("Expected at least one array to cut into slices; received none.")
        self._rows = len(leaves[0])
        for leaf in leaves:
            if len(leaf) != self._rows:
                raise InvalidArgumentError(
                    "Expected arrays with the same number of rows; received shapes "
                    f"{', '.join(str(tuple(each.shape)) for each in leaves)}."
                )

    def spec(self) -> Any:
        """That of a row."""
        specs = map_nest(lambda leaf: leaf.spec if isinstance(leaf, _Rows) else spec_of(leaf), self._columns)
        return without_rows(specs, self.title)

    def cardinality(self) -> int:
        """The number of rows."""
        return self._rows

    def plan(self) -> plan.Plan | None:
        """All rows; not of ragged or sparse ones."""
        if any(isinstance(leaf, _Rows) for leaf in flatten(self._columns)):
            return None
        return plan.in_memory(self._columns)

    def stream(self) -> Iterator[Any]:
        """Row by row."""
        for row in zip(*flatten(self._columns)):
            yield pack(self._columns, row)


class _Rows(list):
    """The rows of a ragged or sparse tensor of the spec `spec`."""

    def __init__(self, value: Any):
        self.spec = value._composite_spec
        super().__init__(self.spec.rows(value))

    @property
    def shape(self) -> Any:
        """The shape of the tensor."""
        return self.spec.shape


def _rows_kept(part: Any) -> Any:
    return _Rows(part) if is_composite(part) else _kept(part)


class Range(Step):
    """Numbers in arithmetic progression."""

    title, printed = "range", "_RangeDataset"

    def __init__(self, start: int, stop: int, step: int, dtype: Any):
        if not step:
            raise InvalidArgumentError("Expected a step other than 0 for range; received 0.")
        self._numbers, self._dtype = range(start, stop, step), dtypes.as_dtype(dtype)
        self._numpy = dtypes._NUMPY[self._dtype]

    def spec(self) -> Any:
        """A scalar."""
        return TensorSpec((), self._dtype)

    def cardinality(self) -> int:
        """How many they are."""
        return len(self._numbers)

    def plan(self) -> plan.Plan | None:
        """As rows of an array, unless that would be a waste of memory."""
        numbers = self._numbers
        if len(numbers) > 2**22:
            return None
        return plan.in_memory(
            read_only(np.arange(numbers.start, numbers.stop, numbers.step).astype(self._numpy), False)
        )

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return map(self._numpy.type, self._numbers)


class Counter(Step):
    """Numbers without end."""

    title, printed = "counter", "_CounterDataset"

    def __init__(self, start: Any, step: Any, dtype: Any):
        self._start, self._step, self._dtype = start, step, dtypes.as_dtype(dtype)

    def spec(self) -> Any:
        """A scalar."""
        return TensorSpec((), self._dtype)

    def cardinality(self) -> int:
        """Infinite."""
        return INFINITE

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return map(dtypes._NUMPY[self._dtype].type, itertools.count(self._start, self._step))


class Random(Step):
    """Random integers from 0 to 2**32 - 1 without end."""

    title, printed = "random", "_RandomDataset"

    def __init__(self, seed: int | None, rerandomize: bool):
        self.seeds = PassSeeds(seed, rerandomize)

    def spec(self) -> Any:
        """A scalar."""
        return TensorSpec((), "int64")

    def cardinality(self) -> int:
        """Infinite."""
        return INFINITE

    def stream(self) -> Iterator[Any]:
        """One by one."""
        words: Words = self.seeds.next_pass()  # type: ignore[union-attr]
        while True:
            yield from words(256).astype(np.int64)


class Elements(Step):
    """Elements that were collected."""

    title, printed = "window", "_VariantDataset"

    def __init__(self, elements: list[Any], spec: Any, printed: str = "_VariantDataset"):
        self._elements, self._spec, self.printed = elements, spec, printed

    def spec(self) -> Any:
        """What was said."""
        return self._spec

    def cardinality(self) -> int:
        """How many they are."""
        return len(self._elements)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        return iter(self._elements)


class Generated(Step):
    """What a Python generator yields; every pass calls `function(*args)` anew."""

    title, printed = "from_generator", "_FlatMapDataset"

    def __init__(self, function: Callable, signature: Any, args: tuple):
        if not callable(function):
            raise InvalidTypeError(
                f"Expected a function that returns a generator or iterable; received {function!r:.80}. "
                "Give the function itself, or `lambda: iterable`, so that every epoch can begin anew."
            )
        self._function, self._signature = function, signature
        self._args = tuple(to_numpy(to_host(arg)) for arg in args)

    def spec(self) -> Any:
        """What was said."""
        return self._signature

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """What it yields, checked."""
        specs = flatten(self._signature)
        items = iter(self._function(*self._args))
        try:
            for number, item in enumerate(items):
                what = f"element {number} of the generator {getattr(self._function, '__name__', '')!r}"
                item = _as_tuple(self._signature, item)
                check_structure(self._signature, item, what)
                values = [_as(spec, part, what) for spec, part in zip(specs, flatten(item), strict=True)]
                yield pack(self._signature, values)
        finally:
            if inspect.isgenerator(items):
                items.close()


def _as_tuple(signature: Any, item: Any) -> Any:
    """Lists where the signature has tuples count as tuples."""
    if isinstance(signature, tuple) and isinstance(item, (list, tuple)) and len(signature) == len(item):
        return tuple(map(_as_tuple, signature, item))
    return item


def _as(spec: Any, part: Any, what: str) -> Any:
    """A part as a host value of its spec."""
    if spec is None or is_dataset(part):
        return part
    if isinstance(spec, CompositeSpec):
        return spec.checked(part, what)
    if spec.dtype == "string":
        value = to_host(part)
        if not isinstance(value, bytes) and value.dtype.kind != "O":
            raise InvalidTypeError(f"Expected text for {what} ({spec!r}); received {part!r:.80}.")
    else:
        value = to_host(part)
        wanted = dtypes._NUMPY[spec.dtype]
        if isinstance(value, bytes) or value.dtype == object:
            raise InvalidTypeError(f"Expected numbers for {what} ({spec!r}); received {part!r:.80}.")
        if value.dtype != wanted:
            exact = isinstance(part, (np.ndarray, np.generic)) or hasattr(part, "dtype")
            if value.dtype.kind in "fc" and wanted.kind in "biu" and not exact:
                raise InvalidTypeError(f"Expected integers for {what} ({spec!r}); received {part!r:.80}.")
            value = value.astype(wanted)
        elif isinstance(part, np.ndarray):
            value = value.copy()  # the generator may fill the same memory again
    shape = getattr(value, "shape", ())
    if not shapes_agree(spec.shape, shape):
        raise InvalidArgumentError(
            f"Expected {what} to have shape {tuple(spec.shape)}; received shape {tuple(shape)}. "
            "Sizes that vary are None in the signature."
        )
    return value


def signature_of(output_types: Any, output_shapes: Any, output_signature: Any) -> Any:
    """The signature of a generator, in whichever way it was given.

    Raises: InvalidTypeError if it was given in no way, or in both.
    """
    if output_signature is not None:
        if output_types is not None or output_shapes is not None:
            raise InvalidTypeError(
                "Expected either output_signature or output_types (and output_shapes) for from_generator; received both."
            )
        output_signature = map_nest(lambda leaf: leaf, _tuples(output_signature))
        for leaf in flatten(output_signature):
            if not hasattr(leaf, "dtype") and not hasattr(leaf, "element_spec"):
                raise InvalidTypeError(
                    f"Expected TensorSpecs in output_signature, as TensorSpec(shape=(28, 28), dtype='float32'); "
                    f"received {leaf!r:.80}."
                )
        return output_signature
    if output_types is None:
        raise InvalidTypeError(
            "Expected output_signature for from_generator, as TensorSpec(shape=(), dtype='int32'); received none. "
            "(output_types=... of older programs works too.)"
        )
    output_types = _tuples(output_types)
    if output_shapes is None:
        return map_nest(lambda dtype: TensorSpec(None, dtype), output_types)
    return _with_shapes(output_types, output_shapes)


def _tuples(nest: Any) -> Any:
    return tuple(nest) if isinstance(nest, list) else nest


def _with_shapes(types: Any, shapes: Any) -> Any:
    if isinstance(types, tuple):
        items = [_with_shapes(t, s) for t, s in zip(types, shapes, strict=True)]
        return type(types)(*items) if hasattr(types, "_fields") else tuple(items)
    if isinstance(types, dict):
        return {key: _with_shapes(types[key], shapes[key]) for key in types}
    return TensorSpec(shapes, types)


def element(value: Any) -> Any:
    """A user's element on the host."""
    return element_to_host(value)
