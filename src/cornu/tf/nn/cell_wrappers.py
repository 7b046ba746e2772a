"""Recurrent cells with something around every step: dropout, a residual connection, a device.

Source: tf.nn.RNNCellDropoutWrapper, tf.nn.RNNCellResidualWrapper, tf.nn.RNNCellDeviceWrapper.
"""

from collections.abc import Callable
from typing import Any

import jax

from cornu import layers, ops
from cornu._base.errors import InvalidArgumentError
from cornu.core import serialization
from cornu.core.tensor import Tensor
from cornu.tf import scopes
from cornu.tf.nn.dropouts import dropout
from cornu.tf.random import uniform


class _CellWrapper(layers.Layer):
    """A cell that stands in for another one; its weights are the other's."""

    def __init__(self, cell: Any, **common: Any):
        super().__init__(**common)
        self.cell = cell

    @property
    def state_size(self) -> Any:
        """The sizes of the cell's states."""
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        """The size of the cell's output."""
        return self.cell.output_size

    def build(self, input_shape: Any) -> None:
        """Make the cell's weights."""
        if not self.cell.built:
            self.cell.build(input_shape)
            self.cell.built = True

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """The cell's states before the first step, as many rows as `inputs` or `batch_size` say."""
        return self.cell.get_initial_state(batch_size=inputs.shape[0] if batch_size is None else batch_size)

    def call(self, inputs: Any, states: Any, training: bool | None = None) -> tuple[Any, Any]:
        """One step. Returns: output, states."""
        return self.cell(inputs, states, training=training)

    def get_config(self) -> dict[str, Any]:
        """The arguments, the cell serialized."""
        return {**super().get_config(), "cell": serialization.serialize(self.cell)}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """A wrapper made from what `get_config` returned."""
        return cls(**config | {"cell": serialization.deserialize(config["cell"], custom_objects=custom_objects)})


class RNNCellDropoutWrapper(_CellWrapper):
    """Drops entries of inputs, states and outputs at every step, in training and otherwise; the others grow by `1 / keep`.

    Args:
        input_keep_prob, output_keep_prob, state_keep_prob: the share of entries that stays.
        variational_recurrent: the same entries at every step; needs `dtype`, and `input_size` unless all inputs stay.
        input_size: the sizes of an input.
        dropout_state_filter_visitor: a function of a state that says whether it is dropped from.

    Raises: InvalidArgumentError on a share outside of 0 to 1. Source: Zaremba et al. 2014; Gal and Ghahramani 2015.
    """

    def __init__(
        self, cell: Any, input_keep_prob: float = 1.0, output_keep_prob: float = 1.0, state_keep_prob: float = 1.0,
        variational_recurrent: bool = False, input_size: Any = None, dtype: Any = None, seed: int | None = None,
        dropout_state_filter_visitor: Callable | None = None, **common: Any,
    ):  # fmt: skip
        super().__init__(cell, **common, **({} if dtype is None else {"dtype": dtype}))
        shares = {"input": input_keep_prob, "output": output_keep_prob, "state": state_keep_prob}
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise InvalidArgumentError(f"Expected {name}_keep_prob from 0 to 1; received {share!r}.")
        self.input_keep_prob, self.output_keep_prob, self.state_keep_prob = shares.values()
        self.variational_recurrent, self.input_size, self.seed = variational_recurrent, input_size, seed
        self.dropout_state_filter_visitor = dropout_state_filter_visitor
        self._noise: dict[str, Tensor] = {}
        if variational_recurrent:
            self._draw(dtype, input_size)

    def _draw(self, dtype: Any, input_size: Any) -> None:
        """The random numbers that all steps share. Shape: (1, size)."""
        if dtype is None or (input_size is None and self.input_keep_prob < 1):
            missing = "dtype" if dtype is None else "input_size"
            raise InvalidArgumentError(f"Expected {missing} together with variational_recurrent=True; received None.")
        sizes = {"input": input_size, "output": self.output_size}
        sizes |= {f"state{i}": size for i, size in enumerate(jax.tree.leaves(self.state_size))}
        for place, (name, size) in enumerate(sizes.items()):
            if size is not None:
                shape = (1, *(size if isinstance(size, (tuple, list)) else (size,)))
                self._noise[name] = uniform(shape, dtype=dtype, seed=None if self.seed is None else self.seed + place)

    def _dropped(self, x: Any, name: str, keep: float) -> Any:
        if keep == 1:
            return x
        if name in self._noise:
            return ops.where(self._noise[name] < keep, x / keep, ops.zeros_like(x)) if keep else ops.zeros_like(x)
        return dropout(x, 1 - keep, seed=self.seed) if keep else ops.zeros_like(x)

    def call(self, inputs: Any, states: Any, training: bool | None = None) -> tuple[Any, Any]:
        output, states = self.cell(self._dropped(inputs, "input", self.input_keep_prob), states, training=training)
        leaves, structure = jax.tree.flatten(states, is_leaf=lambda x: isinstance(x, Tensor))
        goes = self.dropout_state_filter_visitor or (lambda state: True)
        leaves = [
            self._dropped(state, f"state{i}", self.state_keep_prob) if goes(state) else state
            for i, state in enumerate(leaves)
        ]
        return self._dropped(output, "output", self.output_keep_prob), jax.tree.unflatten(structure, leaves)


class RNNCellResidualWrapper(_CellWrapper):
    """Adds the input to the cell's output, or gives `residual_fn(input, output)`.

    Raises: InvalidArgumentError if their shapes differ. Source: Wu et al. 2016, arXiv:1609.08144.
    """

    def __init__(self, cell: Any, residual_fn: Callable | None = None, **common: Any):
        super().__init__(cell, **common)
        self.residual_fn = residual_fn

    def call(self, inputs: Any, states: Any, training: bool | None = None) -> tuple[Any, Any]:
        output, states = self.cell(inputs, states, training=training)
        if self.residual_fn is not None:
            return self.residual_fn(inputs, output), states
        if tuple(inputs.shape) != tuple(output.shape):
            raise InvalidArgumentError(
                f"Expected inputs of the shape of the cell's output, {tuple(output.shape)}; received {tuple(inputs.shape)}. "
                "Give a residual_fn that makes them alike."
            )
        return inputs + output, states


class RNNCellDeviceWrapper(_CellWrapper):
    """Runs the cell on a device."""

    def __init__(self, cell: Any, device: str, **common: Any):
        super().__init__(cell, **common)
        self.device = device

    def call(self, inputs: Any, states: Any, training: bool | None = None) -> tuple[Any, Any]:
        with scopes.device(self.device):
            return self.cell(inputs, states, training=training)
