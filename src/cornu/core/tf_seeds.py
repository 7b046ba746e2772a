"""Which random numbers an op of TensorFlow draws next: the rules for op seeds, outside and inside of compiled functions.

Established by asking TensorFlow. The pair of seeds (see `global_seed`) is the key and the upper half of the counter of a Philox
stream. Outside of functions, calls of one kind of op with one op seed go on in one stream until the global seed is set; a call
without an op seed has a stream of its own. In a function every op has a stream that goes on from call to call, and
those without an op seed are numbered 0, 1, 2, ... in each function, branch and loop body.
"""

import weakref
from typing import Any

import jax.numpy as jnp
import numpy as np

from cornu.core import global_seed, philox
from cornu.core.context import context
from cornu.core.scopes import FunctionalScope, init_scope
from cornu.core.variable import Variable

_drawn: dict[tuple[str, tuple[int, int]], int] = {}  # blocks used, by kind of op and pair of seeds
_variables: "weakref.WeakSet[_StreamVariable]" = weakref.WeakSet()


def next_state(kind: str, seed: int | None, blocks: int) -> Any:
    """The state for the next draw of an op, which uses that many blocks. Shape: (3,), uint64; see `philox`."""
    if context.scope is not None:
        return _next_in_scope(context.scope, kind, seed, blocks)
    pair = global_seed.seed_pair(seed)
    used = 0
    if seed is not None:
        used = _drawn.get((kind, pair), 0)
        _drawn[kind, pair] = used + blocks
    return philox.state_of(pair[0], (pair[1] << 64) + used)


def _restart() -> None:
    _drawn.clear()
    for variable in _variables:
        variable.restart()


global_seed.on_set.append(_restart)


class _StreamVariable(Variable):
    """The state of the stream of one op of a compiled function.

    `place` tells the op when the function is traced again: the numbers of the scopes around it, its number and its kind.
    """

    def __init__(self, place: tuple, state: np.ndarray):
        super().__init__(state, trainable=False, autocast=False, name="random_stream")
        self.place, self._initial = place, state
        _variables.add(self)

    def restart(self) -> None:
        """Go back to the first number, as TensorFlow's functions do when the global seed is set."""
        with init_scope():
            self._stored = jnp.asarray(self._initial)


class _Numbering:
    """What has been counted in one scope."""

    def __init__(self, path: tuple[int, ...]):
        self.path = path
        self.scopes = self.ops = self.unseeded = 0


_numberings: "weakref.WeakKeyDictionary[FunctionalScope, _Numbering]" = weakref.WeakKeyDictionary()


def _numbering(scope: FunctionalScope) -> _Numbering:
    found = _numberings.get(scope)
    if found is None:
        path: tuple[int, ...] = ()
        if scope._outer[-1] is not None:
            outer = _numbering(scope._outer[-1])
            path, outer.scopes = (*outer.path, outer.scopes), outer.scopes + 1
        found = _numberings[scope] = _Numbering(path)
    return found


def _next_in_scope(scope: FunctionalScope, kind: str, seed: int | None, blocks: int) -> Any:
    numbering = _numbering(scope)
    op_seed = seed
    if seed is None:
        op_seed, numbering.unseeded = numbering.unseeded, numbering.unseeded + 1
    place = numbering.path, numbering.ops, kind, seed
    numbering.ops += 1
    variable = _found(scope, place)
    if variable is None:
        pair = global_seed.seed_pair(None if seed is None and global_seed.global_seed() is None else op_seed)
        variable = _StreamVariable(place, philox.state_of(pair[0], pair[1] << 64))
    else:
        global_seed.count_pair()
    state = variable._read()
    variable.assign(philox.skipped(state, blocks))
    return state


def _found(scope: FunctionalScope | None, place: tuple) -> _StreamVariable | None:
    """The variable made when this op was traced before. A loop body has several scopes, but is given the variables it uses."""
    path, *rest = place
    for variable in [] if scope is None else scope.given.values():
        if isinstance(variable, _StreamVariable):
            known, *other = variable.place
            if other == rest and len(known) == len(path):
                return variable
    while scope is not None:
        for variable in [*scope.given.values(), *scope.missed.values()]:
            if isinstance(variable, _StreamVariable) and variable.place == place:
                return variable
        scope = scope._outer[-1]
    return None
