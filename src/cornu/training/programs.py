"""Compiled programs over a model's variables.

A program is a pure function of the variables' values. It runs user code (`train_step`, layers, metrics) inside a functional
scope, and returns what the scope holds at the end. The training program fuses any number of steps into one dispatch: the
number is an argument of a `while` loop, so that compiling costs the same for 1 and for 1,000 steps, and the results are
bit-equal however the steps are grouped.
"""

import threading
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from cornu.core import config
from cornu.core.compile_cache import enable_compile_cache
from cornu.core.compiling import jit
from cornu.core.scopes import FunctionalScope
from cornu.core.symbolic import unboxed
from cornu.core.tensor import Tensor, box
from cornu.core.tracebacks import end_with_message
from cornu.core.variable import Variable


class _Incomplete(Exception):
    """The traced code touched variables that the program does not carry; it has to be traced again with them."""


class Program:
    """Compiled user code. `mutable` variables are carried through, `fixed` ones are only read.

    Variables that turn up while tracing (a counter in a custom layer, a metric made in `call`) are added and the code is
    traced again, so that nothing is lost and nothing is baked in as a constant.
    """

    def __init__(self, mutable: list[Variable], fixed: list[Variable]):
        enable_compile_cache()
        self.mutable, self.fixed = list(mutable), list(fixed)
        self._complete, self._lock = False, threading.Lock()
        self._compiled: dict[Any, Callable] = {}  # by what is static
        self._settings = config.version()

    def _version(self, key: Any, make: Callable[[], Callable]) -> Callable:
        """The compiled code for what is static; settings (floatx, epsilon) are baked into it."""
        if self._settings != config.version():
            self._settings, self._compiled = config.version(), {}
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = jit(make())
        return compiled

    def _pure(self, function: Callable) -> Callable:
        """`function` as (mutable values, fixed values, *args) -> (outputs as arrays, new mutable values)."""

        def run(mutable: list, fixed: list, *args: Any) -> tuple[Any, list]:
            given = zip(self.mutable + self.fixed, [*mutable, *fixed], strict=True)
            with FunctionalScope(given) as scope:
                outputs = unboxed(function(*box(args)))
            self._admit(scope)
            return outputs, [scope.value_of(variable) for variable in self.mutable]

        return run

    def _admit(self, scope: FunctionalScope) -> None:
        mutable = {id(variable) for variable in self.mutable}
        known = mutable | {id(variable) for variable in self.fixed}
        written = [variable for key, variable in scope.written.items() if key not in mutable]
        read = [variable for key, variable in scope.missed.items() if key not in known and key not in scope.written]
        if written or read:
            moved = set(map(id, written))
            self.fixed = [variable for variable in self.fixed if id(variable) not in moved] + read
            self.mutable += written
            raise _Incomplete

    def _attempt(self, compiled: Callable, args: tuple) -> tuple[Any, list] | None:
        """Outputs and new values; None if tracing found more variables."""
        mutable = [variable._stored for variable in self.mutable]
        fixed = [variable._stored for variable in self.fixed]
        try:
            return compiled(mutable, fixed, *args)
        except _Incomplete:
            return None

    def _call(self, compiled: Callable, *args: Any) -> Any:
        """Run on the variables' present values and store the new ones; outputs stay on the device."""
        try:
            done = self._attempt(compiled, args) if self._complete else None
            if done is None:  # the first call, or batches of another shape touch variables of their own
                with self._lock:  # while tracing finds new variables, no other thread may gather the old ones
                    while done is None:
                        done = self._attempt(compiled, args)
                    self._complete = True
        except Exception as error:
            end_with_message(error)
            raise
        outputs, values = done
        for variable, value in zip(self.mutable, values, strict=True):
            variable._stored = value
        return outputs


class StepProgram(Program):
    """One call of `step` per dispatch: `program(batch) -> outputs`."""

    def __init__(self, step: Callable, mutable: list[Variable], fixed: list[Variable]):
        super().__init__(mutable, fixed)
        self._step = step

    def __call__(self, *args: Any) -> Any:
        return self._call(self._version(None, lambda: self._pure(self._step)), *args)


class LoopProgram(Program):
    """Many steps per dispatch over data that lies on the device.

    `step(batch) -> logs` runs for every batch; `results() -> logs` runs once after the last one, or is None to take the logs
    of the last step.
    """

    def __init__(self, step: Callable, results: Callable | None, mutable: list[Variable], fixed: list[Variable]):
        super().__init__(mutable, fixed)
        self._step, self._results = step, results

    def __call__(self, rows: int, data: Any, order: Any, first: int, count: int) -> dict[str, Any]:
        """Logs after `count` batches of `rows` rows, the first of which starts at row `first`.

        `order` permutes the rows (int32, one entry per row) or is None.
        """
        return self._call(self._version(rows, lambda: self._loop(rows)), data, order, first, count)

    def search(self, rows: int, data: Any, order: Any) -> None:
        """Find all variables that the code touches, without running it. Arguments as in a call."""
        with self._lock:
            while True:
                values = [variable._stored for variable in self.mutable], [variable._stored for variable in self.fixed]
                try:
                    jax.eval_shape(self._version(rows, lambda: self._loop(rows)), *values, data, order, 0, 1)
                    return
                except _Incomplete:
                    continue

    def _loop(self, rows: int) -> Callable:
        step = self._pure(self._step)

        def run(mutable: list, fixed: list, data: Any, order: Any, first: Any, count: Any) -> tuple[Any, list]:
            def batch_of(i: Any) -> Any:
                start = first + i * rows
                if order is None:
                    return jax.tree.map(lambda a: lax.dynamic_slice_in_dim(a, start, rows), data)
                index = lax.dynamic_slice_in_dim(order, start, rows)
                return jax.tree.map(lambda a: a.at[index].get(mode="promise_in_bounds"), data)

            if self._results is not None:

                def body(i: Any, values: list) -> list:
                    return step(values, fixed, batch_of(i))[1]

                values = lax.fori_loop(0, count, body, mutable)
                return self._pure(self._results)(values, fixed)

            logs = jax.eval_shape(lambda values: step(values, fixed, batch_of(0))[0], mutable)
            empty = jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), logs)

            def body_with_logs(i: Any, carry: tuple) -> tuple:
                return step(carry[1], fixed, batch_of(i))

            return lax.fori_loop(0, count, body_with_logs, (empty, mutable))

        return run


class FoldedProgram:
    """The same program of several models of one architecture, run for all of them in one dispatch.

    The models' variables are gathered when it is made, and have their new values after `store`.
    """

    def __init__(self, programs: list[LoopProgram]):
        enable_compile_cache()
        self._programs = programs
        self._compiled: dict[int, Callable] = {}  # by rows
        self.mutable = [_stacked(variables) for variables in zip(*(p.mutable for p in programs), strict=True)]
        self._fixed = [_stacked(variables) for variables in zip(*(p.fixed for p in programs), strict=True)]

    def __call__(self, rows: int, data: Any, orders: Any, first: int, count: int) -> dict[str, Any]:
        """As `LoopProgram`, of data that all models share; `orders` and the logs have a row for each model."""
        if rows not in self._compiled:
            axes = 0, 0, None, 0, None, None
            self._compiled[rows] = jit(jax.vmap(self._programs[0]._loop(rows), axes))
        logs, self.mutable = self._compiled[rows](self.mutable, self._fixed, data, orders, first, count)
        return logs

    def repeated(self, variables: list[Variable]) -> dict[int, jax.Array]:
        """What the first model's variables hold, once for each model, by their places in `mutable`."""
        wanted = set(map(id, variables))
        count, mutable = len(self._programs), self._programs[0].mutable
        return {i: jnp.stack([v._stored] * count) for i, v in enumerate(mutable) if id(v) in wanted}

    def read_from(self, other: "FoldedProgram") -> None:
        """Take over the values of another program of the same models."""
        values = {id(v): value for v, value in zip(other._programs[0].mutable, other.mutable, strict=True)}
        for stack, variables in ((self.mutable, self._programs[0].mutable), (self._fixed, self._programs[0].fixed)):
            stack[:] = [values.get(id(v), value) for v, value in zip(variables, stack, strict=True)]

    def store(self) -> None:
        """Give every model's variables their values."""
        for k, program in enumerate(self._programs):
            for variable, values in zip(program.mutable, self.mutable, strict=True):
                variable._stored = values[k]


def _stacked(variables: tuple[Variable, ...]) -> jax.Array:
    return jnp.stack([jnp.asarray(variable._stored) for variable in variables])


def gradient_step(model: Any, x: Any, y: Any, sample_weight: Any) -> tuple[Tensor, Any]:
    """Forward pass, gradients and optimizer update; returns (loss, y_pred). Runs inside a functional scope.

    Variables that `call` writes (moving means, seeds, counters) are carried out of the differentiated function.
    """
    variables = model.trainable_variables
    optimizer = model.optimizer
    written: list[Variable] = []

    def forward(values: list) -> tuple[Any, tuple]:
        with FunctionalScope(zip(variables, values, strict=True)) as scope:
            y_pred = model(x, training=True)
            loss = model._loss_of(x, y, y_pred, sample_weight, training=True)
            scaled = optimizer.scale_loss(loss)
        model._clear_losses()
        written[:] = list(scope.written.values())
        masks = jax.tree.map(lambda t: getattr(t, "_keras_mask", None), y_pred, is_leaf=lambda t: isinstance(t, Tensor))
        after = [scope.value_of(variable) for variable in written]
        return scaled._value, (loss._value, unboxed(y_pred), unboxed(masks), after)

    values = [variable._read() for variable in variables]
    (_, (loss, y_pred, masks, updates)), gradients = jax.value_and_grad(forward, has_aux=True)(values)
    for variable, value in zip(written, updates, strict=True):
        variable.assign(value)
    optimizer.apply([Tensor(g) for g in gradients], variables)
    y_pred = box(y_pred)
    for output, mask in zip(_tensors(y_pred), jax.tree.leaves(masks, is_leaf=lambda m: m is None), strict=True):
        if mask is not None:
            output._keras_mask = Tensor(mask)  # metrics leave out what is masked
    return Tensor(loss), y_pred


def _tensors(nest: Any) -> list:
    return jax.tree.leaves(nest, is_leaf=lambda t: isinstance(t, Tensor))
