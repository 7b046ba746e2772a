"""Steps that run users' functions on elements."""

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.data import indices
from cornu.data.background import Workers
from cornu.data.batching import positive
from cornu.data.nest import check_structure, flatten, map_nest
from cornu.data.plan import Plan
from cornu.data.spec import TensorSpec, spec_of
from cornu.data.step import AUTOTUNE, UNKNOWN, Step
from cornu.data.tracing import Traced, call, run_python, traced
from cornu.data.values import element_to_host, is_dataset, to_tensors


def noted(error: BaseException, step: str, function: Any, number: int) -> None:
    """Say in an error where in the pipeline it happened, once."""
    name = getattr(function, "__qualname__", type(function).__name__)
    error.add_note(f"In Dataset.{step}({name}), element {number}.")


class Numbered:
    """A function on the elements of an iterator; goes on after an error, which says at which element it was."""

    def __init__(self, elements: Iterator[Any], run: Callable[[Any], Any], step: str, function: Any):
        self._elements, self._run, self._step, self._function, self._number = elements, run, step, function, -1

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        element = next(self._elements)
        self._number += 1
        try:
            return self._run(element)
        except Exception as error:
            noted(error, self._step, self._function, self._number)
            raise _as_plain(error) from error.__cause__


def _as_plain(error: Exception) -> Exception:
    """StopIteration would look like the end of the data."""
    return RuntimeError(f"The function raised StopIteration. {error}") if isinstance(error, StopIteration) else error


class Map(Step):
    """A function of every element."""

    title = "map"

    def __init__(self, step: Step, function: Callable, parallel: int | None, ordered: bool):
        if not callable(function):
            raise InvalidTypeError(f"Expected a function for map; received {function!r:.80}.")
        self.inputs, self._function, self._ordered = (step,), function, ordered
        self._threads = threads(parallel)
        self.printed = "_MapDataset" if self._threads is None else "_ParallelMapDataset"
        self._traced: Traced | None = traced(function, step.element_spec)
        self.guesses_sizes = self._traced is None

    def spec(self) -> Any:
        """Known from tracing; else from the first element."""
        if self._traced is not None:
            return self._traced.output_spec
        elements = self.inputs[0].elements()
        first = next(iter(elements), _NOTHING)
        if first is _NOTHING:
            raise InvalidArgumentError(
                "Expected at least one element to tell what a Python function makes of it; the dataset has none."
            )
        try:
            found = run_python(self._function, first)
        except Exception as error:
            noted(error, self.title, self._function, 0)
            raise
        static = all(isinstance(s, TensorSpec) and s.shape is not None and None not in s.shape
                     for s in flatten(self.inputs[0].element_spec))  # fmt: skip
        return map_nest(lambda value: _first_spec(value, static), found)

    def plan(self) -> Plan | None:
        """Compiled over rows, or over batches."""
        inner = self.inputs[0].planned
        if inner is None or self._traced is None:
            return None
        if inner.size is None:
            return inner._replace(row_maps=(*inner.row_maps, self._traced)) if self._traced.static else None
        return inner._replace(batch_maps=(*inner.batch_maps, self._traced))

    def stream(self) -> Iterator[Any]:
        """One by one, or several at a time."""
        elements = self.inputs[0].elements()
        run = self._traced or (lambda element: run_python(self._function, element))
        if self._threads is None or self._traced is not None:
            return Numbered(elements, run, self.title, self._function)
        return self._parallel(elements, run)

    def _parallel(self, elements: Iterator[Any], run: Callable[[Any], Any]) -> Iterator[Any]:
        def one(numbered: tuple[int, Any]) -> Any:
            try:
                return run(numbered[1])
            except Exception as error:
                noted(error, self.title, self._function, numbered[0])
                raise _as_plain(error) from error.__cause__

        return Workers(one, enumerate(elements), self._threads or 1, self._ordered)


_NOTHING = object()


def _first_spec(value: Any, static: bool) -> Any:
    """The spec of a part of the first element; what came of varying sizes is of unknown shape, but of that rank."""
    spec = spec_of(value)
    if static or not isinstance(spec, TensorSpec):
        return spec
    return TensorSpec([None] * len(spec.shape or ()), spec.dtype)


def threads(parallel: Any) -> int | None:
    """The number of threads that `num_parallel_calls` means; None for none."""
    if parallel is None:
        return None
    if parallel == AUTOTUNE:
        return os.cpu_count() or 1
    return positive("num_parallel_calls", parallel)


class Predicate:
    """A user's function that says True or False."""

    def __init__(self, function: Callable, spec: Any, step: str):
        self._function, self._step = function, step
        self.traced = traced(function, spec)
        if self.traced is not None:
            output = self.traced.output_spec
            if (
                not isinstance(output, TensorSpec)
                or output.shape is None
                or len(output.shape)
                or output.dtype != "bool"
            ):
                raise InvalidTypeError(
                    f"Expected the predicate of {step} to return one bool; received {output!r}. "
                    "Reduce it with ops.all or ops.any."
                )

    def __call__(self, element: Any) -> bool:
        """The answer for one element."""
        found = self.traced(element) if self.traced is not None else run_python(self._function, element)
        if getattr(found, "shape", None) != () or found.dtype != np.bool_:
            raise InvalidTypeError(
                f"Expected the predicate of {self._step} to return one bool; received {found!r:.80}."
            )
        return bool(found)

    def select(self, plan: Plan) -> Iterator[Any]:
        """The runs of a plan without the rows that the predicate is False for."""
        columns = plan.columns()
        for run in plan.runs():
            for start in range(0, len(run), 1024):
                part = run[start : start + 1024]
                rows = plan.rows(columns, part, 1024)
                yield indices.as_array(part)[self.traced.rows(rows, len(part), 1024)]  # type: ignore[union-attr]


class Filter(Step):
    """The elements that a predicate is True for."""

    title, printed = "filter", "_FilterDataset"

    def __init__(self, step: Step, predicate: Callable):
        if not callable(predicate):
            raise InvalidTypeError(f"Expected a function for filter; received {predicate!r:.80}.")
        self.inputs, self._function = (step,), predicate
        self._predicate = Predicate(predicate, step.element_spec, self.title)

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def plan(self) -> Plan | None:
        """Fewer rows."""
        inner = self.inputs[0].planned
        test = self._predicate.traced
        if inner is None or inner.size is not None or test is None or not test.static:
            return None
        return inner._replace(runs=lambda: self._predicate.select(inner), in_order=False)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        answers = Numbered(self.inputs[0].elements(), lambda e: (self._predicate(e), e), self.title, self._function)
        return _Kept(answers)


class _Kept:
    """An iterator that goes on after an error of its source."""

    def __init__(self, answers: Iterator[tuple[bool, Any]]):
        self._answers = answers

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        while True:
            keep, element = next(self._answers)
            if keep:
                return element


class TakeWhile(Step):
    """The elements before the first that a predicate is False for."""

    title, printed = "take_while", "_TakeWhileDataset"

    def __init__(self, step: Step, predicate: Callable):
        self.inputs, self._function = (step,), predicate
        self._predicate = Predicate(predicate, step.element_spec, self.title)

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        elements = self.inputs[0].elements()
        answers = Numbered(elements, lambda e: (self._predicate(e), e), self.title, self._function)
        for _, element in itertools.takewhile(lambda answer: answer[0], answers):
            yield element


class Scan(Step):
    """A function of a state and every element: new state and output."""

    title, printed = "scan", "_ScanDataset"

    def __init__(self, step: Step, initial_state: Any, function: Callable):
        self.inputs, self._function = (step,), function
        self._initial = element_to_host(initial_state)
        spec = map_nest(spec_of, self._initial), step.element_spec
        self._traced = traced(function, spec)

    def spec(self) -> Any:
        """That of the outputs."""
        if self._traced is not None:
            return self._traced.output_spec[1]
        first = next(iter(self.stream()), _NOTHING)
        if first is _NOTHING:
            raise InvalidArgumentError(
                "Expected at least one element to tell what scan makes of it; the dataset has none."
            )
        return map_nest(spec_of, first)

    def stream(self) -> Iterator[Any]:
        """One by one."""
        state = self._initial

        def run(element: Any) -> Any:
            nonlocal state
            made = self._traced((state, element)) if self._traced else run_python(self._function, (state, element))
            if not isinstance(made, tuple) or len(made) != 2:
                raise InvalidTypeError(
                    f"Expected the function of scan to return (state, output); received {made!r:.80}."
                )
            check_structure(self._initial, made[0], "the state that the function of scan returns")
            state = made[0]
            return made[1]

        return Numbered(self.inputs[0].elements(), run, self.title, self._function)


def reduce(step: Step, initial_state: Any, function: Callable) -> Any:
    """The state after `state = function(state, element)` for all elements, as host values."""
    state = element_to_host(initial_state)
    compiled = traced(function, (map_nest(spec_of, state), step.element_spec))
    if compiled is not None and compiled.output_spec != map_nest(spec_of, state):
        compiled = None  # the state changes its shape or dtype; a Python step says so
    initial = map_nest(spec_of, state)
    for number, element in enumerate(step.elements()):
        try:
            state = compiled((state, element)) if compiled else run_python(function, (state, element))
        except Exception as error:
            noted(error, "reduce", function, number)
            raise
        check_structure(initial, state, "the state that the function of reduce returns")
        for wanted, value in zip(flatten(initial), flatten(state), strict=True):
            if isinstance(wanted, TensorSpec) and spec_of(value).dtype != wanted.dtype:
                raise InvalidTypeError(
                    f"Expected the function of reduce to keep the state's dtype {wanted.dtype.name}; received "
                    f"{spec_of(value).dtype.name}. Begin with a state of that dtype, or cast."
                )
    return state


class IgnoreErrors(Step):
    """Leaves out elements that cannot be made. Steps that a failing function is followed by are asked to go on."""

    title, printed = "ignore_errors", "_IgnoreErrorsDataset"

    def __init__(self, step: Step, log: bool):
        self.inputs, self._log = (step,), log

    def cardinality(self) -> int:
        """Unknown."""
        return UNKNOWN

    def stream(self) -> Iterator[Any]:
        """One by one."""
        elements = iter(self.inputs[0].elements())
        while True:
            try:
                element = next(elements)
            except StopIteration:
                return
            except Exception as error:
                if self._log:
                    import warnings

                    text = " ".join([str(error), *getattr(error, "__notes__", ())])
                    warnings.warn(f"Dataset.ignore_errors left out an element: {text}", stacklevel=2)
                continue
            yield element


def dataset_function(function: Callable, step: str) -> Callable[[Any], Step]:
    """A user's function that makes a dataset of an element, as a function of host values that gives its step."""

    def run(element: Any) -> Step:
        made = call(function, to_tensors(element))
        if not is_dataset(made):
            raise InvalidTypeError(
                f"Expected the function of {step} to return a dataset; received {type(made).__name__}. "
                "Dataset.from_tensors or from_tensor_slices make one."
            )
        return made._step

    return run
