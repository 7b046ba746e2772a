"""What `if` becomes: Python's own on Python values, one XLA conditional on a traced tensor."""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp

from cornu._base.errors import InvalidArgumentError, InvalidTypeError, TracedValueError
from cornu.core.tensor import Tensor, convert_to_tensor
from cornu.tf import staging
from cornu.tf.autograph import arrays
from cornu.tf.autograph.state import (
    RESULT,
    Snapshot,
    Undefined,
    Value,
    array_of,
    is_numeric,
    is_same,
    is_traced,
)  # fmt: skip

_SIDES = ("main", "else")
_NUMBERS = (bool, int, float, complex)


def if_stmt(
    test: Any, body: Callable, orelse: Callable, get_state: Callable, set_state: Callable, names: Sequence[str]
) -> None:
    """`if test: body() else: orelse()`, where the functions assign the variables `names`."""
    if not is_traced(test):
        (body if test else orelse)()
        return
    before = arrays.start(Snapshot(names, get_state), get_state, set_state, [body, orelse], is_loop=False)
    outcomes: list = []

    def traced(run: Callable) -> staging.Body:
        def function() -> list:
            before.restore(set_state)
            run()
            outcomes.append(Snapshot(names, get_state).values)
            return [array_of(leaf) for value in outcomes[-1] for leaf in value.leaves if is_numeric(leaf)]

        return staging.Body(function, ())

    index = scalar_index(test)
    bodies = [traced(body), traced(orelse)]
    is_left = [any(value.is_set_flag for value in values) for values in outcomes]
    merged = [_Merge(a, b, is_left) for a, b in zip(*outcomes, strict=True)]

    def choose(side: int, outputs: list) -> list:
        rest, chosen = iter(outputs), []
        for merge in merged:
            given = [next(rest) if is_numeric(leaf) else None for leaf in merge.sides[side].leaves]
            chosen += merge.outputs(side, given)
        return chosen

    results = iter(staging.branch(index, bodies, choose))
    before.restore(set_state, [merge.result(results) for merge in merged])


def scalar_index(test: Any) -> Tensor:
    """0 where the scalar `test` is true, else 1."""
    value = convert_to_tensor(test)._value
    if value.size != 1:
        raise InvalidArgumentError(
            f"Expected a scalar condition; received shape {tuple(value.shape)}. Use tf.reduce_any or tf.reduce_all."
        )
    return Tensor(jnp.where(value.reshape(()).astype(bool), jnp.int32(0), jnp.int32(1)))


class _Merge:
    """One variable after both branches: which of its leaves come out of the conditional.

    A branch that leaves the block (by a flag) need not define it: zeros stand where nobody reads.
    """

    def __init__(self, main: Value, other: Value, is_left: list[bool]):
        self.sides, self.name, self._is_left = (main, other), main.name, is_left
        self._missing = next((i for i, side in enumerate(self.sides) if side.is_undefined), None)
        if main.is_undefined and other.is_undefined:
            self._pattern, self._varies = main, []
            return
        self._pattern = self.sides[1 - self._missing] if self._missing is not None else main
        if self._missing is not None:
            self._varies = [is_numeric(leaf) for leaf in self._pattern.leaves]
            return
        if main.structure != other.structure:
            raise self._different_structures(main, other)
        self._varies = [not is_same(a, b) for a, b in zip(main.leaves, other.leaves, strict=True)]
        self._dtypes = [
            self._dtype(a, b) if varies else None
            for a, b, varies in zip(main.leaves, other.leaves, self._varies, strict=True)
        ]

    def _different_structures(self, main: Value, other: Value) -> Exception:
        if self.name == RESULT and (main.value is None or other.value is None):
            side = _SIDES[0 if main.value is None else 1]
            return InvalidArgumentError(f"the {side} branch must also have a return statement.")
        if main.value is None or other.value is None:
            side = _SIDES[0 if main.value is None else 1]
            return InvalidArgumentError(f"{self.name!r} is None at the end of the {side} branch.")
        return TracedValueError(f"{self.name!r} has different structures in the branches of an if over a tensor.")

    def _dtype(self, a: Any, b: Any) -> Any:
        if not is_numeric(a) or not is_numeric(b):
            raise TracedValueError(
                f"{self.name!r} is {type(a).__name__} in one branch of an if over a tensor and {type(b).__name__} in the other; "
                "only tensors can differ."
            )
        x, y = array_of(a), array_of(b)
        if isinstance(a, _NUMBERS) != isinstance(b, _NUMBERS):
            x, y = array_of(a, y.dtype), array_of(b, x.dtype)
        if x.dtype != y.dtype:
            raise InvalidTypeError(
                f"{self.name!r} has dtype {x.dtype} in the main branch, but dtype {y.dtype} in the else branch. Cast one of them."
            )
        if x.shape != y.shape:
            raise TracedValueError(
                f"{self.name!r} has shape {x.shape} in the main branch, but shape {y.shape} in the else branch."
            )
        return x.dtype

    def outputs(self, side: int, given: list) -> list:
        """What the branch `side` gives for the varying leaves."""
        if self._missing is not None and side == self._missing:
            leaves = [array_of(leaf) for leaf, varies in zip(self._pattern.leaves, self._varies) if varies]
            return [jnp.zeros(leaf.shape, leaf.dtype) for leaf in leaves]
        kept = [array for array, varies in zip(given, self._varies, strict=True) if varies]
        if self._missing is not None:
            return kept
        dtypes = [dtype for dtype, varies in zip(self._dtypes, self._varies, strict=True) if varies]
        return [array.astype(dtype) for array, dtype in zip(kept, dtypes, strict=True)]

    def result(self, results: Any) -> Any:
        """The variable after the `if`."""
        leaves = [next(results) if varies else leaf for leaf, varies in zip(self._pattern.leaves, self._varies)]
        if self._missing is None or self.name == RESULT or self._is_left[self._missing]:
            return self._pattern.rebuilt(leaves) if self._pattern.leaves else self._pattern.value
        if self._pattern.is_undefined:
            return self._pattern.value
        side = _SIDES[self._missing]
        return Undefined(self.name, f"{self.name!r} must also be initialized in the {side} branch")
