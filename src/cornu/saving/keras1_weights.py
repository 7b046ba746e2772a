"""Weights as Keras 1 and Theano kept them, as they are kept here: one kernel for all gates, axes in today's order."""

from typing import Any

import numpy as np

from cornu import layers
from cornu.models import Model

# Gates in the order of the file, each with its three arrays (kernel, recurrent kernel, bias), and the order here.
_GATES = {layers.LSTM: ("icfo", "ifco"), layers.GRU: ("zrh", "zrh")}
_CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D, layers.Conv2DTranspose, layers.Conv3DTranspose)


def of_keras_1(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """The arrays of a layer in a file of Keras 1, in today's number, order and shape."""
    inner = inner_layers(layer)
    if inner:
        return _distributed(layer, inner, arrays)
    for kind, (file_order, order) in _GATES.items():
        if isinstance(layer, kind) and len(arrays) == 3 * len(order):
            parts = {gate: arrays[3 * i : 3 * i + 3] for i, gate in enumerate(file_order)}
            return [np.concatenate([parts[gate][which] for gate in order], axis=-1) for which in range(3)]
    if arrays and (axes := _kernel_axes(layer)):
        arrays = [np.transpose(array, axes) if array.ndim == len(axes) else array for array in arrays]
    if isinstance(layer, layers.Conv1D) and arrays and arrays[0].ndim == 4:
        arrays = [_one_dimensional(layer, arrays[0]), *arrays[1:]]
    return arrays


def of_theano(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """The arrays of a layer whose convolutions turned their kernels around."""
    inner = inner_layers(layer)
    if inner:
        counts = [len(part.weights) for part in inner]
        if sum(counts) != len(arrays):
            return arrays
        own = {id(v): array for v, array in zip(_order(layer), arrays, strict=True)}
        turned = {
            id(v): array
            for part in inner
            for v, array in zip(_order(part), of_theano(part, [own[id(v)] for v in _order(part)]), strict=True)
        }
        return [turned[id(v)] for v in _order(layer)]
    if isinstance(layer, layers.ConvLSTM2D):
        return [np.flip(array, (0, 1)) if array.ndim == 4 else array for array in arrays]
    if isinstance(layer, _CONVOLUTIONS) and arrays:
        return [np.flip(arrays[0], tuple(range(arrays[0].ndim - 2))), *arrays[1:]]
    return arrays


def inner_layers(layer: Any) -> list[Any]:
    """The layers with weights that share the group of a nested model or a wrapper."""
    if isinstance(layer, Model):
        return [inner for inner in layer.layers if inner.weights]
    if isinstance(layer, layers.Bidirectional):
        return [layer.forward_layer, layer.backward_layer]
    return [layer.layer] if isinstance(layer, layers.TimeDistributed) else []


def _order(layer: Any) -> list[Any]:
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _distributed(layer: Any, inner: list[Any], arrays: list[np.ndarray]) -> list[np.ndarray]:
    """The arrays of several layers in one group: first those that are trained, layer by layer, then the others."""
    for separate_gates in (True, False):
        counts = [_counts(part, separate_gates) for part in inner]
        if sum(map(sum, counts)) == len(arrays):
            break
    else:
        return arrays
    rest, values = list(arrays), {}
    pieces: list[list[np.ndarray]] = [[] for _ in inner]
    for which in (0, 1):
        for piece, count in zip(pieces, counts, strict=True):
            piece += rest[: count[which]]
            rest = rest[count[which] :]
    for part, piece in zip(inner, pieces, strict=True):
        converted = of_keras_1(part, piece)
        if len(converted) != len(part.weights):
            return arrays
        values |= {id(v): array for v, array in zip(_order(part), converted, strict=True)}
    return [values[id(v)] for v in _order(layer)]


def _counts(layer: Any, separate_gates: bool) -> tuple[int, int]:
    """How many arrays of the file are a layer's: trained, and others."""
    inner = inner_layers(layer)
    if inner:
        trained, others = zip(*(_counts(part, separate_gates) for part in inner), strict=True)
        return sum(trained), sum(others)
    gates = next((len(order) for kind, (_, order) in _GATES.items() if isinstance(layer, kind)), 1)
    return len(layer.trainable_weights) * (gates if separate_gates else 1), len(layer.non_trainable_weights)


def _kernel_axes(layer: Any) -> tuple[int, ...] | None:
    """Where the axes of a kernel lie in the file, if not where they lie here."""
    is_first = getattr(layer, "data_format", None) == "channels_first"
    if isinstance(layer, layers.Conv2DTranspose):
        return (2, 3, 0, 1) if is_first else (0, 1, 3, 2)
    if isinstance(layer, (layers.Conv2D, layers.SeparableConv2D)) and is_first:
        return 2, 3, 1, 0
    return (2, 3, 4, 1, 0) if isinstance(layer, layers.Conv3D) and is_first else None


def _one_dimensional(layer: Any, kernel: np.ndarray) -> np.ndarray:
    """A kernel (length, 1, in, out), or (out, in, length, 1) of Theano's order, as (length, in, out)."""
    if kernel.shape[1] == 1 and (kernel.shape[0], *kernel.shape[2:]) == tuple(layer.kernel.shape):
        return kernel[:, 0]
    return np.transpose(kernel, (2, 3, 1, 0))[:, 0]
