"""The variables that a branch or loop of the user's code assigns: taken out, compared, put back."""

import collections
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError, TracedValueError
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.core.variable import Variable

RESULT = "result_of_call"  # what the function returns
RETURNED = "is_returned"  # the flag of `return`; those of `break` and `continue` begin with:
BROKEN, CONTINUED = "is_broken_", "is_continued_"


class Undefined:
    """Stands for a variable that has no value. Every use of it says which one, and why."""

    def __init__(self, name: str, reason: str = ""):
        object.__setattr__(self, "_undefined", (name, reason))

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        name, reason = object.__getattribute__(self, "_undefined")
        raise InvalidArgumentError(reason or f"{name!r} is used before it has a value.")

    __getattr__ = __call__ = __bool__ = __iter__ = __len__ = __getitem__ = __setitem__ = __int__ = __float__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __neg__ = _refuse
    __eq__ = __ne__ = _refuse  # type: ignore[assignment]
    __hash__ = object.__hash__  # type: ignore[assignment]
    __floordiv__ = __mod__ = __pow__ = __matmul__ = __lt__ = __le__ = __gt__ = __ge__ = __array__ = _refuse


class Value:
    """One variable's value as leaves: tensors and numbers on one side, everything else on the other."""

    def __init__(self, name: str, value: Any):
        self.name, self.value = name, value
        self.leaves, self.structure = jax.tree.flatten(value, is_leaf=is_leaf)
        self.is_undefined = isinstance(value, Undefined)

    @property
    def is_set_flag(self) -> bool:
        """True for the flag of a `return`, `break` or `continue` that has been reached."""
        return self.value is True and (self.name == RETURNED or self.name.startswith((BROKEN, CONTINUED)))

    def rebuilt(self, leaves: Sequence) -> Any:
        """The value with other leaves."""
        return jax.tree.unflatten(self.structure, leaves)


class Snapshot:
    """All values at one point. Lists and dicts are remembered with what they hold."""

    def __init__(self, names: Sequence[str], get_state: Callable[[], tuple]):
        self.names = names
        self.objects = get_state()
        self.values = [Value(name, _copied(value)) for name, value in zip(names, self.objects, strict=True)]

    def restore(self, set_state: Callable[[tuple], None], values: Sequence | None = None) -> None:
        """Give the variables these values (default: those of the snapshot); lists stay the same objects."""
        values = [value.value for value in self.values] if values is None else values
        set_state(tuple([_refilled(old, new) for old, new in zip(self.objects, values, strict=True)]))


def _copied(value: Any) -> Any:
    return value.copy() if type(value) in (list, dict, set, collections.deque) else value


def _refilled(old: Any, new: Any) -> Any:
    """The list or dict `old` with the contents of `new`, if they are of one kind; else `new`."""
    if type(old) is list and type(new) is list:
        old[:] = new
        return old
    if type(old) is type(new) and type(old) in (set, collections.deque):
        contents = list(new)
        old.clear()
        (old.update if type(old) is set else old.extend)(contents)
        return old
    if type(old) is dict and type(new) is dict:
        contents = dict(new)
        old.clear()
        old.update(contents)
        return old
    return new


def is_leaf(x: Any) -> bool:
    """True for what is not opened as a nest."""
    return isinstance(x, (Tensor, Variable, KerasTensor, Undefined))


def is_numeric(leaf: Any) -> bool:
    """True for what can be a traced tensor: tensors and arrays of numbers, Python numbers."""
    if isinstance(leaf, Tensor):
        return leaf._value.dtype != object
    if isinstance(leaf, (jax.Array, np.ndarray, np.generic)):
        return leaf.dtype.kind not in "OSU"
    return isinstance(leaf, (bool, int, float, complex))


def is_traced(x: Any) -> bool:
    """True for tensors (or a variable's value) that are known only when the compiled program runs."""
    if isinstance(x, Variable):
        x = x._read()
    return isinstance(x._value if isinstance(x, Tensor) else x, jax.core.Tracer)


def is_same(a: Any, b: Any) -> bool:
    """True if two leaves are one object, or equal Python values of one type."""
    if a is b:
        return True
    plain = (bool, int, float, complex, str, bytes, type(None))
    return type(a) is type(b) and isinstance(a, plain) and a == b


def array_of(leaf: Any, like: Any = None) -> Any:
    """The leaf as an array; a Python number takes the dtype of `like` if that is of no lesser kind."""
    array = convert_to_tensor(leaf)._value
    if like is not None and isinstance(leaf, (int, float)) and array.dtype != like:
        if "biufc".find(np.dtype(like).kind) >= "biufc".find(array.dtype.kind) or np.dtype(like).kind == "V":
            return array.astype(like)
    return array


def matched(before: Value, after: Value, place: str) -> None:
    """Check that a loop gives a variable back as it was. Raises: TracedValueError, InvalidTypeError."""
    name = before.name
    if before.structure != after.structure:
        hint = " Use a tf.TensorArray." if isinstance(before.value, list) else ""
        raise TracedValueError(f"{name!r} has another structure after one iteration of the loop than before it.{hint}")
    for old, new in zip(before.leaves, after.leaves, strict=True):
        if not is_numeric(old) or not is_numeric(new):
            if not is_same(old, new):
                raise TracedValueError(
                    f"{name!r} is {type(old).__name__} before the loop and {type(new).__name__} after one iteration; in a loop "
                    "over tensors only tensors can change."
                )
            continue
        a, b = array_of(old), array_of(new)
        b = array_of(new, a.dtype)
        if a.dtype != b.dtype:
            raise InvalidTypeError(
                f"{name!r} has dtype {a.dtype} before the loop, but dtype {b.dtype} after one iteration. "
                f"Give it the dtype {b.dtype} before the loop, or cast it in the loop."
            )
        if a.shape != b.shape:
            raise TracedValueError(
                f"{name!r} has shape {a.shape} before the loop, but shape {b.shape} after one iteration."
            )
