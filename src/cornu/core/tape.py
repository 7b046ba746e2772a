"""GradientTape by record and replay.

An active tape records what each op was called with. `gradient` slices the record from the targets back to the sources, builds
one pure function of it, differentiates that with `jax.vjp`, and keeps the compiled result under the record's structure: the
second step of a training loop costs one dispatch. While tracing the same function is called directly.
Source: tf.GradientTape.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core import config
from cornu.core.context import context
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable


class _Entry:
    """One recorded call: `make(key)` gives it as a function of the flattened `values`.

    `signature` is the key of the call and, by their numbers on the tape, what it read and made.
    """

    __slots__ = ("make", "outputs", "signature", "sources", "values")

    def __init__(self, make: Callable, sources: Sequence, values: list, outputs: list, signature: tuple):
        self.make, self.sources, self.values, self.outputs, self.signature = make, sources, values, outputs, signature


class GradientTape:
    """Records ops for automatic differentiation.

    Args:
        persistent: keep the record after `gradient`, so that it can be called again.
        watch_accessed_variables: trainable variables are watched when they are read.

    Raises: FailedPreconditionError if a tape that is not persistent is asked twice.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True):
        self._persistent, self._watch_accessed = persistent, watch_accessed_variables
        self._forget()
        self._used = False

    def _forget(self) -> None:
        self._entries: list[_Entry] = []
        self._numbers: dict[int, int] = {}  # of everything that is watched or derived from it, by id
        self._watched: list[Any] = []  # kept alive, as the entries keep what is derived, so that ids stay unique
        self._variables: dict[int, Variable] = {}

    def __enter__(self) -> "GradientTape":
        if self in context.tapes:
            raise FailedPreconditionError("The tape is recording already; leave its `with` block first.")
        context.tapes = (*context.tapes, self)
        return self

    def __exit__(self, *error: Any) -> None:
        context.tapes = tuple(tape for tape in context.tapes if tape is not self)

    def watch(self, tensor: Any) -> None:
        """Record what is computed from `tensor` (a tensor, variable, or nest of them)."""
        for item in jax.tree.leaves(tensor, is_leaf=_is_source):
            if not isinstance(item, (Tensor, Variable)):
                raise InvalidTypeError(f"Expected a tensor or variable to watch; received {type(item).__name__}.")
            if not _is_differentiable(item):
                warnings.warn(f"A watched tensor should be floating; this one is {item.dtype.name}.", stacklevel=2)
            self._follow(item)

    def watched_variables(self) -> tuple[Variable, ...]:
        """The variables that were watched or read so far, in that order."""
        return tuple(self._variables.values())

    def reset(self) -> None:
        """Forget everything recorded."""
        self._forget()
        self._used = False

    def stop_recording(self) -> "_Paused":
        """A `with` block inside of which nothing is recorded on this tape."""
        return _Paused(self)

    def _follow(self, source: Any) -> int:
        """Watch it from now on; its number."""
        self._watched.append(source)
        if isinstance(source, Variable):
            self._variables[id(source)] = source
        return self._numbers.setdefault(id(source), len(self._numbers))

    def record(self, key: Any, make: Callable, sources: Sequence, values: list, result: Any) -> None:
        """Note one op call, if it depends on something watched. Called by the dispatcher."""
        numbers = self._numbers
        read: list[Any] = [numbers.get(id(source)) for source in sources]
        if self._watch_accessed:  # to the end: every variable that is read must be seen
            for i, source in enumerate(sources):
                if read[i] is None and type(source) is not Tensor and isinstance(source, Variable) and source.trainable:
                    read[i] = self._follow(source)
        if read.count(None) == len(read):
            return
        if type(result) is Tensor:
            outputs = [result]
            made: list[Any] = [numbers.setdefault(id(result), len(numbers)) if _moves(result) else None]
        else:
            outputs = jax.tree.leaves(result, is_leaf=_is_source)
            made = [numbers.setdefault(id(item), len(numbers)) if _moves(item) else None for item in outputs]
        if made.count(None) < len(made):
            self._entries.append(_Entry(make, sources, values, outputs, (key, tuple(read), tuple(made))))

    def alias(self, variable: Variable, value: Tensor) -> None:
        """Note that `value` is what was read from `variable`."""
        self.record("identity", _identity, [variable], [value._value], value)

    def gradient(
        self, target: Any, sources: Any, output_gradients: Any = None, unconnected_gradients: str = "none"
    ) -> Any:
        """The gradient of the sum of `target` by each of `sources`, in the structure of `sources`.

        Args:
            target: tensor or nest of tensors.
            sources: variable or tensor, or a nest of them.
            output_gradients: weights of the targets' elements, default ones.
            unconnected_gradients: `"none"` or `"zero"`, for sources that the target does not depend on.
        Raises: FailedPreconditionError on the second call without `persistent`.
        """
        targets = [t if _is_source(t) else convert_to_tensor(t) for t in _flat(target)]
        flat, treedef = self._sources(sources)
        seeds = None
        if output_gradients is not None:
            seeds = [convert_to_tensor(g) for g in jax.tree.leaves(output_gradients, is_leaf=_is_source)]
            if len(seeds) != len(targets):
                raise InvalidArgumentError(f"Expected {len(targets)} output_gradients; received {len(seeds)}.")
        floating = [i for i, target in enumerate(targets) if _is_differentiable(target)]
        if len(floating) < len(targets):
            kinds = sorted({t.dtype.name for t in targets if not _is_differentiable(t)})
            warnings.warn(f"The target of a gradient should be floating; this one is {', '.join(kinds)}.", stacklevel=2)
            targets = [targets[i] for i in floating]
            seeds = None if seeds is None else [seeds[i] for i in floating]
        return self._derive("gradient", targets, flat, treedef, seeds, unconnected_gradients)

    def jacobian(
        self, target: Any, sources: Any, unconnected_gradients: str = "none", parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:  # fmt: skip
        """All first derivatives. Shape: target.shape + source.shape for each source."""
        flat, treedef = self._sources(sources)
        return self._derive("jacobian", [target], flat, treedef, None, unconnected_gradients)

    def batch_jacobian(
        self, target: Any, source: Any, unconnected_gradients: str = "none", parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:  # fmt: skip
        """The derivatives of each row of `target` by the same row of `source`. Shape: (batch, ...target, ...source).

        A row of `target` must not depend on other rows of `source`.
        Raises: InvalidArgumentError if the numbers of rows differ.
        """
        rows = [tuple(x.shape)[:1] for x in (target, source)]
        if rows[0] != rows[1] or not rows[0]:
            raise InvalidArgumentError(
                f"Expected target and source with the same number of rows; received shapes {tuple(target.shape)} and "
                f"{tuple(source.shape)}."
            )
        flat, treedef = self._sources(source)
        return self._derive("batch_jacobian", [target], flat, treedef, None, unconnected_gradients)

    @staticmethod
    def _sources(sources: Any) -> tuple[list, Any]:
        if _is_source(sources):
            return [sources], None
        flat, treedef = jax.tree.flatten(sources, is_leaf=_is_source)
        for source in flat:
            if not isinstance(source, (Tensor, Variable)):
                raise InvalidTypeError(
                    f"Expected variables or tensors as sources of a gradient; received {type(source).__name__}."
                )
        return flat, treedef

    def _derive(self, kind: str, targets: list, flat: list, treedef: Any, seeds: list | None, unconnected: str) -> Any:
        """Derivatives of that kind for the flat sources, in their structure."""
        if unconnected not in ("none", "zero"):
            raise InvalidArgumentError(
                f"Expected unconnected_gradients to be 'none' or 'zero'; received {unconnected!r}."
            )
        self._claim()
        # a source given twice is differentiated once; what was never watched is a constant
        sources: dict[int, Any] = {}
        for source in flat:
            watched = id(source) in self._numbers or any(source is target for target in targets)
            if watched and _is_differentiable(source):
                sources[id(source)] = source
        found = self._differentiate(kind, targets, list(sources.values()), seeds)
        results = [found.get(id(source)) for source in flat]
        if unconnected == "zero":
            lead = () if kind == "gradient" else tuple(targets[0].shape)
            rest = 1 if kind == "batch_jacobian" else 0
            results = [
                Tensor(jnp.zeros(lead + tuple(s.shape)[rest:], _value(s).dtype)) if result is None else result
                for s, result in zip(flat, results, strict=True)
            ]
        if not self._persistent:
            self._forget()
        return results[0] if treedef is None else jax.tree.unflatten(treedef, results)

    def _claim(self) -> None:
        if self._used and not self._persistent:
            raise FailedPreconditionError(
                "A GradientTape gives gradients once. Make it with persistent=True to ask it several times."
            )
        self._used = True

    def _slice(self, targets: list, sources: list) -> list[tuple[int, _Entry]] | None:
        """The entries that lie between sources and targets, in order, with their places; None if there are none."""
        reached = {id(source) for source in sources}
        forward = []
        for place, entry in enumerate(self._entries):
            if any(id(source) in reached for source in entry.sources):
                forward.append((place, entry))
                reached.update(map(id, entry.outputs))
        if not any(id(target) in reached for target in targets):
            return None
        needed = set(map(id, targets))
        live = []
        for place, entry in reversed(forward):
            if any(id(output) in needed for output in entry.outputs):
                live.append((place, entry))
                needed.update(map(id, entry.sources))
        return live[::-1]

    def _differentiate(self, kind: str, targets: list, sources: list, seeds: list | None) -> dict[int, Tensor]:
        """The derivatives by the id of the source, for sources that the targets depend on.

        The same record as before, as in every step of a loop, is recognised by its signature and not planned again.
        """
        number = self._numbers.get
        signature = (
            kind,
            tuple([entry.signature for entry in self._entries]),
            tuple([number(id(target)) for target in targets]),
            tuple([number(id(source)) for source in sources]),
            tuple([isinstance(source, Variable) for source in sources]),  # what was assigned since counts for these
        )
        plan = _PLANS.get(signature)
        if plan is None or not plan.fits(self._entries):
            live = self._slice(targets, sources)
            if live is None:
                return {}
            plan = _Plan(kind, live, targets, sources)
            _remember(_PLANS, signature, plan)
        if not plan.used:
            return {}
        origins = [sources[i] for i in plan.used]
        values = [_value(source) for source in origins]
        constants = [self._entries[place].values[i] for place, i in plan.constants]
        ends = [] if seeds is None else [seeds[i] for i in plan.reached_targets]
        cotangents = [_cotangent(seed, targets[i]) for seed, i in zip(ends, plan.reached_targets, strict=False)]
        results = [Tensor(array) for array in plan.call(values, constants, cotangents)]
        if context.tapes:
            read = [self._entries[place].sources[i] for place, i in plan.constants]
            for tape in context.tapes:
                tape.record(plan.call, _as_op, origins + read + ends, values + constants + cotangents, results)
        return {id(source): result for source, result in zip(origins, results, strict=True)}


class _Plan:
    """How to differentiate a record: which of its values are constants, which sources are used, and the function to call.

    Places are (number of the entry, number of the input); a plan holds no arrays and serves every record of its signature.
    """

    def __init__(self, kind: str, live: list[tuple[int, _Entry]], targets: list, sources: list):
        slots: dict[int, int] = {}  # id of a tensor -> its slot
        made_by: set[int] = {id(output) for _, entry in live for output in entry.outputs}
        self.constants: list[tuple[int, int]] = []
        self._reads: list[tuple[int, int, bool]] = []  # of variables among the sources; True if still the present value
        source_index = {id(source): i for i, source in enumerate(sources)}
        used: dict[int, int] = {}
        calls = []
        for place, entry in live:
            inputs = []
            for i, source in enumerate(entry.sources):
                found = slots.get(id(source))
                if found is not None:
                    inputs.append(("slot", found))
                elif id(source) in source_index and id(source) not in made_by:
                    index = source_index[id(source)]
                    used.setdefault(index, len(used))
                    inputs.append(self._source_input(entry, place, i, used[index]))
                else:
                    inputs.append(("constant", self._constant(place, i)))
            perturbed = []
            for position, output in enumerate(entry.outputs):
                slots[id(output)] = len(slots)
                if id(output) in source_index:  # a source in the middle of the graph
                    index = source_index[id(output)]
                    used.setdefault(index, len(used))
                    perturbed.append((position, used[index]))
            calls.append((entry.signature[0], entry.make, tuple(inputs), len(entry.outputs), tuple(perturbed)))
        ends = []
        self.reached_targets = []
        for i, target in enumerate(targets):
            if id(target) in slots:
                ends.append(("slot", slots[id(target)]))
                self.reached_targets.append(i)
            elif id(target) in source_index:
                used.setdefault(source_index[id(target)], len(used))
                ends.append(("source", used[source_index[id(target)]]))
                self.reached_targets.append(i)
        self.used = list(used)
        program = _Program(tuple(calls), tuple(ends))
        key = (kind, program.key, len(used))
        call = _GRADIENTS.get(key)
        if call is None:
            call = _remember(_GRADIENTS, key, _Compiled(getattr(program, kind), len(used), len(self.constants)))
        self.call: _Compiled = call

    def fits(self, entries: list[_Entry]) -> bool:
        """True if the variables of this record were assigned since they were read just as those it was made from."""
        for place, i, present in self._reads:
            entry = entries[place]
            if (entry.values[i] is entry.sources[i]._read()) is not present:
                return False
        return True

    def _constant(self, place: int, i: int) -> int:
        self.constants.append((place, i))
        return len(self.constants) - 1

    def _source_input(self, entry: _Entry, place: int, i: int, index: int) -> tuple:
        """A source read in an earlier version (assigned since) enters with that version's value."""
        source = entry.sources[i]
        if isinstance(source, Variable):
            present = entry.values[i] is source._read()
            self._reads.append((place, i, present))
            if not present:
                return ("version", index, self._constant(place, i))
        return ("source", index)


class _Program:
    """Recorded calls as one pure function of (sources, constants). `key` tells its structure; it holds no arrays."""

    def __init__(self, calls: tuple, ends: tuple):
        self._calls, self._ends = calls, ends
        self.key = (calls, ends)

    def function(self, sources: list, constants: list) -> list:
        """The targets as a function of sources and constants (JAX arrays)."""
        slots: list[Any] = []
        fetch = {
            "slot": lambda i: slots[i],
            "source": lambda i: sources[i],
            "constant": lambda i: constants[i],
            "version": lambda i, place: _attached(constants[place], sources[i]),
        }
        for key, make, inputs, count, perturbed in self._calls:
            outputs = make(key)(*[fetch[kind](*place) for kind, *place in inputs])
            flat = jax.tree.leaves(outputs)
            assert len(flat) == count  # our own invariant: an op returns as many arrays as it did when recorded
            for position, index in perturbed:
                flat[position] = _attached(flat[position], sources[index])
            slots.extend(flat)
        return [fetch[kind](*place) for kind, *place in self._ends]

    def gradient(self, sources: list, constants: list, cotangents: list) -> list:
        """Gradients of the targets by the sources, weighted by cotangents (none at all: by ones)."""
        targets, pull = jax.vjp(lambda xs: self.function(xs, constants), sources)
        cotangents = cotangents or [jnp.ones_like(target) for target in targets]
        return _conjugate(pull(_conjugate(cotangents))[0])  # TensorFlow's gradient of z**2 is 2*conj(z), JAX's 2*z

    def jacobian(self, sources: list, constants: list, cotangents: list) -> list:
        """Derivatives of the only target's elements by the sources."""
        return jax.jacrev(lambda xs: self.function(xs, constants)[0])(sources)

    def batch_jacobian(self, sources: list, constants: list, cotangents: list) -> list:
        """Derivatives of the only target's rows by the same rows of the sources."""
        total = jax.jacrev(lambda xs: jnp.sum(self.function(xs, constants)[0], axis=0))(sources)
        return [jnp.moveaxis(array, array.ndim - source.ndim, 0) for array, source in zip(total, sources, strict=True)]


class _Compiled:
    """A derivative of a program: compiled when eager, called as it is while tracing."""

    def __init__(self, function: Callable, sources: int, constants: int):
        end = sources + constants

        def flat(*arrays: Any) -> list:
            return function(list(arrays[:sources]), list(arrays[sources:end]), list(arrays[end:]))

        self.function, self.compiled = flat, jax.jit(flat)

    def __call__(self, values: list, constants: list, cotangents: list) -> list:
        arrays = values + constants + cotangents
        for array in arrays:
            if isinstance(array, jax.core.Tracer):
                return self.function(*arrays)
        return self.compiled(*arrays)


_PLANS: dict[Any, _Plan] = {}  # by signature of the record
_GRADIENTS: dict[Any, _Compiled] = {}  # by structure
_MOST = 1024  # so that a program which never repeats itself does not fill the memory
config.on_change += [_PLANS.clear, _GRADIENTS.clear]


def _remember(memory: dict, key: Any, value: Any) -> Any:
    """Keep the value; the oldest one goes when there are too many."""
    if len(memory) >= _MOST and key not in memory:
        del memory[next(iter(memory))]
    memory[key] = value
    return value


_DIFFERENTIABLE = "fcV"  # NumPy's kinds of the float and complex dtypes, bfloat16 included


def _moves(result: Tensor) -> bool:
    return result._value.dtype.kind in _DIFFERENTIABLE


def _identity(key: Any) -> Callable:
    return lambda x: x


def _as_op(call: _Compiled) -> Callable:
    """A recorded derivative as a function of its flattened inputs, for tapes around the tape."""
    return call.function


def _flat(nest: Any) -> list:
    return [nest] if _is_source(nest) else jax.tree.leaves(nest, is_leaf=_is_source)


def _is_source(x: Any) -> bool:
    return isinstance(x, (Tensor, Variable))


@jax.custom_jvp
def _attached(value: Any, source: Any) -> Any:
    """`value`, moving with `source` as well."""
    return value


@_attached.defjvp
def _(primals: tuple, tangents: tuple) -> tuple:
    return primals[0], tangents[0] + tangents[1]


def _is_differentiable(x: Any) -> bool:
    return _value(x).dtype.kind in _DIFFERENTIABLE


def _conjugate(arrays: list) -> list:
    return [jnp.conj(array) if jnp.iscomplexobj(array) else array for array in arrays]


def _value(source: Any) -> Any:
    return source._read() if isinstance(source, Variable) else source._value


def _cotangent(seed: Tensor, target: Any) -> Any:
    value = _value(target)
    return jnp.broadcast_to(seed._value, value.shape).astype(value.dtype)


class _Paused:
    """While inside, the tape does not record."""

    def __init__(self, tape: GradientTape):
        self._tape = tape

    def __enter__(self) -> None:
        self._saved = context.tapes
        context.tapes = tuple(tape for tape in context.tapes if tape is not self._tape)

    def __exit__(self, *error: Any) -> None:
        context.tapes = self._saved
