"""The table that drives both `record_recurrent.py` and `test_recurrent.py`: recurrent layers and how they are called.

Nothing here imports a framework: a layer is (class name, arguments), and arguments may hold layers.
"""

import zlib
from typing import Any, NamedTuple

import numpy as np

MASK = np.array([[0, 1, 1, 0, 1], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0]], bool)


class Layer(NamedTuple):
    """A layer by the name of its class and its arguments."""

    kind: str
    arguments: dict[str, Any]


class Case(NamedTuple):
    """One layer called once. Sequences have three rows of five steps."""

    key: str
    layer: Layer
    shape: tuple[int, ...] = (3, 5, 4)
    mask: bool = False
    states: tuple[tuple[int, ...], ...] = ()  # shapes of the initial states
    training: bool | None = None
    open_shape: tuple[int | None, ...] | None = (None, None, 4)  # None: Keras' symbolic shape is wrong


def of(kind: str, *positional: Any, **arguments: Any) -> Layer:
    """A layer; the positional argument is the cell, the inner layer or the units."""
    first = {"RNN": "cell", "Bidirectional": "layer", "TimeDistributed": "layer", "StackedRNNCells": "cells",
             "ConvLSTM1D": "filters", "ConvLSTM2D": "filters", "ConvLSTM3D": "filters"}  # fmt: skip
    return Layer(kind, {**dict(zip([first.get(kind, "units")], positional, strict=False)), **arguments})


def build(module: Any, thing: Any) -> Any:
    """The layer in that module of layers."""
    if isinstance(thing, Layer):
        return getattr(module, thing.kind)(**{name: build(module, value) for name, value in thing.arguments.items()})
    return [build(module, item) for item in thing] if isinstance(thing, list) else thing


CASES = [
    Case("simple_rnn", of("SimpleRNN", 3)),
    Case("simple_rnn_relu", of("SimpleRNN", 3, activation="relu", use_bias=False, return_sequences=True)),
    Case("simple_rnn_mask", of("SimpleRNN", 3, return_sequences=True), mask=True),
    Case("simple_rnn_backwards", of("SimpleRNN", 3, go_backwards=True, return_sequences=True), mask=True),
    Case("lstm", of("LSTM", 3)),
    Case("lstm_sequences", of("LSTM", 3, return_sequences=True, return_state=True)),
    Case("lstm_mask", of("LSTM", 3, return_state=True), mask=True),
    Case("lstm_mask_zero", of("LSTM", 3, return_sequences=True, zero_output_for_mask=True), mask=True),
    Case("lstm_mask_zero_last", of("LSTM", 3, zero_output_for_mask=True), mask=True),
    Case("lstm_states", of("LSTM", 3, return_sequences=True, go_backwards=True), states=((3, 3), (3, 3)), mask=True),
    Case("lstm_activations", of("LSTM", 3, activation="softsign", recurrent_activation="hard_sigmoid", use_bias=False)),
    Case("lstm_unroll", of("LSTM", 3, unroll=True, return_sequences=True, unit_forget_bias=False), mask=True, open_shape=(None, 5, 4)),
    Case("lstm_regularized", of("LSTM", 3, kernel_regularizer="l2", recurrent_regularizer="l1", bias_constraint="unit_norm")),
    Case("lstm_trained", of("LSTM", 3, return_sequences=True), training=True),
    Case("gru", of("GRU", 3)),
    Case("gru_sequences", of("GRU", 3, return_sequences=True, return_state=True), mask=True),
    Case("gru_states", of("GRU", 3, go_backwards=True), states=((3, 3),)),
    Case("gru_no_bias", of("GRU", 3, use_bias=False, activation="relu", return_sequences=True)),
    Case("gru_before", of("GRU", 3, reset_after=False, return_sequences=True, return_state=True)),
    Case("gru_before_mask", of("GRU", 3, reset_after=False, recurrent_activation="hard_sigmoid"), mask=True),
    Case("rnn_cell", of("RNN", of("LSTMCell", 3), return_sequences=True)),
    Case("rnn_gru_before", of("RNN", of("GRUCell", 3, reset_after=False)), mask=True),
    Case("rnn_stack", of("RNN", [of("LSTMCell", 3), of("GRUCell", 2), of("SimpleRNNCell", 4)], return_state=True), mask=True),
    Case("rnn_stacked_cells", of("RNN", of("StackedRNNCells", [of("GRUCell", 3), of("GRUCell", 2)]), return_sequences=True)),
    Case("bidirectional", of("Bidirectional", of("LSTM", 3))),
    Case("bidirectional_mask", of("Bidirectional", of("LSTM", 3)), mask=True),
    Case("bidirectional_sum", of("Bidirectional", of("GRU", 3, return_sequences=True), merge_mode="sum"), mask=True),
    Case("bidirectional_mul", of("Bidirectional", of("SimpleRNN", 3), merge_mode="mul")),
    Case("bidirectional_ave", of("Bidirectional", of("SimpleRNN", 3, return_sequences=True), merge_mode="ave")),
    Case("bidirectional_both", of("Bidirectional", of("GRU", 3, return_sequences=True), merge_mode=None), mask=True),
    Case("bidirectional_states", of("Bidirectional", of("LSTM", 3, return_sequences=True, return_state=True)),
         states=((3, 3),) * 4),
    Case("bidirectional_other", of("Bidirectional", of("LSTM", 3), backward_layer=of("GRU", 2, go_backwards=True)), open_shape=None),
    Case("time_distributed_dense", of("TimeDistributed", of("Dense", 2, activation="tanh")), mask=True),
    Case("time_distributed_lstm", of("TimeDistributed", of("LSTM", 2)), shape=(2, 3, 5, 4), open_shape=(None, None, 5, 4)),
    Case("time_distributed_conv", of("TimeDistributed", Layer("Conv2D", {"filters": 2, "kernel_size": 2})), shape=(2, 3, 4, 4, 2), open_shape=(None, 3, 4, None, 2)),
    Case("time_distributed_norm", of("TimeDistributed", Layer("BatchNormalization", {"momentum": 0.8})), training=True),
    Case("conv_lstm1d", of("ConvLSTM1D", 2, kernel_size=3, strides=2, return_sequences=True), shape=(2, 3, 7, 2), open_shape=(None, None, 7, 2)),
    Case("conv_lstm1d_dilated", of("ConvLSTM1D", 2, kernel_size=2, dilation_rate=2, use_bias=False), shape=(2, 3, 7, 2), open_shape=(None, 3, None, 2)),
    Case("conv_lstm2d", of("ConvLSTM2D", 2, kernel_size=(2, 3), padding="same", return_state=True), shape=(3, 5, 4, 3, 2),
         mask=True, open_shape=(None, None, 4, 3, 2)),
    Case("conv_lstm2d_valid", of("ConvLSTM2D", 2, kernel_size=2, recurrent_activation="hard_sigmoid", go_backwards=True),
         shape=(2, 3, 4, 3, 2), open_shape=(None, None, 4, None, 2)),
    Case("conv_lstm3d", of("ConvLSTM3D", 2, kernel_size=2, padding="same"), shape=(2, 3, 3, 2, 3, 1), open_shape=(None, None, 3, 2, 3, 1)),
]  # fmt: skip

# Construction only: what the defaults are.
CONFIGS = [
    of("SimpleRNN", 3), of("LSTM", 3, dropout=0.2, seed=3, name="mine"), of("GRU", 3, stateful=True), of("SimpleRNNCell", 3),
    of("LSTMCell", 3, dropout=0.1), of("GRUCell", 3), of("RNN", of("GRUCell", 2, name="cell"), go_backwards=True),
    of("Bidirectional", of("LSTM", 3, name="inner"), merge_mode="sum"), of("ConvLSTM1D", 2, kernel_size=3),
    of("ConvLSTM2D", 2, kernel_size=3), of("ConvLSTM3D", 2, kernel_size=3), of("TimeDistributed", of("Dense", 2, name="d")),
    of("StackedRNNCells", [of("GRUCell", 2, name="a"), of("LSTMCell", 2, name="b")]),
]  # fmt: skip
DEFAULTS = ["SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell", "RNN", "StackedRNNCells", "Bidirectional",
            "TimeDistributed", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Wrapper"]  # fmt: skip


def seed_of(key: str) -> int:
    """A seed for the numbers of a case."""
    return zlib.crc32(key.encode()) % 10000


def inputs_of(case: Case) -> np.ndarray:
    """The sequences of a case."""
    return np.random.RandomState(seed_of(case.key)).normal(size=case.shape).astype("float32")


def states_of(case: Case) -> list[np.ndarray]:
    """The initial states of a case."""
    rng = np.random.RandomState(seed_of(case.key) + 1)
    return [rng.normal(size=shape).astype("float32") for shape in case.states]


def weights_of(case: Case, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Weights for a case, of moderate size and positive where they are variances."""
    rng = np.random.RandomState(seed_of(case.key) + 2)
    values = [rng.uniform(-0.7, 0.7, size=shape).astype("float32") for shape in shapes]
    return [abs(value) + 0.2 for value in values] if "norm" in case.key else values


def cotangent_of(case: Case, position: int, shape: Any) -> np.ndarray:
    """The upstream gradient of an output."""
    return np.random.RandomState(seed_of(case.key) + 3 + position).normal(size=tuple(shape)).astype("float32")
