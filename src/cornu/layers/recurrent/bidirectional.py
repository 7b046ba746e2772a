"""Bidirectional: two recurrent layers that read a sequence from both ends."""

from typing import Any

import jax

from cornu import ops
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import serialization
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.recurrent.rnn import count_of, split_list

MERGE_MODES = ("sum", "mul", "ave", "concat", None)


@LAYERS.add()
class Bidirectional(Layer):
    """Reads a sequence forwards and backwards, and merges what two copies of a recurrent layer give.

    Args:
        layer: A recurrent layer, of which two fresh copies are made: `forward_layer` and `backward_layer`.
        merge_mode: `"concat"`, `"sum"`, `"mul"`, `"ave"`, or None for both outputs as they are.
        backward_layer: Another layer for the way back; it must go backwards.
        weights: Weights to start from, those of the forward layer first.

    The call takes `initial_state`: the states of the forward layer, then those of the backward layer. Masked steps give
    zeros.

    Shape: (batch, steps, features) -> (batch, 2 * units) for `"concat"`; the states of both layers follow if the layer
    returns states.
    Raises: InvalidTypeError if `layer` is no recurrent layer; InvalidArgumentError on an unknown `merge_mode`, or if the
    two layers do not go together.
    Source: keras.layers.Bidirectional; Schuster and Paliwal 1997.
    """

    supports_masking = True

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **common):
        for given in (layer, backward_layer):
            if given is not None:
                _check_recurrent(given)
        if merge_mode not in MERGE_MODES:
            raise InvalidArgumentError(f"Expected merge_mode as one of {MERGE_MODES}; received {merge_mode!r}.")
        super().__init__(weights=weights, **common)
        self.merge_mode = merge_mode
        own = layer.name.removeprefix("forward_")
        self.forward_layer = _copy(layer, name=f"forward_{own}")
        if backward_layer is None:
            backwards = not layer.go_backwards
            self.backward_layer = _copy(layer, name=f"backward_{own}", go_backwards=backwards)
        else:
            self.backward_layer = backward_layer
        _check_pair(self.forward_layer, self.backward_layer)
        self.return_sequences, self.return_state = layer.return_sequences, layer.return_state
        self.stateful = bool(getattr(layer, "stateful", False))
        if self.return_sequences:
            for each in (self.forward_layer, self.backward_layer):
                each.zero_output_for_mask = True  # outputs of both ways are merged step by step
        self.input_spec = layer.input_spec

    def build(self, sequences_shape, initial_state_shape=None):
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer.build(sequences_shape)

    @property
    def states(self) -> list[Any] | None:
        """The state variables of both layers, if they are stateful."""
        return [*self.forward_layer.states, *self.backward_layer.states] if self.stateful else None

    def reset_state(self) -> None:
        """Set the states of both stateful layers to zeros. Raises: FailedPreconditionError if they are not stateful."""
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    def reset_states(self) -> None:
        """The same as `reset_state`."""
        self.reset_state()

    def __call__(self, sequences: Any, *args: Any, **kwargs: Any) -> Any:
        sequences, states = split_list(sequences)
        return super().__call__(sequences, *args, **kwargs, **states)

    def call(self, sequences, initial_state=None, mask=None, training=None):
        states = [{}, {}]
        if initial_state is not None:
            given = list(initial_state) if isinstance(initial_state, (list, tuple)) else [initial_state]
            if len(given) % 2:
                raise InvalidArgumentError(
                    f"Expected an even number of initial states, those of the forward layer first; received {len(given)}."
                )
            half = len(given) // 2
            states = [{"initial_state": given[:half]}, {"initial_state": given[half:]}]
        there = self.forward_layer(sequences, mask=mask, training=training, **states[0])
        back = self.backward_layer(sequences, mask=mask, training=training, **states[1])
        last_states: tuple = ()
        if self.return_state:
            (there, *a), (back, *b) = there, back
            last_states = (*a, *b)
        if self.return_sequences:
            back = ops.flip(back, axis=0 if getattr(self.forward_layer, "time_major", False) else 1)
        merged = self._merge(there, back)
        if not last_states:
            return merged
        return (*merged, *last_states) if self.merge_mode is None else (merged, *last_states)

    def _merge(self, a: Any, b: Any) -> Any:
        if self.merge_mode is None:
            return a, b
        if self.merge_mode == "concat":
            return ops.concatenate([a, b], axis=-1)
        if self.merge_mode == "mul":
            return a * b
        return a + b if self.merge_mode == "sum" else (a + b) / 2

    def compute_mask(self, inputs, previous_mask=None):
        masks = jax.tree.leaves(previous_mask, is_leaf=lambda m: m is None or hasattr(m, "shape"))
        mask = masks[0] if masks and self.return_sequences else None
        if not self.return_state:
            return mask
        outputs = 1 if self.merge_mode is not None else 2
        return [mask] * outputs + [None] * (2 * count_of(self.forward_layer.state_size))

    def get_config(self):
        config = super().get_config()
        del config["weights"]
        config["layer"] = serialization.serialize(self.forward_layer)
        config["backward_layer"] = serialization.serialize(self.backward_layer)
        return config


def _check_recurrent(layer: Any) -> None:
    if not isinstance(layer, Layer):
        raise InvalidTypeError(
            f"Expected a recurrent layer for Bidirectional; received {layer!r} of type {type(layer).__name__}."
        )
    for needed in ("go_backwards", "return_sequences", "return_state"):
        if not hasattr(layer, needed):
            raise InvalidTypeError(
                f"Expected a recurrent layer for Bidirectional, such as LSTM(8); received {type(layer).__name__}, which has no "
                f"`{needed}`."
            )


def _check_pair(forward: Any, backward: Any) -> None:
    if forward.go_backwards == backward.go_backwards:
        raise InvalidArgumentError(
            f"Expected layers that go opposite ways; received go_backwards={forward.go_backwards} for both. Make the backward "
            "layer with go_backwards=True."
        )
    for name in ("return_sequences", "return_state", "stateful"):
        if getattr(forward, name, False) != getattr(backward, name, False):
            raise InvalidArgumentError(
                f"Expected the same {name} for both layers; received {getattr(forward, name)!r} for the forward layer and "
                f"{getattr(backward, name)!r} for the backward layer."
            )


def _copy(layer: Any, **changes: Any) -> Any:
    """A layer of the same config with these changes, and without its weights."""
    parts = [*layer._flatten_layers(), getattr(layer, "cell", None)]
    own = {type(part).__name__: type(part) for part in parts if not type(part).__module__.startswith("cornu.")}
    with serialization.custom_object_scope(own):
        return type(layer).from_config({**serialization.serialize(layer)["config"], **changes})
