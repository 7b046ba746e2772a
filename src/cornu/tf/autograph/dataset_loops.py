"""`for` over a dataset: Python takes the elements, and the body of the loop is compiled, once for each kind of element.

The values that the body changes, the element, and the tensors that the body reads from around it are the arguments of the
compiled body. A smaller last batch is another kind of element.
"""

import contextlib
import dis
import types
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax

from cornu._base.errors import TracedInitialValueError, TracedValueError
from cornu._base.user_warning import warn
from cornu.core import config
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import shape_changes
from cornu.tf.argument_keys import identity_of
from cornu.tf.autograph import arrays
from cornu.tf.autograph.state import Snapshot, Undefined, Value, is_leaf, is_numeric, matched
from cornu.tf.traces import Trace

_MOST = 32  # compiled versions of a body; the oldest one goes
_versions: "weakref.WeakKeyDictionary[Any, dict]" = weakref.WeakKeyDictionary()  # by the code of the body


def for_dataset(
    values: Any, body: Callable, going: Callable | None, get_state: Callable, set_state: Callable, names: Sequence[str]
) -> None:
    """`for value in values: body(value)` as long as `going()`, if that is given, is true."""
    loop = _Loop(body, get_state, set_state, names)
    for value in values:
        if going is not None and not going():
            return
        loop.step(value)
        if going is not None and not going():
            return  # before the iterator is asked again


class _Loop:
    """A loop under way. Variables that have no value before the loop, or get one before the body reads them, have none at the
    beginning of any turn."""

    def __init__(self, body: Callable, get_state: Callable, set_state: Callable, names: Sequence[str]):
        self._body, self._get_state, self._set_state, self._names = body, get_state, set_state, names
        first = Snapshot(names, get_state)
        self._unset = {name: Undefined(name) for name in _set_first(body.__code__)}
        self._unset.update({value.name: value.value for value in first.values if value.is_undefined})
        self.lists = {value.name for value in first.values if type(value.value) is list}
        self._is_compiled = not any(
            any(isinstance(leaf, Tensor) for leaf in value.leaves) if value.name in self.lists
            else arrays.is_inside(value.value)
            for value in first.values
        )  # fmt: skip
        self._known = _versions.setdefault(body.__code__, {})

    def step(self, value: Any) -> None:
        """One turn."""
        leaves, structure = jax.tree.flatten(value, is_leaf=is_leaf)
        if not self._is_compiled or not all(isinstance(leaf, Tensor) and is_numeric(leaf) for leaf in leaves):
            self._body(value)
            return
        before = Snapshot(self._names, self._get_state)
        carried = [old for old in before.values if old.name not in self._unset and old.name not in self.lists]
        around = _Around(self._body, self._names)
        carry = [convert_to_tensor(leaf) for old in carried for leaf in old.leaves if is_numeric(leaf)]
        given = [*carry, *leaves, *around.tensors]
        operands = [tensor._value for tensor in given]
        fixed = [leaf for old in carried for leaf in old.leaves if not is_numeric(leaf)]
        key = (
            config.version(), shape_changes(), structure, *[(old.name, old.structure) for old in carried],
            *map(identity_of, fixed), around.key, *[(array.shape, array.dtype) for array in operands],
        )  # fmt: skip
        if key not in self._known:
            try:
                self._keep(key, _Turn(self, before, carried, structure, around, operands))
            except TracedInitialValueError:  # the first turn makes the variables; the next one is traced
                self._body(value)
                return
            except _ListOfTensors:
                self._is_compiled = False
                self._body(value)
                return
            except TracedValueError as error:
                if None not in self._known.values():
                    warn(
                        f"The body of a loop over a dataset cannot be compiled and runs eagerly, which is slower. {error}"
                    )
                self._keep(key, None)
        turn = self._known[key]
        if turn is None:
            self._body(value)
        else:
            before.restore(self._set_state, turn.after(before, turn.trace(operands, lambda: given)))

    def _keep(self, key: Any, turn: "_Turn | None") -> None:
        if len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = turn

    def state_at_start(self, before: Snapshot, carried: list[Value], given: list[Tensor]) -> list:
        """The values of the variables at the beginning of a turn whose carried tensors are `given`."""
        rest = iter(given)
        values = dict(zip(before.names, before.objects)) | {
            old.name: old.rebuilt([next(rest) if is_numeric(leaf) else leaf for leaf in old.leaves]) for old in carried
        }
        return [self._unset.get(name, values[name]) for name in before.names]

    def traced(self, before: Snapshot, start: list, value: Any) -> list[Value]:
        """The variables after the body, run on tracers. The variables themselves are as before then.

        Lists keep what the body puts into them while it is traced, unless that is tensors. Raises: _ListOfTensors.
        """
        kept = [old.value for old in before.values]
        try:
            before.restore(self._set_state, start)
            self._body(value)
            after = Snapshot(self._names, self._get_state).values
            lists = {new.name: new for new in after if new.name in self.lists}
            if any(isinstance(leaf, Tensor) for new in lists.values() for leaf in new.leaves):
                raise _ListOfTensors
            kept = [lists[name].value if name in lists else old for name, old in zip(self._names, kept)]
            return after
        finally:
            before.restore(self._set_state, kept)


class _ListOfTensors(TracedValueError):
    """The body puts tensors into a list: it has another structure after every turn."""


def _set_first(code: types.CodeType) -> frozenset[str]:
    """The variables that the body of a loop always sets before it, or a function in it, can read them."""
    found: set[str] = set()
    read: set[str] = set()
    for instruction in dis.get_instructions(code):
        if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
            break
        if instruction.opname == "STORE_DEREF" and instruction.argval not in read:
            found.add(instruction.argval)
        elif any(kind in instruction.opname for kind in ("DEREF", "CLOSURE", "FAST")):
            read.add(instruction.argval)
    return frozenset(found)


class _Turn:
    """The body of a loop as a program for one kind of state and element."""

    def __init__(
        self, loop: _Loop, before: Snapshot, carried: list[Value], structure: Any, around: "_Around", operands: list
    ):
        width = sum(is_numeric(leaf) for old in carried for leaf in old.leaves)
        end = width + structure.num_leaves

        def run(given: list) -> list:
            tensors = [Tensor(array) for array in given]
            start = loop.state_at_start(before, carried, tensors[:width])
            with around.holding(tensors[end:]):
                after = loop.traced(before, start, jax.tree.unflatten(structure, tensors[width:end]))
            outputs, self._after = [], []
            for name, old, new in zip(before.names, start, after, strict=True):
                if name in loop.lists:
                    new = Value(name, None)
                elif not isinstance(old, Undefined):
                    if new.is_undefined:
                        new.value._refuse()
                    matched(Value(name, old), new, "loop")
                elif not all(map(is_numeric, new.leaves)):
                    new = Value(name, Undefined(name, f"{name!r} is no tensor: it has no value after the loop."))
                outputs += [convert_to_tensor(leaf) for leaf in new.leaves if is_numeric(leaf)]
                self._after.append(Value(name, new.rebuilt([0 if is_numeric(leaf) else leaf for leaf in new.leaves])))
            return outputs

        self.trace = Trace(run, operands, may_create=not loop._known)

    def after(self, before: Snapshot, results: list[Tensor]) -> list:
        """The values of the variables after a turn."""
        rest = iter(results)
        values = [new.rebuilt([next(rest) if is_numeric(leaf) else leaf for leaf in new.leaves]) for new in self._after]
        return [old if type(old) is list else new for old, new in zip(before.objects, values, strict=True)]


class _Around:
    """What the body reads from the functions around it: tensors, which are arguments, and other objects, which are not."""

    def __init__(self, body: Callable, changed: Sequence[str]):
        self._cells, self.tensors, key = [], [], []
        for name, cell in zip(body.__code__.co_freevars, body.__closure__ or (), strict=True):
            try:
                content = cell.cell_contents
            except ValueError:  # it has no value yet
                continue
            if name in changed:
                continue
            leaves, structure = jax.tree.flatten(content, is_leaf=is_leaf)
            places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Tensor) and is_numeric(leaf)]
            self.tensors += [leaves[i] for i in places]
            key += [name, structure, *[None if i in places else identity_of(leaf) for i, leaf in enumerate(leaves)]]
            if places:
                self._cells.append((cell, leaves, structure, places))
        self.key = tuple(key)

    @contextlib.contextmanager
    def holding(self, tensors: list) -> Iterator[None]:
        """Inside, the body reads these tensors."""
        rest, saved = iter(tensors), [cell.cell_contents for cell, *_ in self._cells]
        try:
            for cell, leaves, structure, places in self._cells:
                filled = list(leaves)
                for i in places:
                    filled[i] = next(rest)
                cell.cell_contents = jax.tree.unflatten(structure, filled)
            yield
        finally:
            for (cell, *_), content in zip(self._cells, saved, strict=True):
                cell.cell_contents = content
