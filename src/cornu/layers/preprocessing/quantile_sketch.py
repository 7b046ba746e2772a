"""A small summary of many numbers that tells their quantiles: points and how many numbers each stands for."""

import numpy as np


class QuantileSketch:
    """Quantiles of numbers that come in batches, to about `epsilon`.

    The sketch is a piecewise linear distribution function through `points`, whose `weights` are its steps. A batch adds
    every (n epsilon)-th of its sorted numbers; if there are 1 / epsilon points or more then, the function is read again at
    multiples of `epsilon`.
    """

    def __init__(self, epsilon: float):
        self.epsilon = epsilon
        self.points, self.weights = np.empty(0), np.empty(0)

    def add(self, numbers: np.ndarray) -> None:
        """Take in a batch of numbers, of any shape."""
        values = np.sort(np.asarray(numbers, "float64").reshape(-1))
        if not len(values):
            return
        stride = max(len(values) * self.epsilon, 1.0)
        kept = values[int(stride) - 1 :: int(stride)]
        points = np.concatenate([self.points, kept])
        weights = np.concatenate([self.weights, np.full(len(kept), stride)])
        order = np.argsort(points, kind="stable")
        self.points, self.weights = _read(points[order], weights[order], self.epsilon)

    def quantiles(self, count: int) -> np.ndarray:
        """The numbers that cut the distribution into `count` parts of equal weight; fewer if there are few points."""
        if not len(self.points):
            return np.empty(0)
        return _read(self.points, self.weights, 1 / count)[0][:-1]


def _read(points: np.ndarray, weights: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """The distribution function read at multiples of `share`: fewer points, and the weights between them."""
    if len(points) * share < 1:
        return points, weights
    total = np.cumsum(weights)
    wanted = share + np.arange(0.0, 1.0, share)
    reached = np.interp(wanted, total / total[-1], total)
    return np.interp(wanted, total / total[-1], points), np.diff(reached, prepend=0.0)
