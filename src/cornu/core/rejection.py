"""Gamma, Poisson and binomial numbers of a Philox state with TensorFlow's bits: rejection methods, run on the host.

Established by asking TensorFlow: every number has a stream of its own, a fixed number of blocks after the last one, and is
computed in float64. Numbers come in pairs, of which the second is used first; one that is left waits until it is asked for.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu.core import philox
from cornu.core.draws import BLOCKS_PER_NUMBER, _double_fraction, _normal_double

_INVERSION_BLOCKS = 42  # for each binomial number that is found by inversion
_STIRLING = [
    math.lgamma(k + 1) - ((k + 0.5) * math.log(k + 1) - (k + 1) + 0.5 * math.log(2 * math.pi)) for k in range(10)
]


class _Streams:
    """One stream for each number that is to be found. The methods give one value for each of the streams asked for."""

    def __init__(self, state: np.ndarray, starts: np.ndarray):
        self._key = state[2]
        self._low = state[0] + starts.astype(np.uint64)
        self._high = state[1] + (self._low < state[0]).astype(np.uint64)
        self._used = np.zeros(starts.size, np.uint64)
        self._spare = {make: np.full(starts.size, np.nan) for make in (_double_fraction, _normal_double)}

    def uniform(self, streams: np.ndarray) -> np.ndarray:
        """Numbers in [0, 1)."""
        return self._next(_double_fraction, streams)

    def normal(self, streams: np.ndarray) -> np.ndarray:
        """Standard normal numbers."""
        return self._next(_normal_double, streams)

    def _next(self, make: Callable, streams: np.ndarray) -> np.ndarray:
        spare = self._spare[make]
        found = spare[streams]
        spare[streams] = np.nan
        missing = np.flatnonzero(np.isnan(found))
        if missing.size:
            where = streams[missing]
            low = self._low[where] + self._used[where]
            high = self._high[where] + (low < self._low[where]).astype(np.uint64)
            ((x, y),) = philox.encrypt(low, high, self._key)
            spare[where], found[missing] = make(x, y)
            self._used[where] += np.uint64(1)
        return found


def _exactly(function: Callable, values: np.ndarray) -> np.ndarray:
    """A function of the C library for each value: NumPy's own differ in the last bit."""
    return np.array([*map(function, values.tolist())], np.float64)


def gamma(state: np.ndarray, alpha: np.ndarray, samples: int) -> np.ndarray:
    """Gamma numbers of rate 1. Shape: (3,), (n,) -> (samples, n), float64. Source: Marsaglia & Tsang 2000."""
    alpha = np.repeat(alpha.astype(np.float64), samples)
    found = np.full(alpha.size, np.nan)
    streams = _Streams(state, np.arange(alpha.size) * BLOCKS_PER_NUMBER)
    exponential = np.flatnonzero(alpha == 1)
    found[exponential] = -_exactly(math.log1p, -streams.uniform(exponential))
    d = alpha + np.where(alpha < 1, 2 / 3, -1 / 3)
    c = 1 / 3 / np.sqrt(np.maximum(d, np.finfo(float).tiny))
    todo = np.flatnonzero((alpha != 1) & (alpha > 0))
    while todo.size:
        x = streams.normal(todo)
        v = 1 + c[todo] * x
        is_positive = v > 0
        where, x, v = todo[is_positive], x[is_positive], v[is_positive]
        v = v * v * v
        u = streams.uniform(where)
        with np.errstate(divide="ignore"):
            accepted = u < 1 - 0.0331 * (x * x) * (x * x)
            accepted |= np.log(u) < 0.5 * x * x + d[where] * (1 - v + np.log(v))
        done = where[accepted]
        found[done] = d[done] * v[accepted]
        todo = np.setdiff1d(todo, done, assume_unique=True)
    small = np.flatnonzero((alpha < 1) & (alpha > 0))
    found[small] *= [u ** (1 / a) for u, a in zip(streams.uniform(small).tolist(), alpha[small].tolist())]
    return found.reshape(-1, samples).T


def poisson(state: np.ndarray, rate: np.ndarray, samples: int) -> np.ndarray:
    """Poisson numbers. Shape: (3,), (n,) -> (samples, n), float64. Source: Knuth; Hormann 1993 for rates from 10 on.

    Rates that are negative or not finite give nan.
    """
    rate = np.repeat(rate.astype(np.float64), samples)
    found = np.full(rate.size, np.nan)
    streams = _Streams(state, np.arange(rate.size) * BLOCKS_PER_NUMBER)
    todo = np.flatnonzero((rate >= 0) & (rate < 10))
    product, least, count = np.ones(rate.size), _exactly(math.exp, -np.clip(rate, 0, 10)), 0
    while todo.size:
        product[todo] *= streams.uniform(todo)
        is_done = product[todo] <= least[todo]
        found[todo[is_done]] = count
        todo, count = todo[~is_done], count + 1
    todo = np.flatnonzero((rate >= 10) & np.isfinite(rate))
    b = 0.931 + 2.53 * np.sqrt(np.maximum(rate, 10))
    a = -0.059 + 0.02483 * b
    while todo.size:
        u, v = streams.uniform(todo) - 0.5, streams.uniform(todo)
        mean, slope, width = rate[todo], a[todo], b[todo]
        shifted = 0.5 - np.abs(u)
        k = np.floor((2 * slope / shifted + width) * u + mean + 0.43)
        accepted = (shifted >= 0.07) & (v <= 0.9277 - 3.6224 / (width - 2))
        for i in np.flatnonzero(~accepted & (k >= 0) & ((shifted >= 0.013) | (v <= shifted))):
            inverse = 1.1239 + 1.1328 / (width[i] - 3.4)
            bound = -mean[i] + k[i] * math.log(mean[i]) - math.lgamma(k[i] + 1)
            accepted[i] = _log(v[i] * inverse / (slope[i] / shifted[i] ** 2 + width[i])) <= bound
        found[todo[accepted]] = k[accepted]
        todo = todo[~accepted]
    return found.reshape(-1, samples).T


def binomial(state: np.ndarray, counts: np.ndarray, probabilities: np.ndarray, samples: int) -> np.ndarray:
    """Successes among `counts` trials. Shape: (3,), (n,), (n,) -> (samples, n), float64. Source: Hormann 1993 (BTRS).

    Counts that are negative, probabilities outside of [0, 1] and nan give nan.
    """
    n = np.repeat(counts.astype(np.float64), samples)
    p = np.repeat(probabilities.astype(np.float64), samples)
    is_valid = (n >= 0) & np.isfinite(n) & (p >= 0) & (p <= 1)
    is_swapped = p > 0.5
    q = np.where(is_swapped, 1 - p, p)
    found = np.full(n.size, np.nan)
    found[is_valid & ((q == 0) | (n == 0))] = 0
    is_open = is_valid & (q > 0) & (n > 0)
    numbers = np.arange(n.size)
    few = np.flatnonzero(is_open & (n * q < 10))
    found[few] = _by_inversion(_Streams(state, numbers[few] * _INVERSION_BLOCKS), n[few], q[few])
    many = np.flatnonzero(is_open & (n * q >= 10))
    found[many] = _by_rejection(_Streams(state, numbers[many] * BLOCKS_PER_NUMBER), n[many], q[many])
    return np.where(is_swapped, n - found, found).reshape(-1, samples).T


def _by_inversion(streams: _Streams, n: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Counts geometric numbers until their sum exceeds `n`."""
    found, total, todo = np.zeros(n.size), np.zeros(n.size), np.arange(n.size)
    scale = _exactly(math.log1p, -q)
    while todo.size:
        total[todo] += np.ceil(_exactly(_log, streams.uniform(todo)) / scale[todo])
        todo = todo[total[todo] <= n[todo]]
        found[todo] += 1
    return found


def _by_rejection(streams: _Streams, n: np.ndarray, q: np.ndarray) -> np.ndarray:
    found, todo = np.empty(n.size), np.arange(n.size)
    deviation = np.sqrt(n * q * (1 - q))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * q
    while todo.size:
        u, v = streams.uniform(todo) - 0.5, streams.uniform(todo)
        trials, chance, slope, width = n[todo], q[todo], a[todo], b[todo]
        shifted = 0.5 - np.abs(u)
        k = np.floor((2 * slope / shifted + width) * u + (trials * chance + 0.5))
        accepted = (shifted >= 0.07) & (v <= 0.92 - 4.2 / width)
        for i in np.flatnonzero(~accepted & (k >= 0) & (k <= trials)):
            alpha = (2.83 + 5.1 / width[i]) * deviation[todo[i]]
            height = _log(v[i] * alpha / (slope[i] / shifted[i] ** 2 + width[i]))
            accepted[i] = height <= _log_ratio(float(trials[i]), float(chance[i]), float(k[i]))
        found[todo[accepted]] = k[accepted]
        todo = todo[~accepted]
    return found


def _log_ratio(n: float, q: float, k: float) -> float:
    """Log of the probability of `k` over that of the mode."""
    r, m = q / (1 - q), math.floor((n + 1) * q)
    return (
        (m + 0.5) * math.log((m + 1) / (r * (n - m + 1)))
        + (n + 1) * math.log((n - m + 1) / (n - k + 1))
        + (k + 0.5) * math.log(r * (n - k + 1) / (k + 1))
        + (_stirling_rest(m) + _stirling_rest(n - m) - _stirling_rest(k) - _stirling_rest(n - k))
    )


def _stirling_rest(k: float) -> float:
    """Log of k! less Stirling's approximation of it."""
    if k <= 9:
        return _STIRLING[int(k)]
    square = (k + 1) ** 2
    return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)


def _log(x: Any) -> float:
    return math.log(x) if x > 0 else -math.inf
