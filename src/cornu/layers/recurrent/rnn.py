"""RNN: walks a cell along a sequence."""

import inspect
from typing import Any

import jax
import jax.numpy as jnp

from cornu import ops
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core.context import context
from cornu.core.scopes import init_scope
from cornu.core.shapes import text
from cornu.core.symbolic import PROBES, unboxed
from cornu.core.tensor import Tensor, box, convert_to_tensor
from cornu.core.variable import Variable
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.cell_scan import StepsOp, Touched, scan_steps
from cornu.layers.recurrent.dropout_masks import DropoutRNNCell
from cornu.layers.recurrent.split_scan import split_scan
from cornu.layers.recurrent.stacked_rnn_cells import StackedRNNCells, initial_state_of

_is_tensor = lambda x: isinstance(x, Tensor)


@LAYERS.add()
class RNN(Layer):
    """Applies a cell to every step of a sequence, handing its states on.

    Args:
        cell: An object with `call(inputs, states) -> (output, new_states)` and `state_size`, optionally `output_size` and
            `get_initial_state(batch_size=None)`; or a list of them, which are stacked.
        return_sequences: Return the outputs of all steps instead of the last.
        return_state: Return the last states as well: `output, *states`.
        go_backwards: Walk from the last step to the first; outputs stay in the order of the walk.
        stateful: Start each batch with the states that the one before ended with. Needs a fixed batch size.
        unroll: Write the loop out, which compiles longer and helps only very short sequences.
        zero_output_for_mask: Masked steps give zeros, instead of the output of the step before.
        time_major: Inputs and outputs are (steps, batch, ...), as tf.keras 2 could have them.
        input_length: Number of steps, as older Keras took it beside `input_dim`.

    The call takes `initial_state`: one tensor for each state, also as `layer([x, *states])`; and `mask` of shape
    (batch, steps), True where there is data.

    Shape: (batch, steps, features) -> (batch, units), or (batch, steps, units) with `return_sequences`.
    Raises: InvalidTypeError if the cell lacks a method; InvalidArgumentError on wrong shapes, or if `stateful` has no
    batch size.
    Source: keras.layers.RNN.
    """

    supports_masking = True
    _programs: Any = None  # made at the first call

    def __init__(self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 zero_output_for_mask=False, **common):  # fmt: skip
        super().__init__(**_without_keras_2(self, common))
        cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        for needed in ("call", "state_size"):
            if not hasattr(cell, needed):
                raise InvalidTypeError(
                    f"Expected a cell with `call(inputs, states)` and `state_size`, or a list of cells; received {cell!r}, "
                    f"which has no `{needed}`."
                )
        self.cell = cell
        self.return_sequences, self.return_state = bool(return_sequences), bool(return_state)
        self.go_backwards, self.stateful, self.unroll = bool(go_backwards), bool(stateful), bool(unroll)
        self.zero_output_for_mask = bool(zero_output_for_mask)
        object.__setattr__(self, "_state_variables", ())

    # -- building and states

    def build(self, sequences_shape, initial_state_shape=None):
        batch, _, *features = self._batch_first(sequences_shape)
        if getattr(self.cell, "built", True) is False:
            self.cell.build((batch, *features))
        if self.stateful:
            if batch is None:
                raise InvalidArgumentError(
                    f"Expected a fixed batch size, because stateful=True; received inputs of shape {text(sequences_shape)}. "
                    "Give Input(batch_shape=(32, 10, 8)), or batch_input_shape= to the first layer."
                )
            self._make_state_variables(batch)

    def _make_state_variables(self, batch: int) -> None:
        states = self._nested_state(batch)
        make = lambda value: Variable(value, trainable=False, autocast=False, name="rnn_state")
        with init_scope():
            variables = jax.tree.map(make, states, is_leaf=_is_tensor)
        object.__setattr__(self, "_state_variables", tuple(variables))  # no weights: neither counted nor saved

    @property
    def states(self) -> list[Any]:
        """The variables that a stateful layer keeps its states in; None for each state of another layer."""
        if self._state_variables:
            return list(self._state_variables)
        return [None] * count_of(self.state_size)

    @property
    def state_size(self) -> Any:
        """The sizes of the cell's states."""
        return self.cell.state_size

    def get_initial_state(self, batch_size: int) -> list[Any]:
        """The states that a sequence starts with: those of the cell, or zeros."""
        return self._nested_state(batch_size)

    def _nested_state(self, batch: Any, sequences: Any = None) -> list[Any]:
        """States to start with; `sequences` for cells whose states have axes of the inputs."""
        return initial_state_of(self.cell, batch, self.compute_dtype)

    def reset_state(self, states: Any = None) -> None:
        """Set the states of a stateful layer to zeros, or to the given arrays.

        Raises: FailedPreconditionError if the layer is not stateful; InvalidArgumentError on another number of states.
        """
        if not self.stateful:
            raise FailedPreconditionError(
                f"The states of {self.name!r} cannot be reset: it was made without stateful=True."
            )
        variables = jax.tree.leaves(list(self._state_variables), is_leaf=lambda x: isinstance(x, Variable))
        if states is None:
            for variable in variables:
                variable.assign(ops.zeros(variable.shape, dtype=variable.dtype))
            return
        if not variables:
            raise FailedPreconditionError(f"{self.name!r} has no states yet. Build it or call it first.")
        given = list(states) if isinstance(states, (list, tuple)) else [states]
        if len(given) != len(variables):
            raise InvalidArgumentError(f"Expected {len(variables)} states for {self.name!r}; received {len(given)}.")
        for variable, value in zip(variables, given, strict=True):
            variable.assign(value)

    def reset_states(self, states: Any = None) -> None:
        """The same as `reset_state`."""
        self.reset_state(states)

    # -- calling

    def __call__(self, sequences: Any, *args: Any, **kwargs: Any) -> Any:
        sequences, states = split_list(sequences)
        return super().__call__(sequences, *args, **kwargs, **states)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if self.time_major:
            sequences = ops.swapaxes(sequences, 0, 1)
        batch, steps = sequences.shape[:2]
        if self.unroll and context.inferring and steps in PROBES:
            steps = None
        mask = self._checked_mask(mask, batch, sequences.shape[1])
        states = self._first_states(initial_state, sequences)
        training = bool(training)
        masks = self._dropout_masks(sequences, states) if training else []
        options = (training, self.return_sequences, self.go_backwards, self.unroll and steps is not None,
                   self.zero_output_for_mask)  # fmt: skip
        touched = self._touched(sequences, states, masks, training)
        programs = self._programs or StepsOp(self._run)
        object.__setattr__(self, "_programs", programs)
        outputs, states = programs(sequences, states, {"mask": mask, "dropout": masks}, touched, options)
        if self.stateful:
            own = jax.tree.leaves(list(self._state_variables), is_leaf=lambda x: isinstance(x, Variable))
            for variable, value in zip(own, jax.tree.leaves(states, is_leaf=_is_tensor), strict=True):
                variable.assign(value)
        if self.time_major and self.return_sequences:
            outputs = ops.swapaxes(outputs, 0, 1)
        return (outputs, *states) if self.return_state else outputs

    def compute_mask(self, inputs, previous_mask=None):
        mask = jax.tree.leaves(previous_mask, is_leaf=lambda m: m is None or hasattr(m, "shape"))
        mask = mask[0] if mask and self.return_sequences else None
        return [mask] + [None] * count_of(self.state_size) if self.return_state else mask

    def _batch_first(self, shape: Any) -> tuple:
        return (shape[1], shape[0], *shape[2:]) if self.time_major else tuple(shape)

    def _checked_mask(self, mask: Any, batch: int, steps: int) -> Any:
        mask = mask[0] if isinstance(mask, (list, tuple)) and mask and not isinstance(mask[0], (bool, list)) else mask
        if mask is None:
            return None
        mask = ops.cast(convert_to_tensor(mask), "bool")
        mask = ops.swapaxes(mask, 0, 1) if self.time_major else mask
        if mask.ndim == 3 and mask.shape[-1] == 1:
            mask = ops.squeeze(mask, -1)
        if tuple(mask.shape) != (batch, steps):
            raise InvalidArgumentError(
                f"Expected a mask of shape (batch, steps), here {text((batch, steps))}; received {text(mask.shape)}."
            )
        return mask

    def _first_states(self, initial_state: Any, sequences: Any) -> list[Any]:
        batch = sequences.shape[0]
        kept = list(self._state_variables)
        if initial_state is None and kept:
            read = lambda variable: ops.cast(variable.value, self.compute_dtype)
            states = jax.tree.map(read, kept, is_leaf=lambda x: isinstance(x, Variable))
        else:
            states = self._nested_state(batch, sequences)
        expected, structure = jax.tree.flatten(states, is_leaf=_is_tensor)
        if initial_state is not None:
            given = jax.tree.leaves(initial_state, is_leaf=_is_tensor)
            casts = [ops.cast(convert_to_tensor(state), like.dtype) for state, like in zip(given, expected)]
            given = [*casts, *given[len(expected) :]]
            if [s.shape for s in given] != [s.shape for s in expected]:
                raise InvalidArgumentError(
                    f"Expected initial states of the shapes {_shapes(expected)} for inputs of shape "
                    f"{text(sequences.shape)}; received {_shapes(given)}."
                )
            return jax.tree.unflatten(structure, given)
        if expected and expected[0].shape[0] != batch:
            raise InvalidArgumentError(
                f"Expected batches of {expected[0].shape[0]} rows, because stateful=True keeps a state for each row; received "
                f"{batch} rows. Use data whose length is a multiple of the batch size."
            )
        return states

    # -- dropout, variables

    def _masked_cells(self) -> list[DropoutRNNCell]:
        cells = self.cell.cells if isinstance(self.cell, StackedRNNCells) else [self.cell]
        return [cell for cell in cells if isinstance(cell, DropoutRNNCell)]

    def _dropout_masks(self, sequences: Any, states: list[Any]) -> list[list[Any]]:
        """The masks of every cell that drops entries, for one sequence."""
        cells, states = (self.cell.cells, states) if isinstance(self.cell, StackedRNNCells) else ([self.cell], [states])
        masks = []
        inputs = jax.ShapeDtypeStruct((sequences.shape[0], *sequences.shape[2:]), sequences._value.dtype)
        for cell, own in zip(cells, states):
            if isinstance(cell, DropoutRNNCell):
                masks.append(cell.draw_masks(inputs, own[0]))
            output = getattr(cell, "output_size", None) or own[0].shape[-1]
            inputs = jax.ShapeDtypeStruct((sequences.shape[0], output), sequences._value.dtype)
        return masks

    def _touched(self, sequences: Any, states: Any, masks: list, training: bool) -> Touched:
        """The variables that a step touches."""
        if self._is_known():
            return Touched(self.cell.weights, [])
        row = jax.ShapeDtypeStruct((sequences.shape[0], *sequences.shape[2:]), sequences._value.dtype)
        shape_of = lambda s: jax.ShapeDtypeStruct(s._value.shape, s._value.dtype)
        structs = jax.tree.map(shape_of, states, is_leaf=_is_tensor)
        layers = self.cell._flatten_layers() if isinstance(self.cell, Layer) else []
        losses = sum(len(layer._call_losses) for layer in layers)
        with _masks_in_use(self._masked_cells(), masks):
            touched = Touched.by(self._step(training), row, structs)
        if sum(len(layer._call_losses) for layer in layers) != losses:
            raise InvalidArgumentError(
                f"The cell of {self.name!r} adds a loss in every step, which cannot leave the loop. Add it to the outputs: use "
                "activity_regularizer on the recurrent layer, or a layer after it that calls add_loss."
            )
        return touched

    def _is_known(self) -> bool:
        """Whether the cell is one whose inputs can be projected for all steps at once."""
        cell = self.cell
        if not getattr(type(cell), "project", None) or not type(cell).call.__module__.startswith("cornu."):
            return False
        functions = [cell.activation, getattr(cell, "recurrent_activation", cell.activation)]
        return all(getattr(f, "__module__", "").startswith("cornu.") and not isinstance(f, Layer) for f in functions)

    # -- the loop, on arrays

    def _run(self, sequences: Any, states: Any, extras: Any, touched: Touched, options: tuple) -> tuple[Any, Any]:
        training, collect, backwards, unroll, zero = options
        mask, masks = extras["mask"], extras["dropout"]
        xs = jnp.swapaxes(sequences, 0, 1)  # (steps, batch, ...)
        rows = None if mask is None else mask.T
        if backwards:
            xs, rows = xs[::-1], None if rows is None else rows[::-1]
        if self._is_known():
            outputs, states = self._run_known(
                xs, states, rows, box(masks[0]) if masks else [None, None], collect, zero, unroll
            )
        else:
            with _masks_in_use(self._masked_cells(), box(masks)):
                step = self._step(training)
                outputs, states = scan_steps(step, xs, states, rows, touched.written, collect, zero, unroll)
        return jnp.swapaxes(outputs, 0, 1) if collect else outputs, states

    def _run_known(self, xs, states, rows, masks, collect, zero, unroll) -> tuple[Any, Any]:
        cell: Any = self.cell
        projected = unboxed(cell.project(box(xs), masks[0], apart=True))
        weights: Any = cell.recurrent_weights(masks[1], apart=True)
        if not cell.is_split:
            step = lambda x, s: (lambda new: (new[0], new))(cell.step(x, s, weights))
            return scan_steps(step, projected, states, rows, [], collect, zero, unroll)
        result: Any = split_scan(cell, collect, unroll, unboxed(weights), projected, tuple(states), rows)
        last = result[0]
        outputs = result[1] if collect else last[0]
        if rows is not None:
            if collect:
                shown = rows if zero else jnp.cumsum(rows, axis=0) > 0  # before the first step with data: zeros
            else:
                shown = rows[-1] if zero else rows.any(axis=0)
            outputs = jnp.where(shown.reshape(*shown.shape, *(1,) * (outputs.ndim - shown.ndim)), outputs, 0)
        return outputs, list(last)

    def _step(self, training: bool) -> Any:
        """The cell as a function (input, states) -> (output, new states)."""
        cell = self.cell
        function = cell if callable(cell) else cell.call
        takes_training = isinstance(cell, Layer) or "training" in inspect.signature(cell.call).parameters
        options = {"training": training} if takes_training else {}

        def step(x: Any, states: Any) -> tuple[Any, Any]:
            result = function(x, states, **options)
            if not isinstance(result, (list, tuple)) or len(result) != 2:
                raise InvalidTypeError(
                    f"Expected the cell's call to return (output, new_states); received {type(result).__name__}."
                )
            return result[0], result[1]

        return step

    # -- configs

    def get_config(self):
        config = super().get_config()
        config["zero_output_for_mask"] = self.zero_output_for_mask
        if self.time_major:
            config["time_major"] = True
        return config

    def __getstate__(self):
        return {**super().__getstate__(), "_programs": None}


def count_of(size: Any) -> int:
    """The number of states that a `state_size` tells of."""
    return len(size) if isinstance(size, (list, tuple)) else 1


class _masks_in_use:
    """The cells use these masks inside."""

    def __init__(self, cells: list[DropoutRNNCell], masks: list):
        self._pairs = list(zip(cells, masks))

    def __enter__(self) -> None:
        self._saved = [cell.use_masks(masks) for cell, masks in self._pairs]

    def __exit__(self, *error: Any) -> None:
        for (cell, _), saved in zip(self._pairs, self._saved, strict=True):
            cell.restore_masks(saved)


def split_list(inputs: Any) -> tuple[Any, dict[str, Any]]:
    """`[x, *states]`, as Keras 2 takes initial states, as `x` and the keyword argument."""
    if isinstance(inputs, (list, tuple)) and len(inputs) > 1:
        sequences, *states = inputs
        if len(getattr(sequences, "shape", ())) > 2:
            return sequences, {"initial_state": states}
    return inputs, {}


def of_cell(name: str) -> Any:
    """A property that reads an argument from the cell."""
    return property(lambda self: getattr(self.cell, name), doc=f"`{name}` of the cell.")


def _without_keras_2(layer: RNN, common: dict[str, Any]) -> dict[str, Any]:
    """Arguments of all layers, after those of older recurrent layers were understood."""
    object.__setattr__(layer, "time_major", bool(common.pop("time_major", False)))
    common.pop("implementation", None)  # which of several ways to compute the same
    length = common.pop("input_length", None)
    if common.get("input_dim") is not None and common.get("input_shape") is None:
        common["input_shape"] = (length, common.pop("input_dim"))
    return common


def _shapes(tensors: list[Any]) -> str:
    return ", ".join(text(tensor.shape) if hasattr(tensor, "shape") else repr(tensor) for tensor in tensors) or "none"
