"""Weights of Keras 2's CuDNNLSTM and CuDNNGRU in the layout of LSTM and GRU.

Every gate's matrix lies transposed, row behind row, and there are two biases, which LSTM adds. Found by loading files of
tf-keras 2.21 into its LSTM and GRU.
"""

from collections.abc import Sequence

import numpy as np

from cornu.core.variable import Variable


def converted(variables: Sequence[Variable], arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The arrays of a layer, those in cuDNN's layout as its variables keep them: kernel, recurrent kernel, bias."""
    result = list(arrays)
    for place, (variable, bias) in enumerate(zip(variables, arrays)):
        gates = _gates(tuple(variable.shape), bias)
        if place >= 2 and gates:
            for before in (place - 2, place - 1):
                result[before] = _transposed(arrays[before], gates)
            result[place] = bias.reshape(2, -1).sum(0) if gates == 4 else bias.reshape(2, -1)
    return result


def _gates(shape: tuple[int, ...], bias: np.ndarray) -> int:
    """4 for the two biases of an LSTM in a row, 3 for those of a GRU, 0 for anything else."""
    half, rest = divmod(bias.size, 2)
    if bias.ndim != 1 or rest:
        return 0
    return 4 if shape == (half,) and half % 4 == 0 else 3 if shape == (2, half) and half % 3 == 0 else 0


def _transposed(kernel: np.ndarray, gates: int) -> np.ndarray:
    """(rows, gates * units), of which every gate is (units, rows) in memory."""
    rows, columns = kernel.shape
    parts = np.split(kernel, gates, axis=1)
    return np.concatenate([part.reshape(columns // gates, rows).T for part in parts], axis=1)
